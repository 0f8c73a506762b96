package org.outguard.guard.action;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Times in a journal are those of Instant.toString to the letter, whoever has written them. */
class StepFieldsTest {

    @Test
    void aTimeIsWrittenAsItAlwaysWas() {
        List.of(
                        Instant.MIN,
                        Instant.MAX,
                        Instant.EPOCH,
                        Instant.EPOCH.minusNanos(1),
                        Instant.parse("9999-12-31T23:59:59.999999999Z"),
                        Instant.parse("+10000-01-01T00:00:00Z"),
                        Instant.parse("2026-11-29T18:47:00Z"),
                        Instant.parse("2026-11-29T18:47:00.000001Z"),
                        Instant.parse("2026-11-29T00:00:01Z"))
                .forEach(StepFieldsTest::isWrittenAsEver);
        long seed = new Random().nextLong();
        System.out.println("StepFieldsTest.aTimeIsWrittenAsItAlwaysWas: seed " + seed);
        Random random = new Random(seed);
        int[] fractions = {1, 1_000, 1_000_000, 1_000_000_000};
        for (int i = 0; i < 10_000; i++) {
            int grain = fractions[i % fractions.length];
            isWrittenAsEver(
                    Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000) / (long) grain * grain));
        }
    }

    private static void isWrittenAsEver(Instant time) {
        assertThat(StepFields.written(time)).isEqualTo(time.toString());
    }
}
