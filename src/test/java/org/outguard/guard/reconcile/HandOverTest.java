package org.outguard.guard.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;

/** What the guard counts and judges while the kernel eye opens, when it is there, and after it was refused. */
class HandOverTest {

    private static final Endpoint VICTIM = new Endpoint(GuardBench.address("203.0.113.80"), 80);
    private static final FlowKey FLOOD = GuardBench.udp(40_000, "203.0.113.80", 80);
    private static final Owner FLOODER = GuardBench.process(4711, "x7", 33, "www-data");
    private static final long MILLI = 1_000_000L;

    private final GuardBench bench = new GuardBench(GuardBench.POLICY, Snapshot.Eye.KERNEL);

    private long nanos() {
        return Nanos.of(bench.now);
    }

    private void seen(FlowKey flow, long packets, long firstNanos, long lastNanos) {
        bench.observe(new TrafficObservation.Flows(
                "eth0",
                new FlowBatch(List.of(new FlowCount(flow, packets, packets * 57, 0, firstNanos, lastNanos)), 0, 0)));
    }

    private void drained(long packets, long firstNanos, long lastNanos) {
        drained(new Attribution.Exact(FLOODER, "counted as it was sent"), packets, firstNanos, lastNanos);
    }

    private void drained(Attribution sender, long packets, long firstNanos, long lastNanos) {
        List<AttributedCount> counts = packets == 0
                ? List.of()
                : List.of(new AttributedCount(
                        sender,
                        Protocol.UDP,
                        Optional.of(VICTIM),
                        false,
                        packets,
                        packets * 57,
                        0,
                        firstNanos,
                        lastNanos));
        bench.observe(new TrafficObservation.OwnedFlows(counts, 0, 0));
    }

    private void watched() {
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
    }

    private Talker only() {
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        return bench.guard.snapshot().talkers().get(0);
    }

    @Test
    void whileItOpensTheWireEyeCountsAndJudgesAndSaysSo() {
        assertThat(bench.guard.snapshot().eye()).isEqualTo(Snapshot.Eye.OPENING);
        assertThat(bench.guard.snapshot().degraded()).containsExactly("eBPF is opening; libpcap counts meanwhile");
        bench.run(Duration.ofMinutes(2), FLOOD, 20_000, 57);
        bench.found(FLOOD, FLOODER);
        Snapshot last = bench.tick();
        assertThat(last.eye()).isEqualTo(Snapshot.Eye.OPENING);
        assertThat(last.whyNotKernel()).isEqualTo("eBPF is opening; libpcap counts meanwhile");
        assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(only().packets()).isEqualTo(120 * 20_000);
        assertThat(only().eyes().kernel()).isEmpty();
        assertThat(bench.asked).contains(FLOOD);
    }

    @Test
    void aRefusalIsALimitAtOnceAndTheCountsGoOn() {
        bench.run(Duration.ofSeconds(2), FLOOD, 20_000, 57);
        bench.observe(new HostObservation.Degraded("kernel eye", "the wire eye counts: the kernel is locked down"));
        bench.observe(TrafficObservation.SourceSelected.wire("the kernel is locked down"));
        Snapshot last = bench.tick();
        assertThat(last.eye()).isEqualTo(Snapshot.Eye.WIRE);
        assertThat(last.whyNotKernel()).isEqualTo("the kernel is locked down");
        assertThat(last.degraded()).containsExactly("the wire eye counts: the kernel is locked down");
        bench.run(Duration.ofSeconds(2), FLOOD, 20_000, 57);
        assertThat(only().packets()).isEqualTo(80_000);
    }

