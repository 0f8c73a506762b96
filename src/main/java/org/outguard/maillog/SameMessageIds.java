package org.outguard.maillog;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;

/**
 * Messages that a filter takes by a pipe and hands back by sendmail(1) (FILTER_README of Postfix): of two messages with
 * one Message-ID and one sender the later came out of the earlier, where a pipe took that one. Where no line says so, it
 * may be lost.
 */
final class SameMessageIds {

    private static final int MAX_IDS = 4_096;
    private static final int MAX_HANDED_IN = 8;

    /** {@code <>}: it had none. */
    private static final int LENGTH_OF_NONE = 2;

    private static final long WINDOW = 600_000_000L;

    /** A filter hands back while the pipe waits for it; pickup(8) may be slow. */
    private static final long MOST_DELAY = 60_000_000L;

    private static final long PICKUP_LATE = 10_000_000L;
    private static final long LATE = 2_000_000L;

    private final MessageRecords table;
    private final Map<String, Bearers> ids = new Site.Newest<>(MAX_IDS);

    /** Messages with one Message-ID. */
    private static final class Bearers {
        MessageRecord first;

        /** What a pipe took, and which. */
        @Nullable
        MessageRecord taken;

        String pipe = "";

        /** What local users handed in, the newest last: the filter may be given each recipient apart. */
        final Deque<MessageRecord> handedIn = new ArrayDeque<>();

        Bearers(MessageRecord first) {
            this.first = first;
        }
    }

    SameMessageIds(MessageRecords table) {
        this.table = table;
    }

    /** More is known of a message: its Message-ID, or its sender. */
    void known(MessageRecord message, long micros) {
        MailOrigin.LocalUser user = message.origin instanceof MailOrigin.LocalUser local ? local : null;
        if (!hasId(message) || user == null && !message.site.pipeFilters.any()) {
            return;
        }
        Bearers bearers = ids.computeIfAbsent(key(message), id -> new Bearers(message));
        if (bearers.first != message && bearers.first.isLaterThan(message)) {
            // Lines may be out of their order.
            bearers.first = message;
            bearers.handedIn.forEach(later -> compare(later, message));
        }
        if (user == null) {
            return;
        }
        if (!bearers.handedIn.contains(message)) {
            if (bearers.handedIn.size() >= MAX_HANDED_IN) {
                bearers.handedIn.poll();
            }
            bearers.handedIn.add(message);
        }
        MessageRecord taken = bearers.taken;
        if (taken == null || !join(message, user, taken, bearers.pipe, micros)) {
            compare(message, bearers.first);
        }
    }

    /**
     * A pipe took a message.
     *
     * @param pipe name of its service
     * @param delay since the message came, in microseconds
     */
    void wentOut(MessageRecord parent, String pipe, long delay, long micros) {
        PipeFilters pipeFilters = parent.site.pipeFilters;
        if (parent.messageId == null) {
            tookUnknown(parent.site, pipe, parent.queueId().id(), delay, micros);
            return;
        }
        pipeFilters.took(pipe);
        if (!hasId(parent)) {
            return;
        }
        String key = key(parent);
        Bearers known = ids.remove(key);
        Bearers bearers = known == null ? new Bearers(parent) : known;
        ids.put(key, bearers);
        bearers.taken = parent;
        bearers.pipe = pipe;
        for (MessageRecord child : bearers.handedIn) {
            if (child.origin instanceof MailOrigin.LocalUser user) {
                join(child, user, parent, pipe, micros);
            }
        }
    }

    /** A pipe took a message of which no line is known, or not yet; {@code which} names it. */
    void tookUnknown(Site site, String pipe, String which, long delay, long micros) {
        long from = micros - Math.min(MOST_DELAY, delay) - LATE;
        site.pipeFilters.tookUnknown(pipe, which, from, micros + PICKUP_LATE, table::judgedAnew);
    }

    private boolean join(
            MessageRecord child, MailOrigin.LocalUser user, MessageRecord parent, String pipe, long micros) {
        if (child == parent
                || !child.senderKnown
                || !Arrays.equals(child.sender, parent.sender)
                || !isTelling(child)
                || child.firstMicros < parent.firstMicros
                || !child.isLaterThan(parent)
                || isFilters(parent, user)
                || child.firstMicros - parent.lastMicros > WINDOW) {
            return false;
        }
        child.handedInBy = user;
        child.origin = new MailOrigin.Derived(MailOrigin.Link.REINJECT, Optional.of(parent.queueId()));
        child.comesOutOf(parent);
        table.changed(child, micros);
        child.site.pipeFilters.handedBack(pipe, user, table::judgedAnew);
        return true;
    }

    /** No filter is given what it has handed back itself. */
    private static boolean isFilters(MessageRecord parent, MailOrigin.LocalUser user) {
        MailOrigin by = parent.handedInBy != null ? parent.handedInBy : parent.origin;
        return by != null && by.isSame(user);
    }

    /** Whether what a local user handed in looks like what was there before, as far as is known. */
    private void compare(MessageRecord message, MessageRecord first) {
        if (!(message.origin instanceof MailOrigin.LocalUser user)) {
            return;
        }
        boolean alike = first != message
                && message.isLaterThan(first)
                && message.site.pipeFilters.any()
                && (first.origin == null || !first.origin.isSame(user))
                && (!first.senderKnown || !message.senderKnown || Arrays.equals(first.sender, message.sender));
        boolean counted = message.alike && message.alikeCounted;
        message.alike = alike;
        table.judgedAnew(message);
        if (alike && !counted && message.senderKnown) {
            message.alikeCounted = true;
            message.site.pipeFilters.handedInAlike(user, table::judgedAnew);
        }
    }

    private static boolean hasId(MessageRecord message) {
        return message.messageId != null && message.messageId.length > LENGTH_OF_NONE;
    }

    /** Whether more than the left part of it is there (RFC 5322, 3.6.4): many that were cut off before that are the same. */
    private static boolean isTelling(MessageRecord message) {
        byte[] id = message.messageId;
        if (id == null) {
            return false;
        }
        int last = id.length - (id[id.length - 1] == '>' ? 2 : 1);
        for (int i = 0; i < last; i++) {
            if (id[i] == '@') {
                return true;
            }
        }
        return false;
    }

    private static String key(MessageRecord message) {
        return message.site.host + '\0' + MessageRecord.utf8(message.messageId);
    }
}
