package org.outguard.guard.stats;

/** Sums over the last minute and the last hour, in buckets of five seconds. A late count goes where it belongs. */
public final class HourlyWindow {

    private static final long BUCKET_NANOS = 5 * Nanos.PER_SECOND;
    private static final int MINUTE = 12;
    private static final int HOUR = 720;

    private final int[] buckets = new int[HOUR + MINUTE];
    private long newest = Long.MIN_VALUE;

    /** The bucket up to which the two sums go: whoever asks does so many times a bucket, and always later. */
    private long summedTo = Long.MIN_VALUE;

    private long minute;
    private long hour;

    public void add(long atNanos, long amount) {
        long bucket = Math.floorDiv(atNanos, BUCKET_NANOS);
        advance(bucket);
        if (bucket > newest - buckets.length) {
            int slot = (int) Math.floorMod(bucket, (long) buckets.length);
            int before = buckets[slot];
            buckets[slot] = (int) Math.max(0, Math.min(Integer.MAX_VALUE, before + amount));
            if (summedTo != Long.MIN_VALUE && bucket <= summedTo) {
                hour += bucket > summedTo - HOUR ? buckets[slot] - before : 0;
                minute += bucket > summedTo - MINUTE ? buckets[slot] - before : 0;
            }
        }
    }

    /** Adds all that another has counted. */
    public void addAll(HourlyWindow other) {
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
        sumTo(Math.floorDiv(nowNanos, BUCKET_NANOS));
        return minute;
    }

    public long lastHour(long nowNanos) {
        sumTo(Math.floorDiv(nowNanos, BUCKET_NANOS));
        return hour;
    }

    private void sumTo(long now) {
        if (summedTo == Long.MIN_VALUE || now < summedTo || now - summedTo >= HOUR) {
            minute = sum(now, MINUTE);
            hour = sum(now, HOUR);
        } else {
            for (long bucket = summedTo + 1; bucket <= now; bucket++) {
                int amount = at(bucket);
                minute += amount - at(bucket - MINUTE);
                hour += amount - at(bucket - HOUR);
            }
        }
        summedTo = now;
    }

    private int at(long bucket) {
        return newest == Long.MIN_VALUE || bucket > newest || bucket <= newest - buckets.length
                ? 0
                : buckets[(int) Math.floorMod(bucket, (long) buckets.length)];
    }

    private long sum(long now, int count) {
        long sum = 0;
        for (long bucket = now - count + 1; bucket <= now; bucket++) {
            sum += at(bucket);
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
        if (summedTo != Long.MIN_VALUE && newest - summedTo > MINUTE) {
            // What is overwritten may be part of the sums.
            summedTo = Long.MIN_VALUE;
        }
    }
}
