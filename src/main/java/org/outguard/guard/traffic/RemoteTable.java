package org.outguard.guard.traffic;

import java.util.List;
import java.util.Optional;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.RateWindow;
import org.outguard.guard.reconcile.CounterAggregate;
import org.outguard.guard.reconcile.DestinationCounters;
import org.outguard.guard.snapshot.Talker;

/**
 * What a talker sent to each of its destinations, in one array of numbers: a spray over a hundred thousand of them makes no
 * objects. Open addressing with linear probing. A destination has a window of its rate only once it got
 * {@value #RATED_PACKETS} packets, since below that it is near no limit.
 */
public final class RemoteTable {

    /** From so many packets on a destination's rate is told apart. */
    static final int RATED_PACKETS = 64;

    /* One slot: the address, its port with two flags, packets, bytes. */
    static final int HIGH = 0;
    static final int LOW = 1;
    static final int PORT = 2;
    static final int PACKETS = 3;
    static final int BYTES = 4;
    static final int SLOT_LONGS = 5;

    private static final long USED = 1L << 32;
    static final long V6 = 1L << 33;

    private static final int FIRST_SLOTS = 2;

    private long[] slots = new long[FIRST_SLOTS * SLOT_LONGS];

    /** Empty while no destination has any. */
    private @Nullable Extra[] extras = {};

    private int size;
    private int rated;

    /** What few destinations have. */
    private static final class Extra {
        @Nullable
        RateWindow rate;

        @Nullable
        DestinationCounters both;
    }

    public int size() {
        return size;
    }

    public boolean contains(Endpoint remote) {
        return find(remote) >= 0;
    }

    /**
     * Counts traffic to a destination.
     *
     * @param room whether a new one may be listed
     * @return 1 if one was, 0 if it is listed already, -1 where there is no room for it
     */
    public int add(Endpoint remote, long firstNanos, long lastNanos, long packets, long bytes, boolean room) {
        int slot = find(remote);
        boolean isNew = slot < 0;
        if (isNew) {
            if (!room) {
                return -1;
            }
            slot = insert(remote.address().high(), remote.address().low(), meta(remote));
        }
        int at = slot * SLOT_LONGS;
        slots[at + PACKETS] += packets;
        slots[at + BYTES] += bytes;
        Extra extra = extras.length == 0 ? null : extras[slot];
        if (extra != null && extra.rate != null) {
            extra.rate.add(firstNanos, lastNanos, packets);
        } else if (slots[at + PACKETS] >= RATED_PACKETS) {
            rate(slot).add(firstNanos, lastNanos, packets);
        }
        return isNew ? 1 : 0;
    }

    /** What was sent to a destination, where it is listed. */
    Optional<Talker.RemoteTotal> total(Endpoint remote) {
        int slot = find(remote);
        int at = slot * SLOT_LONGS;
        return slot < 0
                ? Optional.empty()
                : Optional.of(new Talker.RemoteTotal(remote, slots[at + PACKETS], slots[at + BYTES]));
    }

    /**
     * Takes traffic to a destination out again; its rate stays what it was.
     *
     * @return whether nothing is left of it
     */
    public boolean remove(Endpoint remote, long packets, long bytes) {
        int slot = find(remote);
        if (slot < 0) {
            return false;
        }
        int at = slot * SLOT_LONGS;
        slots[at + PACKETS] -= packets;
        slots[at + BYTES] -= bytes;
        if (slots[at + PACKETS] > 0) {
            return false;
        }
        delete(slot);
        return true;
    }

    /** Takes in what another talker sent. */
    public void addAll(RemoteTable other) {
        for (int slot = 0; slot < other.slots(); slot++) {
            int at = slot * SLOT_LONGS;
            if ((other.slots[at + PORT] & USED) == 0) {
                continue;
            }
            int mine = find(other.slots[at + HIGH], other.slots[at + LOW], other.slots[at + PORT]);
            if (mine < 0) {
                mine = insert(other.slots[at + HIGH], other.slots[at + LOW], other.slots[at + PORT]);
            }
            slots[mine * SLOT_LONGS + PACKETS] += other.slots[at + PACKETS];
            slots[mine * SLOT_LONGS + BYTES] += other.slots[at + BYTES];
            Extra extra = other.extras.length == 0 ? null : other.extras[slot];
            if (extra != null && extra.rate != null) {
                rate(mine).addAll(extra.rate);
            }
            if (extra != null && extra.both != null) {
                hold(mine, extra.both);
            }
        }
    }

