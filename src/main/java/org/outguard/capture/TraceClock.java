package org.outguard.capture;

import java.time.Instant;

/** Told how far the time of a trace has come. */
@FunctionalInterface
public interface TraceClock {

    /**
     * All packets before {@code now} have been handed over. Called at each multiple of 250 ms; where a trace has a gap,
     * for 60 s of it and then at its end. Never goes back.
     */
    void reached(Instant now);
}
