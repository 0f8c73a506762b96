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
final class LifeTable {

    private static final int RECIPIENTS_PER_LIFE = 3;

    /** One in so many may be a message that has ended: only a late bounce of a relay asks for one, and few of them do. */
    private static final int ENDED_SHARE = 4;

    private final @Nullable Life[] slots;
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
    private @Nullable Life oldestOpen;
    private @Nullable Life newestOpen;
    private @Nullable Life oldestEnded;
    private @Nullable Life newestEnded;

    private final Deque<Life> dirty = new ArrayDeque<>();
    private final Deque<LoggedMessage> movedAway = new ArrayDeque<>();

    LifeTable(int most) {
        this.most = most;
        this.mostEnded = Math.max(1, most / ENDED_SHARE);
        int length = Integer.highestOneBit(Math.max(16, most)) * 4;
        this.slots = new Life[length];
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
    Life get(Site site, byte[] line, int from, int to) {
        int hash = hash(site, line, from, to);
        for (int slot = hash & mask; ; slot = slot + 1 & mask) {
            Life life = slots[slot];
            if (life == null) {
                return null;
            }
            if (life.hash == hash && life.site == site && life.named(line, from, to)) {
                return life;
            }
        }
    }

    /** A new life of an id, in place of the one before it. */
    Life begin(Site site, byte[] line, int from, int to, long micros) {
        Life before = get(site, line, from, to);
        int hash = hash(site, line, from, to);
        Life made = new Life(
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
        List<Life> moved = new ArrayList<>();
        for (Life life : slots) {
            boolean its = life != null && life.site != to && life.site.host.equals(to.host);
            if (life != null && its && (life.service.equals(prefix) || life.service.startsWith(prefix + "/"))) {
                moved.add(life);
            }
        }
        for (Life life : moved) {
            int hash = hash(to, life.id, 0, life.id.length);
            if (get(to, life.id, 0, life.id.length) == null) {
                remove(life);
                if (life.reported) {
                    movedAway.add(Testimony.moved(life, to));
                }
                to.sessions.takeOver(life.site.sessions, life.server);
                life.moveTo(to, hash, life.service.substring(Math.min(life.service.length(), prefix.length() + 1)));
                put(life);
                recipients += life.listed();
                judgedAnew(life);
            }
        }
    }

    private void put(Life life) {
        int slot = life.hash & mask;
        while (slots[slot] != null) {
            slot = slot + 1 & mask;
        }
        slots[slot] = life;
        size++;
        append(life);
    }

    /** Notes a change: it is reported, and kept longer. */
    void changed(Life life, long micros) {
        if (micros > life.lastMicros) {
            life.lastMicros = micros;
        }
        judgedAnew(life);
        if (slots[slotOf(life)] == life) {
            unlink(life);
            append(life);
        }
        if (life.inEnded) {
            remembered.drop(life);
        }
    }

    /** Its judgement changed, without a line of its own. */
    void judgedAnew(Life life) {
        if (!life.dirty) {
            life.dirty = true;
            dirty.add(life);
        }
    }

    /** What was reported as another mail system's message before it was known whose it is, with where it has gone. */
    @Nullable
    LoggedMessage pollMoved() {
        return movedAway.poll();
    }

    /** The next one that changed since it was last asked for, or null. */
    @Nullable
    Life pollChanged() {
        Life life = dirty.poll();
        if (life != null) {
            life.dirty = false;
            life.reported = true;
        }
        return life;
    }

    /** Whether recipients of one more may be listed. */
    boolean roomForRecipient() {
        return recipients < most * RECIPIENTS_PER_LIFE;
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
        Life gone = oldestEnded != null ? oldestEnded : oldestOpen;
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

    private int slotOf(Life life) {
        int slot = life.hash & mask;
        while (slots[slot] != null && slots[slot] != life) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void remove(Life life) {
        int hole = slotOf(life);
        if (slots[hole] != life) {
            return;
        }
        unlink(life);
        size--;
        recipients -= life.listed();
        slots[hole] = null;
        // Linear probing: what stands behind the hole and could stand in it moves up.
        for (int slot = hole + 1 & mask; ; slot = slot + 1 & mask) {
            Life other = slots[slot];
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

    private void append(Life life) {
        life.inEnded = life.ended();
        Life newest = life.inEnded ? newestEnded : newestOpen;
        life.older = newest;
        life.newer = null;
        if (newest != null) {
            newest.newer = life;
        }
        if (life.inEnded) {
            ended++;
            newestEnded = life;
            oldestEnded = oldestEnded == null ? life : oldestEnded;
        } else {
            newestOpen = life;
            oldestOpen = oldestOpen == null ? life : oldestOpen;
        }
    }

    private void unlink(Life life) {
        ended -= life.inEnded ? 1 : 0;
        Life older = life.older;
        Life newer = life.newer;
        if (older != null) {
            older.newer = newer;
        } else if (life.inEnded) {
            oldestEnded = newer;
        } else {
            oldestOpen = newer;
        }
        if (newer != null) {
            newer.older = older;
        } else if (life.inEnded) {
            newestEnded = older;
        } else {
            newestOpen = older;
        }
        life.older = null;
        life.newer = null;
    }
}
