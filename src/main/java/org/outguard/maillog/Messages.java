package org.outguard.maillog;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage.State;
import org.outguard.mail.LoggedMessage.Status;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.TimestampParser;

/**
 * What lines say of messages, put together. A short id comes back after a second at the earliest, since it begins with
 * the microseconds of its arrival; lines are lost, doubled and forged. Where lines contradict each other, either a new
 * message begins that has no origin, or the origin is disputed.
 */
final class Messages {

    private static final long SECOND = 1_000_000;

    /** Lines of different programs about one moment come in any order within this. */
    private static final long LATE = 2 * SECOND;

    /** A message is received while it is delivered. */
    private static final long CUT_THROUGH = 600 * SECOND;

    private static final long LINK_WINDOW = 60 * SECOND;
    private static final int MAX_LINKS = 1_024;

    final MessageRecords table;

    /** Links to messages of which there is no line yet. */
    private final Map<String, PendingLink> links = new Site.Newest<>(MAX_LINKS);

    /** Lines that could not be read: any of them may have been about any message. */
    long damaged;

    private record PendingLink(MessageRecord parent, MailOrigin.Link link, long micros) {}

    private final Sites sites;

    Messages(MessageRecords table, Sites sites) {
        this.table = table;
        this.sites = sites;
    }

    Iterable<Site> sites() {
        return sites.all();
    }

    /** The line that says who handed a message in. */
    MessageRecord started(
            Site site, LineCursor line, int from, int to, long micros, MailOrigin origin, String service) {
        MessageRecord known = table.get(site, line.bytes, from, to);
        MessageRecord message;
        if (known == null) {
            Remembered.Kept kept = table.remembered().get(site, line.bytes, from, to);
            message = table.begin(site, line.bytes, from, to, micros);
            if (kept != null && !kept.origin().equals(origin)) {
                message.rival = kept.origin();
            }
        } else if (known.ended()) {
            if (known.startMicros == micros && origin.equals(known.origin)) {
                return known;
            }
            message = table.begin(site, line.bytes, from, to, micros);
            boolean inTime = micros - known.firstMicros >= SECOND / 2;
            if (!(known.endedProperly() && inTime) && !origin.equals(known.origin)) {
                message.rival = known.origin != null ? known.origin : new MailOrigin.Unknown(known.why);
            }
        } else {
            MessageRecord contradicted = startedAgain(known, micros, origin, service);
            if (contradicted != null) {
                table.changed(contradicted, micros);
                return contradicted;
            }
            message = table.begin(site, line.bytes, from, to, micros);
            if (!origin.equals(known.origin)) {
                message.rival = known.origin != null ? known.origin : new MailOrigin.Unknown(known.why);
            }
        }
        message.origin = origin;
        message.startMicros = micros;
        message.service = service;
        table.changed(message, micros);
        return message;
    }

    /** A start line of a message that is in flight: the one it belongs to, or null where it begins another. */
    private static @Nullable MessageRecord startedAgain(
            MessageRecord known, long micros, MailOrigin origin, String service) {
        if (known.startMicros == TimestampParser.NONE && known.origin == null) {
            boolean early = micros - known.firstMicros <= SECOND && !known.finished() && known.listed() == 0
                    || known.cutThrough && micros - known.firstMicros <= CUT_THROUGH;
            if (!early) {
                return null;
            }
            known.origin = origin;
            known.startMicros = micros;
            known.service = service;
            return known;
        }
        if (known.finished()) {
            return null;
        }
        if (!origin.equals(known.origin) && known.rival == null) {
            known.rival = origin;
        }
        return known;
    }

    /** A start line that cannot be read. */
    void startedUnreadably(Site site, LineCursor line, int from, int to, long micros) {
        MessageRecord known = table.get(site, line.bytes, from, to);
        if (known == null || known.ended()) {
            MessageRecord message = begin(site, line, from, to, micros);
            message.why = "the line that says who handed it in is damaged";
            table.changed(message, micros);
        }
    }

