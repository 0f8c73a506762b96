package org.outguard.headless.complaint.mail;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.Host;
import org.outguard.headless.complaint.HostFinder;
import org.outguard.headless.complaint.Stamp;
import org.outguard.headless.complaint.TimeFinder;

/** The message that is complained about, by its header: which of the Received lines our server wrote, and so its queue id. */
public final class OriginalMail {

    private static final Pattern BY = Pattern.compile("\\bby\\s+([^\\s;(]+)");
    private static final Pattern ID = Pattern.compile("\\b(?:E?SMTPS?A?\\s+)?id\\s+<?([A-Za-z0-9][A-Za-z0-9.-]{3,40})");
    private static final Pattern POSTFIX_ID = Pattern.compile("^(?:\\d{14}\\.)([0-9A-F]{6,15}|[0-9A-Za-z]{10,18})@");
    private static final Pattern EXIM_ID =
            Pattern.compile("^E([0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4}))@");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+");
    private static final Pattern FIELD = Pattern.compile("^([A-Za-z][A-Za-z0-9-]{1,60}):\\s?(.*)$");
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "localhost.localdomain");
    private static final int MAX_RECEIVED = 100;

    private OriginalMail() {}

    /** A Received line (RFC 5321, 4.4). */
    private record Hop(
            List<Host> from, List<String> fromNames, String by, String id, Optional<Stamp> at, boolean submitted) {
        static Hop of(String line) {
            Matcher by = BY.matcher(line);
            boolean named = by.find();
            String from = named ? line.substring(0, by.start()) : "";
            List<String> names = new ArrayList<>();
            Matcher name = NAME.matcher(from);
            while (name.find()) {
                names.add(name.group().toLowerCase(Locale.ROOT));
            }
            Matcher id = ID.matcher(line);
            int clause = line.lastIndexOf(';');
            return new Hop(
                    HostFinder.all(from).stream().map(HostFinder.Found::host).toList(),
                    names,
                    named ? by.group(1).toLowerCase(Locale.ROOT) : "",
                    id.find(named ? by.end() : 0) ? id.group(1) : "",
                    TimeFinder.find(line.substring(Math.max(0, clause)), 0, null)
                            .map(TimeFinder.Found::stamp),
                    line.contains("from userid")
                            || line.contains("with local")
                            || line.matches(".*\\bwith E?SMTPS?A\\b.*"));
        }
    }

    /** The header that was pasted into a text; empty where there is none with a Received line and a message id or sender. */
    public static Optional<MessageHeader> pasted(String text) {
        List<String> lines = PartReader.lines(text);
        for (int i = 0; i < lines.size(); i++) {
            Matcher start = FIELD.matcher(lines.get(i).strip());
            if (start.matches()
                    && start.group(1)
                            .matches(
                                    "(?i)received|return-path|delivered-to|x-.*|from|to|subject|message-id|date|dkim-signature|authentication-results")) {
                MessageHeader envelope = new MessageHeader(1);
                int next = block(lines, i, envelope);
                boolean sender = !envelope.first("message-id").isEmpty()
                        || !envelope.first("from").isEmpty();
                if (!envelope.first("received").isEmpty() && sender) {
                    return Optional.of(envelope);
                }
                i = Math.max(i, next - 1);
            }
        }
        return Optional.empty();
    }

    /** What a feedback report tells of a message that it does not enclose (RFC 5965, 3.2). */
    public static MessageHeader reported(String report) {
        MessageHeader fields = new MessageHeader(1);
        block(PartReader.lines(report.strip()), 0, fields);
        MessageHeader envelope = new MessageHeader(1);
        envelope.add("message-id", fields.first("original-message-id"));
        envelope.add("return-path", fields.first("original-mail-from"));
        envelope.add("to", fields.first("original-rcpt-to"));
        envelope.add(
                "date",
                fields.first("arrival-date").isEmpty() ? fields.first("received-date") : fields.first("arrival-date"));
        return envelope;
    }

    private static int block(List<String> lines, int from, MessageHeader envelope) {
        String name = "";
        StringBuilder body = new StringBuilder();
        int i = from;
        for (; i < lines.size() && i - from < 1_000; i++) {
            String line = lines.get(i);
            Matcher field = FIELD.matcher(line.strip());
            boolean folded = !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
            if (line.isBlank()) {
                break;
            }
            if (field.matches() && !folded) {
                if (!name.isEmpty()) {
                    envelope.add(name, body.toString());
                }
                name = field.group(1);
                body.setLength(0);
                body.append(field.group(2));
            } else if (body.length() < 8_192) {
                // Also what a mail program wrapped without a blank.
                body.append(' ').append(line.strip());
            }
        }
        if (!name.isEmpty()) {
            envelope.add(name, body.toString());
        }
        return i;
    }

    /**
     * Reads the header.
     *
     * @param ours addresses of our machine, as far as they are known or named
     * @param reference a time after it
     */
    public static Complaint.Message read(MessageHeader envelope, List<Host> ours, Instant reference) {
        List<Hop> hops = envelope.all("received").stream()
                .limit(MAX_RECEIVED)
                .map(Hop::of)
                .toList();
        String messageId = envelope.first("message-id").replaceAll("^[<\\s]+|[>\\s]+$", "");
        Optional<Hop> hop = written(hops, ours, messageId);
        String queueId = hop.map(Hop::id)
                .filter(id -> !id.isEmpty())
                .or(() -> inMessageId(messageId))
                .orElse("");
        Optional<Instant> at =
                hop.flatMap(Hop::at).or(envelope::date).flatMap(stamp -> stamp.at(ZoneOffset.UTC, reference));
        String sender = envelope.first("return-path").replaceAll("[<>\\s]", "");
        return new Complaint.Message(
                messageId,
                queueId,
                sender.isEmpty() ? envelope.first("from") : sender,
                envelope.first("to"),
                envelope.first("subject"),
                envelope.first("x-php-originating-script"),
                at);
    }

    private static Optional<String> inMessageId(String messageId) {
        Matcher postfix = POSTFIX_ID.matcher(messageId);
        if (postfix.find()) {
            return Optional.of(postfix.group(1));
        }
        Matcher exim = EXIM_ID.matcher(messageId);
        return exim.find() ? Optional.of(exim.group(1)) : Optional.empty();
    }

    /* The topmost hop that came from our address was written by somebody else; what is below it, by our server, is ours, and
     * of several (a content filter hands back) the lowest, by which it was submitted. What is below that, anybody may have written. */
    private static Optional<Hop> written(List<Hop> hops, List<Host> ours, String messageId) {
        int outer = -1;
        for (int i = 0; i < hops.size() && outer < 0; i++) {
            outer = hops.get(i).from.stream().anyMatch(ours::contains) ? i : outer;
        }
        if (outer < 0) {
            return guessed(hops, messageId);
        }
        if (outer + 1 >= hops.size()) {
            return Optional.empty();
        }
        Set<String> names = Set.copyOf(hops.get(outer).fromNames);
        String server = hops.get(outer + 1).by;
        Hop found = hops.get(outer + 1);
        for (int i = outer + 2; i < hops.size(); i++) {
            Hop below = hops.get(i);
            boolean same = below.by.equals(server) || names.contains(below.by) || LOCAL.contains(below.by);
            if (!same || found.submitted && !found.by.startsWith("local")) {
                break;
            }
            found = LOCAL.contains(below.by) ? found : below;
        }
        return Optional.of(found);
    }

    /* Whose addresses nobody told: the hop of a submission, that of the server in the message id, or the lowest. */
    private static Optional<Hop> guessed(List<Hop> hops, String messageId) {
        String host = messageId.substring(messageId.indexOf('@') + 1).toLowerCase(Locale.ROOT);
        List<Hop> named = hops.stream().filter(hop -> !hop.id.isEmpty()).toList();
        return named.stream()
                .filter(hop -> hop.submitted)
                .findFirst()
                .or(() -> named.stream().filter(hop -> hop.by.equals(host)).findFirst())
                .or(() -> named.isEmpty() ? Optional.empty() : Optional.of(named.get(named.size() - 1)));
    }
}
