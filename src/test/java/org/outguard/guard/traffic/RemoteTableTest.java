package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.snapshot.Talker;

/** The table has what a map of objects would have, whatever comes and goes. */
class RemoteTableTest {

    private static final long SECOND = 1_000_000_000L;

    @RepeatedTest(20)
    void isAsAMap(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        RemoteTable table = new RemoteTable();
        Map<Endpoint, long[]> map = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            Endpoint remote = remote(random, 1 + random.nextInt(600));
            long packets = 1L + random.nextInt(9);
            if (random.nextInt(3) > 0) {
                table.add(remote, SECOND, SECOND, packets, packets * 29, true);
                long[] sums = map.computeIfAbsent(remote, r -> new long[2]);
                sums[0] += packets;
                sums[1] += packets * 29;
            } else if (map.containsKey(remote)) {
                long[] sums = map.get(remote);
                sums[0] -= packets;
                sums[1] -= packets * 29;
                assertThat(table.remove(remote, packets, packets * 29)).isEqualTo(sums[0] <= 0);
                map.values().removeIf(left -> left[0] <= 0);
            }
        }
        assertThat(table.size()).isEqualTo(map.size());
        assertThat(table.packets())
                .isEqualTo(map.values().stream().mapToLong(sums -> sums[0]).sum());
        List<Talker.RemoteTotal> expected = new ArrayList<>();
        map.forEach((remote, sums) -> expected.add(new Talker.RemoteTotal(remote, sums[0], sums[1])));
        expected.sort(Comparator.comparingLong((Talker.RemoteTotal total) -> -total.packets())
                .thenComparing(total -> total.remote().address())
                .thenComparing(total -> total.remote().port()));
        assertThat(table.busiest(20)).isEqualTo(expected.subList(0, Math.min(20, expected.size())));
        assertThat(table.busiest(Integer.MAX_VALUE)).isEqualTo(expected);
    }

    private static Endpoint remote(Random random, int which) {
        IpAddress address = random.nextBoolean()
                ? IpAddress.v4(0xcb007100 + which % 200)
                : IpAddress.v6(0x2001_0db8_0000_0000L + which % 3, which);
        return new Endpoint(address, which % 7);
    }

    @Test
    void whoTakesAnotherInHasBoth() {
        RemoteTable one = new RemoteTable();
        RemoteTable other = new RemoteTable();
        Random random = new Random(1);
        Map<Endpoint, Long> sums = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            Endpoint remote = remote(random, i % 90);
            (i % 2 == 0 ? one : other).add(remote, SECOND, SECOND, 100, 2_900, true);
            sums.merge(remote, 100L, Long::sum);
        }
        one.addAll(other);
        assertThat(one.size()).isEqualTo(sums.size());
        one.busiest(sums.size()).forEach(total -> assertThat(total.packets()).isEqualTo(sums.get(total.remote())));
    }

    @Test
    void aBusyDestinationHasARateAndASprayHasNone() {
        RemoteTable table = new RemoteTable();
        Endpoint busy = new Endpoint(IpAddress.v4(1), 80);
        for (int i = 0; i < 10_000; i++) {
            table.add(new Endpoint(IpAddress.v4(1_000 + i), 80), SECOND, SECOND, 1, 29, true);
        }
        assertThat(table.peak(2 * SECOND)).isZero();
        table.add(busy, SECOND, SECOND, 3_000, 87_000, true);
        assertThat(table.peak(2 * SECOND)).isEqualTo(3_000);
        assertThat(table.add(new Endpoint(IpAddress.v4(2), 80), SECOND, SECOND, 1, 29, false))
                .isNegative();
    }
}
