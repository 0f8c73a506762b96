package org.outguard.capture.file;

import java.time.Instant;

/** Told how far the time of a trace has come. */
@FunctionalInterface
public interface TraceClock {

    /**
     * All packets before {@code now} have been handed over. Called at multiples of 250 ms: at each, or after {@link #wakeNanos} at the
     * next that it wants, and between them where much was heard; where a trace has a gap, 240 times at most and then at its end. Never goes back.
     */
    void reached(Instant now);

    /**
     * When it is to be told next, where no packet comes before: nanoseconds since the epoch, {@link Long#MIN_VALUE} for the
     * next multiple of 250 ms.
     */
    default long wakeNanos() {
        return Long.MIN_VALUE;
    }
}
