package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Floods of few large packets, and what is as large and means no harm. */
class ByteFloodTest {

    private static final Owner FLOODER = GuardBench.process(4711, "x7", 33, "www-data");
    private static final FlowKey FLOOD = GuardBench.udp(40_000, "203.0.113.80", 443);

    private final GuardBench bench = new GuardBench();

    private Talker only() {
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        return bench.guard.snapshot().talkers().get(0);
    }

    /* So much in each quarter of a second, by the kernel eye. */
    private void counted(Protocol protocol, int localPort, Endpoint remote, long packets, int bytesEach, int ticks) {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
        for (int tick = 0; tick < ticks; tick++) {
            long at = Nanos.of(bench.now) + 100_000_000L;
            bench.observe(new TrafficObservation.OwnedFlows(
                    List.of(new AttributedCount(
                            new Attribution.Exact(FLOODER, "counted as it was sent"),
                            protocol,
                            Optional.of(remote),
                            false,
                            packets,
                            packets * bytesEach,
                            0,
                            at,
                            at,
                            localPort)),
                    0,
                    0));
            bench.tick();
        }
    }

    @Test
    void nineteenHundredLargePacketsASecondAreAFloodOfBytesByTheWire() {
        bench.sent(FLOOD, 475, 1_428);
        bench.found(FLOOD, FLOODER);
        bench.run(Duration.ofSeconds(8), FLOOD, 1_900, 1_428);
        assertThat(only().kind()).isEqualTo(OffenceKind.BYTE_FLOOD);
        assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(only().reason()).isEqualTo("22 Mbit/s of UDP to one address over 5 s, limit 20");
        assertThat(only().attribution().knownOwner()).contains(FLOODER);
    }

    @Test
    void theSameByTheKernel() {
        counted(Protocol.UDP, 40_000, FLOOD.remote(), 475, 1_428, 30);
        assertThat(only().kind()).isEqualTo(OffenceKind.BYTE_FLOOD);
        assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void icmpAndOtherProtocolsAreMeantToo() {
        counted(Protocol.ICMP, 0, new Endpoint(FLOOD.remote().address(), 0), 475, 1_428, 30);
        assertThat(only().kind()).isEqualTo(OffenceKind.BYTE_FLOOD);
    }

    @Test
    void oneOfManyDestinationsIsFound() {
        for (int tick = 0; tick < 40; tick++) {
            for (int i = 0; i < 20; i++) {
                bench.sent(GuardBench.udp(40_000, "203.0.113." + i, 9_000), 2, 200);
            }
            bench.sent(FLOOD, 475, 1_428);
            bench.tick();
        }
        assertThat(bench.guard.snapshot().suspects())
                .anyMatch(talker -> talker.reason().contains("Mbit/s of UDP to one address"));
    }

    @Test
    void aBackupOverTcpIsClean() {
        counted(Protocol.TCP, 40_000, new Endpoint(FLOOD.remote().address(), 22), 20_000, 1_500, 60);
        assertThat(only().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void anAnswerOverQuicAndATunnelAreClean() {
        counted(Protocol.UDP, 443, new Endpoint(FLOOD.remote().address(), 51_000), 450, 1_428, 60);
        assertThat(only().verdict()).isEqualTo(Verdict.CLEAN);
        counted(Protocol.UDP, 51_820, new Endpoint(FLOOD.remote().address(), 51_820), 450, 1_428, 60);
        assertThat(only().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aBurstOfASecondIsClean() {
        bench.run(Duration.ofSeconds(1), FLOOD, 1_900, 1_428);
        bench.run(Duration.ofSeconds(10), FLOOD, 100, 1_428);
        assertThat(only().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void answersThatTurnOutToBeAnothersStayAnswers() {
        FlowKey answer = GuardBench.udp(443, "203.0.113.80", 51_000);
        bench.run(Duration.ofSeconds(2), answer, 1_900, 1_428);
        bench.found(answer, FLOODER);
        bench.run(Duration.ofSeconds(8), answer, 1_900, 1_428);
        assertThat(only().verdict()).isEqualTo(Verdict.CLEAN);
    }
}
