package org.outguard.maillog;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;

/**
 * Messages that go out to a content filter on this machine and come back under another id (FILTER_README of Postfix):
 * over loopback, where the filter's reply names the new id, or by pipe(8) and sendmail(1), where only the Message-ID
 * joins them.
 */
final class HandBacks {

    private static final byte[] QUEUED_AS = LineCursor.ascii("queued as ");
    private static final byte[] DELIVERED_VIA = LineCursor.ascii("(delivered via ");
    private static final int MAX_OUT = 4_096;
    private static final long WINDOW = 600_000_000L;
    private static final long LATE = 2_000_000L;

    private final Messages messages;

    /** What a pipe took, by Message-ID. */
    private final Map<String, Life> out = new Site.Newest<>(MAX_OUT);

    /** What a local user handed in, by Message-ID, as long as no pipe is known to have had it. */
    private final Map<String, Life> in = new Site.Newest<>(MAX_OUT);

    HandBacks(Messages messages) {
        this.messages = messages;
    }

    /** The message with this id in another instance on the same host, or in the same where no other has it. */
    @Nullable
    Life find(Site site, LineCursor line, int from, int to) {
        return find(site, line.bytes, from, to, messages.sites());
    }

    private @Nullable Life find(Site site, byte[] line, int from, int to, Iterable<Site> sites) {
        Life own = messages.table.get(site, line, from, to);
        for (Site other : sites) {
            if (other != site && other.host.equals(site.host)) {
                Life life = messages.table.get(other, line, from, to);
                if (life != null) {
                    return life;
                }
            }
        }
        return own;
    }

    /** A pipe or a loopback relay took a message. */
    void wentOut(Life parent, LineCursor line, PostfixDelivery delivery, long micros) {
        line.at = delivery.reasonFrom;
        if (line.take(DELIVERED_VIA)) {
            byte[] messageId = parent.messageId;
            if (messageId != null) {
                String key = key(parent, messageId);
                out.put(key, parent);
                Life child = in.get(key);
                if (child != null) {
                    joinByMessageId(child, parent, micros);
                }
            }
            return;
        }
        int words = lastOf(line, QUEUED_AS);
        if (words < 0 || line.holdsTag(line.at, line.end)) {
            return;
        }
        int from = words + QUEUED_AS.length;
        int to = from;
        while (to < line.end && line.bytes[to] != ')' && line.bytes[to] != ' ') {
            to++;
        }
        if (!QueueIds.is(line, from, to)) {
            return;
        }
        parent.handedOut = true;
        Life child = find(parent.site, line, from, to);
        if (child != null
                && child != parent
                && child.origin instanceof MailOrigin.Client client
                && isLoopback(client.address())
                && sameMessage(child, parent)
                && child.firstMicros >= parent.firstMicros - LATE
                && micros - child.firstMicros <= WINDOW) {
            reinjected(child, parent, micros);
        }
    }

    /** A message was identified or taken up: it may be one that a pipe took before. */
    void cameBack(Life child, long micros) {
        byte[] messageId = child.messageId;
        if (messageId == null || !(child.origin instanceof MailOrigin.LocalUser)) {
            return;
        }
        String key = key(child, messageId);
        Life parent = out.get(key);
        if (parent != null) {
            joinByMessageId(child, parent, micros);
        } else {
            in.putIfAbsent(key, child);
            Life first = in.get(key);
            if (first != null && first != child && !child.senderKnown) {
                in.put(key, child);
            }
        }
    }

    private void joinByMessageId(Life child, Life parent, long micros) {
        if (child != parent
                && child.senderKnown
                && child.origin instanceof MailOrigin.LocalUser
                && java.util.Arrays.equals(child.sender, parent.sender)
                && child.firstMicros >= parent.firstMicros
                && child.order > parent.order
                && child.firstMicros - parent.lastMicros <= WINDOW) {
            reinjected(child, parent, micros);
        }
    }

    private void reinjected(Life child, Life parent, long micros) {
        if (child.origin instanceof MailOrigin.LocalUser user) {
            child.handedInBy = user;
            child.site.countHandBack(user.uid(), this::judgedAnew);
        } else if (child.origin instanceof MailOrigin.Client client) {
            child.site.handsBack(client.address(), this::judgedAnew);
        }
        child.origin = new MailOrigin.Derived(MailOrigin.Link.REINJECT, Optional.of(parent.queueId()));
        child.parent = parent;
        messages.table.changed(child, micros);
    }

    private void judgedAnew(Life life) {
        messages.table.changed(life, life.lastMicros);
    }

    private static boolean sameMessage(Life child, Life parent) {
        byte[] one = child.messageId;
        byte[] other = parent.messageId;
        return one == null || other == null || java.util.Arrays.equals(one, other);
    }

    static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1");
    }

    private static String key(Life life, byte[] messageId) {
        return life.site.host + '\0' + Life.utf8(messageId);
    }

    private static int lastOf(LineCursor line, byte[] words) {
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
