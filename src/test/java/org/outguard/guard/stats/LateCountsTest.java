package org.outguard.guard.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** The program was held up while somebody sent: what it finds afterwards is judged over the time in which it was sent. */
class LateCountsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long FLOOD_NANOS = 2 * SECOND;
    private static final Endpoint VICTIM = new Endpoint(GuardBench.address("203.0.113.80"), 80);
    private static final FlowKey FLOOD = GuardBench.udp(40_000, "203.0.113.80", 80);
    private static final Owner FLOODER = GuardBench.process(4711, "x7", 33, "www-data");

    private final GuardBench bench = new GuardBench();

    /* Nothing is drained and nothing ticks for so long; then one slot has all of it. */
    private Snapshot stoppedFor(long millis, long packets, long connects) {
        bench.tick();
        long first = Nanos.of(bench.now) + SECOND / 10;
        bench.now = bench.now.plusMillis(millis);
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(owned(Protocol.UDP, VICTIM, packets, connects, first, first + FLOOD_NANOS)), 0, 0));
        return bench.tick();
    }

    private static AttributedCount owned(
            Protocol protocol, Endpoint remote, long packets, long connects, long first, long last) {
        return new AttributedCount(
                new Attribution.Exact(FLOODER, "test"),
                protocol,
                Optional.of(remote),
                false,
                packets,
                packets * 57,
                connects,
                first,
                last);
    }

    private void kernelCounts() {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
    }

    @ParameterizedTest
    @ValueSource(longs = {2_200, 3_500, 6_000, 30_000, 59_000, 90_000, 600_000})
    void aFloodDuringAStopIsOffendingWithTheRateThatItHad(long millis) {
        kernelCounts();
        Talker offender = stoppedFor(millis, 60_000, 0).suspects().get(0);
        assertThat(offender.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(offender.packets()).isEqualTo(60_000);
        assertThat(offender.rate().packets1s()).isBetween(29_900.0, 30_100.0);
        assertThat(offender.rate().bits1s()).isBetween(29_900.0 * 57 * 8, 30_100.0 * 57 * 8);
        assertThat(offender.reason()).matches("(29,9|30,0)\\d\\d packets/s of UDP, limit 10,000");
        assertThat(bench.tick().suspects().get(0).packets()).isEqualTo(60_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_500, 30_000, 90_000})
    void itKeepsItsVerdictForTheQuietTimeAndNoLonger(long millis) {
        kernelCounts();
        stoppedFor(millis, 60_000, 0);
        assertThat(bench.idle(Duration.ofSeconds(59)).suspects()).hasSize(1);
        assertThat(bench.idle(Duration.ofSeconds(5)).suspects()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {2_200, 6_000, 30_000, 90_000})
    void whatWasSlowIsNoFloodBecauseItComesAtOnce(long millis) {
        kernelCounts();
        bench.tick();
        long first = Nanos.of(bench.now);
        bench.now = bench.now.plusMillis(millis);
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(owned(Protocol.UDP, VICTIM, millis * 19 / 10, 0, first, first + millis * 1_000_000)), 0, 0));
        assertThat(bench.tick().suspects()).isEmpty();
        assertThat(bench.idle(Duration.ofSeconds(2)).suspects()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {2_200, 6_000, 30_000, 90_000})
    void aSprayDuringAStopIsJudgedByTheSumOfItsDestinations(long millis) {
        kernelCounts();
        bench.tick();
        long first = Nanos.of(bench.now);
        bench.now = bench.now.plusMillis(millis);
        bench.observe(new TrafficObservation.OwnedFlows(
                LongStream.range(0, 12_000)
                        .mapToObj(i -> owned(
                                Protocol.UDP,
                                new Endpoint(VICTIM.address(), (int) i + 1),
                                2,
                                0,
                                first + i * 166_000,
                                first + i * 166_000))
                        .toList(),
                0,
                0));
        assertThat(bench.tick().suspects()).singleElement().satisfies(talker -> {
            assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
            assertThat(talker.reason()).startsWith("12,0");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {2_200, 3_500, 6_000, 30_000, 90_000})
    void connectionAttemptsDuringAStopAreJudgedToo(long millis) {
        kernelCounts();
        bench.tick();
        long first = Nanos.of(bench.now);
        bench.now = bench.now.plusMillis(millis);
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(owned(Protocol.TCP, VICTIM, 6_000, 6_000, first, first + FLOOD_NANOS)), 0, 0));
        Talker suspect = bench.tick().suspects().get(0);
        assertThat(suspect.kind()).isEqualTo(OffenceKind.TCP_SYN_FLOOD);
        assertThat(suspect.reason()).startsWith("600 TCP connection attempts/s");
    }

    @ParameterizedTest
    @ValueSource(longs = {2_200, 3_500, 6_000, 30_000, 90_000})
    void whatTheWireEyeReadsLateIsJudgedWhenItsOwnerIsKnown(long millis) {
        bench.tick();
        long first = Nanos.of(bench.now);
        bench.now = bench.now.plusMillis(millis);
        FlowCount late = new FlowCount(FLOOD, 60_000, 60_000 * 57, 0, first, first + FLOOD_NANOS);
        bench.observe(new TrafficObservation.Flows("eth0", new FlowBatch(List.of(late), 0, 0)));
        bench.tick();
        bench.found(FLOOD, FLOODER);
        assertThat(bench.tick().suspects()).singleElement().satisfies(talker -> {
            assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
            assertThat(talker.attribution().knownOwner()).contains(FLOODER);
            assertThat(talker.rate().packets1s()).isBetween(29_900.0, 30_100.0);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {2_200, 6_000, 30_000})
    void manyForgedSourcesAreJudgedTogetherHoweverLate(long millis) {
        bench.tick();
        long first = Nanos.of(bench.now);
        bench.now = bench.now.plusMillis(millis);
        bench.observe(new TrafficObservation.Flows(
                "eth0",
                new FlowBatch(
                        LongStream.range(0, 20_000)
                                .mapToObj(i -> new FlowCount(
                                        GuardBench.udp((int) i + 1, "203.0.113." + (i % 250 + 1), (int) i + 1),
                                        1,
                                        57,
                                        0,
                                        first + i * 75_000,
                                        first + i * 75_000))
                                .toList(),
                        0,
                        0)));
        bench.tick();
        bench.idle(Duration.ofSeconds(2));
        assertThat(bench.guard.snapshot().suspects()).anyMatch(talker -> talker.verdict() == Verdict.OFFENDING);
    }

    @Test
    void packetsWithoutRoomAreNoBurstAfterAStop() {
        bench.tick();
        bench.now = bench.now.plusSeconds(10);
        bench.observe(new TrafficObservation.Flows("eth0", new FlowBatch(List.of(), 30_000, 30_000 * 57)));
        assertThat(bench.tick().suspects()).noneMatch(talker -> talker.verdict() == Verdict.OFFENDING);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_500, 6_000, 30_000})
    void whatIsForwardedFromAnotherNamespaceStillMeetsItsSightingAfterAStop(long millis) {
        kernelCounts();
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
        bench.tick();
        long first = Nanos.of(bench.now);
        bench.now = bench.now.plusMillis(millis);
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        new Attribution.Exact(FLOODER, "test"),
                        Protocol.UDP,
                        Optional.of(VICTIM),
                        true,
                        60_000,
                        60_000 * 57,
                        0,
                        first,
                        first + FLOOD_NANOS)),
                0,
                0));
        bench.tick();
        FlowCount seen = new FlowCount(FLOOD, 60_000, 60_000 * 57, 0, first, first + FLOOD_NANOS);
        bench.observe(new TrafficObservation.Flows("eth0", new FlowBatch(List.of(seen), 0, 0)));
        bench.observe(new TrafficObservation.OwnedFlows(List.of(), 0, 0));
        bench.tick();
        bench.observe(new TrafficObservation.OwnedFlows(List.of(), 0, 0));
        assertThat(bench.tick().suspects())
                .singleElement()
                .satisfies(
                        talker -> assertThat(talker.attribution().knownOwner()).contains(FLOODER));
    }
}
