package org.outguard.headless;

import java.time.Instant;
import java.util.Arrays;

/**
 * Packets a second over time, in at most {@link #MOST_SPANS} spans of equal length, each with its highest rate: however
 * long it lasts, it takes no more room, and no peak is lost. Not changed once it is made.
 */
public final class RateCurve {

    /** Most spans of a curve. */
    public static final int MOST_SPANS = 240;

    /** Nothing recorded. */
    public static final RateCurve NONE = new RateCurve(0, 1, new float[0], "");

    /* Half of what Instant can be, so that the last span ends within it, too. */
    private static final long FARTHEST = Instant.MAX.getEpochSecond() / 2;

    private final long start;
    private final long width;
    private final float[] highest;
    private final String note;

    private RateCurve(long start, long width, float[] highest, String note) {
        this.start = start;
        this.width = width;
        this.highest = highest;
        this.note = note;
    }

    /**
     * One rate that was held for a time.
     *
     * @param from when it began
     * @param until when it ended; a rate of no time counts as one of a second
     * @param packetsPerSecond what is no rate is none
     */
    public static RateCurve of(Instant from, Instant until, double packetsPerSecond) {
        if (!Double.isFinite(packetsPerSecond) || packetsPerSecond < 0) {
            return NONE;
        }
        long first = from.getEpochSecond();
        long end = Math.max(first + 1, until.getEpochSecond() + (until.getNano() > 0 ? 1 : 0));
        if (first < -FARTHEST || end > FARTHEST) {
            return NONE;
        }
        return spread(first, end, 1, (float) Math.min(packetsPerSecond, Float.MAX_VALUE), "");
    }

    private static RateCurve spread(long first, long end, long least, float rate, String note) {
        long width = fitting(first, end, least);
        long start = Math.floorDiv(first, width) * width;
        float[] spans = new float[count(start, end, width)];
        Arrays.fill(spans, rate);
        return new RateCurve(start, width, spans, note);
    }

    private static long fitting(long first, long end, long least) {
        long width = least;
        while (count(Math.floorDiv(first, width) * width, end, width) > MOST_SPANS) {
            width *= 2;
        }
        return width;
    }

    /* As int it may only be too many, never too few. */
    private static int count(long start, long end, long width) {
        return (int) Math.min(Integer.MAX_VALUE, (end - start + width - 1) / width);
    }

    /** Both as one; where both know a rate, the higher one. */
    public RateCurve and(RateCurve other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        long first = Math.min(start, other.start);
        long end = Math.max(end(), other.end());
        RateCurve both = spread(first, end, Math.max(width, other.width), Float.NaN, note);
        both.take(this);
        both.take(other);
        return both;
    }

    /* Widths are powers of two and starts are multiples of them, so that a span of it lies in one of these. */
    private void take(RateCurve finer) {
        for (int i = 0; i < finer.highest.length; i++) {
            int at = (int) ((finer.start + i * finer.width - start) / width);
            float rate = finer.highest[i];
            if (!Float.isNaN(rate)) {
                highest[at] = Float.isNaN(highest[at]) ? rate : Math.max(highest[at], rate);
            }
        }
    }

    /** The same with a word on what the rates are of; empty where that goes without saying. */
    public RateCurve withNote(String newNote) {
        return new RateCurve(start, width, highest, newNote);
    }

    /** What the rates are of, where that must be said. */
    String note() {
        return note;
    }

    /** Whether no rate is known. */
    public boolean isEmpty() {
        return highest.length == 0;
    }

    /** The second at which it begins, since the epoch. */
    long start() {
        return start;
    }

    /** The second behind its last span. */
    long end() {
        return start + highest.length * width;
    }

    /** Seconds of a span. */
    long width() {
        return width;
    }

    /** How many spans there are. */
    int spans() {
        return highest.length;
    }

    /** The highest rate; 0 where none is known. */
    double highest() {
        double most = 0;
        for (float rate : highest) {
            most = rate > most ? rate : most;
        }
        return most;
    }

    /** Highest rate of a span; NaN where nothing was recorded in it. */
    float highest(int span) {
        return highest[span];
    }
}