    /** cleanup(8) saw the Message-ID header, before the queue manager takes the message up. */
    MessageRecord identified(Site site, LineCursor line, int from, int to, long micros, int idFrom, int idTo) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        if (message == null) {
            message = begin(site, line, from, to, micros);
        } else if (message.messageId != null && line.same(idFrom, idTo, message.messageId)) {
            if (!message.ended() || micros - message.lastMicros <= LATE) {
                return message;
            }
            message = begin(site, line, from, to, micros);
        } else if (message.ended()
                || message.active && (message.messageId != null || micros - message.firstMicros > LATE)) {
            // The queue manager has had the other: this one is new, and its first line is lost.
            message = begin(site, line, from, to, micros);
        } else if (message.messageId != null) {
            // A message may have two such headers.
            return message;
        }
        message.messageId = line.copy(idFrom, idTo);
        table.changed(message, micros);
        return message;
    }

    /** The queue manager took a message up: {@code from=<…>, size=…, nrcpt=… (queue active)}. */
    MessageRecord activated(
            Site site, LineCursor line, int from, int to, long micros, int senderFrom, int senderTo, long size, int n) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        boolean same = message != null
                && message.senderKnown
                && message.size == size
                && line.same(senderFrom, senderTo, message.sender)
                && n <= message.recipientCount;
        if (message == null || message.ended() || message.senderKnown && !same) {
            if (message != null && message.ended() && same && micros - message.lastMicros <= LATE) {
                return message;
            }
            message = begin(site, line, from, to, micros);
        }
        if (!message.senderKnown) {
            message.sender = line.copy(senderFrom, senderTo);
            message.senderKnown = true;
            message.size = size;
            message.recipientCount = n;
        }
        message.active = true;
        if (message.state == State.HELD) {
            message.state = State.OPEN;
        }
        table.changed(message, micros);
        return message;
    }

    /**
     * A delivery agent served a recipient.
     *
     * @param delay since the message came, in microseconds, or -1 where the line does not say
     */
    MessageRecord served(
            Site site,
            LineCursor line,
            int from,
            int to,
            long micros,
            long delay,
            Status status,
            int addressFrom,
            int addressTo,
            int reasonFrom,
            int reasonTo) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        long slack = LATE + Math.max(0, delay) / 20;
        if (message == null || message.ended() && micros - message.lastMicros > LATE) {
            message = begin(site, line, from, to, micros);
        } else if (delay >= 0 && message.origin != null && !(message.origin instanceof MailOrigin.Derived)) {
            long arrival = micros - delay;
            if (arrival > message.firstMicros + slack && arrival > message.startMicros + slack) {
                // It came after the message that is known: another one, whose lines are lost.
                message = begin(site, line, from, to, micros);
            } else if (message.number > 0 && message.rival == null && arrival < message.firstMicros - slack) {
                message.rival =
                        new MailOrigin.Unknown("it was in the queue before the line that says who handed it in");
            }
        }
        boolean added = message.fate(
                line.bytes, addressFrom, addressTo, status, reasonFrom, reasonTo, table.roomForRecipient());
        if (added) {
            table.addedRecipient();
        }
        table.changed(message, micros);
        return message;
    }

    /** A change of the whole message. */
    MessageRecord became(Site site, LineCursor line, int from, int to, long micros, State state) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        if (message != null && message.ended() && micros - message.lastMicros <= LATE) {
            return message;
        }
        if (message == null || message.ended()) {
            message = begin(site, line, from, to, micros);
        }
        message.state = state;
        table.changed(message, micros);
        return message;
    }

    /**
     * Refused or thrown away before it was queued, or one recipient of it was.
     *
     * @param refusal what was read of its line
     */
    void refused(Site site, LineCursor line, int from, int to, long micros, PostfixRefusal refusal) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        if (message == null || message.ended() && micros - message.lastMicros > LATE) {
            message = begin(site, line, from, to, micros);
        }
        if (!message.senderKnown && refusal.senderFrom >= 0) {
            message.sender = line.copy(refusal.senderFrom, refusal.senderTo);
        }
        if (refusal.recipientFrom >= 0
                && message.fate(
                        line.bytes,
                        refusal.recipientFrom,
                        refusal.recipientTo,
                        Status.REJECTED,
                        refusal.reasonFrom,
                        refusal.reasonTo,
                        table.roomForRecipient())) {
            table.addedRecipient();
        }
        if (refusal.whole && !message.ended()) {
            message.state = State.REFUSED;
        }
        table.changed(message, micros);
    }

    /** It was no message but a question of verify(8) whether an address exists. */
    void probe(Site site, LineCursor line, int from, int to, long micros) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        if (message == null || message.ended()) {
            message = begin(site, line, from, to, micros);
        }
        message.why = "an address probe of verify(8), which sends nothing";
        table.changed(message, micros);
    }

    /** Whether several mail systems write into these logs. */
    boolean hasInstances() {
        return sites.all().size() > 1;
    }

    /** What was not delivered has gone back to its sender. */
    void returned(Site site, LineCursor line, int from, int to, long micros) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        if (message == null || message.ended()) {
            message = begin(site, line, from, to, micros);
        }
        message.expired = true;
        message.giveUp();
        table.changed(message, micros);
    }

    /** What is deferred will go back to its sender at the next attempt. */
    void expired(Site site, LineCursor line, int from, int to, long micros) {
        MessageRecord message = table.get(site, line.bytes, from, to);
        if (message == null || message.ended()) {
            message = begin(site, line, from, to, micros);
        }
        message.expired = true;
        table.changed(message, micros);
    }

    /** A message came out of another, as the other's line says. */
    void linked(MessageRecord parent, LineCursor line, int childFrom, int childTo, MailOrigin.Link link, long micros) {
        MessageRecord child = table.get(parent.site, line.bytes, childFrom, childTo);
        if (child == null || child.ended() && micros - child.lastMicros > LATE) {
            links.put(key(parent.site, line.bytes, childFrom, childTo), new PendingLink(parent, link, micros));
            return;
        }
        link(child, parent, link, micros);
    }

    /** Dovecot's submission service handed a message in for whoever had logged in there. */
    void relayed(MessageRecord message, String login, String address, long micros) {
        MailOrigin.Login origin = new MailOrigin.Login(login, address, java.util.OptionalInt.empty());
        message.relayedForOthers |= message.relayedFor != null && !origin.equals(message.relayedFor);
        message.relayedFor = origin;
        message.site.relaysForLogins(table::judgedAnew);
        table.changed(message, micros);
    }

    /** Says that {@code child} comes out of {@code parent}, or that two lines disagree about that. */
    void link(MessageRecord child, MessageRecord parent, MailOrigin.Link link, long micros) {
        MailOrigin derived = new MailOrigin.Derived(link, java.util.Optional.of(parent.queueId()));
        if (derived.equals(child.origin)) {
            return;
        }
        boolean inTime = micros - child.firstMicros <= LINK_WINDOW && child.firstMicros >= parent.firstMicros - LATE;
        if (child == parent) {
            return;
        }
        if (child.origin == null && inTime && child.startMicros == TimestampParser.NONE) {
            child.origin = derived;
            child.comesOutOf(parent);
        } else if (child.rival == null) {
            child.rival = derived;
        }
        table.changed(child, micros);
    }

    /** A message of which only the middle is known, unless its origin was kept or a link to it was seen before. */
    private MessageRecord begin(Site site, LineCursor line, int from, int to, long micros) {
        boolean first = table.get(site, line.bytes, from, to) == null;
        MessageRecord message = table.begin(site, line.bytes, from, to, micros);
        if (first) {
            Remembered.Kept kept = table.remembered().get(site, line.bytes, from, to);
            if (kept != null) {
                message.origin = kept.origin();
                message.startMicros = kept.firstMicros();
                message.sessionOver = true;
            }
        }
        if (!links.isEmpty()) {
            PendingLink pending = links.remove(key(site, line.bytes, from, to));
            if (pending != null && micros - pending.micros() <= LINK_WINDOW) {
                link(message, pending.parent(), pending.link(), micros);
            }
        }
        return message;
    }

    private static String key(Site site, byte[] line, int from, int to) {
        return site.index + "/"
                + new String(Arrays.copyOfRange(line, from, to), java.nio.charset.StandardCharsets.US_ASCII);
    }
}
