package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.Hostile;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.headless.ndjson.Ndjson;
import org.outguard.owner.Attribution;

/** A hundred thousand processes, each a program of its own with a name that its user chose, send a few packets each. */
class HostileProcessesTest {

    private static final int PROCESSES = 100_000;
    private static final int A_TICK = 5_000;
    private static final int PACKETS = 3;
    private static final int MOST_ROWS = 256;

    private final Hostile hostile = Hostile.begin("hostile processes");
    private final GuardBench bench = new GuardBench();

    @Test
    void everyPacketIsCountedRowsStayBoundedAndEachIsOneSafeLine() {
        for (int pid = 1; pid <= PROCESSES; pid += A_TICK) {
            long at = Nanos.of(bench.now);
            List<AttributedCount> counts = new ArrayList<>(A_TICK);
            for (int i = pid; i < pid + A_TICK; i++) {
                counts.add(new AttributedCount(
                        new Attribution.Exact(
                                GuardBench.process(i, hostile.text(), 33, hostile.text()), hostile.text()),
                        Protocol.UDP,
                        Optional.of(new Endpoint(IpAddress.v4(0xCB007100 | i & 0xff), 80)),
                        false,
                        PACKETS,
                        PACKETS * 100,
                        0,
                        at,
                        at));
            }
            bench.observe(new TrafficObservation.OwnedFlows(counts, 0, 0));
            bench.tick();
        }
        Snapshot snapshot = bench.guard.snapshot();

        assertThat(snapshot.totals().packets()).isEqualTo((long) PROCESSES * PACKETS);
        assertThat(snapshot.talkers()).hasSizeBetween(1, MOST_ROWS);
        for (Talker talker : snapshot.talkers()) {
            String line = Ndjson.talker(snapshot.at(), talker);
            assertThat(line.strip().lines()).as("seed %d", hostile.seed()).hasSize(1);
            assertThat(Hostile.unsafe(line.strip()))
                    .as("seed %d", hostile.seed())
                    .isEmpty();
        }
    }
}
