package org.outguard.guard.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** More comes than the guard takes in: memory is bounded by what it weighs, totals are exact, and it says that it is behind. */
class UnderLoadTest {

    private static final int BATCH = 10_000;
    private static final Owner SPRAYER = GuardBench.process(4711, "x7", 33, "www-data");

    private final GuardBench bench = new GuardBench();

    private static IpAddress address(long number) {
        return IpAddress.v4(0x0a000000 + (int) number);
    }

    private void flows(int from) {
        long at = Nanos.of(bench.now) + 1_000;
        bench.observe(new TrafficObservation.Flows(
                "eth0",
                new FlowBatch(
                        IntStream.range(from, from + BATCH)
                                .mapToObj(i -> new FlowCount(
                                        new FlowKey(
                                                Protocol.UDP,
                                                new Endpoint(GuardBench.address("198.51.100.10"), i % 60_000 + 1),
                                                new Endpoint(address(i), 80)),
                                        1,
                                        57,
                                        0,
                                        at,
                                        at))
                                .toList(),
                        5,
                        500)));
    }

    private void owned(int from) {
        long at = Nanos.of(bench.now) + 1_000;
        bench.observe(new TrafficObservation.OwnedFlows(
                IntStream.range(from, from + BATCH)
                        .mapToObj(i -> new AttributedCount(
                                new Attribution.Exact(SPRAYER, "test"),
                                Protocol.UDP,
                                Optional.of(new Endpoint(address(i), 80)),
                                false,
                                1,
                                57,
                                0,
                                at,
                                at))
                        .toList(),
                5,
                500));
    }

    @Test
    @Timeout(60)
    void threeHundredThousandFlowsWithoutATickAreCountedExactlyAndNobodyWaits() {
        for (int batch = 0; batch < 30; batch++) {
            flows(batch * BATCH);
        }
        Snapshot snapshot = bench.tick();
        assertThat(snapshot.totals().packets()).isEqualTo(30 * BATCH + 150);
        assertThat(snapshot.totals().bytes()).isEqualTo(30L * BATCH * 57 + 15_000);
        assertThat(snapshot.degraded())
                .contains("behind by 1 s: the counts are complete, small senders are told apart less");
        assertThat(bench.idle(Duration.ofSeconds(11)).degraded()).isEmpty();
    }

    @Test
    @Timeout(60)
    void threeHundredThousandCountsOfOneSenderStayThatSenders() {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        for (int batch = 0; batch < 30; batch++) {
            owned(batch * BATCH);
        }
        Snapshot snapshot = bench.tick();
        assertThat(snapshot.totals().packets()).isEqualTo(30 * BATCH + 150);
        assertThat(snapshot.talkers().stream()
                        .filter(talker -> talker.attribution().knownOwner().isPresent())
                        .mapToLong(Talker::packets)
                        .sum())
                .isEqualTo(30 * BATCH);
    }

    @Test
    void whatWaitsIsBoundedByWhatItWeighsNotByHowManyThereAre() throws InterruptedException {
        ObservationQueue queue = new ObservationQueue();
        long at = Nanos.of(bench.now);
        for (int batch = 0; batch < 30; batch++) {
            int from = batch * BATCH;
            List<FlowCount> counts = IntStream.range(from, from + BATCH)
                    .mapToObj(i -> new FlowCount(
                            new FlowKey(
                                    Protocol.UDP,
                                    new Endpoint(GuardBench.address("198.51.100.10"), i % 60_000 + 1),
                                    new Endpoint(address(i), 80)),
                            1,
                            57,
                            0,
                            at,
                            at))
                    .toList();
            queue.put(new TrafficObservation.Flows("eth0", new FlowBatch(counts, 0, 0)));
        }
        ObservationQueue.Taken taken = queue.take();
        int held = taken.observations().stream()
                .mapToInt(
                        one -> ((TrafficObservation.Flows) one).batch().flows().size())
                .sum();
        long packets = taken.observations().stream()
                .mapToLong(one -> ((TrafficObservation.Flows) one).batch().packets())
                .sum();
        assertThat(taken.merged()).isTrue();
        assertThat(held)
                .isLessThanOrEqualTo(
                        ObservationQueue.MOST + BATCH + FlowMerger.MOST_FLOWS + FlowMerger.MOST_DESTINATIONS);
        assertThat(packets).isEqualTo(30 * BATCH);
        assertThat(queue.take().merged()).isFalse();
    }

    @Test
    void aGuardThatWasHeldUpSaysForHowLong() {
        bench.tick();
        bench.now = bench.now.plusMillis(5_800);
        assertThat(bench.tick().degraded()).containsExactly("behind by 6 s");
        assertThat(bench.idle(Duration.ofSeconds(12)).degraded()).isEmpty();
    }
}
