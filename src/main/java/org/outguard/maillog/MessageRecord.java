package org.outguard.maillog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.LoggedMessage.State;
import org.outguard.mail.LoggedMessage.Status;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.maillog.line.QueueIds;
import org.outguard.maillog.line.TimestampParser;

/**
 * One message, from its first line to its last. An id may come back for another message. Text is kept as the bytes of the log, since
 * most of it is never shown.
 */
final class MessageRecord {

    /** Recipients listed of one message; more are counted only. */
    static final int MAX_RECIPIENTS = 128;

    static final byte[] NOTHING = new byte[0];

    Site site;
    final byte[] id;
    int hash;
    final int number;
    final long firstMicros;
    long lastMicros;

    /** Time of the line that says who handed it in, {@link TimestampParser#NONE} where there is none. */
    long startMicros = TimestampParser.NONE;

    /** Who handed it in, by that line or by a link; null where none was read. */
    @Nullable
    MailOrigin origin;

    /** What contradicts it. */
    @Nullable
    MailOrigin rival;

    /** Why the origin is not known. */
    String why = "the line that says who handed it in is missing";

    /** Service of master.cf that it came by, empty for the plain one. */
    String service = "";

    /** The line of its login went on behind it, so that it cannot be cut off. */
    boolean loginWhole;

    /** Lines of what it was delivered to came before the one that says who handed it in: cut-through delivery of Exim. */
    boolean cutThrough;

    /** Number of the process that received it by SMTP, 0 where no line says it. */
    int server;

    /** The SMTP session it came by has ended, and whether it logged in is known. */
    boolean sessionOver;

    /** Whom the first line names, where the message was handed back by a filter. */
    MailOrigin.@Nullable LocalUser handedInBy;

    /**
     * Recipients that its session named, where that is in the log from its beginning to its end and nothing of it came in
     * chunks (RFC 3030), as all does that Dovecot's submission service hands in; 0 otherwise.
     */
    long plainRecipients;

    /** Its session handed mail in by chunks, as Dovecot's submission service does and few others. */
    boolean chunked;

    /** Who is behind it, where Dovecot's submission service or a filter before the queue handed it in for somebody. */
    @Nullable
    MailOrigin relayedFor;

    /** A filter says for whom it passed it on, and the line of that session, which says whether it logged in, has not come. */
    boolean awaitsProxy;

    /** It is said to have been handed in for two of them. */
    boolean relayedForOthers;

    /** Where it comes out of another. */
    private @Nullable MessageRecord parent;

    /** What a local user handed in has the Message-ID and, as far as is known, the sender of an earlier message. */
    boolean alike;

    /** {@link PipeFilters} knows of that. */
    boolean alikeCounted;

    byte[] sender = NOTHING;
    boolean senderKnown;
    byte @Nullable [] messageId;
    long size;

    /** At the first time that it was active. */
    int recipientCount;

    State state = State.OPEN;

    /** The queue manager took it up. */
    boolean active;

    /** A relay on this machine took it and will hand it back under another id. */
    boolean handedOut;

    /** Messages that began before have smaller ones. */
    long order;

    /** Given up by command or age: what is still deferred comes back to its sender. */
    boolean expired;

    /** What was not delivered has gone back to its sender. */
    private boolean givenUp;

    /** Waits to be reported. */
    boolean dirty;

    /** It was reported before. */
    boolean reported;

    private @Nullable Recipient recipients;
    private int listed;
    private int unlistedSent;
    private int unlistedBounced;
    private boolean unlistedDeferred;

    /* Places in the table's lists. */
    @Nullable
    MessageRecord newer;

    @Nullable
    MessageRecord older;

    boolean inEnded;

    /* Messages that came out of it, and its neighbours among those of its parent. */
    private @Nullable MessageRecord firstChild;
    private @Nullable MessageRecord nextSibling;
    private @Nullable MessageRecord previousSibling;

    /** What its children were told of its root. */
    private int told;

    private static final class Recipient {
        final byte[] address;
        final @Nullable Recipient next;
        Status status;
        byte[] reason;

        Recipient(byte[] address, Status status, byte[] reason, @Nullable Recipient next) {
            this.address = address;
            this.status = status;
            this.reason = reason;
            this.next = next;
        }
    }

    MessageRecord(Site site, byte[] id, int hash, int number, long firstMicros) {
        this.site = site;
        this.id = id;
        this.hash = hash;
        this.number = number;
        this.firstMicros = firstMicros;
        this.lastMicros = firstMicros;
    }

    /** It is of another mail system than it was taken for. */
    void moveTo(Site to, int newHash, String newService) {
        site = to;
        hash = newHash;
        service = newService;
    }

    @Nullable
    MessageRecord parent() {
        return parent;
    }

    /** It comes out of another message, or of none that is known. */
    void comesOutOf(@Nullable MessageRecord other) {
        if (parent == other) {
            return;
        }
        if (previousSibling != null) {
            previousSibling.nextSibling = nextSibling;
        } else if (parent != null) {
            parent.firstChild = nextSibling;
        }
        if (nextSibling != null) {
            nextSibling.previousSibling = previousSibling;
        }
        parent = other;
        previousSibling = null;
        nextSibling = other == null ? null : other.firstChild;
        if (nextSibling != null) {
            nextSibling.previousSibling = this;
        }
        if (other != null) {
            other.firstChild = this;
        }
    }

