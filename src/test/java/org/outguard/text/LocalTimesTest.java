package org.outguard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When things were, by the clock on the wall and by how long ago that is. */
class LocalTimesTest {

    private static final Instant NOW = Instant.parse("2025-12-05T17:00:45Z");
    private static final LocalTimes TIMES =
            new LocalTimes(() -> ZoneId.of("Europe/Berlin"), () -> Optional.of(NOW.minusSeconds(7_200)));

    @ParameterizedTest
    @CsvSource({"0,0s", "59,59s", "60,1m", "3599,59m", "86399,23h59m", "86400,1d", "93600,1d2h", "8640000,100d", "-3,0s"
    })
    void anAgeHasSixCharactersAtMost(long seconds, String words) {
        assertThat(Durations.age(Duration.ofSeconds(seconds))).isEqualTo(words);
        assertThat(words.length()).isLessThanOrEqualTo(6);
    }

    @Test
    void theDayIsToldWhereItIsNotToday() {
        assertThat(TIMES.ago(NOW.minusSeconds(42), NOW)).isEqualTo("18:00:03, 42s ago");
        assertThat(TIMES.ago(NOW.minusSeconds(90_000), NOW)).isEqualTo("2025-12-04 17:00:45, 1d1h ago");
    }

    @Test
    void aStartIsCountedFromTheBoot() {
        assertThat(TIMES.started(100)).contains(NOW.minusSeconds(7_199));
        assertThat(new LocalTimes(() -> ZoneId.of("UTC"), Optional::empty).started(100))
                .isEmpty();
    }
}
