package org.outguard.guard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowCount;
import org.outguard.flow.Protocol;
import org.outguard.flow.RateWindow;
import org.outguard.owner.Attribution;
import org.outguard.owner.ProcessId;

/**
 * Holds the two eyes against each other while the kernel eye counts.
 *
 * <p>What is sent in another network namespace is ours only where it is forwarded, which the wire eye tells: such counts
 * wait for a sighting of their destination. What the wire eye sees and no owner accounts for is a finding: it is charged to
 * nobody, after the time that a count may be late. Bounded; beyond the bounds no finding is made, and what is sent in
 * another namespace is ours where anything of the same owner is.
 */
final class Reconciler {

    /** Most destinations that are compared, and most counts that wait. */
    static final int MOST = 65_536;

    /** So long a count of another namespace waits for its destination to be seen on the wire. */
    static final long WAIT_NANOS = 5 * Nanos.PER_SECOND;

    /** So much later than the wire's the kernel's count of the same packets may come. */
    private static final long LATE_NANOS = Nanos.PER_SECOND;

    /** So many seconds are compared at once; where nobody sends at all it need not be so long. */
    private static final int WINDOW_SECONDS = 3;

    private static final int EMPTY_WINDOW_SECONDS = 1;

    private static final long FORGET_NANOS = 60 * Nanos.PER_SECOND;

    /** Fewer than so many in a window are no finding: a few packets have no socket any more when they leave. */
    private static final long FEW = 50;

    /** Nor is less than one in so many. */
    private static final long FEW_OF = 20;

    static final Attribution UNACCOUNTED = new Attribution.Unknown(
            "on the wire, but no process of any network namespace sent it: forwarded for a virtual"
                    + " machine, or sent by a way that the kernel eye cannot see");

    private final Map<Path, Pair> pairs = new HashMap<>();
    private final Deque<OwnedCount> waiting = new ArrayDeque<>();
    private final Set<ProcessId> forwarded = new HashSet<>();
    private boolean everything;

    /** Counts without destination: what the wire has may be any of these. */
    private final RateWindow unseen = new RateWindow(6);

    /** What the wire has from before this time, the kernel eye may not have been there to see. */
    private long comparedFromNanos = Long.MIN_VALUE;

    /** When the kernel eye last told what it had; it may be held up, and what it will tell is no finding before. */
    private long drainedNanos = Long.MIN_VALUE;

    /** The kernel eye has told all that it had at this time. */
    void drained(long nowNanos) {
        drainedNanos = nowNanos;
    }

    /** The kernel eye counts from this time on. */
    void start(long nowNanos) {
        comparedFromNanos = nowNanos + LATE_NANOS;
    }

    /** Where packets go, as both eyes see it. */
    private record Path(Protocol protocol, Endpoint remote) {}

    private static final class Pair {
        final RateWindow owned = new RateWindow(6);
        final RateWindow wire = new RateWindow(6);
        final RateWindow wireBytes = new RateWindow(6);
        long seenNanos = Long.MIN_VALUE;
        long comparedNanos = Long.MIN_VALUE;
        boolean onWire;
    }

    /**
     * Says whether every count is ours: all interfaces are watched, or none can be, so that there is nothing to compare
     * with.
     */
    void takeEverything(boolean all) {
        everything = all;
    }

    /** Takes in a kernel count; hands it on where it is ours, at once or with a later tick. */
    void owned(OwnedCount count, Consumer<OwnedCount> ours) {
        if (count.remote().isEmpty()) {
            unseen.add(count.lastNanos(), count.packets());
        }
        count.remote().ifPresent(remote -> {
            Pair pair = pair(count.protocol(), remote);
            if (pair != null) {
                pair.owned.add(count.lastNanos(), count.packets());
                pair.seenNanos = Math.max(pair.seenNanos, count.lastNanos());
            }
        });
        if (isOurs(count)) {
            remember(count);
            ours.accept(count);
        } else if (waiting.size() < MOST) {
            waiting.addLast(count);
        } else if (isForwarded(count)) {
            ours.accept(count);
        }
    }

