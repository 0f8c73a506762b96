package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a capture lets go of its interface: only while it is allowed, and only after a look that saw next to nothing. */
class CaptureDutyCycleTest {

    private static final long MILLISECOND = 1_000_000L;

    private final CaptureDutyCycle dutyCycle = new CaptureDutyCycle();
    private long now = -7;
    private long packets;
    private long inBlock;

    @BeforeEach
    void theDeviceIsOpen() {
        dutyCycle.lookFrom(now, packets);
    }

    /*
     * As the capture thread does it: the question each 10 ms, and what comes of it at once. What is seen comes when the
     * kernel hands over its block.
     */
    private int restedOf(int hundredths, long packetsEachHundredth) {
        int rested = 0;
        for (int i = 0; i < hundredths; i++) {
            now += 10 * MILLISECOND;
            if (!dutyCycle.resting()) {
                inBlock += packetsEachHundredth;
            }
            if (i % 10 == 9) {
                packets += inBlock;
                inBlock = 0;
            }
            if (dutyCycle.changes(now, packets)) {
                if (dutyCycle.resting()) {
                    dutyCycle.takenAt(now, packets);
                } else {
                    dutyCycle.restFrom(now);
                }
            }
            if (dutyCycle.resting()) {
                rested++;
            }
        }
        return rested;
    }

    @Test
    void withoutLeaveItWatchesAllTheTime() {
        assertThat(restedOf(50, 0)).isZero();
    }

    @Test
    void whileNothingElseLeavesItGlancesForATwentyfifthOfTheTime() {
        dutyCycle.allow(true);
        restedOf(20, 1);
        assertThat(restedOf(1000, 1)).isEqualTo(960);
    }

    @Test
    void whatNobodyElseCountsKeepsItAwake() {
        dutyCycle.allow(true);
        assertThat(restedOf(500, 10)).isZero();
        assertThat(restedOf(500, 1)).as("and once that is over it rests again").isGreaterThan(400);
    }

    @Test
    void whatAGlanceSeesWakesItAsSoonAsItHasCome() {
        dutyCycle.allow(true);
        assertThat(restedOf(20 + 96 + 4, 1)).isEqualTo(96 + 1);
        assertThat(restedOf(96, 0)).as("nothing came while it rested").isEqualTo(95);
        assertThat(dutyCycle.resting()).isFalse();
        assertThat(restedOf(4, 10)).as("a glance").isEqualTo(1);
        assertThat(restedOf(200, 10)).as("until it is judged").isEqualTo(24);
    }

    @Test
    void onceTheFloodIsOverItWatchesAgainAtOnce() {
        dutyCycle.allow(true);
        restedOf(20, 0);
        assertThat(dutyCycle.resting()).isTrue();
        dutyCycle.allow(false);
        assertThat(restedOf(200, 0)).isZero();
    }

    @Test
    void aGlanceInWhichTheFloodEndsBecomesALook() {
        dutyCycle.allow(true);
        restedOf(20 + 96, 0);
        dutyCycle.allow(false);
        assertThat(restedOf(2, 0)).isZero();
        dutyCycle.allow(true);
        assertThat(restedOf(10, 0)).as("a whole look comes first").isZero();
        assertThat(restedOf(20, 0)).isPositive();
    }

    @Test
    void aNewDeviceIsLookedAtFirst() {
        dutyCycle.allow(true);
        restedOf(20, 0);
        dutyCycle.lookFrom(now, 0);
        assertThat(restedOf(19, 0)).isZero();
    }

    @Test
    void whoGlancesPausesNoLonger() {
        dutyCycle.allow(true);
        assertThat(dutyCycle.pause(100 * MILLISECOND)).isEqualTo(100 * MILLISECOND);
        restedOf(20 + 96, 0);
        assertThat(dutyCycle.pause(100 * MILLISECOND)).isEqualTo(CaptureDutyCycle.GLANCE_NANOS);
        assertThat(dutyCycle.pause(MILLISECOND)).isEqualTo(MILLISECOND);
    }
}
