package org.outguard.maillog;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.QueueIds;

/**
 * Messages that go out to a content filter on this machine by SMTP or LMTP and come back over loopback under another id
 * (FILTER_README of Postfix): the filter's reply names the new id.
 */
final class Reinjections {

    private static final byte[] QUEUED_AS = LineCursor.ascii("queued as ");
    private static final long WINDOW = 600_000_000L;
    private static final long LATE = 2_000_000L;

    private final Messages messages;

    Reinjections(Messages messages) {
        this.messages = messages;
    }

    /** The message with this id in another instance on the same host, or in the same where no other has it. */
    @Nullable
    MessageRecord find(Site site, LineCursor line, int from, int to) {
        MessageRecord own = messages.table.get(site, line.bytes, from, to);
        for (Site other : messages.sites()) {
            if (other != site && other.host.equals(site.host)) {
                MessageRecord message = messages.table.get(other, line.bytes, from, to);
                if (message != null) {
                    return message;
                }
            }
        }
        return own;
    }

    /**
     * Who took a message.
     *
     * @param address of it
     * @param ownPort whether its port is not that of every mail server, so that who runs this machine has set it
     */
    record Relay(String address, boolean ownPort) {
        static final Relay LOOPBACK = new Relay("127.0.0.1", true);

        /**
         * Whether a message that came from there was handed back: over loopback, or from the very address that it had been
         * given to. A server out in the world can see to it that both are its own, by handing a message in and answering
         * with its id; but not that it is asked on a port of our choice, or that another instance here takes it.
         */
        boolean handsBack(MessageRecord child, MailOrigin.Client client, MessageRecord parent) {
            if (isLoopback(client.address())) {
                return isLoopback(address) || ownPort;
            }
            boolean other = child.site != parent.site;
            // A machine with several addresses may take another one to call from.
            boolean same = ownPort && other && !isNone(child.messageId) && !isNone(parent.messageId);
            return same || client.address().equals(address) && (ownPort || other);
        }
    }

    /** A relay took a message; what it said stands from the cursor on. */
    void wentOut(MessageRecord parent, LineCursor line, long micros, Relay relay) {
        int words = lastOf(line, QUEUED_AS);
        if (words < 0 || line.holdsTag(line.at, line.end)) {
            return;
        }
        int from = words + QUEUED_AS.length;
        int to = from;
        while (to < line.end && line.bytes[to] != ')' && line.bytes[to] != ' ') {
            to++;
        }
        if (QueueIds.is(line, from, to)) {
            wentOutAs(parent, line, from, to, micros, relay);
        }
    }

    /** A relay took a message, which has the id {@code from..to} of the line since, if it is on this machine. */
    void wentOutAs(MessageRecord parent, LineCursor line, int from, int to, long micros, Relay relay) {
        parent.handedOut |= isLoopback(relay.address());
        MessageRecord child = find(parent.site, line, from, to);
        if (child != null
                && child != parent
                && (child.site != parent.site || QueueIds.compareTimes(child.id, parent.id) >= 0)
                && child.origin instanceof MailOrigin.Client client
                && relay.handsBack(child, client, parent)
                && sameMessage(child, parent)
                && child.firstMicros >= parent.firstMicros - LATE
                && micros - child.firstMicros <= WINDOW) {
            parent.handedOut = true;
            child.site.handsBack(client.address(), messages.table::judgedAnew);
            child.origin = new MailOrigin.Derived(MailOrigin.Link.REINJECT, Optional.of(parent.queueId()));
            child.comesOutOf(parent);
            messages.table.changed(child, micros);
        }
    }

    private static boolean sameMessage(MessageRecord child, MessageRecord parent) {
        byte[] one = child.messageId;
        byte[] other = parent.messageId;
        return isNone(one) || isNone(other) || Arrays.equals(one, other);
    }

    /** Not known, or {@code <>}: the filter may have given it one. */
    private static boolean isNone(byte @Nullable [] messageId) {
        return messageId == null || messageId.length <= 2;
    }

    static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1");
    }

    static int lastOf(LineCursor line, byte[] words) {
        int last = -1;
        int at = line.at;
        for (int next = line.find(words); next >= 0; next = line.find(words)) {
            last = next;
            line.at = next + 1;
        }
        line.at = at;
        return last;
    }
}
