package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** However much is recorded, a curve stays small and keeps each peak. */
class RateCurveTest {

    private static final Instant START = Instant.parse("2025-12-05T16:00:00Z");

    private static RateCurve second(long after, double rate) {
        Instant from = START.plusSeconds(after);
        return RateCurve.of(from, from.plusSeconds(1), rate);
    }

    @Test
    void aDayOfSecondsIsFoldedByTheHighest() {
        RateCurve curve = RateCurve.NONE;
        for (int i = 0; i < 86_400; i++) {
            curve = curve.and(second(i, i == 43_210 ? 170_000 : i % 7));
        }
        assertThat(curve.spans()).isBetween(RateCurve.MOST_SPANS / 2, RateCurve.MOST_SPANS);
        assertThat(curve.highest()).isEqualTo(170_000);
        int peak = (int) ((START.getEpochSecond() + 43_210 - curve.start()) / curve.width());
        assertThat(curve.highest(peak)).isEqualTo(170_000);
        assertThat(curve.highest(peak - 1)).isEqualTo(6);
        assertThat(curve.highest(peak + 1)).isEqualTo(6);
    }

    @Test
    void theOrderOfLinesDoesNotMatterAndWhatWasNotRecordedIsNoZero() {
        RateCurve forth = second(0, 5).and(second(2, 0)).and(second(3, 9));
        RateCurve back = second(3, 9).and(second(2, 0)).and(second(0, 5));
        for (RateCurve curve : new RateCurve[] {forth, back}) {
            assertThat(curve.spans()).isEqualTo(4);
            assertThat(curve.highest(0)).isEqualTo(5);
            assertThat(curve.highest(1)).isNaN();
            assertThat(curve.highest(2)).isZero();
            assertThat(curve.highest(3)).isEqualTo(9);
        }
    }

    @Test
    void timesAndRatesThatCannotBeAreNone() {
        assertThat(second(0, Double.NaN).isEmpty()).isTrue();
        assertThat(second(0, Double.POSITIVE_INFINITY).isEmpty()).isTrue();
        assertThat(second(0, -1).isEmpty()).isTrue();
        assertThat(RateCurve.of(Instant.MAX, Instant.MAX, 1).isEmpty()).isTrue();
        assertThat(RateCurve.of(Instant.MIN, Instant.MIN, 1).isEmpty()).isTrue();

        Instant far = Instant.parse("+499000000-01-01T00:00:00Z");
        RateCurve wide = second(0, 1e300).and(RateCurve.of(far, far, 2));
        assertThat(wide.spans()).isLessThanOrEqualTo(RateCurve.MOST_SPANS);
        assertThat(Double.isFinite(wide.highest())).isTrue();
        assertThat(Instant.ofEpochSecond(wide.end())).isAfter(far);
    }
}
