package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Services that attack others with their answers, and services that serve. */
class ReflectorTest {

    private static final Owner NAMED = GuardBench.process(700, "named", 53, "bind9");
    private static final IpAddress VICTIM = GuardBench.address("203.0.113.9");

    private final DealingsBench bench = new DealingsBench();

    private void answers(int servicePort, IpAddress to, int remotePort, long packets, long bytes) {
        long at = Nanos.of(bench.bench.now) + 100_000_000L;
        bench.bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        new Attribution.Exact(NAMED, "counted as it was sent"),
                        Protocol.UDP,
                        Optional.of(new Endpoint(to, remotePort)),
                        false,
                        packets,
                        bytes,
                        0,
                        at,
                        at,
                        servicePort)),
                0,
                0));
    }

    private void asks(int servicePort, IpAddress from, long packets, long bytes, double share) {
        long at = Nanos.of(bench.bench.now) + 100_000_000L;
        FlowKey key = new FlowKey(Protocol.UDP, new Endpoint(IpAddress.ANY_V4, servicePort), new Endpoint(from, 0));
        bench.bench.observe(new TrafficObservation.RequestsCounted(
                "eth0",
                packets == 0
                        ? FlowBatch.EMPTY
                        : new FlowBatch(List.of(new FlowCount(key, packets, bytes, 0, at, at)), 0, 0),
                share));
    }

    /* A second: so many requests of 70 bytes, each answered with so many bytes. */
    private Talker serves(int seconds, int servicePort, long requests, long answerBytes) {
        for (int tick = 0; tick < seconds * 4; tick++) {
            asks(servicePort, VICTIM, requests / 4, requests / 4 * 70, 1);
            answers(servicePort, VICTIM, 30_000 + tick % 50, requests / 4, requests / 4 * answerBytes);
            bench.bench.tick();
        }
        return bench.only();
    }

    @Test
    void anOpenResolverThatIsMadeToAnswerAVictimIsOffending() {
        Talker talker = serves(10, 53, 400, 3_000);
        assertThat(talker.kind()).isEqualTo(OffenceKind.REFLECTOR);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason())
                .isEqualTo(
                        "DNS at port 53 answers 203.0.113.9 with 9.6 Mbit/s, 43 times what asks in its name, over 5 s,"
                                + " limit 5");
        assertThat(talker.servicePort()).hasValue(53);
        assertThat(talker.attribution().knownOwner()).contains(NAMED);
        assertThat(BlockChoices.of(talker).get(0)).hasToString("uid 53 to 203.0.113.9 udp");
    }

    @Test
    void memcachedThatAnswersWithManyPacketsIsNamedThoughRequestsWereReadInPart() {
        for (int tick = 0; tick < 40; tick++) {
            asks(11_211, VICTIM, 2, 120, 0.25);
            answers(11_211, VICTIM, 80, 700, 700 * 1_400);
            bench.bench.tick();
        }
        assertThat(bench.only().kind()).isEqualTo(OffenceKind.REFLECTOR);
        assertThat(bench.only().reason()).startsWith("memcached at port 11211").contains("2,042 times");
    }

    @Test
    void littleAmplificationOrLittleRateIsSuspectAtMost() {
        assertThat(serves(10, 53, 400, 450).verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(bench.only().kind()).isEqualTo(OffenceKind.REFLECTOR);
    }

    @Test
    void timeServiceIsClean() {
        assertThat(serves(10, 123, 5_000 / 4, 76).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aNameServerWithManyClientsAndLargeAnswersIsClean() {
        for (int tick = 0; tick < 40; tick++) {
            for (int client = 0; client < 30; client++) {
                IpAddress address = GuardBench.address("11.0.0." + client);
                asks(53, address, 5, 350, 1);
                answers(53, address, 40_000 + client, 5, 5 * 1_200);
            }
            bench.bench.tick();
        }
        assertThat(bench.only().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void whatNobodyAskedForIsNoReflection() {
        for (int tick = 0; tick < 40; tick++) {
            asks(53, VICTIM, 0, 0, 1);
            answers(53, VICTIM, 80, 200, 200 * 1_400);
            bench.bench.tick();
        }
        assertThat(bench.only().kind()).isNotEqualTo(OffenceKind.REFLECTOR);
    }

    @Test
    void withoutACountOfWhatAsksItIsSuspectAndSaysSo() {
        for (int tick = 0; tick < 40; tick++) {
            answers(53, VICTIM, 80, 200, 200 * 1_000);
            bench.bench.tick();
        }
        assertThat(bench.only().kind()).isEqualTo(OffenceKind.REFLECTOR);
        assertThat(bench.only().verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(bench.only().reason()).contains("what asks for it is not counted");
    }
}
