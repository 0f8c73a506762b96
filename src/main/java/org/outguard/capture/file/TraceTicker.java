package org.outguard.capture.file;

import java.time.Instant;

/**
 * Makes ticks of packet times. A trace may have gaps of hours, and times that go back or are nonsense; ticks come in
 * order, and no more than {@value #MOST_TICKS} for one packet.
 */
final class TraceTicker {

    static final long TICK_NANOS = 250_000_000L;
    /** 60 s: after that every rate window is empty, and more ticks would change nothing. */
    static final int MOST_TICKS = 240;

    private final TraceClock clock;
    private boolean started;
    private long nextTick;

    TraceTicker(TraceClock clock) {
        this.clock = clock;
    }

    /** Whether a packet of this time lies past the next tick, so that what was counted must be handed over first. */
    boolean due(long atNanos) {
        if (!started) {
            started = true;
            nextTick = Math.floorDiv(atNanos, TICK_NANOS) + 1;
        }
        return Math.floorDiv(atNanos, TICK_NANOS) >= nextTick;
    }

    /** Ticks up to the last boundary that is not after this time. */
    void advance(long atNanos) {
        long last = Math.floorDiv(atNanos, TICK_NANOS);
        for (int ticks = 1; ticks < MOST_TICKS && nextTick < last; ticks++) {
            tick(nextTick);
            long wake = clock.wakeNanos();
            if (wake > nextTick * TICK_NANOS) {
                nextTick = Math.min(last, Math.floorDiv(wake - 1, TICK_NANOS) + 1);
            }
        }
        tick(last);
    }

    /** Has what was handed over taken in before its tick is due. */
    void takeIn(long atNanos) {
        clock.reached(
                Instant.ofEpochSecond(Math.floorDiv(atNanos, 1_000_000_000L), Math.floorMod(atNanos, 1_000_000_000L)));
    }

    /** One tick more, so that the quarter second under way is complete. */
    void finish() {
        if (started) {
            tick(nextTick);
        }
    }

    private void tick(long boundary) {
        clock.reached(Instant.ofEpochSecond(Math.floorDiv(boundary, 4L), Math.floorMod(boundary, 4L) * TICK_NANOS));
        nextTick = boundary + 1;
    }
}
