package org.outguard.guard.stats;

/** Sums over the last minute and the last hour, in buckets of five seconds. A late count goes where it belongs. */
public final class HourWindow {

    private static final long BUCKET_NANOS = 5 * Nanos.PER_SECOND;
    private static final int MINUTE = 12;
    private static final int HOUR = 720;

    private final int[] buckets = new int[HOUR + MINUTE];
    private long newest = Long.MIN_VALUE;

    public void add(long atNanos, long amount) {
        long bucket = Math.floorDiv(atNanos, BUCKET_NANOS);
        advance(bucket);
        if (bucket > newest - buckets.length) {
            int slot = (int) Math.floorMod(bucket, (long) buckets.length);
            buckets[slot] = (int) Math.max(0, Math.min(Integer.MAX_VALUE, buckets[slot] + amount));
        }
    }

    /** Adds all that another has counted. */
    public void addAll(HourWindow other) {
        for (long bucket = other.newest - other.buckets.length + 1;
                other.newest != Long.MIN_VALUE && bucket <= other.newest;
                bucket++) {
            int amount = other.buckets[(int) Math.floorMod(bucket, (long) other.buckets.length)];
            if (amount != 0) {
                add(bucket * BUCKET_NANOS, amount);
            }
        }
    }

    public long lastMinute(long nowNanos) {
        return sum(nowNanos, MINUTE);
    }

    public long lastHour(long nowNanos) {
        return sum(nowNanos, HOUR);
    }

    private long sum(long nowNanos, int count) {
        if (newest == Long.MIN_VALUE) {
            return 0;
        }
        long now = Math.floorDiv(nowNanos, BUCKET_NANOS);
        long sum = 0;
        long oldest = Math.max(now - count + 1, newest - buckets.length + 1);
        for (long bucket = oldest; bucket <= Math.min(now, newest); bucket++) {
            sum += buckets[(int) Math.floorMod(bucket, (long) buckets.length)];
        }
        return sum;
    }

    private void advance(long bucket) {
        if (newest == Long.MIN_VALUE) {
            newest = bucket;
            return;
        }
        long steps = Math.min(buckets.length, bucket - newest);
        for (long step = 1; step <= steps; step++) {
            buckets[(int) Math.floorMod(bucket - steps + step, (long) buckets.length)] = 0;
        }
        newest = Math.max(newest, bucket);
    }
}
