package org.outguard.flow;

import java.util.Arrays;

/**
 * Sums of one number over the last 1, 10 and 60 seconds, in buckets of a quarter second. Time is what the caller says
 * it is, so a replay gives the rates that the live machine had. A late count (older than the newest bucket, younger
 * than 60 s) goes where it belongs; an older one is not in the window any more.
 */
public final class RateWindow {

    /** Width of one bucket. */
    public static final long BUCKET_NANOS = 250_000_000L;

    private static final int PER_SECOND = 4;

    private final long[] buckets;
    private long newest = Long.MIN_VALUE;

    /**
     * A window of this length.
     *
     * @param seconds the longest span that will be asked for, 1..60
     */
    public RateWindow(int seconds) {
        if (seconds < 1 || seconds > 60) {
            throw new IllegalArgumentException("seconds " + seconds);
        }
        // The second under way is not part of the history.
        buckets = new long[(seconds + 1) * PER_SECOND];
    }

    /** Counts {@code amount} at that time (nanoseconds since the epoch). */
    public void add(long atNanos, long amount) {
        long bucket = Math.floorDiv(atNanos, BUCKET_NANOS);
        advance(bucket);
        if (bucket > newest - buckets.length) {
            buckets[(int) Math.floorMod(bucket, (long) buckets.length)] += amount;
        }
    }

    /** Adds what another window of the same length has counted. */
    public void addAll(RateWindow other) {
        if (other.buckets.length != buckets.length) {
            throw new IllegalArgumentException("windows of different lengths");
        }
        if (other.newest == Long.MIN_VALUE) {
            return;
        }
        advance(other.newest);
        for (long bucket = other.newest - buckets.length + 1; bucket <= other.newest; bucket++) {
            if (bucket > newest - buckets.length) {
                int slot = (int) Math.floorMod(bucket, (long) buckets.length);
                buckets[slot] += other.buckets[slot];
            }
        }
    }

    /**
     * Amount a second over the span of complete buckets that ends before {@code nowNanos}. The bucket under way is left
     * out: with it the rate would dip at each bucket's start.
     *
     * @param nowNanos nanoseconds since the epoch
     * @param seconds 1 up to the window's length
     */
    public double perSecond(long nowNanos, int seconds) {
        return (double) sum(nowNanos, seconds) / seconds;
    }

    /** Sum over that span; see {@link #perSecond}. */
    public long sum(long nowNanos, int seconds) {
        long now = Math.floorDiv(nowNanos, BUCKET_NANOS);
        advance(now);
        long sum = 0;
        int span = Math.min(seconds * PER_SECOND, buckets.length - PER_SECOND);
        for (long bucket = now - span; bucket < now; bucket++) {
            if (bucket > newest - buckets.length && bucket <= newest) {
                sum += buckets[(int) Math.floorMod(bucket, (long) buckets.length)];
            }
        }
        return sum;
    }

    /**
     * Sums of the last {@code seconds} whole seconds of the clock that are over, oldest first: what a sparkline draws. A second
     * keeps its sum until it is too old, so that a picture of it need not be drawn again.
     */
    public long[] history(long nowNanos, int seconds) {
        advance(Math.floorDiv(nowNanos, BUCKET_NANOS));
        long[] history = new long[Math.min(seconds, buckets.length / PER_SECOND - 1)];
        long bucket = Math.floorDiv(newest, (long) PER_SECOND) * PER_SECOND - 1;
        for (int i = history.length - 1; i >= 0; i--) {
            for (int quarter = 0; quarter < PER_SECOND; quarter++, bucket--) {
                history[i] += buckets[(int) Math.floorMod(bucket, (long) buckets.length)];
            }
        }
        return history;
    }

    private void advance(long bucket) {
        if (newest == Long.MIN_VALUE || bucket - newest >= buckets.length) {
            if (newest == Long.MIN_VALUE || bucket > newest) {
                Arrays.fill(buckets, 0);
                newest = bucket;
            }
            return;
        }
        while (newest < bucket) {
            newest++;
            buckets[(int) Math.floorMod(newest, (long) buckets.length)] = 0;
        }
    }
}
