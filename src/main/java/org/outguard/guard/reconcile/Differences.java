package org.outguard.guard.reconcile;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.RateWindow;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.stats.Nanos;

/** What the wire has and nobody accounts for. */
final class Differences {

    /** So many seconds are compared at once; where nobody sends at all it need not be so long. */
    private static final int WINDOW_SECONDS = 3;

    private static final int EMPTY_WINDOW_SECONDS = 1;

    /** Fewer than so many in a window are no finding: a few packets have no socket any more when they leave. */
    private static final long FEW = 50;

    /** Nor is less than one in so many. */
    private static final long FEW_OF = 20;

    private final Map<Destination, Pair> pairs;
    private final RateWindow unseen;

    /** By address: packets that the kernel eye has and the wire eye has not, of the last windows. */
    private final Map<Destination, Long> missed = new HashMap<>();

    private long heldUpNanos = Long.MIN_VALUE;
    private long missedAtNanos = Long.MIN_VALUE;

    /**
     * Of these destinations.
     *
     * @param unseen counts without destination: what the wire has may be any of these
     */
    Differences(Map<Destination, Pair> pairs, RateWindow unseen) {
        this.pairs = pairs;
        this.unseen = unseen;
    }

    /** The kernel eye told of more than a second at once: when in that time it was sent is not known. */
    void heldUp(long untilNanos) {
        heldUpNanos = untilNanos;
    }

    /**
     * One window after the other, each when the kernel's count of it must be there.
     *
     * @param nowNanos when the kernel eye last told what it had
     * @return what the wire had more, of the window before
     */
    Optional<AttributedCount> compare(Destination destination, Pair pair, long nowNanos) {
        if (pair.comparedNanos == Long.MIN_VALUE) {
            pair.comparedNanos = nowNanos;
        }
        boolean nobody = pair.owned.sum(nowNanos, WINDOW_SECONDS + 2) == 0;
        int seconds = nobody ? EMPTY_WINDOW_SECONDS : WINDOW_SECONDS;
        if (nowNanos - pair.comparedNanos < seconds * Nanos.PER_SECOND) {
            return Optional.empty();
        }
        pair.comparedNanos = nowNanos;
        long end = nowNanos - Reconciler.LATE_NANOS;
        long wire = pair.wire(end, seconds);
        // Half a second more at either end: the eyes' clocks and batches are not in step.
        long until = nowNanos - Reconciler.LATE_NANOS / 2;
        long owned = pair.owned.sum(until, seconds + 1) + unseen.sum(until, seconds + 1);
        if (wire > owned
                && destination.protocol().hasPorts()
                && destination.remote().port() == 0) {
            owned += missedByTheWire(destination, nowNanos);
        }
        long bytes = wire > owned ? (long) (pair.wireBytes(end, seconds) * ((double) (wire - owned) / wire)) : 0;
        long begin = end - seconds * Nanos.PER_SECOND;
        Excess now = new Excess(wire - owned, wire, bytes, begin, nowNanos);
        if (begin < heldUpNanos) {
            now = now.atMost(0);
        }
        Excess settled = nobody ? now : pair.windows.next(now);
        if (settled.packets() < Math.max(FEW, settled.wire() / FEW_OF)) {
            return Optional.empty();
        }
        pair.both.found(settled.packets());
        pair.accounted += Pair.amount(destination.protocol(), settled.bytes(), 0);
        return Optional.of(new AttributedCount(
                Reconciler.UNACCOUNTED,
                destination.protocol(),
                Optional.of(destination.remote()),
                false,
                settled.packets(),
                settled.bytes(),
                0,
                settled.firstNanos(),
                settled.lastNanos()));
    }

    /*
     * Later fragments have no ports. Where the capture has lost the first one they stand under port 0, and are missing
     * where the kernel eye has them.
     */
    private long missedByTheWire(Destination fragments, long nowNanos) {
        if (missedAtNanos != nowNanos) {
            missedAtNanos = nowNanos;
            missed.clear();
            pairs.forEach((to, pair) -> {
                long less = pair.owned.sum(nowNanos - Reconciler.LATE_NANOS / 2, WINDOW_SECONDS + 1)
                        - pair.wire(nowNanos - Reconciler.LATE_NANOS, WINDOW_SECONDS);
                if (less > 0 && to.protocol().hasPorts()) {
                    missed.merge(anyPort(to), less, Long::sum);
                }
            });
        }
        return missed.getOrDefault(anyPort(fragments), 0L);
    }

    private static Destination anyPort(Destination destination) {
        return new Destination(
                destination.protocol(), new Endpoint(destination.remote().address(), 0));
    }
}
