package org.outguard.headless;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.text.SafeText;

/** Who sent what a provider's mail shows, from what was recorded. */
public final class Explanation {

    /* A provider's clock, and the minute by which its flows are late. */
    private static final Duration TOLERANCE = Duration.ofMinutes(10);

    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final AbuseMail mail;

    /** What a mail says of one destination. */
    private static final class Target {
        private final AbuseMail.Row row;
        private int rows;
        private Optional<Instant> first = Optional.empty();
        private Optional<Instant> last = Optional.empty();

        Target(AbuseMail.Row row) {
            this.row = row;
        }

        void add(AbuseMail.Row other) {
            rows++;
            other.at().ifPresent(at -> {
                first = first.filter(known -> known.isBefore(at)).or(() -> Optional.of(at));
                last = last.filter(known -> known.isAfter(at)).or(() -> Optional.of(at));
            });
        }
    }

    /** Gathers the rows of a mail by their destinations. */
    public Explanation(AbuseMail mail) {
        this.mail = mail;
        for (AbuseMail.Row row : mail.rows()) {
            String key = row.protocol() + " " + row.remote() + " " + row.remotePort();
            targets.computeIfAbsent(key, k -> new Target(row)).add(row);
        }
    }

    /** Whether an offender sent to a destination of the mail, whenever that was. */
    public boolean concerns(PastOffender offender) {
        return targets.values().stream().anyMatch(target -> sentTo(offender, target));
    }

    /**
     * The answer.
     *
     * @param text for people, safe to print
     * @param named how many destinations have a sender
     * @param targets how many there are
     */
    public record Answer(String text, int named, int targets) {}

    /** Names senders, those whose time fits before all others. */
    public Answer answer(List<PastOffender> offenders, List<String> done) {
        StringBuilder text = new StringBuilder();
        int named = 0;
        for (Target target : targets.values()) {
            describe(target, text);
            List<PastOffender> all = offenders.stream()
                    .filter(offender -> sentTo(offender, target))
                    .toList();
            List<PastOffender> fitting =
                    all.stream().filter(offender -> fits(offender, target)).toList();
            boolean inTime = !fitting.isEmpty();
            for (PastOffender offender : inTime ? fitting : all) {
                sender(offender, target, inTime, text);
            }
            if (all.isEmpty()) {
                text.append("  nothing was recorded that was sent there\n");
            }
            named += all.isEmpty() ? 0 : 1;
            String remote = target.row.remote().toString();
            done.stream()
                    .filter(line -> line.contains(remote))
                    .forEach(line ->
                            text.append("  done: ").append(SafeText.clean(line)).append('\n'));
        }
        return new Answer(text.toString(), named, targets.size());
    }

    private void describe(Target target, StringBuilder text) {
        AbuseMail.Row row = target.row;
        text.append(row.protocol())
                .append(" to ")
                .append(row.remote())
                .append(" port ")
                .append(row.remotePort());
        text.append(": ").append(target.rows).append(target.rows == 1 ? " packet shown" : " packets shown");
        target.first.ifPresent(
                first -> text.append(", ").append(first).append(" to ").append(target.last.orElse(first)));
        text.append(mail.detail().isEmpty() ? "" : ", said to be " + mail.detail())
                .append('\n');
    }

    private static boolean sentTo(PastOffender offender, Target target) {
        String protocol = offender.text("protocol");
        boolean same = protocol.equals(target.row.protocol())
                || protocol.equals("icmpv6") && target.row.protocol().equals("icmp");
        boolean icmp = target.row.protocol().equals("icmp");
        return same
                && offender.remotes().stream()
                        .anyMatch(remote ->
                                remote.address().equals(target.row.remote().toString())
                                        && (icmp || remote.port() == target.row.remotePort()));
    }

    /* Where the mail's zone is unknown every time fits. */
    private static boolean fits(PastOffender offender, Target target) {
        return target.first
                        .map(first -> !first.isAfter(offender.lastSeen().plus(TOLERANCE)))
                        .orElse(true)
                && target.last
                        .map(last -> !last.isBefore(offender.firstSeen().minus(TOLERANCE)))
                        .orElse(true);
    }

    private static void sender(PastOffender offender, Target target, boolean inTime, StringBuilder text) {
        List<String> lines = new ArrayList<>();
        String program = offender.owner("exe").isEmpty() ? offender.owner("command") : offender.owner("exe");
        if (program.isEmpty()) {
            lines.add("sent by: nobody could be named (" + offender.text("matchedBy") + ")");
        } else {
            lines.add("sent by: process " + offender.owner("pid") + " " + program + ", user " + offender.owner("user")
                    + " (uid " + offender.owner("uid") + ")");
            lines.add("match: " + offender.text("match") + ", " + offender.text("matchedBy"));
            add(lines, "script", offender.owner("script"));
            add(lines, "command line", offender.owner("commandLine"));
            add(lines, "folder", offender.owner("cwd"));
            add(lines, "unit", offender.owner("unit"));
            add(lines, "started by", String.join(" < ", offender.parents()));
        }
        long packets = offender.remotes().stream()
                .filter(remote -> remote.address().equals(target.row.remote().toString()))
                .mapToLong(PastOffender.Remote::packets)
                .sum();
        lines.add("recorded: " + packets + " packets there, " + offender.firstSeen() + " to " + offender.lastSeen()
                + ", as " + offender.text("id") + ", " + offender.text("verdict"));
        offender.counts().ifPresent(counts -> lines.add("counts: " + counts));
        if (!inTime) {
            lines.add("but: the times do not fit the mail's; the destination does");
        }
        lines.forEach(line -> text.append("  ").append(SafeText.clean(line)).append('\n'));
    }

    private static void add(List<String> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add(name + ": " + value);
        }
    }
}
