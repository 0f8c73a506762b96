package org.outguard.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a capture lets go of its interface: only while it is allowed, and only after a look that saw next to nothing. */
class RestTest {

    private static final long MILLISECOND = 1_000_000L;

    private final Rest rest = new Rest();
    private long now = -7;
    private long packets;

    @BeforeEach
    void theDeviceIsOpen() {
        rest.lookFrom(now, packets);
    }

    /* As the capture thread does it: the question each 100 ms, and what comes of it at once. */
    private int restedOf(int hundredths, long packetsEach) {
        int rested = 0;
        for (int i = 0; i < hundredths; i++) {
            now += 100 * MILLISECOND;
            if (!rest.resting()) {
                packets += packetsEach;
            }
            if (rest.changes(now, packets)) {
                if (rest.resting()) {
                    rest.lookFrom(now, packets);
                } else {
                    rest.restFrom(now);
                }
            }
            if (rest.resting()) {
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
    void whileNothingElseLeavesItLooksForAFifthOfTheTime() {
        rest.allow(true);
        assertThat(restedOf(100, 10)).isEqualTo(80);
    }

    @Test
    void whatNobodyElseCountsKeepsItAwake() {
        rest.allow(true);
        assertThat(restedOf(50, Rest.FEW_PACKETS)).isZero();
        assertThat(restedOf(50, 1)).as("and once that is over it rests again").isGreaterThan(30);
    }

    @Test
    void onceTheFloodIsOverItWatchesAgainAtOnce() {
        rest.allow(true);
        restedOf(2, 0);
        assertThat(rest.resting()).isTrue();
        rest.allow(false);
        assertThat(restedOf(1, 0)).isZero();
    }

    @Test
    void aNewDeviceIsLookedAtFirst() {
        rest.allow(true);
        restedOf(2, 0);
        rest.lookFrom(now, 0);
        assertThat(restedOf(1, 0)).isZero();
    }
}
