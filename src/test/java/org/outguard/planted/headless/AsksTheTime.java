package org.outguard.planted.headless;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Clocks are made in app. */
final class AsksTheTime {
    final LongSupplier byReference = System::nanoTime;
    final LongSupplier inLambda = () -> System.currentTimeMillis();

    Instant now() {
        return Instant.now();
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    Instant takesAClock(Clock clock) {
        return Instant.now(clock);
    }
}
