package org.outguard.headless;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.OriginGroup;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.text.Columns;
import org.outguard.text.Durations;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;

/**
 * A mail queue by origin as a table to be printed once: the figures of an origin, and below them where its mail goes and
 * why it waits.
 *
 * @param columns width of the output
 * @param now the time that ages are told from
 * @param accounts whose a domain is, by the machine's hosting panel
 */
public record QueueReport(int columns, Instant now, Map<String, String> accounts) {

    /** Without a hosting panel. */
    public QueueReport(int columns, Instant now) {
        this(columns, now, Map.of());
    }

    private static final int MESSAGES = 8;
    private static final int HELD = 7;
    private static final int AGE = 7;
    private static final int EVIDENCE = 11;
    private static final int LEAST_ORIGIN = 20;

    /** All origins. */
    public List<String> origins(List<OriginGroup> groups) {
        List<String> lines = new ArrayList<>();
        lines.add(row("ORIGIN", "MESSAGES", "HELD", "OLDEST", "EVIDENCE"));
        for (OriginGroup group : groups) {
            int held = group.statuses().getOrDefault(QueuedMessage.Status.HOLD, 0);
            lines.add(row(
                    origin(group),
                    Numbers.count(group.count()),
                    Numbers.count(held),
                    age(group.oldest()),
                    group.disputed() > 0
                            ? "disputed"
                            : group.provenance().evidence().word()));
            lines.add(cut("    from " + listed(group.senders(), "<>")));
            lines.add(cut("    to " + listed(group.domains(), "?")));
            group.reasons()
                    .forEach((reason, count) ->
                            lines.add(cut("    " + Numbers.count(count) + " wait: " + SafeText.clean(reason))));
        }
        return lines;
    }

    /** One message, without its header. */
    public List<String> message(QueuedMessage message) {
        List<String> lines = new ArrayList<>();
        lines.add(SafeText.clean(message.id().instance() + " " + message.id().id()) + "  "
                + message.status().word() + ", " + Numbers.count(message.size()) + " bytes, " + age(message.arrival())
                + " old");
        lines.add("  origin " + described(message.provenance()));
        if (!message.root().equals(message.provenance())) {
            lines.add("  root   " + described(message.root()));
        }
        lines.add("  from   <" + SafeText.clean(message.sender()) + ">");
        for (Recipient recipient : message.recipients()) {
            lines.add("  to     <" + SafeText.clean(recipient.address()) + ">"
                    + (recipient.reason().isEmpty() ? "" : ": " + SafeText.clean(recipient.reason())));
        }
        int more = message.recipientCount() - message.recipients().size();
        if (more > 0) {
            lines.add("  and " + Numbers.count(more) + " more");
        }
        return lines;
    }

    private static String described(Provenance provenance) {
        String disputed =
                provenance.disputed().map(other -> ", disputed: " + name(other)).orElse("");
        return name(provenance.origin()) + " (by " + provenance.evidence().word() + disputed + ")";
    }

    private String origin(OriginGroup group) {
        String where = group.container().isEmpty() ? "" : " in container " + SafeText.clean(group.container());
        String account = MailSnapshot.accountOf(group.provenance().origin(), accounts)
                .map(one -> ", account " + SafeText.clean(one))
                .orElse("");
        String name = name(group.provenance().origin()) + account + where;
        return group.link().isEmpty() ? name : group.link() + " of mail by " + name;
    }

    /** An origin for people: {@code "uid www-data, script x7.php"}. */
    public static String name(MailOrigin origin) {
        String name = (origin.kind() + " " + origin.who()).strip();
        if (origin instanceof MailOrigin.Unknown unknown && !unknown.reason().isEmpty()) {
            name += " (" + unknown.reason() + ")";
        }
        return SafeText.clean(origin.script().isEmpty() ? name : name + ", script " + origin.script());
    }

    private static String listed(Map<String, Integer> counts, String empty) {
        return counts.entrySet().stream()
                .map(one -> (one.getKey().isEmpty() ? empty : SafeText.clean(one.getKey())) + " "
                        + Numbers.count(one.getValue()))
                .collect(Collectors.joining(", "));
    }

    /* Two units are enough to tell ages apart. */
    private String age(Instant arrival) {
        if (arrival.equals(Instant.EPOCH)) {
            return "?";
        }
        long seconds = Math.max(0, Duration.between(arrival, now).toSeconds());
        long unit = seconds >= 86_400 ? 3_600 : seconds >= 3_600 ? 60 : 1;
        return Durations.words(Duration.ofSeconds(seconds / unit * unit));
    }

    private String row(String origin, String messages, String held, String oldest, String evidence) {
        int left = Math.max(LEAST_ORIGIN, columns - MESSAGES - HELD - AGE - EVIDENCE - 4);
        return Columns.fit(origin, left) + " " + Columns.fitLeft(messages, MESSAGES) + " " + Columns.fitLeft(held, HELD)
                + " " + Columns.fitLeft(oldest, AGE) + " " + evidence;
    }

    private String cut(String line) {
        return Columns.cut(line, Math.max(LEAST_ORIGIN, columns));
    }
}
