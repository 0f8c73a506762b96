package org.outguard.headless;

import java.util.Arrays;

/** How long the last ticks of the guard took: those of ten minutes. Safe from any thread. */
public final class TickTimes {

    private static final int KEPT = 2_400;

    private final long[] nanos = new long[KEPT];
    private int count;
    private int next;

    /** A tick took so long. */
    public synchronized void add(long tookNanos) {
        nanos[next] = tookNanos;
        next = (next + 1) % KEPT;
        count = Math.min(KEPT, count + 1);
    }

    /**
     * The time that so many of them did not take longer than.
     *
     * @param part of all, from 0 to 1
     * @return seconds; 0 before the first
     */
    public synchronized double seconds(double part) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[(int) Math.ceil(part * (count - 1))] / 1e9;
    }
}
