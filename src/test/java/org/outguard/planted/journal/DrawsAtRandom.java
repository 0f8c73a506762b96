package org.outguard.planted.journal;

import java.util.Random;
import java.util.UUID;

/** Randomness is made in app. */
final class DrawsAtRandom {
    final Random random = new Random(1);

    UUID id() {
        return UUID.randomUUID();
    }
}
