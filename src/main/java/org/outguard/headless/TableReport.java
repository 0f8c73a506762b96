package org.outguard.headless;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Owner;
import org.outguard.text.Columns;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Words;

/**
 * A snapshot as a table to be printed once: two lines a talker, the figures and then where to and why, so that 80 columns
 * are enough; then who sends too much mail, see {@link MailTable}. Below it stands what limits the picture.
 */
public final class TableReport {

    /** Narrower than this the columns could not be told apart. */
    public static final int MIN_COLUMNS = 60;

    private static final int VERDICT = 9;
    private static final int KIND = 12;
    private static final int RATE = 5;
    private static final int PACKETS = 7;
    private static final int USER = 9;
    private static final int MATCH = 8;
    private static final int GAPS = 7;
    private static final int FIXED = VERDICT + KIND + RATE + RATE + PACKETS + USER + MATCH + GAPS;

    private static final String RED = "\033[1;31m";
    private static final String YELLOW = "\033[33m";
    private static final String PLAIN = "\033[0m";

    private final int columns;
    private final boolean color;

    /**
     * A printer of tables.
     *
     * @param columns width of the output, 80 where it is not known
     * @param color whether to colour the verdicts
     */
    public TableReport(int columns, boolean color) {
        this.columns = Math.max(MIN_COLUMNS, columns);
        this.color = color;
    }

    /** The table, its lines ended by newlines. */
    public String print(Snapshot snapshot) {
        List<String> lines = new ArrayList<>();
        List<Talker> suspects = snapshot.suspects();
        MailTable mail = new MailTable(snapshot.mail(), columns);
        if (suspects.isEmpty() && !mail.found()) {
            String busiest = snapshot.talkers().isEmpty() && snapshot.mail().watched()
                    ? mail.busiest()
                    : busiest(snapshot.talkers());
            lines.add(cut(noData(snapshot).orElse("nothing over the limits; busiest: " + busiest)));
        }
        if (!suspects.isEmpty()) {
            lines.add(row("VERDICT", "KIND", "PPS", "BIT/S", "PACKETS", "PROCESS", "USER", "MATCH"));
            suspects.forEach(talker -> add(lines, talker));
        }
        for (String line : mail.lines()) {
            lines.add(colored(line));
        }
        addLimits(lines, snapshot);
        lines.addAll(mail.limits());
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /* Why nothing can be said of it. Mail of a log alone is something. */
    private static Optional<String> noData(Snapshot snapshot) {
        boolean empty = snapshot.totals().packets() == 0 && !snapshot.mail().watched();
        return snapshot.eye() == Snapshot.Eye.REPLAY && empty
                ? Optional.of("nothing to judge: no packet that left, and no mail")
                : snapshot.noVerdict().map(SafeText::clean);
    }

    private void add(List<String> lines, Talker talker) {
        String row = row(
                talker.verdict().name(),
                Words.kind(talker.kind()),
                Numbers.rate(talker.rate().packets1s()),
                Numbers.bits(talker.rate().bits1s()),
                Numbers.rate((double) talker.packets()),
                process(talker),
                Words.user(talker),
                Words.match(talker.attribution().quality()));
        lines.add(colored(talker.verdict(), row));
        lines.add(cut("  to " + Words.destination(talker) + ": " + SafeText.clean(talker.reason())));
    }

    private String row(
            String verdict,
            String kind,
            String pps,
            String bits,
            String packets,
            String process,
            String user,
            String match) {
        int room = Math.max(8, columns - FIXED);
        return cut(String.join(
                        " ",
                        Columns.fit(verdict, VERDICT),
                        Columns.fit(kind, KIND),
                        Columns.fitLeft(pps, RATE),
                        Columns.fitLeft(bits, RATE),
                        Columns.fitLeft(packets, PACKETS),
                        Columns.fit(process, room),
                        Columns.fit(user, USER),
                        match))
                .stripTrailing();
    }

    private String cut(String line) {
        return Columns.cut(line, columns);
    }

    private String colored(String row) {
        for (Verdict verdict : List.of(Verdict.OFFENDING, Verdict.SUSPECT)) {
            if (row.startsWith(verdict.name())) {
                return colored(verdict, row);
            }
        }
        return row;
    }

    private String colored(Verdict verdict, String row) {
        if (!color) {
            return row;
        }
        int end = verdict.name().length();
        return (verdict == Verdict.OFFENDING ? RED : YELLOW) + row.substring(0, end) + PLAIN + row.substring(end);
    }

    /* The pid is never cut off: it is what a person acts on. */
    private String process(Talker talker) {
        int others = talker.pids().size() - 1;
        return talker.attribution()
                .knownOwner()
                .map(owner -> named(owner, others))
                .or(() -> talker.attribution().account().map(account -> "(by user)"))
                .orElse("?");
    }

    private String named(Owner owner, int others) {
        String pid = "[" + owner.id().number() + "]" + (others > 0 ? "+" + others : "");
        int room = Math.max(8, columns - FIXED);
        return Columns.cut(SafeText.clean(owner.command()), Math.max(1, room - pid.length())) + pid;
    }

    private String busiest(List<Talker> talkers) {
        Talker busiest = null;
        for (Talker talker : talkers) {
            if (busiest == null || talker.packets() > busiest.packets()) {
                busiest = talker;
            }
        }
        if (busiest == null) {
            return "nobody sent anything";
        }
        return process(busiest) + " to " + Words.destination(busiest) + ", " + Numbers.count(busiest.packets())
                + " packets";
    }

    private void addLimits(List<String> lines, Snapshot snapshot) {
        long received = 0;
        long dropped = 0;
        long malformed = 0;
        for (TrafficObservation.SourceHealth source : snapshot.sources()) {
            received += source.received();
            dropped += source.dropped();
            malformed += source.malformed();
            if (!source.reason().isEmpty()) {
                lines.add(cut(SafeText.clean(source.source()) + ": " + SafeText.clean(source.reason())));
            }
        }
        for (String reason : snapshot.degraded()) {
            // Whole, whatever its length: a table that hides why it may be wrong is wrong.
            lines.add("limited: " + SafeText.clean(reason));
        }
        if (dropped > 0) {
            lines.add("dropped by the capture: " + Numbers.count(dropped) + " of " + Numbers.count(received)
                    + " packets");
        }
        if (malformed > 0) {
            lines.add("malformed: " + Numbers.count(malformed) + " packets");
        }
    }
}
