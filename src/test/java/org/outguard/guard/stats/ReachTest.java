package org.outguard.guard.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** How many different destinations there were, exactly or estimated. */
class ReachTest {

    private static final long SECOND = Nanos.PER_SECOND;
    private static final long START = 1_800_000_000L * SECOND;

    private final Reach reach = new Reach();
    private final SplittableRandom chance = new SplittableRandom(17);

    private void meet(int many, long fromNanos, long everyNanos) {
        for (int i = 0; i < many; i++) {
            reach.add(chance.nextLong(), fromNanos + i * everyNanos);
        }
    }

    @Test
    void fewAreExact() {
        meet(Reach.EXACT, START, SECOND / 10);
        assertThat(reach.isSketch()).isFalse();
        assertThat(reach.ofHour(START + 26 * SECOND)).isEqualTo(Reach.EXACT);
        assertThat(reach.freshOfMinute(START + 26 * SECOND)).isEqualTo(Reach.EXACT);
        assertThat(reach.freshOfMinute(START + 120 * SECOND)).isZero();
        assertThat(reach.ofHour(START + 3_700 * SECOND)).isZero();
    }

    @Test
    void manyAreEstimatedWithinTheBound() {
        for (int round = 0; round < 10; round++) {
            meet(1_000, START + round * 60L * SECOND, SECOND / 20);
            assertThat(reach.freshOfMinute(START + (round * 60L + 55) * SECOND))
                    .isCloseTo(1_000, Percentage.withPercentage(20));
        }
        assertThat(reach.isSketch()).isTrue();
        assertThat(reach.ofHour(START + 600 * SECOND)).isCloseTo(10_000, Percentage.withPercentage(15));
        assertThat(reach.bytes()).isLessThanOrEqualTo(Reach.MOST_BYTES);
    }

    @Test
    void theSameOnesAgainAndAgainAreNoNewOnes() {
        for (int round = 0; round < 180; round++) {
            for (int host = 0; host < 600; host++) {
                reach.add(new SplittableRandom(host).nextLong(), START + round * 60L * SECOND);
            }
        }
        assertThat(reach.freshOfMinute(START + 179 * 60 * SECOND)).isLessThan(20);
        assertThat(reach.ofHour(START + 179 * 60 * SECOND)).isCloseTo(600, Percentage.withPercentage(20));
    }

    @Test
    void whatIsTakenOutWasNeverThere() {
        long[] all = chance.longs(200).toArray();
        for (long one : all) {
            reach.add(one, START);
        }
        for (int i = 0; i < 150; i++) {
            reach.remove(all[i], START);
        }
        assertThat(reach.freshOfMinute(START)).isEqualTo(50);
        assertThat(reach.ofHour(START)).isEqualTo(50);
        for (int i = 0; i < all.length; i++) {
            assertThat(reach.knows(all[i])).isEqualTo(i >= 150);
        }
    }

    @Test
    void whoGoesOnForDaysIsCountedByTheHour() {
        for (long hour = 0; hour < 100; hour++) {
            meet(60, START + hour * 3_600 * SECOND, 60 * SECOND);
        }
        assertThat(reach.ofHour(START + 99 * 3_600 * SECOND + 3_540 * SECOND)).isEqualTo(60);
    }

    @Test
    void twoTogetherHaveWhatEachHas() {
        Reach other = new Reach();
        for (int i = 0; i < 3_000; i++) {
            long one = chance.nextLong();
            (i % 2 == 0 ? reach : other).add(one, START + i * SECOND / 100);
        }
        reach.addAll(other, START + 30 * SECOND);
        assertThat(reach.ofHour(START + 30 * SECOND)).isCloseTo(3_000, Percentage.withPercentage(15));
        Reach few = new Reach();
        few.add(1, START);
        few.add(2, START);
        Reach sum = new Reach();
        sum.add(2, START);
        sum.addAll(few, START);
        assertThat(sum.ofHour(START)).isEqualTo(2);
    }
}
