package org.outguard.headless;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.outguard.flow.IpAddress;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.Kind;
import org.outguard.headless.complaint.Row;
import org.outguard.headless.ndjson.MessageBook;

/** Who did what a complaint shows, from what was recorded. */
public final class AbuseExplanation {

    /** A provider's clock, and the minute by which its flows are late. */
    static final Duration TOLERANCE = Duration.ofMinutes(10);

    private static final Duration FRESH = Duration.ofMinutes(2);
    private static final int MAX_TARGETS = 2_000;
    private static final int TOP_SENDERS = 5;

    private final Complaint complaint;
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final Instant now;

    /** What a complaint says of one destination. */
    static final class Target {
        final Row row;
        int rows;
        Optional<Instant> first = Optional.empty();
        Optional<Instant> last = Optional.empty();

        Target(Row row) {
            this.row = row;
        }

        void add(Row other) {
            rows++;
            other.at()
                    .ifPresent(at ->
                            first = first.filter(known -> known.isBefore(at)).or(() -> Optional.of(at)));
            other.until()
                    .ifPresent(
                            at -> last = last.filter(known -> known.isAfter(at)).or(() -> Optional.of(at)));
        }

        /** Where the mail has no time every time fits. */
        boolean fits(PastOffender offender) {
            return first.map(at -> !at.isAfter(offender.lastSeen().plus(TOLERANCE)))
                            .orElse(true)
                    && last.map(at -> !at.isBefore(offender.firstSeen().minus(TOLERANCE)))
                            .orElse(true);
        }

        String words() {
            String to = row.destination().told() ? " to " + row.destination() : "";
            String port = row.destinationPort().isPresent()
                    ? " port " + row.destinationPort().getAsInt()
                    : "";
            String from = !row.destination().told() && row.sourcePort().isPresent()
                    ? " from port " + row.sourcePort().getAsInt()
                    : "";
            return (row.protocol().isEmpty() ? "packets" : row.protocol()) + to + port + from;
        }
    }

    /**
     * Gathers the rows of a complaint by their destinations.
     *
     * @param ours which addresses are this machine's: if any row has one of them, rows of others are left out
     * @param now the present
     */
    public AbuseExplanation(Complaint complaint, Predicate<IpAddress> ours, Instant now) {
        this.complaint = complaint;
        this.now = now;
        boolean known = complaint.rows().stream()
                .anyMatch(row -> row.source().address().filter(ours).isPresent());
        for (Row row : complaint.rows()) {
            if (known
                    && row.source().address().isPresent()
                    && row.source().address().filter(ours).isEmpty()) {
                continue;
            }
            boolean placed = row.destination().told() || row.destinationPort().isPresent();
            String key = row.protocol()
                    + ' '
                    + row.destination()
                    + ' '
                    + row.destinationPort()
                    + (placed ? "" : " " + row.sourcePort());
            if (targets.size() < MAX_TARGETS || targets.containsKey(key)) {
                targets.computeIfAbsent(key, k -> new Target(row)).add(row);
            }
        }
    }

    /** The present. */
    public Instant now() {
        return now;
    }

    /** The complaint. */
    public Complaint complaint() {
        return complaint;
    }

    List<Target> targets() {
        return List.copyOf(targets.values());
    }

    /**
     * What is asked about one destination, for whoever looks it up among what was no offender.
     *
     * @param from the earliest that it may have been, empty where the complaint has no time
     * @param until the latest
     * @param address the one that is meant; empty where it is masked or not told
     * @param port of the destination
     * @param protocol empty where it is not told
     */
    public record Asked(
            Optional<Instant> from,
            Optional<Instant> until,
            Optional<String> address,
            OptionalInt port,
            String protocol) {}

