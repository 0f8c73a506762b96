package org.outguard.planted.app;

import java.time.Clock;
import java.util.Random;
import org.outguard.planted.guard.Plain;

/** Where clocks, threads and randomness come from. */
public final class MakesEverything {
    final Plain plain = new Plain("plain");
    final Clock clock = Clock.systemUTC();
    final Random random = new Random(1);

    Thread thread() {
        return new Thread(() -> {});
    }
}
