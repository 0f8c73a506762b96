package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;

/** A replay that ticks only when the guard wants it judges as one that ticks four times in each second of its trace. */
class WakeTest {

    private static final long START = 1_764_950_000L * Nanos.PER_SECOND;

    private int ids;
    private int otherIds;

    @RepeatedTest(12)
    void theSameIsThoughtOfEverybody(RepetitionInfo repetition) throws InterruptedException {
        Random random = new Random(repetition.getCurrentRepetition());
        Guard always = replay(() -> "o-" + ids++);
        Guard woken = replay(() -> "o-" + otherIds++);
        List<String> verdicts = new ArrayList<>();
        List<String> wokenVerdicts = new ArrayList<>();
        Map<String, Verdict> before = new TreeMap<>();
        Map<String, Verdict> wokenBefore = new TreeMap<>();
        long wake = Long.MIN_VALUE;
        int skipped = 0;
        for (long tick = 1; tick < 6_000; tick++) {
            long now = START + tick * Guard.TICK_NANOS;
            boolean quiet = tick / 600 % 2 == 1;
            boolean sends = random.nextInt(quiet ? 200 : 4) == 0;
            if (sends) {
                FlowBatch batch = batch(random, now);
                always.observe(new TrafficObservation.Flows("trace", batch));
                woken.observe(new TrafficObservation.Flows("trace", batch));
            }
            Instant at = Nanos.instant(now);
            note(always.tick(at), at, before, verdicts);
            if (sends || wake <= now) {
                note(woken.tick(at), at, wokenBefore, wokenVerdicts);
                wake = woken.wakeNanos();
            } else {
                skipped++;
            }
        }
        assertThat(wokenVerdicts).isEqualTo(verdicts);
        assertThat(verdicts).anyMatch(line -> line.endsWith("OFFENDING")).anyMatch(line -> line.endsWith("CLEAN"));
        assertThat(skipped).isGreaterThan(1_000);
        assertThat(woken.lookBack().totals().packets())
                .isEqualTo(always.lookBack().totals().packets());
    }

    private static Guard replay(java.util.function.Supplier<String> ids) {
        return new Guard(
                GuardBench.POLICY, flows -> {}, new GuardBench(), ids, () -> "a-1", Snapshot.Eye.REPLAY, Instant.EPOCH);
    }

    private static FlowBatch batch(Random random, long now) {
        List<FlowCount> flows = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            int kind = random.nextInt(3);
            int host = kind; // one of a class: several small ones are put together at a second of their own
            long packets = 1L + random.nextInt(random.nextInt(8) == 0 ? 9_000 : 300);
            FlowKey udp = GuardBench.udp(40_000 + host, "203.0.113." + host, 80);
            FlowKey key = kind == 0
                    ? udp
                    : new FlowKey(
                            Protocol.TCP,
                            udp.local(),
                            new org.outguard.flow.Endpoint(udp.remote().address(), kind == 1 ? 25 : 443));
            long first = now - 1 - random.nextInt(240_000_000);
            long connects = kind == 0 ? 0 : packets / 20;
            flows.add(new FlowCount(key, packets, packets * 60, connects, first, now - 1));
        }
        return new FlowBatch(flows, 0, 0);
    }

    private static void note(Snapshot snapshot, Instant at, Map<String, Verdict> before, List<String> verdicts) {
        for (Talker talker : snapshot.talkers()) {
            Verdict last = before.put(talker.id(), talker.verdict());
            if (last != talker.verdict() && (last != null || talker.verdict() != Verdict.CLEAN)) {
                verdicts.add(at + " " + talker.id() + " " + talker.verdict());
            }
        }
    }

    @Test
    void aTraceIsReportedByTheWorstThatWasInIt() throws InterruptedException {
        Guard guard = replay(() -> "o-1");
        FlowKey flood = GuardBench.udp(40_000, "203.0.113.80", 80);
        long at = START;
        guard.observe(new TrafficObservation.Flows(
                "trace",
                new FlowBatch(
                        List.of(new FlowCount(flood, 50_000, 1_450_000, 0, at, at + Nanos.PER_SECOND - 1)), 0, 0)));
        guard.tick(Nanos.instant(at + Nanos.PER_SECOND));
        for (int minute = 1; minute < 60; minute++) {
            at = START + minute * 60L * Nanos.PER_SECOND;
            guard.observe(new TrafficObservation.Flows(
                    "trace", new FlowBatch(List.of(new FlowCount(flood, 1, 29, 0, at, at)), 0, 0)));
            guard.tick(Nanos.instant(at + Guard.TICK_NANOS));
        }
        assertThat(guard.snapshot().suspects()).isEmpty();
        assertThat(guard.lookBack().suspects()).singleElement().satisfies(talker -> {
            assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
            assertThat(talker.packets()).isEqualTo(50_059);
        });
    }
}