    /** What came out of it is judged by its root: hands its children on where that is another than they were told. */
    void tell(Provenance root, Consumer<MessageRecord> judgedAnew) {
        if (firstChild == null || told == root.hashCode()) {
            return;
        }
        told = root.hashCode();
        for (MessageRecord child = firstChild; child != null; child = child.nextSibling) {
            judgedAnew.accept(child);
        }
    }

    QueueId queueId() {
        return new QueueId(site.host, site.instance, new String(id, StandardCharsets.US_ASCII));
    }

    boolean ended() {
        return state == State.DONE || state == State.DELETED || state == State.REQUEUED || state == State.REFUSED;
    }

    /** Every recipient that it was queued with is served. */
    boolean finished() {
        return active && recipientCount > 0 && count(Status.SENT) + failed() >= recipientCount;
    }

    /** Its end is what the lines before it lead to; anything else may be a forged or a lost line. */
    boolean endedProperly() {
        return state == State.DELETED
                || state == State.REQUEUED
                || state == State.DONE && (finished() || expired) && messageId != null;
    }

    /** Whether a line of another program speaks of it. */
    boolean confirmed() {
        return messageId != null || senderKnown || recipients != null;
    }

    /** Whether it came after another of the same mail system: by the time in an id of Exim, else by their first lines. */
    boolean isLaterThan(MessageRecord other) {
        int byId = site == other.site ? QueueIds.compareTimes(id, other.id) : 0;
        return byId == 0 ? order > other.order : byId > 0;
    }

    boolean named(byte[] line, int from, int to) {
        return Arrays.equals(id, 0, id.length, line, from, to);
    }

    /**
     * Notes what became of one recipient.
     *
     * @param room whether one more may be listed
     * @return whether one more is listed
     */
    boolean fate(byte[] line, int from, int to, Status status, int reasonFrom, int reasonTo, boolean room) {
        for (Recipient r = recipients; r != null; r = r.next) {
            if (Arrays.equals(r.address, 0, r.address.length, line, from, to)) {
                // A late or doubled line does not revoke a delivery.
                if (r.status != Status.SENT || status == Status.SENT) {
                    r.status = status;
                    r.reason = Arrays.copyOfRange(line, reasonFrom, reasonTo);
                }
                return false;
            }
        }
        if (listed >= MAX_RECIPIENTS || !room) {
            switch (status) {
                case SENT -> unlistedSent++;
                case BOUNCED, EXPIRED -> unlistedBounced++;
                case DEFERRED -> unlistedDeferred = true;
                case REJECTED -> {}
            }
            return false;
        }
        recipients = new Recipient(
                Arrays.copyOfRange(line, from, to), status, Arrays.copyOfRange(line, reasonFrom, reasonTo), recipients);
        listed++;
        return true;
    }

    /** Whoever is not served by now will not be. */
    void giveUp() {
        givenUp = true;
        for (Recipient r = recipients; r != null; r = r.next) {
            r.status = r.status == Status.DEFERRED ? Status.EXPIRED : r.status;
        }
    }

    /** Recipients that it failed for: refused for good, or given up. */
    int failed() {
        int failed = count(Status.BOUNCED) + count(Status.EXPIRED);
        return givenUp ? Math.max(failed + count(Status.DEFERRED), recipientCount - count(Status.SENT)) : failed;
    }

    /** Recipients that it will be tried for again. */
    int waiting() {
        return givenUp || expired && state == State.DONE ? 0 : count(Status.DEFERRED);
    }

    /** Adds to what was said of a recipient. */
    void explain(byte[] address, byte[] more) {
        for (Recipient r = recipients; r != null; r = r.next) {
            if (Arrays.equals(r.address, address)) {
                byte[] reason = Arrays.copyOf(r.reason, r.reason.length + more.length);
                System.arraycopy(more, 0, reason, r.reason.length, more.length);
                r.reason = reason;
                return;
            }
        }
    }

    int listed() {
        return listed;
    }

    int count(Status status) {
        int count = 0;
        for (Recipient r = recipients; r != null; r = r.next) {
            if (r.status == status) {
                count++;
            }
        }
        return switch (status) {
            case SENT -> count + unlistedSent;
            case BOUNCED -> count + unlistedBounced;
            case EXPIRED, REJECTED -> count;
            case DEFERRED ->
                unlistedDeferred
                        ? Math.max(count + 1, recipientCount - listed - unlistedSent - unlistedBounced + count)
                        : count;
        };
    }

    List<LoggedMessage.Fate> fates() {
        List<LoggedMessage.Fate> all = new ArrayList<>(listed);
        for (Recipient r = recipients; r != null; r = r.next) {
            all.add(new LoggedMessage.Fate(utf8(r.address), r.status, utf8(r.reason)));
        }
        return all;
    }

    static String utf8(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
