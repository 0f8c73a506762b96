package org.outguard.app.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.exec.BackgroundProgram;
import org.outguard.flow.Endpoint;
import org.outguard.owner.ProcessId;

/** One running sender; see native/lab/outguard-lab-sender.c for what it is told and what it says. */
final class DemoSender {

    /** Of util-linux, which every Debian has; it becomes the program that it starts. */
    static final String NSENTER = "/usr/bin/nsenter";

    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    /**
     * What a sender is to do.
     *
     * @param role whether it floods; a bystander sends DNS queries
     * @param program the executable
     * @param uid the user that it becomes
     * @param remote where it sends to
     * @param packetsPerSecond its pace
     * @param payloadBytes of a flood's packet, behind the UDP header
     */
    record Job(SenderReport.Role role, Path program, int uid, Endpoint remote, int packetsPerSecond, int payloadBytes) {

        List<String> argv(Path namespace, Duration length) {
            List<String> argv = new ArrayList<>(List.of(NSENTER, "--net=" + namespace, "--", program.toString()));
            boolean flood = role == SenderReport.Role.FLOOD;
            argv.addAll(List.of(
                    flood ? "flood" : "dns",
                    remote.address().toString(),
                    Integer.toString(remote.port()),
                    Integer.toString(packetsPerSecond),
                    Long.toString(length.toSeconds())));
            if (flood) {
                argv.add(Integer.toString(payloadBytes));
            }
            argv.add(Integer.toString(uid));
            return argv;
        }
    }

    /** What came of the wish to start one. */
    sealed interface Start {

        /**
         * It sends.
         *
         * @param sender the sender
         */
        record Running(DemoSender sender) implements Start {}

        /**
         * It does not.
         *
         * @param reason what it or the operating system said
         */
        record Failed(String reason) implements Start {}
    }

    private final BackgroundProgram program;
    private SenderReport report;

    private DemoSender(BackgroundProgram program, SenderReport report) {
        this.program = program;
        this.report = report;
    }

    /** Starts a sender inside a network namespace and waits until it begins to send. */
    static Start start(Job job, Path namespace, Duration length) {
        BackgroundProgram.Start start = BackgroundProgram.start(job.argv(namespace, length));
        if (start instanceof BackgroundProgram.Start.NotStarted notStarted) {
            return new Start.Failed(notStarted.reason());
        }
        BackgroundProgram program = ((BackgroundProgram.Start.Running) start).program();
        Optional<String> line = program.awaitLine(BEGIN_LIMIT);
        OptionalLong startedNanos =
                line.map(text -> number(text, "startedNanos")).orElse(OptionalLong.empty());
        if (startedNanos.isEmpty()) {
            BackgroundProgram.Ended ended = program.stop(END_LIMIT);
            String said = (line.orElse("") + "\n" + ended.output()).strip();
            return new Start.Failed(job.program() + " did not begin: " + (said.isEmpty() ? "it said nothing" : said));
        }
        // The number of the process that was started is the sender's: nsenter becomes it, and does not fork.
        ProcessId process = new ProcessId(
                (int) program.pid(), number(line.orElse(""), "startTicks").orElse(0));
        SenderReport report = new SenderReport(
                job.role(),
                process,
                job.uid(),
                job.remote(),
                Instant.ofEpochSecond(0, startedNanos.getAsLong()),
                OptionalLong.empty(),
                OptionalLong.empty());
        return new Start.Running(new DemoSender(program, report));
    }

    /** What is known of it: its counts once it has ended. */
    SenderReport report() {
        return report;
    }

    boolean isRunning() {
        return program.isRunning();
    }

    /** Ends it, if it has not ended yet, and takes its last word. */
    SenderReport stop() {
        String said = program.stop(END_LIMIT).output();
        if (report.sent().isEmpty()) {
            report = new SenderReport(
                    report.role(),
                    report.process(),
                    report.uid(),
                    report.remote(),
                    report.startedAt(),
                    number(said, "sent"),
                    number(said, "errors"));
        }
        return report;
    }

    private static OptionalLong number(String json, String field) {
        Matcher matcher =
                Pattern.compile("\"" + field + "\":(\\d{1,18}|\\d{19})\\b").matcher(json);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