    /** Takes note of what both eyes counted of a destination that is listed. */
    public void hold(Endpoint remote, DestinationCounters both) {
        int slot = find(remote);
        if (slot >= 0) {
            hold(slot, both);
        }
    }

    private void hold(int slot, DestinationCounters both) {
        Extra extra = extra(slot);
        extra.both = DestinationCounters.held(extra.both, both);
    }

    /** That of a destination; null where it has none. */
    @Nullable
    public DestinationCounters both(Endpoint remote) {
        int slot = find(remote);
        Extra extra = slot < 0 || extras.length == 0 ? null : extras[slot];
        return extra == null ? null : extra.both;
    }

    /** Adds what both eyes counted of all destinations. */
    public void addTo(CounterAggregate sums) {
        for (int slot = 0; slot < extras.length; slot++) {
            Extra extra = extras[slot];
            if (extra != null && extra.both != null) {
                sums.add(extra.both, slots[slot * SLOT_LONGS + PACKETS]);
            }
        }
    }

    /** The highest rate to one destination since this was asked last, as far as it is told apart. */
    public double peak(long nowNanos) {
        double peak = 0;
        if (rated > 0) {
            for (Extra extra : extras) {
                if (extra != null && extra.rate != null) {
                    peak = Math.max(peak, extra.rate.peak(nowNanos, 1));
                }
            }
        }
        return peak;
    }

    /** The most bytes to one destination in the last second, by its packets and the mean length of all of them. */
    public double mostBytes(long nowNanos) {
        double most = 0;
        for (int slot = 0; rated > 0 && slot < extras.length; slot++) {
            Extra extra = extras[slot];
            int at = slot * SLOT_LONGS;
            if (extra != null && extra.rate != null && slots[at + PACKETS] > 0) {
                double mean = (double) slots[at + BYTES] / slots[at + PACKETS];
                most = Math.max(most, extra.rate.perSecond(nowNanos, 1) * mean);
            }
        }
        return most;
    }

    /** Tells destinations with their packets in the last second, as far as these are told apart. */
    public void forEachRate(long nowNanos, ObjDoubleConsumer<Endpoint> told) {
        for (int slot = 0; rated > 0 && slot < extras.length; slot++) {
            Extra extra = extras[slot];
            double rate = extra == null || extra.rate == null ? 0 : extra.rate.perSecond(nowNanos, 1);
            if (rate > 0) {
                told.accept(remote(slot), rate);
            }
        }
    }

    /** Whether there is a destination of which this is true. */
    public boolean any(Predicate<Endpoint> test) {
        for (int slot = 0; slot < slots(); slot++) {
            if (isUsed(slot) && test.test(remote(slot))) {
                return true;
            }
        }
        return false;
    }

    /** Packets to all destinations. */
    public long packets() {
        long sum = 0;
        for (int slot = 0; slot < slots(); slot++) {
            sum += isUsed(slot) ? slots[slot * SLOT_LONGS + PACKETS] : 0;
        }
        return sum;
    }

    /** The destinations with the most packets, busiest first; no more than those become objects. */
    public List<Talker.RemoteTotal> busiest(int most) {
        return new BusiestRemotes(this, slots).list(most);
    }

    int slots() {
        return slots.length / SLOT_LONGS;
    }

    boolean isUsed(int slot) {
        return (slots[slot * SLOT_LONGS + PORT] & USED) != 0;
    }