    private boolean isOurs(OwnedCount count) {
        if (!count.elsewhere() || everything) {
            return true;
        }
        // Beyond the bounds a destination is not compared.
        return count.remote()
                .flatMap(remote -> Optional.ofNullable(pairs.get(new Path(count.protocol(), remote))))
                .map(pair -> pair.onWire)
                .orElseGet(() -> isForwarded(count));
    }

    /* Of what has no destination to look for, its owner tells. */
    private boolean isForwarded(OwnedCount count) {
        return count.attribution()
                .knownOwner()
                .filter(owner -> forwarded.contains(owner.id()))
                .isPresent();
    }

    private void remember(OwnedCount count) {
        if (count.elsewhere() && forwarded.size() < MOST) {
            count.attribution().knownOwner().ifPresent(owner -> forwarded.add(owner.id()));
        }
    }

    /** Takes in what the wire eye saw. */
    void wire(FlowCount count) {
        Pair pair = pair(count.key().protocol(), count.key().remote());
        if (pair != null) {
            pair.onWire = true;
            if (count.lastSeenNanos() >= comparedFromNanos) {
                pair.wire.add(count.lastSeenNanos(), count.packets());
                pair.wireBytes.add(count.lastSeenNanos(), count.bytes());
            }
            pair.seenNanos = Math.max(pair.seenNanos, count.lastSeenNanos());
        }
    }

    private @Nullable Pair pair(Protocol protocol, Endpoint remote) {
        Path path = new Path(protocol, remote);
        Pair pair = pairs.get(path);
        if (pair == null && pairs.size() < MOST) {
            pair = new Pair();
            pairs.put(path, pair);
        }
        return pair;
    }

    /** Hands on what waited and is ours, and what the wire saw and nobody accounts for. */
    void tick(long nowNanos, Consumer<OwnedCount> ours) {
        for (Iterator<OwnedCount> all = waiting.iterator(); all.hasNext(); ) {
            OwnedCount count = all.next();
            if (isOurs(count)) {
                remember(count);
                all.remove();
                ours.accept(count);
            } else if (nowNanos - count.lastNanos() > WAIT_NANOS) {
                all.remove();
            }
        }
        for (Iterator<Map.Entry<Path, Pair>> all = pairs.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Path, Pair> entry = all.next();
            Pair pair = entry.getValue();
            if (pair.onWire && !everything && drainedNanos != Long.MIN_VALUE) {
                compare(entry.getKey(), pair, drainedNanos, ours);
            }
            if (nowNanos - pair.seenNanos > FORGET_NANOS) {
                all.remove();
            }
        }
        if (pairs.isEmpty()) {
            forwarded.clear();
        }
    }

    /* One window after the other, each when the kernel's count of it must be there. */
    private void compare(Path path, Pair pair, long nowNanos, Consumer<OwnedCount> ours) {
        if (pair.comparedNanos == Long.MIN_VALUE) {
            pair.comparedNanos = nowNanos;
        }
        boolean nobody = pair.owned.sum(nowNanos, WINDOW_SECONDS + 2) == 0;
        int seconds = nobody ? EMPTY_WINDOW_SECONDS : WINDOW_SECONDS;
        if (nowNanos - pair.comparedNanos < seconds * Nanos.PER_SECOND) {
            return;
        }
        pair.comparedNanos = nowNanos;
        long end = nowNanos - LATE_NANOS;
        long wire = pair.wire.sum(end, seconds);
        // Half a second more at either end: the eyes' clocks and batches are not in step.
        long until = nowNanos - LATE_NANOS / 2;
        long owned = pair.owned.sum(until, seconds + 1) + unseen.sum(until, seconds + 1);
        if (wire - owned >= Math.max(FEW, wire / FEW_OF)) {
            long excess = wire - owned;
            long bytes = (long) (pair.wireBytes.sum(end, seconds) * ((double) excess / wire));
            ours.accept(new OwnedCount(
                    UNACCOUNTED,
                    path.protocol,
                    Optional.of(path.remote),
                    false,
                    excess,
                    bytes,
                    0,
                    end - seconds * Nanos.PER_SECOND,
                    nowNanos));
        }
    }
}
