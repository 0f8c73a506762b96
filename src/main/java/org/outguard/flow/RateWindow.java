package org.outguard.flow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums of one number over the last 1, 10 and 60 seconds, in buckets of a quarter second. Time is what the caller says
 * it is, so a replay gives the rates that the live machine had. A late count (older than the newest bucket, younger
 * than the window) goes where it belongs; an older one is no part of any sum, but {@link #peak} has it.
 */
public final class RateWindow {

    /** Width of one bucket. */
    public static final long BUCKET_NANOS = 250_000_000L;

    private static final int PER_SECOND = 4;

    private static final long[] NONE = {};

    private final int length;

    /** Made with the second bucket that has an amount: most windows, as of a scanner's destinations, have but one. */
    private long[] buckets = NONE;

    /** The only bucket with an amount, and that, while there are no others. */
    private long only;

    private long onlyAmount;

    /** Whether there ever was an amount. */
    private boolean used;

    private long newest = Long.MIN_VALUE;

    /** Where the newest one lies; the others lie before it, and before the first comes the last. */
    private int newestAt;

    /** The oldest bucket that was changed since the last call of {@link #peak}. */
    private long changed = Long.MAX_VALUE;

    /** The same at that call: a sum of windows has what each of them had last. */
    private long changedBefore = Long.MAX_VALUE;

    private @Nullable Late late;

    /** Amounts since the last {@link #peak} for which there is no bucket any more. */
    private static final class Late {
        long amount;
        long firstNanos = Long.MAX_VALUE;
        long lastNanos = Long.MIN_VALUE;

        void add(long first, long last, long more) {
            amount += more;
            firstNanos = Math.min(firstNanos, first);
            lastNanos = Math.max(lastNanos, last);
        }

        double sum(int seconds) {
            return amount * Math.min(1, seconds * 1e9 / (lastNanos - firstNanos));
        }
    }

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
        length = (seconds + 1) * PER_SECOND;
    }

    /** Counts {@code amount} at that time (nanoseconds since the epoch). */
    public void add(long atNanos, long amount) {
        add(atNanos, atNanos, amount);
    }

    /**
     * Counts an amount that came between two times, evenly: a count that was collected late is no burst.
     *
     * @param firstNanos nanoseconds since the epoch; a time after {@code lastNanos} counts as that
     * @param lastNanos nanoseconds since the epoch
     * @param amount negative to take out what was added with the same times
     */
    public void add(long firstNanos, long lastNanos, long amount) {
        long last = Math.floorDiv(lastNanos, BUCKET_NANOS);
        advance(last);
        long first = Math.min(last, Math.floorDiv(firstNanos, BUCKET_NANOS));
        long oldest = newest - length + 1;
        if (first == last && last >= oldest) {
            put(last, amount);
            return;
        }
        double span = Math.max(1, lastNanos - Math.min(firstNanos, lastNanos));
        long before = 0;
        if (first < oldest) {
            before = last < oldest ? amount : (long) (amount * ((oldest * BUCKET_NANOS - firstNanos) / span));
            late(firstNanos, Math.min(lastNanos, oldest * BUCKET_NANOS), before);
        }
        for (long bucket = Math.max(first, oldest); bucket <= last; bucket++) {
            long until =
                    bucket == last ? amount : (long) (amount * (((bucket + 1) * BUCKET_NANOS - firstNanos) / span));
            put(bucket, until - before);
            before = until;
        }
    }

    private void put(long bucket, long amount) {
        if (amount == 0) {
            return;
        }
        changed = Math.min(changed, bucket);
        addTo(bucket, amount);
    }

    private void addTo(long bucket, long amount) {
        used = true;
        if (buckets == NONE) {
            if (onlyAmount == 0 || only == bucket) {
                only = bucket;
                onlyAmount += amount;
                return;
            }
            makeBuckets();
        }
        buckets[place(bucket)] += amount;
    }

    private void makeBuckets() {
        used = true;
        buckets = new long[length];
        if (onlyAmount != 0) {
            buckets[place(only)] = onlyAmount;
        }
    }

    /** Adds what another window of the same length has counted. */
    public void addAll(RateWindow other) {
        if (other.length != length) {
            throw new IllegalArgumentException("windows of different lengths");
        }
        if (other.late != null) {
            late(other.late.firstNanos, other.late.lastNanos, other.late.amount);
        }
        if (other.newest == Long.MIN_VALUE) {
            return;
        }
        advance(other.newest);
        if (!other.used) {
            return;
        }
        changed = Math.min(changed, Math.min(other.changed, other.changedBefore));
        if (other.buckets == NONE) {
            used = true;
            if (other.onlyAmount != 0 && other.only > newest - length) {
                addTo(other.only, other.onlyAmount);
            }
            return;
        }
        if (buckets == NONE) {
            makeBuckets();
        }
        long oldest = Math.max(newest, other.newest) - length + 1;
        int count = (int) Math.max(0, other.newest - oldest + 1);
        int from = count == 0 ? 0 : other.place(oldest);
        int to = count == 0 ? 0 : place(oldest);
        for (; count > 0; count--) {
            buckets[to] += other.buckets[from];
            to = next(to);
            from = next(from);
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
        int span = Math.min(seconds * PER_SECOND, length - PER_SECOND);
        if (buckets == NONE) {
            return only >= now - span && only < now ? onlyAmount : 0;
        }
        long from = Math.max(now - span, newest - length + 1);
        int count = (int) Math.max(0, Math.min(now - 1, newest) - from + 1);
        for (int at = count > 0 ? place(from) : 0; count > 0; count--) {
            sum += buckets[at];
            at = next(at);
        }
        return sum;
    }

    /**
     * The highest of the sums that {@link #sum} would have given since the last call of this, had each count been
     * there in time; also of what is older than the window, over the time in which it was counted.
     *
     * @param nowNanos nanoseconds since the epoch
     * @param seconds 1 up to the window's length
     */
    public double peak(long nowNanos, int seconds) {
        long now = Math.floorDiv(nowNanos, BUCKET_NANOS);
        if (!used && late == null) {
            advance(now);
            return 0;
        }
        int span = Math.min(seconds * PER_SECOND, length - PER_SECOND);
        long end = Math.max(newest - length + 1, Math.min(changed, now - 1)) + 1;
        long sum = 0;
        for (long bucket = end - span; bucket < end; bucket++) {
            sum += at(bucket);
        }
        long most = sum;
        // Of later ends, those after the newest bucket have less.
        for (; end < now && end <= newest; end++) {
            sum += at(end) - at(end - span);
            most = Math.max(most, sum);
        }
        changedBefore = Math.min(changed, now);
        changed = now;
        advance(now);
        double peak = most;
        if (late != null) {
            peak = Math.max(peak, late.sum(seconds));
            late = null;
        }
        return peak;
    }

    private long at(long bucket) {
        if (buckets == NONE) {
            return bucket == only ? onlyAmount : 0;
        }
        return bucket <= newest && bucket > newest - length ? buckets[place(bucket)] : 0;
    }

    /* Of one that is held. Without a division, which each packet would pay for. */
    private int place(long bucket) {
        int at = newestAt - (int) (newest - bucket);
        return at < 0 ? at + length : at;
    }

    private int next(int at) {
        return at + 1 == length ? 0 : at + 1;
    }

    /**
     * Sums of the last {@code seconds} whole seconds of the clock that are over, oldest first: what a sparkline draws. A second
     * keeps its sum until it is too old, so that a picture of it need not be drawn again.
     */
    public long[] history(long nowNanos, int seconds) {
        advance(Math.floorDiv(nowNanos, BUCKET_NANOS));
        long[] history = new long[Math.min(seconds, length / PER_SECOND - 1)];
        if (!used) {
            return history;
        }
        long bucket = Math.floorDiv(newest, (long) PER_SECOND) * PER_SECOND - 1;
        for (int i = history.length - 1; i >= 0; i--) {
            for (int quarter = 0; quarter < PER_SECOND; quarter++, bucket--) {
                history[i] += at(bucket);
            }
        }
        return history;
    }

    private void advance(long bucket) {
        if (newest == Long.MIN_VALUE) {
            newest = bucket;
            return;
        }
        if (buckets == NONE) {
            newest = Math.max(newest, bucket);
            if (onlyAmount != 0 && only <= newest - length) {
                if (only >= changed) {
                    leave(only, onlyAmount);
                }
                onlyAmount = 0;
            }
            return;
        }
        if (bucket - newest >= length) {
            for (long old = Math.max(changed, newest - length + 1); old <= newest; old++) {
                leave(old, buckets[place(old)]);
            }
            Arrays.fill(buckets, 0);
            newest = bucket;
            return;
        }
        while (newest < bucket) {
            long old = newest - length + 1;
            if (old >= changed) {
                leave(old, buckets[place(old)]);
            }
            newest++;
            newestAt = next(newestAt);
            buckets[newestAt] = 0;
        }
    }

    /* Leaves the window without ever having been part of a peak. */
    private void leave(long bucket, long amount) {
        if (amount != 0) {
            late(bucket * BUCKET_NANOS, (bucket + 1) * BUCKET_NANOS, amount);
        }
    }

    private void late(long firstNanos, long lastNanos, long amount) {
        if (late == null) {
            late = new Late();
        }
        late.add(firstNanos, lastNanos, amount);
    }
}
