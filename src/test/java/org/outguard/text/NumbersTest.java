package org.outguard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.4, 0",
        "940, 940",
        "999.4, 999",
        "999.6, 1k",
        "1000, 1k",
        "1500, 1.5k",
        "9949, 9.9k",
        "9960, 10k",
        "173012, 173k",
        "38000000, 38M",
        "999600000, 1G",
        "NaN, 0",
        "-5, 0"
    })
    void ratesFitFourCharacters(double value, String text) {
        assertThat(Numbers.rate(value)).isEqualTo(text);
    }

    @Test
    void countsShowEveryDigit() {
        assertThat(Numbers.count(1234567)).isEqualTo("1,234,567");
        assertThat(Numbers.count(999)).isEqualTo("999");
        assertThat(Numbers.count(-1000)).isEqualTo("-1,000");
        assertThat(Numbers.count(-100)).isEqualTo("-100");
    }

    @ParameterizedTest
    @CsvSource({"30s, 30", "10m, 600", "1h30m, 5400", "2d, 172800", "1d1h1m1s, 90061"})
    void durationsAreReadAndWritten(String text, long seconds) {
        assertThat(Durations.parse(text)).contains(Duration.ofSeconds(seconds));
        assertThat(Durations.words(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "10", "m", "10m5", "-1s", "1.5h", "5m1h"})
    void otherDurationsAreNone(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "940, 940 B",
        "1500, 1.50 kB",
        "9995, 10.0 kB",
        "35802443, 35.8 MB",
        "433884228, 434 MB",
        "999500000, 1.00 GB"
    })
    void lengthsHaveThreeDigits(long value, String text) {
        assertThat(Numbers.bytes(value)).isEqualTo(text);
    }

    @Test
    void clocksRunDown() {
        assertThat(Durations.clock(Duration.ofSeconds(598))).isEqualTo("9:58");
        assertThat(Durations.clock(Duration.ofSeconds(7))).isEqualTo("0:07");
        assertThat(Durations.clock(Duration.ofMinutes(65))).isEqualTo("1:05:00");
        assertThat(Durations.clock(Duration.ofSeconds(700))).isEqualTo("11:40");
        assertThat(Durations.clock(Duration.ofSeconds(-3))).isEqualTo("0:00");
    }

    @Test
    void wideAndCombiningCharactersAreMeasured() {
        assertThat(Columns.width("日本")).isEqualTo(4);
        assertThat(Columns.width("e\u0301")).isEqualTo(1);
        assertThat(Columns.fit("日本語", 4)).isEqualTo("日… ");
        assertThat(Columns.fitLeft("7", 3)).isEqualTo("  7");
        assertThat(Columns.cut("abcdef", 3)).isEqualTo("ab…");
    }
}