    /** All that is asked about. */
    public List<Asked> asked() {
        return targets.values().stream()
                .map(target -> new Asked(
                        target.first.map(at -> at.minus(TOLERANCE)),
                        target.last.or(() -> target.first).map(at -> at.plus(TOLERANCE)),
                        target.row.destination().address().map(IpAddress::toString),
                        target.row.protocol().startsWith("icmp") ? OptionalInt.empty() : target.row.destinationPort(),
                        target.row.protocol()))
                .toList();
    }

    /** Whether an offender may have to do with the complaint. */
    public boolean concerns(PastOffender offender) {
        return complaint.kind() == Kind.SPAM_LISTING && offender.fields().get("mail") != null
                || targets.values().stream()
                        .anyMatch(target -> target.fits(offender)
                                && OffenderMatch.of(offender, target).isPresent());
    }

    /**
     * The answers.
     *
     * @param answers who did it, one for each sender and destination
     * @param named how many destinations, or messages, have a sender
     * @param asked how many there are
     */
    public record Result(List<Answer> answers, int named, int asked) {
        public Result {
            answers = List.copyOf(answers);
        }
    }

    /**
     * Names senders.
     *
     * @param quiet senders that were no offenders, for what no offender has sent
     * @param done what was done, one line each
     */
    public Result answer(List<PastOffender> offenders, List<PastOffender> quiet, MessageBook book, List<String> done) {
        if (complaint.message().isPresent()) {
            Optional<Answer> answer = book.meant().map(message -> submitter(message, book, done));
            return new Result(answer.stream().toList(), answer.isPresent() ? 1 : 0, 1);
        }
        if (complaint.kind() == Kind.SPAM_LISTING) {
            List<Answer> top = book.sums().stream()
                    .limit(TOP_SENDERS)
                    .map(sum -> topSender(sum, done))
                    .toList();
            return new Result(top, top.isEmpty() ? 0 : 1, 1);
        }
        List<Answer> answers = new ArrayList<>();
        int named = 0;
        for (Target target : targets.values()) {
            List<Answer> about = senders(offenders, target, done);
            // Who has sent a few packets more is no news where it is known who was over the limits.
            about = about.isEmpty() ? senders(quiet, target, done) : about;
            answers.addAll(about);
            named += about.isEmpty() ? 0 : 1;
        }
        return new Result(answers, named, targets.size());
    }

    private List<Answer> senders(List<PastOffender> candidates, Target target, List<String> done) {
        List<Answer> answers = new ArrayList<>();
        for (PastOffender candidate : candidates) {
            if (target.fits(candidate)) {
                OffenderMatch.of(candidate, target)
                        .ifPresent(match -> answers.add(sender(candidate, match, target, done)));
            }
        }
        return answers;
    }

    private Answer sender(PastOffender offender, OffenderMatch match, Target target, List<String> done) {
        List<String> facts = new ArrayList<>();
        String program = offender.owner("exe").isEmpty() ? offender.owner("command") : offender.owner("exe");
        add(facts, "script", offender.owner("script"));
        add(facts, "command line", offender.owner("commandLine"));
        add(facts, "folder", offender.owner("cwd"));
        add(facts, "unit", offender.owner("unit"));
        add(facts, "started by", String.join(" < ", offender.parents()));
        offender.counts().ifPresent(counts -> facts.add("counts: " + counts));
        String name = program.isEmpty()
                ? "the sender is unknown (" + offender.text("matchedBy") + ")"
                : "process " + offender.owner("pid") + " " + program + ", user " + offender.owner("user") + " (uid "
                        + offender.owner("uid") + ")";
        boolean goesOn = !offender.lastSeen().isBefore(now.minus(FRESH));
        Set<String> keys = new LinkedHashSet<>();
        target.row.destination().address().ifPresent(address -> keys.add(address.toString()));
        keys.add(offender.text("id"));
        return new Answer(
                target.words(),
                owner(offender),
                name,
                program.isEmpty()
                        ? "NONE"
                        : match.exact() && offender.text("match").equals("EXACT") ? "EXACT" : "PROBABLE",
                match.words() + "; " + offender.text("matchedBy") + "; recorded: " + match.packets() + " packets, "
                        + offender.firstSeen() + " to " + offender.lastSeen() + ", as " + offender.text("id") + ", "
                        + offender.text("verdict"),
                facts,
                stopped(done, keys),
                goesOn,
                StoppingCommands.of(offender, target.row));
    }

