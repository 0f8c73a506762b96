package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.MailLimits;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficLimits;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Protocols that carry others, and pings that carry more than a ping does. */
class TunnelTest {

    private static final Owner SENDER = GuardBench.process(4711, "x7", 33, "www-data");
    private static final IpAddress PEER = GuardBench.address("11.0.0.1");

    private Talker run(GuardBench bench, Protocol protocol, long packetsATick, int bytesEach) {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
        for (int tick = 0; tick < 40; tick++) {
            long at = Nanos.of(bench.now) + 100_000_000L;
            bench.observe(new TrafficObservation.OwnedFlows(
                    List.of(new AttributedCount(
                            new Attribution.Exact(SENDER, "counted as it was sent"),
                            protocol,
                            Optional.of(new Endpoint(PEER, 0)),
                            false,
                            packetsATick,
                            packetsATick * bytesEach,
                            0,
                            at,
                            at)),
                    0,
                    0));
            bench.tick();
        }
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        return bench.guard.snapshot().talkers().get(0);
    }

    @Test
    void greIsATunnelAndNamed() {
        Talker talker = run(new GuardBench(), Protocol.GRE, 25, 500);
        assertThat(talker.kind()).isEqualTo(OffenceKind.TUNNEL);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(talker.reason())
                .isEqualTo("100 packets/s of GRE, which carries other protocols, over 5 s, suspect from 50");
        assertThat(talker.attribution().knownOwner()).contains(SENDER);
    }

    @Test
    void aFastOneIsOffending() {
        assertThat(run(new GuardBench(), Protocol.IPIP, 1_500, 60).verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void largePingsThatGoOnAreSuspect() {
        Talker talker = run(new GuardBench(), Protocol.ICMP, 25, 900);
        assertThat(talker.kind()).isEqualTo(OffenceKind.TUNNEL);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(talker.reason()).contains("ICMP of 900 bytes each");
    }

    @Test
    void pingsOfTheUsualLengthAndOtherProtocolsAtALowRateAreClean() {
        assertThat(run(new GuardBench(), Protocol.ICMP, 25, 84).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(run(new GuardBench(), Protocol.SCTP, 100, 300).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(run(new GuardBench(), Protocol.OSPF, 1, 80).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aTunnelThatThePolicyNamesIsClean() {
        TrafficLimits before = TrafficLimits.DEFAULTS;
        Policy or = GuardBench.POLICY;
        Policy policy = new Policy(
                or.packets(),
                or.connects(),
                or.known(),
                or.quietAfterSeconds(),
                MailLimits.DEFAULTS,
                new TrafficLimits(
                        Map.of(),
                        before.loginPorts(),
                        before.serviceLoginPorts(),
                        Set.of(PEER),
                        before.attackedPorts()),
                or.neverBlock());
        Talker talker = run(new GuardBench(policy, Snapshot.Eye.WIRE), Protocol.ESP, 2_000, 1_400);
        assertThat(talker.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(talker.reason()).isEqualTo("a tunnel that the policy names");
    }
}
