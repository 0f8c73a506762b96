package org.outguard.guard.reconcile;

import org.jspecify.annotations.Nullable;
import org.outguard.guard.snapshot.SourceCounts.Sum;

/**
 * What both eyes counted of one destination. The {@link Reconciler} adds to it as long as something goes there; who sent
 * there holds on to it, so it outlives what it was compared by.
 */
public final class DestinationCounters {

    /* Of two for one destination, that of the later time goes on from the other. */
    private final long bornNanos;

    private long seenPackets;
    private long seenBytes;
    private long countedPackets;
    private long countedBytes;
    private long nobodys;
    private boolean leftOut;
    private boolean wasLeftOut;
    private boolean glanced;

    /* What those had that were forgotten before this one was made. */
    private Totals before = Totals.NONE;

    /**
     * Sums of both eyes.
     *
     * @param seen by the wire eye
     * @param counted by the kernel eye
     * @param nobodys packets that were seen and that nobody sent
     * @param wasLeftOut whether the capture left some out
     * @param glanced whether the wire eye saw but moments of some
     */
    record Totals(Sum seen, Sum counted, long nobodys, boolean wasLeftOut, boolean glanced) {

        static final Totals NONE = new Totals(Sum.NONE, Sum.NONE, 0, false, false);

        Totals plus(Totals other) {
            return new Totals(
                    seen.plus(other.seen),
                    counted.plus(other.counted),
                    nobodys + other.nobodys,
                    wasLeftOut || other.wasLeftOut,
                    glanced || other.glanced);
        }

        private long packets() {
            return seen.packets() + counted.packets();
        }
    }

    DestinationCounters(long bornNanos) {
        this.bornNanos = bornNanos;
    }

    /** So much was seen. */
    void seen(long packets, long bytes) {
        seenPackets += packets;
        seenBytes += bytes;
    }

    /**
     * So much the kernel eye counted.
     *
     * @param glancing whether the wire eye saw but moments meanwhile
     */
    void counted(long packets, long bytes, boolean glancing) {
        countedPackets += packets;
        countedBytes += bytes;
        glanced |= glancing;
    }

    /** So much was seen and sent by nobody. */
    void found(long packets) {
        nobodys += packets;
    }

    /** Whether the capture leaves it out from here on. */
    void leaveOut(boolean now) {
        leftOut = now;
        wasLeftOut |= now;
    }

    boolean leftOut() {
        return leftOut;
    }

    /** All that was counted while somebody held on to it. */
    Totals totals() {
        return before.plus(new Totals(
                new Sum(seenPackets, seenBytes), new Sum(countedPackets, countedBytes), nobodys, wasLeftOut, glanced));
    }

    /**
     * The one that a sender holds on to from here on.
     *
     * @param held the one so far; null where there was none
     * @param next what it is told of
     */
    public static DestinationCounters held(@Nullable DestinationCounters held, DestinationCounters next) {
        if (held == null || held == next) {
            return next;
        }
        DestinationCounters later = next.bornNanos >= held.bornNanos ? next : held;
        Totals earlier = (later == next ? held : next).totals();
        // Several senders may tell of the same ones: the greatest has what the others have.
        if (earlier.packets() > later.before.packets()) {
            later.before = earlier;
        }
        return later;
    }
}