    private static Map<String, Object> owner(PastOffender offender) {
        Map<String, Object> owner = new LinkedHashMap<>();
        if (offender.fields().get("owner") instanceof Map<?, ?> recorded) {
            recorded.forEach((name, value) -> owner.put(String.valueOf(name), value));
        }
        return owner;
    }

    private Answer submitter(PastMessage message, MessageBook book, List<String> done) {
        List<String> facts = new ArrayList<>();
        facts.add("queue id " + message.queueId() + " of " + message.arrival() + ", " + message.status() + ", "
                + message.sent() + " of " + message.recipients() + " recipients");
        add(facts, "sender", message.sender());
        Optional<MessageBook.Sum> alike = book.sums().stream()
                .filter(sum -> sum.example().submitter().equals(message.submitter()))
                .findFirst();
        alike.ifPresent(sum -> facts.add("like it, from " + sum.first() + " to " + sum.last() + ": " + sum.messages()
                + " messages to " + sum.recipients() + " recipients"));
        boolean goesOn =
                alike.map(sum -> !sum.last().isBefore(now.minus(FRESH))).orElse(false);
        boolean unknown = message.kind().equals("unknown") || message.kind().isEmpty();
        boolean byQueueId = complaint
                .message()
                .filter(meant -> meant.queueId().equals(message.queueId()))
                .isPresent();
        return new Answer(
                "the message "
                        + complaint.message().map(Complaint.Message::messageId).orElse(""),
                origin(message),
                message.submitterWords(),
                unknown ? "NONE" : message.trusted() ? "EXACT" : "PROBABLE",
                byQueueId ? "by its queue id, which our server wrote" : "by its Message-ID",
                facts,
                stopped(done, Set.of(message.queueId(), message.who().isEmpty() ? message.queueId() : message.who())),
                goesOn,
                StoppingCommands.of(message));
    }

    private Answer topSender(MessageBook.Sum sum, List<String> done) {
        PastMessage message = sum.example();
        return new Answer(
                "mail of the days before the notice",
                origin(message),
                message.submitterWords(),
                "PROBABLE",
                sum.messages() + " messages to " + sum.recipients() + " recipients, " + sum.first() + " to "
                        + sum.last(),
                List.of(),
                stopped(done, Set.of(message.who().isEmpty() ? message.queueId() : message.who())),
                !sum.last().isBefore(now.minus(FRESH)),
                StoppingCommands.of(message));
    }

    private static Map<String, Object> origin(PastMessage message) {
        Map<String, Object> owner = new LinkedHashMap<>();
        owner.put("kind", message.kind());
        owner.put("who", message.who());
        if (message.uid() >= 0) {
            owner.put("uid", message.uid());
        }
        owner.put("script", message.script());
        return owner;
    }

    private static Optional<String> stopped(List<String> done, Set<String> keys) {
        List<String> lines = done.stream()
                .filter(line -> keys.stream().anyMatch(key -> !key.isEmpty() && named(line, key)))
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lines));
    }

    /* As a word of its own: 192.0.2.1 is not 192.0.2.10. */
    private static boolean named(String line, String key) {
        for (int at = line.indexOf(key); at >= 0; at = line.indexOf(key, at + 1)) {
            boolean starts = at == 0 || !Character.isLetterOrDigit(line.charAt(at - 1));
            int end = at + key.length();
            if (starts && (end == line.length() || !Character.isLetterOrDigit(line.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static void add(List<String> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add(name + ": " + value);
        }
    }
}
