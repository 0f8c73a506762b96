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
    void aLongSilenceEmptiesIt() {
        window.add(0, 7);
        assertThat(window.sum(3600 * SECOND, 60)).isZero();
    }
}
