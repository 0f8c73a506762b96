package org.outguard.maillog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage;

/**
 * Messages by site and id, at most so many: the one whose end is longest ago goes first, and where all are in flight the
 * one that was longest quiet. Of those its origin is kept in {@link Remembered}.
 */
final class MessageRecords {

    private static final int RECIPIENTS_PER_MESSAGE = 3;

    /** One in so many may be a message that has ended: only a late bounce of a relay asks for one, and few of them do. */
    private static final int ENDED_SHARE = 4;

    private final @Nullable MessageRecord[] slots;
    private final int mask;
    private final int most;
    private final Remembered remembered;
    private final int mostEnded;
    private int size;
    private int ended;
    private int recipients;
    private long begun;
    private long forgottenInFlight;

    /* Oldest and newest of each list. */
    private @Nullable MessageRecord oldestOpen;
    private @Nullable MessageRecord newestOpen;
    private @Nullable MessageRecord oldestEnded;
    private @Nullable MessageRecord newestEnded;

    private final Deque<MessageRecord> dirty = new ArrayDeque<>();
    private final Deque<LoggedMessage> movedAway = new ArrayDeque<>();

    MessageRecords(int most) {
        this.most = most;
        this.mostEnded = Math.max(1, most / ENDED_SHARE);
        int length = Integer.highestOneBit(Math.max(16, most)) * 4;
        this.slots = new MessageRecord[length];
        this.mask = length - 1;
        this.remembered = new Remembered(Math.max(1024, Integer.highestOneBit(most) * 4));
    }

    static int hash(Site site, byte[] line, int from, int to) {
        int hash = site.index * 0x9E3779B1 + 17;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + line[i];
        }
        return hash ^ hash >>> 15;
    }

    @Nullable
    MessageRecord get(Site site, byte[] line, int from, int to) {
        int hash = hash(site, line, from, to);
        for (int slot = hash & mask; ; slot = slot + 1 & mask) {
            MessageRecord message = slots[slot];
            if (message == null) {
                return null;
            }
            if (message.hash == hash && message.site == site && message.named(line, from, to)) {
                return message;
            }
        }
    }

    /** A new message with an id, in place of the one before it. */
    MessageRecord begin(Site site, byte[] line, int from, int to, long micros) {
        MessageRecord before = get(site, line, from, to);
        int hash = hash(site, line, from, to);
        MessageRecord made = new MessageRecord(
                site, Arrays.copyOfRange(line, from, to), hash, before == null ? 0 : before.number + 1, micros);
        made.order = ++begun;
        if (before != null) {
            remove(before);
        } else if (size >= most || ended > mostEnded) {
            evict();
        }
        put(made);
        return made;
    }

    /**
     * What was taken for a service of another mail system on that host is one of its own.
     *
     * @param prefix the name that it was known under as a service
     */
    void move(Site to, String prefix) {
        List<MessageRecord> moved = new ArrayList<>();
        for (MessageRecord message : slots) {
            boolean its = message != null && message.site != to && message.site.host.equals(to.host);
            if (message != null
                    && its
                    && (message.service.equals(prefix) || message.service.startsWith(prefix + "/"))) {
                moved.add(message);
            }
        }
        for (MessageRecord message : moved) {
            int hash = hash(to, message.id, 0, message.id.length);
            if (get(to, message.id, 0, message.id.length) == null) {
                remove(message);
                if (message.reported) {
                    movedAway.add(MessageAssembler.moved(message, to));
                }
                to.sessions.takeOver(message.site.sessions, message.server);
                message.moveTo(
                        to, hash, message.service.substring(Math.min(message.service.length(), prefix.length() + 1)));
                put(message);
                recipients += message.listed();
                judgedAnew(message);
            }
        }
    }

    private void put(MessageRecord message) {
        int slot = message.hash & mask;
        while (slots[slot] != null) {
            slot = slot + 1 & mask;
        }
        slots[slot] = message;
        size++;
        append(message);
    }

    /** Notes a change: it is reported, and kept longer. */
    void changed(MessageRecord message, long micros) {
        if (micros > message.lastMicros) {
            message.lastMicros = micros;
        }
        judgedAnew(message);
        if (slots[slotOf(message)] == message) {
            unlink(message);
            append(message);
        }
        if (message.inEnded) {
            remembered.drop(message);
        }
    }

    /** Its judgement changed, without a line of its own. */
    void judgedAnew(MessageRecord message) {
        if (!message.dirty) {
            message.dirty = true;
            dirty.add(message);
        }
    }

    /** What was reported as another mail system's message before it was known whose it is, with where it has gone. */
    @Nullable
    LoggedMessage pollMoved() {
        return movedAway.poll();
    }

    /** The next one that changed since it was last asked for, or null. */
    @Nullable
    MessageRecord pollChanged() {
        MessageRecord message = dirty.poll();
        if (message != null) {
            message.dirty = false;
            message.reported = true;
        }
        return message;
    }

    /** Whether recipients of one more may be listed. */
    boolean roomForRecipient() {
        return recipients < most * RECIPIENTS_PER_MESSAGE;
    }

    void addedRecipient() {
        recipients++;
    }

    int size() {
        return size;
    }

    /** Messages that were forgotten while they were in the queue. */
    long forgottenInFlight() {
        return forgottenInFlight;
    }

    Remembered remembered() {
        return remembered;
    }

    private void evict() {
        MessageRecord gone = oldestEnded != null ? oldestEnded : oldestOpen;
        if (gone == null) {
            return;
        }
        if (!gone.ended()) {
            forgottenInFlight++;
            remembered.put(gone);
        }
        remove(gone);
        // A child still says so much of it; what was before it is not held on to.
        gone.comesOutOf(null);
    }

    private int slotOf(MessageRecord message) {
        int slot = message.hash & mask;
        while (slots[slot] != null && slots[slot] != message) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void remove(MessageRecord message) {
        int hole = slotOf(message);
        if (slots[hole] != message) {
            return;
        }
        unlink(message);
        size--;
        recipients -= message.listed();
        slots[hole] = null;
        // Linear probing: what stands behind the hole and could stand in it moves up.
        for (int slot = hole + 1 & mask; ; slot = slot + 1 & mask) {
            MessageRecord other = slots[slot];
            if (other == null) {
                return;
            }
            int home = other.hash & mask;
            if ((slot - home & mask) >= (slot - hole & mask)) {
                slots[hole] = other;
                slots[slot] = null;
                hole = slot;
            }
        }
    }

    private void append(MessageRecord message) {
        message.inEnded = message.ended();
        MessageRecord newest = message.inEnded ? newestEnded : newestOpen;
        message.older = newest;
        message.newer = null;
        if (newest != null) {
            newest.newer = message;
        }
        if (message.inEnded) {
            ended++;
            newestEnded = message;
            oldestEnded = oldestEnded == null ? message : oldestEnded;
        } else {
            newestOpen = message;
            oldestOpen = oldestOpen == null ? message : oldestOpen;
        }
    }

    private void unlink(MessageRecord message) {
        ended -= message.inEnded ? 1 : 0;
        MessageRecord older = message.older;
        MessageRecord newer = message.newer;
        if (older != null) {
            older.newer = newer;
        } else if (message.inEnded) {
            oldestEnded = newer;
        } else {
            oldestOpen = newer;
        }
        if (newer != null) {
            newer.older = older;
        } else if (message.inEnded) {
            newestEnded = older;
        } else {
            newestOpen = older;
        }
        message.older = null;
        message.newer = null;
    }
}
