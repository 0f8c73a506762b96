package org.outguard.guard.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums that go on from the ones before are the same as sums made anew. */
class HourlyWindowTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long BUCKET = 5 * SECOND;

    private record Added(long at, long amount) {}

    @Test
    void sumsAreThoseOfTheBuckets() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            HourlyWindow window = new HourlyWindow();
            List<Added> all = new ArrayList<>();
            long now = 1_000_000L * SECOND;
            long newest = now;
            for (int step = 0; step < 400; step++) {
                now += (long) (random.nextInt(10) == 0 ? random.nextInt(2_000) : random.nextInt(20)) * SECOND;
                // Late counts, and some that come before their time.
                long at = now + (random.nextInt(60) - 50) * SECOND;
                newest = Math.max(newest, at);
                if (at > newest - 3_000 * SECOND) {
                    all.add(new Added(at, random.nextInt(9)));
                    window.add(at, all.get(all.size() - 1).amount());
                }
                if (random.nextInt(3) == 0) {
                    assertThat(window.lastMinute(now))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(sum(all, now, 12));
                    assertThat(window.lastHour(now))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(sum(all, now, 720));
                }
            }
        }
    }

    private static long sum(List<Added> all, long now, int buckets) {
        long last = Math.floorDiv(now, BUCKET);
        return all.stream()
                .filter(one ->
                        Math.floorDiv(one.at(), BUCKET) > last - buckets && Math.floorDiv(one.at(), BUCKET) <= last)
                .mapToLong(Added::amount)
                .sum();
    }
}