    /* Whatever the packets' times, the batches and the delays are: after it was silent each packet was counted once. */
    @RepeatedTest(40)
    void noPacketIsLostOrCountedTwice() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        watched();
        int ports = 1 + random.nextInt(5);
        long cut = nanos() + random.nextLong(2_000, 6_000) * MILLI;
        long opened = cut + random.nextLong(1, 400) * MILLI;
        long end = cut + random.nextLong(-300, 4_000) * MILLI;
        long wireLate = random.nextLong(0, 300) * MILLI;
        List<long[]> packets = new ArrayList<>();
        for (long at = nanos(); at < end; at += random.nextLong(1, 1_500_000)) {
            packets.add(new long[] {at, random.nextInt(ports)});
        }
        List<long[]> wire = new ArrayList<>(packets);
        List<long[]> kernel = new ArrayList<>(packets);
        boolean told = false;
        for (int tick = 0; tick < 200; tick++) {
            long now = nanos() + 250 * MILLI;
            // A batch of the wire has what left up to a while ago, by the times at which the wire saw it.
            long[][] batch = new long[ports][3];
            for (long[] packet : take(wire, now - wireLate)) {
                long[] sum = batch[(int) packet[1]];
                sum[1] = sum[0] == 0 ? packet[0] + 3_000 : sum[1];
                sum[2] = packet[0] + 3_000;
                sum[0]++;
            }
            boolean wireFirst = random.nextBoolean();
            if (wireFirst) {
                seen(batch);
            }
            if (!told && now >= opened) {
                take(kernel, cut);
                bench.observe(TrafficObservation.SourceSelected.kernelSince(cut));
                told = true;
            }
            if (!wireFirst) {
                seen(batch);
            }
            if (told) {
                List<long[]> counted = take(kernel, now);
                drained(
                        counted.size(),
                        counted.isEmpty() ? 0 : counted.get(0)[0],
                        counted.isEmpty() ? 0 : counted.get(counted.size() - 1)[0]);
            }
            bench.tick();
            for (int port = 0; port < ports && tick % 3 == 0; port++) {
                bench.found(GuardBench.udp(port + 1, "203.0.113.80", 80), FLOODER);
            }
        }
        Snapshot last = bench.guard.snapshot();
        assertThat(last.eye()).as("seed %d", seed).isEqualTo(Snapshot.Eye.KERNEL);
        assertThat(bench.guard.handingOver()).as("seed %d", seed).isFalse();
        assertThat(last.totals().packets()).as("seed %d", seed).isEqualTo(packets.size());
        assertThat(last.talkers().stream().mapToLong(Talker::packets).sum())
                .as("seed %d", seed)
                .isEqualTo(packets.size());
        assertThat(last.totals().attributedPackets()).as("seed %d", seed).isEqualTo(packets.size());
    }

    /* Packets, first and last of each flow. */
    private void seen(long[][] batch) {
        for (int port = 0; port < batch.length; port++) {
            if (batch[port][0] > 0) {
                seen(GuardBench.udp(port + 1, "203.0.113.80", 80), batch[port][0], batch[port][1], batch[port][2]);
            }
        }
    }

    private static List<long[]> take(List<long[]> packets, long before) {
        List<long[]> taken = new ArrayList<>();
        packets.removeIf(packet -> packet[0] < before && taken.add(packet));
        return taken;
    }

    @Test
    void aFloodKeepsItsRowItsVerdictAndItsRate() {
        watched();
        bench.run(Duration.ofSeconds(3), FLOOD, 20_000, 57);
        bench.found(FLOOD, FLOODER);
        bench.tick();
        String id = only().id();
        assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
        long cut = nanos();
        bench.observe(TrafficObservation.SourceSelected.kernelSince(cut));
        for (int tick = 0; tick < 20; tick++) {
            seen(FLOOD, 5_000, nanos(), nanos() + 249 * MILLI);
            drained(5_000, nanos(), nanos() + 249 * MILLI);
            Snapshot now = bench.tick();
            assertThat(only().id()).isEqualTo(id);
            assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
            assertThat(now.degraded()).isEmpty();
        }
        assertThat(only().packets()).isEqualTo(60_000 + 100_000);
        assertThat(only().attribution().quality()).isEqualTo(MatchQuality.EXACT);
        assertThat(only().rate().packets1s()).isEqualTo(20_000);
        SourceCounts eyes = only().eyes();
        assertThat(eyes.kernel()).contains(new SourceCounts.Sum(100_000, 100_000 * 57));
        assertThat(eyes.before()).isEqualTo(new SourceCounts.Sum(60_000, 60_000 * 57));
        assertThat(eyes.unaccounted()).isEqualTo(SourceCounts.Sum.NONE);
    }

    @Test
    void whatNobodySendsKeepsItsRowToo() {
        watched();
        Attribution nobody = new Attribution.Unknown("no socket of this machine");
        bench.run(Duration.ofSeconds(3), FLOOD, 20_000, 57);
        bench.observe(new TrafficObservation.OwnerFound(FLOOD, nobody));
        bench.tick();
        String id = only().id();
        bench.observe(TrafficObservation.SourceSelected.kernelSince(nanos()));
        for (int tick = 0; tick < 40; tick++) {
            seen(FLOOD, 5_000, nanos(), nanos() + 249 * MILLI);
            drained(0, 0, 0);
            bench.tick();
            assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
        }
        assertThat(only().id()).isEqualTo(id);
        assertThat(only().attribution()).isEqualTo(Reconciler.UNACCOUNTED);
        // What is compared of the last seconds is still to come.
        assertThat(only().packets()).isBetween(60_000 + 160_000L, 60_000 + 200_000L);
    }

    @Test
    void whatTheKernelCountsMoreOfThanTheEstimateExplainsIsLeftAlone() {
        watched();
        bench.run(Duration.ofSeconds(2), FLOOD, 400, 57);
        bench.found(FLOOD, FLOODER);
        bench.tick();
        long cut = nanos() + 50 * MILLI;
        bench.observe(TrafficObservation.SourceSelected.kernelSince(cut));
        seen(FLOOD, 100, cut - 50 * MILLI, cut + 50 * MILLI);
        // As where a queue of the device drops what the kernel eye has counted.
        drained(5_000, cut, cut + 100 * MILLI);
        bench.tick();
        for (int tick = 0; tick < 20; tick++) {
            drained(0, 0, 0);
            bench.tick();
        }
        assertThat(only().packets()).isEqualTo(800 + 50 + 5_000);
        assertThat(bench.guard.handingOver()).isFalse();
    }

    @Test
    void ofTcpTheWireEyeSeesConnectsAlone() {
        watched();
        long cut = nanos() + 50 * MILLI;
        FlowKey connection = GuardBench.tcp(40_000, "203.0.113.80", 443);
        bench.observe(TrafficObservation.SourceSelected.kernelSince(cut));
        seen(connection, 3, cut - 30 * MILLI, cut - 10 * MILLI);
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        new Attribution.Exact(FLOODER, "counted as it was sent"),
                        Protocol.TCP,
                        Optional.of(connection.remote()),
                        false,
                        2,
                        120,
                        0,
                        cut,
                        cut)),
                0,
                0));
        for (int tick = 0; tick < 20; tick++) {
            bench.tick();
            drained(0, 0, 0);
        }
        assertThat(bench.guard.snapshot().totals().packets()).isEqualTo(3 + 2);
    }

    @Test
    void aFloodThatGoesOnIsComparedForHalfAMinuteAtMost() {
        watched();
        bench.observe(TrafficObservation.SourceSelected.kernelSince(nanos()));
        int ticks = 0;
        do {
            seen(FLOOD, 500, nanos() - MILLI, nanos() + 249 * MILLI);
            drained(500, nanos(), nanos() + 249 * MILLI);
            bench.tick();
            ticks++;
        } while (bench.guard.handingOver());
        assertThat(ticks).isBetween(4 * HandOver.MOST_SECONDS, 4 * HandOver.MOST_SECONDS + 2);
    }

    @Test
    void whatTheCaptureLosesIsNotTakenForADifference() {
        watched();
        long cut = nanos() + 50 * MILLI;
        bench.observe(TrafficObservation.SourceSelected.kernelSince(cut));
        seen(FLOOD, 100, cut - 50 * MILLI, cut + 50 * MILLI);
        drained(80, cut, cut + 50 * MILLI);
        bench.observe(
                new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 100, 30, 0));
        for (int tick = 0; tick < 20; tick++) {
            bench.tick();
            drained(0, 0, 0);
        }
        assertThat(bench.guard.snapshot().totals().packets()).isEqualTo(50 + 80);
    }
}
