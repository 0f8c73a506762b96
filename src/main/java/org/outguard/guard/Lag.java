package org.outguard.guard;

import org.outguard.guard.stats.Nanos;

/** How far the guard was behind what happened: held up between two ticks, or with more to take in than it had room for. */
final class Lag {

    /** Less between two ticks is nothing that a person sees. */
    static final long LATE_NANOS = 2 * Nanos.PER_SECOND;

    /** So long it is said, that a summary each ten seconds has it too. */
    private static final long SAID_NANOS = 10 * Nanos.PER_SECOND;

    private long tickedNanos = Long.MIN_VALUE;
    private long lateNanos;
    private boolean merged;
    private long untilNanos = Long.MIN_VALUE;

    /**
     * Takes note of a tick.
     *
     * @param mergedNow whether counts had to be merged since the tick before
     * @return what to say; empty while the guard keeps up
     */
    String tick(long nowNanos, boolean mergedNow) {
        long gap = tickedNanos == Long.MIN_VALUE ? 0 : nowNanos - tickedNanos;
        tickedNanos = nowNanos;
        if (nowNanos > untilNanos) {
            lateNanos = 0;
            merged = false;
        }
        if (gap >= LATE_NANOS || mergedNow) {
            lateNanos = Math.max(lateNanos, Math.max(1, gap));
            merged |= mergedNow;
            untilNanos = nowNanos + SAID_NANOS;
        }
        if (lateNanos == 0) {
            return "";
        }
        long seconds = Math.max(1, Math.round(lateNanos / (double) Nanos.PER_SECOND));
        return "behind by " + seconds + " s"
                + (merged ? ": the counts are complete, small senders are told apart less" : "");
    }
}
