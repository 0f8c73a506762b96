package org.outguard.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateWindowTest {

    private static final long SECOND = 1_000_000_000L;
    private final RateWindow window = new RateWindow(60);

    @Test
    void ratesOverOneTenAndSixtySeconds() {
        for (int quarter = 0; quarter < 240; quarter++) {
            window.add(quarter * SECOND / 4, quarter < 200 ? 100 : 500);
        }
        assertThat(window.perSecond(60 * SECOND, 1)).isEqualTo(2_000);
        assertThat(window.perSecond(60 * SECOND, 10)).isEqualTo(2_000);
        assertThat(window.perSecond(60 * SECOND, 60)).isEqualTo((200 * 100 + 40 * 500) / 60.0);
        assertThat(window.history(60 * SECOND, 60)).hasSize(60).startsWith(400).endsWith(2_000);
    }

    @Test
    void theBucketUnderWayIsLeftOut() {
        window.add(0, 100);
        window.add(SECOND, 999);
        assertThat(window.perSecond(SECOND + SECOND / 5, 1)).isEqualTo(100);
    }

    @Test
    void lateCountsGoWhereTheyBelongAndTooLateOnesAreGone() {
        window.add(30 * SECOND, 1);
        window.add(29 * SECOND, 10);
        window.add(-40 * SECOND, 1000);
        assertThat(window.sum(31 * SECOND, 60)).isEqualTo(11);
        assertThat(window.sum(31 * SECOND, 1)).isEqualTo(1);
    }

    @Test
    void anAmountBetweenTwoTimesIsSpreadOverThemAndNothingOfItIsLost() {
        window.add(10 * SECOND + SECOND / 8, 13 * SECOND + SECOND / 8, 1_001);
        assertThat(window.sum(14 * SECOND, 60)).isEqualTo(1_001);
        assertThat(window.sum(12 * SECOND, 1)).isBetween(333L, 335L);
        assertThat(window.history(14 * SECOND, 4)).containsExactly(291, 334, 334, 42);
        window.add(10 * SECOND + SECOND / 8, 13 * SECOND + SECOND / 8, -1_001);
        assertThat(window.history(14 * SECOND, 60)).containsOnly(0);
    }

    @Test
    void aPeakIsOfEverySecondThatHasChangedSinceTheLastOne() {
        window.add(10 * SECOND, 12 * SECOND, 2_000);
        assertThat(window.peak(40 * SECOND, 1)).isEqualTo(1_000);
        assertThat(window.peak(40 * SECOND + SECOND / 4, 1)).isZero();
        window.add(20 * SECOND, 21 * SECOND, 700);
        assertThat(window.peak(41 * SECOND, 1)).isEqualTo(700);
        assertThat(window.peak(41 * SECOND, 60)).isEqualTo(2_700);
    }

    @Test
    void whatIsOlderThanTheWindowHasItsPeakOnce() {
        window.add(200 * SECOND, 1);
        window.add(10 * SECOND, 12 * SECOND, 2_000);
        window.add(13 * SECOND, 14 * SECOND, 2_000);
        assertThat(window.peak(200 * SECOND, 1)).isEqualTo(1_000);
        assertThat(window.peak(200 * SECOND, 1)).isZero();
        assertThat(window.sum(201 * SECOND, 60)).isEqualTo(1);
    }

    @Test
    void whatLeavesTheWindowBeforeItsPeakWasAskedForIsStillInIt() {
        window.add(10 * SECOND, 12 * SECOND, 2_000);
        window.add(300 * SECOND, 1);
        assertThat(window.peak(301 * SECOND, 1)).isBetween(880.0, 1_000.0);
    }

    @Test
    void anAmountThatIsPartlyOlderIsInTheWindowWithTheRest() {
        window.add(100 * SECOND, 1);
        window.add(30 * SECOND, 90 * SECOND, 6_000);
        long rest = window.sum(100 * SECOND, 60);
        assertThat(rest).isBetween(4_900L, 5_100L);
        assertThat(window.peak(101 * SECOND, 1)).isBetween(95.0, 105.0);
    }

    @Test
    void aSumOfWindowsHasTheLatePeaksOfAll() {
        RateWindow other = new RateWindow(60);
        window.add(10 * SECOND, 12 * SECOND, 2_000);
        other.add(10 * SECOND, 12 * SECOND, 3_000);
        window.peak(40 * SECOND, 1);
        other.peak(40 * SECOND, 1);
        RateWindow sum = new RateWindow(60);
        sum.addAll(window);
        sum.addAll(other);
        assertThat(sum.peak(40 * SECOND, 1)).isEqualTo(2_500);
    }

    @Test
    void aLongSilenceEmptiesIt() {
        window.add(0, 7);
        assertThat(window.sum(3600 * SECOND, 60)).isZero();
    }
}
