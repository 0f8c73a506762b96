package org.outguard.headless;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.outguard.headless.ndjson.MailJson;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;

/**
 * A message as a log has it: a line of type {@code message} of NDJSON, see {@link MailJson}, or what a mail log tells. Text from
 * outside is in it.
 *
 * @param queueId of its mail system
 * @param messageId without brackets; empty where it is not known
 * @param kind of its submitter: {@code uid}, {@code sasl}, {@code client}, {@code bounce}, {@code unknown}
 * @param who its submitter
 * @param uid of a local user; -1 where there is none
 * @param script that it used; empty where it is not known
 * @param sender envelope sender
 * @param recipients how many it had
 * @param sent how many of those got it
 * @param status what became of it
 * @param arrival when it came into the queue
 * @param trusted whether the submitter is known from more than the log
 */
public record PastMessage(
        String queueId,
        String messageId,
        String kind,
        String who,
        long uid,
        String script,
        String sender,
        long recipients,
        long sent,
        String status,
        Instant arrival,
        boolean trusted) {

    /** Reads a line; empty where it is none of a message. */
    static Optional<PastMessage> read(Map<String, Object> fields) {
        if (!"message".equals(fields.get("type")) || text(fields, "queueId").isEmpty()) {
            return Optional.empty();
        }
        // Whoever is behind a bounce or a forward is meant.
        Map<?, ?> origin = fields.get("root") instanceof Map<?, ?> root
                ? root
                : fields.get("origin") instanceof Map<?, ?> own ? own : Map.of();
        try {
            String at = text(fields, "arrival").isEmpty() ? text(fields, "at") : text(fields, "arrival");
            return Optional.of(new PastMessage(
                    text(fields, "queueId"),
                    bare(text(fields, "messageId")),
                    text(origin, "kind"),
                    text(origin, "who"),
                    origin.get("uid") instanceof Number uid ? uid.longValue() : -1,
                    text(origin, "script"),
                    text(fields, "sender"),
                    number(fields, "recipients"),
                    number(fields, "sent"),
                    text(fields, "status"),
                    Instant.parse(at),
                    evidence(text(origin, "evidence"))));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** What a mail log tells. */
    public static PastMessage of(LoggedMessage message) {
        MailOrigin origin = message.root().origin();
        return new PastMessage(
                message.id().id(),
                bare(message.messageId()),
                origin.kind(),
                origin.who(),
                origin instanceof MailOrigin.LocalUser user ? user.uid() : -1,
                origin.script(),
                message.sender(),
                message.recipientCount(),
                message.sent(),
                message.state().name().toLowerCase(Locale.ROOT),
                message.first(),
                message.root().evidence().trusted());
    }

    private static boolean evidence(String word) {
        for (Provenance.Evidence evidence : Provenance.Evidence.values()) {
            if (evidence.name().equals(word)) {
                return evidence.trusted();
            }
        }
        return false;
    }

    private static String bare(String messageId) {
        return messageId.replaceAll("^[<\\s]+|[>\\s]+$", "");
    }

    private static String text(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        return value == null ? "" : String.valueOf(value);
    }

    private static long number(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** The same for all messages of one submitter and one script. */
    public String submitter() {
        return kind + ' ' + who + ' ' + script;
    }

    /** {@code "uid 33 (www-data), script x7.php"}. */
    String submitterWords() {
        String named = switch (kind) {
            case "uid" -> uid >= 0 ? "user " + who + " (uid " + uid + ")" : "user " + who;
            case "sasl" -> "login " + who;
            case "client" -> "client " + who;
            case "bounce" -> "a bounce of " + who;
            default -> "an unknown sender";
        };
        return script.isEmpty() ? named : named + ", script " + script;
    }
}
