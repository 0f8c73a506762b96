package org.outguard.guard;

import java.time.Instant;

/** Nanoseconds since the epoch, as captures stamp packets: good until the year 2262. */
final class Nanos {

    static final long PER_SECOND = 1_000_000_000L;

    private Nanos() {}

    static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano());
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, PER_SECOND), Math.floorMod(nanos, PER_SECOND));
    }
}
