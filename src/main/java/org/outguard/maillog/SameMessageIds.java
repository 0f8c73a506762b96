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

    private final LifeTable table;
    private final Map<String, Bearers> ids = new Site.Newest<>(MAX_IDS);

    /** Messages with one Message-ID. */
    private static final class Bearers {
        Life first;

        /** What a pipe took, and which. */
        @Nullable
        Life taken;

        String pipe = "";

        /** What local users handed in, the newest last: the filter may be given each recipient apart. */
        final Deque<Life> handedIn = new ArrayDeque<>();

        Bearers(Life first) {
            this.first = first;
        }
    }

    SameMessageIds(LifeTable table) {
        this.table = table;
    }

    /** More is known of a message: its Message-ID, or its sender. */
    void known(Life life, long micros) {
        MailOrigin.LocalUser user = life.origin instanceof MailOrigin.LocalUser local ? local : null;
        if (!hasId(life) || user == null && !life.site.pipes.any()) {
            return;
        }
        Bearers bearers = ids.computeIfAbsent(key(life), id -> new Bearers(life));
        if (bearers.first != life && bearers.first.isLaterThan(life)) {
            // Lines may be out of their order.
            bearers.first = life;
            bearers.handedIn.forEach(later -> compare(later, life));
        }
        if (user == null) {
            return;
        }
        if (!bearers.handedIn.contains(life)) {
            if (bearers.handedIn.size() >= MAX_HANDED_IN) {
                bearers.handedIn.poll();
            }
            bearers.handedIn.add(life);
        }
        Life taken = bearers.taken;
        if (taken == null || !join(life, user, taken, bearers.pipe, micros)) {
            compare(life, bearers.first);
        }
    }

    /**
     * A pipe took a message.
     *
     * @param pipe name of its service
     * @param delay since the message came, in microseconds
     */
    void wentOut(Life parent, String pipe, long delay, long micros) {
        Pipes pipes = parent.site.pipes;
        if (parent.messageId == null) {
            tookUnknown(parent.site, pipe, parent.queueId().id(), delay, micros);
            return;
        }
        pipes.took(pipe);
        if (!hasId(parent)) {
            return;
        }
        String key = key(parent);
        Bearers known = ids.remove(key);
        Bearers bearers = known == null ? new Bearers(parent) : known;
        ids.put(key, bearers);
        bearers.taken = parent;
        bearers.pipe = pipe;
        for (Life child : bearers.handedIn) {
            if (child.origin instanceof MailOrigin.LocalUser user) {
                join(child, user, parent, pipe, micros);
            }
        }
    }

    /** A pipe took a message of which no line is known, or not yet; {@code which} names it. */
    void tookUnknown(Site site, String pipe, String which, long delay, long micros) {
        long from = micros - Math.min(MOST_DELAY, delay) - LATE;
        site.pipes.tookUnknown(pipe, which, from, micros + PICKUP_LATE, table::judgedAnew);
    }

    private boolean join(Life child, MailOrigin.LocalUser user, Life parent, String pipe, long micros) {
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
        child.site.pipes.handedBack(pipe, user, table::judgedAnew);
        return true;
    }

    /** No filter is given what it has handed back itself. */
    private static boolean isFilters(Life parent, MailOrigin.LocalUser user) {
        MailOrigin by = parent.handedInBy != null ? parent.handedInBy : parent.origin;
        return by != null && by.isSame(user);
    }

    /** Whether what a local user handed in looks like what was there before, as far as is known. */
    private void compare(Life life, Life first) {
        if (!(life.origin instanceof MailOrigin.LocalUser user)) {
            return;
        }
        boolean alike = first != life
                && life.isLaterThan(first)
                && life.site.pipes.any()
                && (first.origin == null || !first.origin.isSame(user))
                && (!first.senderKnown || !life.senderKnown || Arrays.equals(first.sender, life.sender));
        boolean counted = life.alike && life.alikeCounted;
        life.alike = alike;
        table.judgedAnew(life);
        if (alike && !counted && life.senderKnown) {
            life.alikeCounted = true;
            life.site.pipes.handedInAlike(user, table::judgedAnew);
        }
    }

    private static boolean hasId(Life life) {
        return life.messageId != null && life.messageId.length > LENGTH_OF_NONE;
    }

    /** Whether more than the left part of it is there (RFC 5322, 3.6.4): many that were cut off before that are the same. */
    private static boolean isTelling(Life life) {
        byte[] id = life.messageId;
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

    private static String key(Life life) {
        return life.site.host + '\0' + Life.utf8(life.messageId);
    }
}
