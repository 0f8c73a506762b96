package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.outguard.flow.FlowKey;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Owner;

/** Whatever is sent and whenever owners become known: no packet is lost or counted twice. */
class ConservationTest {

    @RepeatedTest(20)
    void packetsAreConserved() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        GuardBench bench = new GuardBench();
        Map<Integer, Long> byPort = new HashMap<>();
        Map<Integer, Long> recorded = new HashMap<>();
        Map<String, Long> recordedAt = new HashMap<>();
        bench.guard.recordTo(batch -> batch.counts().forEach(count -> {
            int pid = count.attribution().knownOwner().map(Owner::pid).orElse(0);
            recorded.merge(pid, count.packets(), Long::sum);
            recordedAt.merge(pid + " " + count.remote().orElseThrow(), count.packets(), Long::sum);
        }));
        long sent = 0;
        for (int tick = 0; tick < 30; tick++) {
            for (int i = 0; i < 40; i++) {
                int port = 1 + random.nextInt(60);
                FlowKey flow = udp(port, "203.0.113." + port % 7, 80);
                long packets = random.nextLong(1, 1000);
                bench.sent(flow, packets, 29);
                sent += packets;
                byPort.merge(port, packets, Long::sum);
                if (random.nextInt(10) == 0) {
                    bench.found(flow, process(1000 + port, "p" + port, 33, "www-data"));
                }
            }
            bench.tick();
        }
        Snapshot snapshot = bench.guard.snapshot();
        assertThat(snapshot.totals().packets()).as("seed %d", seed).isEqualTo(sent);
        // A victim's packets are those of its senders once more.
        List<Talker> senders = snapshot.talkers().stream()
                .filter(talker -> talker.kind() != OffenceKind.VICTIM)
                .toList();
        assertThat(senders.stream().mapToLong(Talker::packets).sum())
                .as("seed %d", seed)
                .isEqualTo(sent);
        long attributed = 0;
        for (Talker talker : senders) {
            assertThat(talker.remotes().stream()
                            .mapToLong(Talker.RemoteTotal::packets)
                            .sum())
                    .as("seed %d, %s", seed, talker)
                    .isEqualTo(talker.packets());
            if (!talker.pids().isEmpty()) {
                attributed += talker.packets();
                int pid = talker.pids().get(0).pid();
                assertThat(recorded.get(pid)).as("seed %d, recorded", seed).isEqualTo(talker.packets());
                talker.remotes()
                        .forEach(remote -> assertThat(recordedAt.get(pid + " " + remote.remote()))
                                .as("seed %d, recorded", seed)
                                .isEqualTo(remote.packets()));
                assertThat(talker.packets())
                        .as("seed %d", seed)
                        .isEqualTo(byPort.get(talker.pids().get(0).pid() - 1000));
            }
        }
        assertThat(snapshot.totals().attributedPackets()).as("seed %d", seed).isEqualTo(attributed);
        assertThat(recorded.values().stream().mapToLong(Long::longValue).sum())
                .as("seed %d, recorded", seed)
                .isEqualTo(sent);
    }
}
