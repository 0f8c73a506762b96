package org.outguard.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class FlowTableTest {

    private final FlowTable table = new FlowTable(64);

    private void udp(int sourcePort, int remote, int bytes, long at) {
        table.add(17, false, 0, 0xC6336401L, sourcePort, 0, remote & 0xffff_ffffL, 80, bytes, 0, at);
    }

    @Test
    void countsByFiveTuple() {
        udp(1, 7, 29, 100);
        udp(1, 7, 31, 200);
        udp(2, 7, 29, 300);
        FlowBatch batch = table.drain();
        assertThat(batch.flows()).hasSize(2);
        assertThat(batch.flows())
                .anySatisfy(flow -> assertThat(flow)
                        .isEqualTo(new FlowCount(
                                new FlowKey(
                                        Protocol.UDP,
                                        new Endpoint(IpAddress.v4(0xC6336401), 1),
                                        new Endpoint(IpAddress.v4(7), 80)),
                                2,
                                60,
                                0,
                                100,
                                200)));
        assertThat(table.isEmpty()).isTrue();
        assertThat(table.drain()).isEqualTo(FlowBatch.EMPTY);
    }

    @Test
    void aFloodOfSourcesIsMergedByRemote() {
        for (int port = 1; port <= 5_000; port++) {
            udp(port, 7, 29, port);
        }
        FlowBatch batch = table.drain();
        assertThat(batch.packets()).isEqualTo(5_000);
        assertThat(batch.otherPackets()).isZero();
        assertThat(batch.flows())
                .filteredOn(flow -> flow.key().local().port() == 0)
                .singleElement()
                .satisfies(flow -> assertThat(flow.packets()).isEqualTo(5_000 - 32));
    }

    @Test
    void aSprayIsCountedInOneSumOnceTheTableIsFull() {
        for (int i = 1; i <= 5_000; i++) {
            udp(i, i, 29, i);
        }
        FlowBatch batch = table.drain();
        assertThat(batch.flows()).hasSize(51);
        assertThat(batch.otherPackets()).isEqualTo(5_000 - 51);
        assertThat(batch.bytes()).isEqualTo(5_000 * 29);
    }

    @RepeatedTest(10)
    void agreesWithAHashMap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        FlowTable large = new FlowTable(4_096);
        Map<Long, Long> expected = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int port = random.nextInt(40);
            int remote = 1 + random.nextInt(40);
            large.add(17, true, 1, 2, port, remote, 3, 53, 100, 0, i);
            expected.merge((long) port << 32 | remote, 1L, Long::sum);
        }
        Map<Long, Long> counted = new HashMap<>();
        for (FlowCount flow : large.drain().flows()) {
            counted.put(
                    (long) flow.key().local().port() << 32
                            | flow.key().remote().address().high(),
                    flow.packets());
        }
        assertThat(counted).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void saysHowManyPacketsAFlowHasSinceTheLastDrain() {
        for (int round = 0; round < 3; round++) {
            for (long packets = 1; packets <= 20; packets++) {
                assertThat(table.add(17, false, 0, 1, 9, 0, 2, 80, 29, 0, round))
                        .isEqualTo(packets);
            }
            assertThat(table.drain().flows())
                    .singleElement()
                    .satisfies(flow -> assertThat(flow.packets()).isEqualTo(20));
        }
    }

    @Test
    void oneMappedAddressOfTwoIsHandedOverAsIpv4() {
        table.add(17, true, 5, 6, 9, 0, 0xffff_c633_6401L, 80, 49, 0, 1);
        assertThat(table.drain().flows().get(0).key()).hasToString("udp [::5:0:0:0:6]:9 > 198.51.100.1:80");
    }
}