    Endpoint remote(int slot) {
        int at = slot * SLOT_LONGS;
        boolean v6 = (slots[at + PORT] & V6) != 0;
        IpAddress address = v6 ? IpAddress.v6(slots[at + HIGH], slots[at + LOW]) : IpAddress.v4((int) slots[at + LOW]);
        return new Endpoint(address, (int) (slots[at + PORT] & 0xffff));
    }

    private static long meta(Endpoint remote) {
        return USED | (remote.address().v6() ? V6 : 0) | remote.port();
    }

    private Extra extra(int slot) {
        if (extras.length == 0) {
            extras = new Extra[slots()];
        }
        Extra extra = extras[slot];
        if (extra == null) {
            extra = new Extra();
            extras[slot] = extra;
        }
        return extra;
    }

    private RateWindow rate(int slot) {
        Extra extra = extra(slot);
        RateWindow rate = extra.rate;
        if (rate == null) {
            rate = new RateWindow(1);
            extra.rate = rate;
            rated++;
        }
        return rate;
    }

    private int find(Endpoint remote) {
        return find(remote.address().high(), remote.address().low(), meta(remote));
    }

    /* -1 where it is not there. */
    private int find(long high, long low, long meta) {
        int mask = slots() - 1;
        for (int slot = hash(high, low, meta) & mask; isUsed(slot); slot = slot + 1 & mask) {
            int at = slot * SLOT_LONGS;
            if (slots[at + LOW] == low && slots[at + PORT] == meta && slots[at + HIGH] == high) {
                return slot;
            }
        }
        return -1;
    }

    private int insert(long high, long low, long meta) {
        // Two of three slots at most, and always a free one, at which each search ends.
        if ((size + 1) * 3 > slots() * 2) {
            grow();
        }
        size++;
        int slot = free(high, low, meta);
        int at = slot * SLOT_LONGS;
        slots[at + HIGH] = high;
        slots[at + LOW] = low;
        slots[at + PORT] = meta;
        return slot;
    }

    private int free(long high, long low, long meta) {
        int mask = slots() - 1;
        int slot = hash(high, low, meta) & mask;
        while (isUsed(slot)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        @Nullable Extra[] oldExtras = extras;
        slots = new long[old.length * 2];
        extras = oldExtras.length == 0 ? oldExtras : new Extra[slots()];
        for (int at = 0; at < old.length; at += SLOT_LONGS) {
            if ((old[at + PORT] & USED) != 0) {
                int slot = free(old[at + HIGH], old[at + LOW], old[at + PORT]);
                System.arraycopy(old, at, slots, slot * SLOT_LONGS, SLOT_LONGS);
                if (oldExtras.length > 0) {
                    extras[slot] = oldExtras[at / SLOT_LONGS];
                }
            }
        }
    }

    /* What comes behind in the same chain moves up, so that no search ends early. */
    private void delete(int gone) {
        if (extras.length > 0) {
            Extra extra = extras[gone];
            rated -= extra != null && extra.rate != null ? 1 : 0;
        }
        int mask = slots() - 1;
        int hole = gone;
        for (int slot = gone + 1 & mask; isUsed(slot); slot = slot + 1 & mask) {
            int at = slot * SLOT_LONGS;
            int home = hash(slots[at + HIGH], slots[at + LOW], slots[at + PORT]) & mask;
            if ((slot - home & mask) >= (slot - hole & mask)) {
                System.arraycopy(slots, at, slots, hole * SLOT_LONGS, SLOT_LONGS);
                if (extras.length > 0) {
                    extras[hole] = extras[slot];
                }
                hole = slot;
            }
        }
        for (int i = 0; i < SLOT_LONGS; i++) {
            slots[hole * SLOT_LONGS + i] = 0;
        }
        if (extras.length > 0) {
            extras[hole] = null;
        }
        size--;
    }

    private static int hash(long high, long low, long meta) {
        long h = high * 0x9E3779B97F4A7C15L;
        h = (h ^ low ^ h >>> 29) * 0xBF58476D1CE4E5B9L;
        h = (h ^ meta ^ h >>> 32) * 0x94D049BB133111EBL;
        return (int) (h ^ h >>> 31);
    }
}
