package org.outguard.maillog.file;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.exec.BackgroundProgram;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.line.LineSplitter;

/** The journal, by {@code journalctl -f -o json}. One thread uses it. */
public final class JournalStream implements LogInput {

    private static final String PROGRAM = "/usr/bin/journalctl";
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final String FIELDS =
            "MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_HOSTNAME,_UID,_COMM,__REALTIME_TIMESTAMP";

    private final List<String> argv;
    private final LineSplitter lines;
    private final byte[] buffer = new byte[64 * 1_024];
    private @Nullable BackgroundProgram program;
    private boolean started;
    private Optional<String> problem = Optional.empty();

    /**
     * Nothing is started yet.
     *
     * @param since the oldest entry that is wanted
     * @param mailUids users as which the mail systems of this machine run, beside root
     */
    public JournalStream(MailLog log, Instant since, Set<Integer> mailUids) {
        this(log, since, mailUids, command(since));
    }

    /**
     * The lines that a container wrote, where its log driver hands them to the journal: each stands in there as it was written.
     *
     * @param id of the container, whole
     */
    public static JournalStream ofContainer(MailLog log, Instant since, String id) {
        List<String> argv = List.of(
                PROGRAM,
                "-f",
                "-q",
                "-o",
                "cat",
                "--no-pager",
                "--since=@" + since.getEpochSecond(),
                "CONTAINER_ID_FULL=" + id);
        return new JournalStream(log, since, Set.of(), argv);
    }

    /** One whose lines another program prints. */
    JournalStream(MailLog log, Instant since, Set<Integer> mailUids, List<String> argv) {
        this.argv = List.copyOf(argv);
        this.lines = new LineSplitter(log.source("journal", since, mailUids)::line);
    }

    private static List<String> command(Instant since) {
        return List.of(
                PROGRAM,
                "-f",
                "-q",
                "-o",
                "json",
                "--no-pager",
                "--output-fields=" + FIELDS,
                "--since=@" + since.getEpochSecond(),
                // The facility mail (RFC 3164, 4.1.1), in which every mail system logs by default.
                "SYSLOG_FACILITY=2");
    }

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public int read() {
        if (!started) {
            started = true;
            BackgroundProgram.Start start = BackgroundProgram.start(argv);
            if (start instanceof BackgroundProgram.Start.Running running) {
                program = running.program();
            } else if (start instanceof BackgroundProgram.Start.NotStarted not) {
                problem = Optional.of("journal: " + not.reason());
            }
        }
        BackgroundProgram running = program;
        if (running == null) {
            return 0;
        }
        int count = running.read(buffer);
        if (count < 0) {
            problem = Optional.of("journal: journalctl has ended");
            program = null;
            return 0;
        }
        lines.add(buffer, count);
        return count;
    }

    @Override
    public Optional<String> problem() {
        return problem;
    }

    @Override
    public void close() {
        if (program != null) {
            program.stop(GRACE);
            program = null;
        }
    }
}
