package org.outguard.guard.stats;

import java.util.Arrays;

/** Counts different texts of the last hour, to about two in a hundred, in parts of ten minutes. */
public final class DistinctHour {

    private static final long PART_NANOS = 600 * Nanos.PER_SECOND;
    private static final int PARTS = 6;

    private final DistinctCounter[] parts = new DistinctCounter[PARTS];
    private final long[] stamps = new long[PARTS];

    public DistinctHour() {
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
        parts[slot].add(text);
    }

    public long count(long nowNanos) {
        long now = Math.floorDiv(nowNanos, PART_NANOS);
        DistinctCounter all = new DistinctCounter();
        for (int slot = 0; slot < PARTS; slot++) {
            if (stamps[slot] > now - PARTS && stamps[slot] <= now) {
                all.add(parts[slot]);
            }
        }
        return all.count();
    }
}
