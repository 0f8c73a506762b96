package org.outguard.guard.stats;

import java.util.Arrays;

/** Counts different texts of the last hour, to about two in a hundred, in parts of ten minutes. */
public final class HourlyDistinctCount {

    private static final long PART_NANOS = 600 * Nanos.PER_SECOND;
    private static final int PARTS = 6;

    private final DistinctCounter[] parts = new DistinctCounter[PARTS];
    private final long[] stamps = new long[PARTS];

    /** What was counted last, in which part of an hour; asked for each second, while it seldom changes. */
    private long counted;

    private long countedIn = Long.MIN_VALUE;

    public HourlyDistinctCount() {
        Arrays.fill(stamps, Long.MIN_VALUE);
        Arrays.setAll(parts, i -> new DistinctCounter());
    }

    public void add(String text, long atNanos) {
        long stamp = Math.floorDiv(atNanos, PART_NANOS);
        int slot = (int) Math.floorMod(stamp, (long) PARTS);
        if (stamps[slot] > stamp) {
            return;
        }
        if (stamps[slot] < stamp) {
            stamps[slot] = stamp;
            parts[slot] = new DistinctCounter();
        }
        if (parts[slot].add(text)) {
            countedIn = Long.MIN_VALUE;
        }
    }

    public long count(long nowNanos) {
        long now = Math.floorDiv(nowNanos, PART_NANOS);
        if (now == countedIn) {
            return counted;
        }
        DistinctCounter all = new DistinctCounter();
        for (int slot = 0; slot < PARTS; slot++) {
            if (stamps[slot] > now - PARTS && stamps[slot] <= now) {
                all.add(parts[slot]);
            }
        }
        counted = all.count();
        countedIn = now;
        return counted;
    }
}
