package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.NeverBlock;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficLimits;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;

/** The incident: a flood of 29-byte packets to one address, and what the guard says of it. */
class FloodTest {

    private static final FlowKey FLOOD = udp(40000, "203.0.113.80", 80);
    private static final Owner FLOODER = process(4711, "x7", 33, "www-data");

    private final GuardBench bench = new GuardBench();

    @Test
    void aFloodIsOffendingWithinASecondAndNamesItsOwner() {
        bench.sent(FLOOD, 43_250, 29);
        bench.tick();
        assertThat(bench.asked).containsExactly(FLOOD);
        bench.found(FLOOD, FLOODER);
        Snapshot snapshot = bench.run(Duration.ofMillis(750), FLOOD, 173_000, 29);

        Talker offender = snapshot.suspects().get(0);
        assertThat(snapshot.suspects()).hasSize(1);
        assertThat(offender.kind()).isEqualTo(OffenceKind.UDP_FLOOD);
        assertThat(offender.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(offender.attribution().knownOwner()).contains(FLOODER);
        assertThat(offender.pids()).containsExactly(FLOODER.id());
        assertThat(offender.packets()).isEqualTo(4 * 43_250);
        assertThat(offender.bytes()).isEqualTo(4 * 43_250 * 29);
        assertThat(offender.reason()).contains("packets/s of UDP, limit 10,000");
        assertThat(offender.limit()).isEqualTo(10_000);
        assertThat(offender.rate().packets1s()).isEqualTo(173_000);
        assertThat(snapshot.totals().attributedPackets()).isEqualTo(offender.packets());
    }

    @Test
    void whatLeftBeforeTheOwnerWasKnownIsChargedToItAfterwards() {
        bench.run(Duration.ofSeconds(2), FLOOD, 173_000, 29);
        bench.found(FLOOD, FLOODER);
        Snapshot snapshot = bench.tick();
        assertThat(snapshot.talkers()).hasSize(1);
        assertThat(snapshot.talkers().get(0).packets()).isEqualTo(346_000);
        assertThat(snapshot.talkers().get(0).remotes())
                .containsExactly(new Talker.RemoteTotal(FLOOD.remote(), 346_000, 346_000 * 29));
    }

    @Test
    void aRowWhoseEveryFlowIsOthersIsGoneAndItIsToldThatItIs() {
        FlowKey other = udp(40_001, "203.0.113.80", 80);
        for (int tick = 0; tick < 8; tick++) {
            bench.sent(FLOOD, 3_000, 29);
            bench.sent(other, 3_000, 29);
            bench.tick();
        }
        Talker nobody = bench.guard.snapshot().suspects().get(0);
        bench.found(FLOOD, FLOODER);
        bench.found(other, process(4712, "x8", 34, "other"));
        Snapshot snapshot = bench.tick();

        assertThat(snapshot.talkers())
                .hasSize(2)
                .noneMatch(talker -> talker.id().equals(nobody.id()));
        assertThat(snapshot.moved()).containsExactly(new Snapshot.Moved(nobody.id(), Optional.empty()));
    }

    @Test
    void whatWasKnownOfAProcessStaysWhenItIsAskedForAgainAsItEnds() {
        bench.run(Duration.ofSeconds(1), FLOOD, 173_000, 29);
        bench.found(FLOOD, FLOODER);
        bench.tick();
        bench.found(FLOOD, GuardBench.ending(FLOODER));
        Snapshot snapshot = bench.run(Duration.ofSeconds(1), FLOOD, 173_000, 29);

        assertThat(snapshot.talkers()).singleElement().satisfies(talker -> {
            assertThat(talker.attribution().knownOwner()).contains(FLOODER);
            assertThat(talker.packets()).isEqualTo(346_000);
        });
    }

    @Test
    void aFloodThatNobodyOwnsIsStillAnOffender() {
        Snapshot snapshot = bench.run(Duration.ofSeconds(2), FLOOD, 173_000, 29);
        Talker offender = snapshot.suspects().get(0);
        assertThat(offender.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(offender.attribution().quality()).isEqualTo(MatchQuality.NONE);
    }

    @Test
    void anUnknownOwnerIsAskedForAgainWithGrowingPauses() {
        bench.run(Duration.ofSeconds(1), FLOOD, 173_000, 29);
        bench.observe(new TrafficObservation.OwnerFound(FLOOD, new Attribution.Unknown("no socket")));
        bench.run(Duration.ofSeconds(19), FLOOD, 173_000, 29);
        assertThat(bench.asked).hasSizeBetween(4, 8);
    }

    @Test
    void aBystanderThatAsksDnsStaysClean() {
        FlowKey dns = udp(5353, "192.0.2.53", 53);
        Owner bystander = process(99, "resolver", 65534, "nobody");
        bench.sent(dns, 5, 60);
        bench.found(dns, bystander);
        for (int tick = 0; tick < 40; tick++) {
            bench.sent(FLOOD, 43_250, 29);
            bench.run(Duration.ofMillis(250), dns, 20, 60);
        }
        assertThat(bench.guard.snapshot().talkers())
                .filteredOn(t -> t.verdict() == Verdict.CLEAN)
                .singleElement()
                .satisfies(t -> assertThat(t.attribution().knownOwner()).contains(bystander));
    }

    @Test
    void twoThousandToOneAddressIsSuspectAndStaysSoForAWhile() {
        Snapshot snapshot = bench.run(Duration.ofSeconds(2), FLOOD, 2_400, 100);
        assertThat(snapshot.suspects().get(0).verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(snapshot.suspects().get(0).reason()).contains("to one address, suspect from 2,000");
        assertThat(bench.idle(Duration.ofSeconds(50)).suspects()).hasSize(1);
        assertThat(bench.idle(Duration.ofSeconds(20)).suspects()).isEmpty();
    }

    @Test
    void theReasonKeepsTheHighestFigureAndSaysThatItWasTheHighest() {
        Snapshot flood = bench.run(Duration.ofSeconds(2), FLOOD, 173_000, 29);
        assertThat(flood.suspects().get(0).reason()).isEqualTo("173,000 packets/s of UDP, limit 10,000");

        Snapshot less = bench.run(Duration.ofSeconds(2), FLOOD, 12_000, 29);
        assertThat(less.suspects().get(0).reason()).isEqualTo("173,000 packets/s of UDP at its peak, limit 10,000");
        assertThat(less.suspects().get(0).rate().packets1s()).isEqualTo(12_000);

        Snapshot over = bench.idle(Duration.ofSeconds(10));
        assertThat(over.suspects().get(0).reason()).isEqualTo("173,000 packets/s of UDP at its peak, limit 10,000");

        Snapshot more = bench.run(Duration.ofSeconds(2), FLOOD, 200_000, 29);
        assertThat(more.suspects().get(0).reason()).isEqualTo("200,000 packets/s of UDP, limit 10,000");
    }

    @Test
    void forgedSourcePortsToOneVictimAreOneOffender() {
        for (int tick = 0; tick < 8; tick++) {
            for (int port = 1; port <= 4_000; port++) {
                bench.sent(udp(port + tick * 4_000, "203.0.113.80", 80), 1, 29);
            }
            bench.tick();
        }
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        assertThat(bench.guard.snapshot().talkers().get(0).packets()).isEqualTo(32_000);
        assertThat(bench.guard.snapshot().talkers().get(0).verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void oneSocketThatSpraysIsOneOffenderWithManyRemotes() {
        for (int tick = 0; tick < 8; tick++) {
            for (int host = 0; host < 256; host++) {
                bench.sent(udp(40000, "203.0.113." + host, 80), 20, 29);
            }
            bench.tick();
        }
        Talker offender = bench.guard.snapshot().suspects().get(0);
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        assertThat(offender.remoteCount()).isEqualTo(256);
        assertThat(offender.remotes()).hasSize(256);
    }

    @Test
    void aProgramThatForksForEachPacketIsOneOffenderWithItsPids() {
        for (int pid = 1; pid <= 400; pid++) {
            FlowKey flow = udp(10_000 + pid, "203.0.113.80", 80);
            bench.sent(flow, 100, 29);
            bench.found(flow, process(pid, "forker", 33, "www-data"));
            if (pid % 50 == 0) {
                bench.tick();
            }
        }
        Talker together = bench.guard.snapshot().talkers().get(0);
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        assertThat(together.pids()).hasSizeGreaterThan(200);
        assertThat(together.packets()).isEqualTo(40_000);
    }

    @Test
    void whatTheTableHadNoRoomForStillCounts() {
        bench.observe(new TrafficObservation.Flows("eth0", new FlowBatch(List.of(), 50_000, 1_450_000)));
        bench.tick();
        Snapshot snapshot = bench.tick();
        assertThat(snapshot.totals().packets()).isEqualTo(50_000);
        assertThat(snapshot.talkers().get(0).packets()).isEqualTo(50_000);
        assertThat(snapshot.talkers().get(0).verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void aKnownServiceMayDoMore() {
        Snapshot snapshot = bench.run(Duration.ofSeconds(2), udp(5353, "192.0.2.53", 53), 6_000, 60);
        assertThat(snapshot.suspects()).isEmpty();
        snapshot = bench.run(Duration.ofSeconds(2), udp(5353, "192.0.2.54", 53), 6_000, 60);
        assertThat(snapshot.suspects()).hasSize(1);
    }

    @Test
    void anExemptUserIsNeverJudged() {
        Policy defaults = GuardBench.POLICY;
        Policy policy = new Policy(
                defaults.packets(),
                defaults.connects(),
                new Policy.Known(
                        defaults.knownServiceFactor(),
                        defaults.resolvers(),
                        defaults.serviceUsers(),
                        defaults.mailUsers(),
                        Set.of("www-data")),
                defaults.quietAfterSeconds(),
                defaults.mail(),
                TrafficLimits.DEFAULTS,
                NeverBlock.DEFAULT);
        GuardBench lenient = new GuardBench(policy, Snapshot.Eye.WIRE);
        lenient.sent(FLOOD, 1, 29);
        lenient.found(FLOOD, FLOODER);
        assertThat(lenient.run(Duration.ofSeconds(2), FLOOD, 173_000, 29).suspects())
                .isEmpty();
    }

    @Test
    void synFloodsAreJudgedByConnectionAttempts() {
        for (int tick = 0; tick < 40; tick++) {
            bench.sent(GuardBench.tcp(1_000 + tick, "203.0.113.80", 443), 300, 60, 300);
            bench.tick();
        }
        Talker offender = bench.tick().suspects().get(0);
        assertThat(offender.kind()).isEqualTo(OffenceKind.TCP_SYN_FLOOD);
        assertThat(offender.verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void aProcessThatIsNoMailServerMayNotSpeakToPort25() {
        FlowKey smtp = GuardBench.tcp(40000, "203.0.113.25", 25);
        bench.sent(smtp, 1, 60, 1);
        bench.found(smtp, FLOODER);
        Talker offender = bench.tick().suspects().get(0);
        assertThat(offender.kind()).isEqualTo(OffenceKind.DIRECT_TO_MX);
        assertThat(offender.verdict()).isEqualTo(Verdict.OFFENDING);

        GuardBench other = new GuardBench();
        other.sent(smtp, 1, 60, 1);
        other.found(smtp, process(25, "smtp", 101, "postfix"));
        assertThat(other.tick().suspects()).isEmpty();
    }

    @Test
    void icmpHasItsOwnKind() {
        FlowKey ping = new FlowKey(
                Protocol.ICMP,
                new Endpoint(IpAddress.parse("198.51.100.10").orElseThrow(), 0),
                new Endpoint(IpAddress.parse("203.0.113.80").orElseThrow(), 0));
        Snapshot snapshot = bench.run(Duration.ofSeconds(2), ping, 20_000, 84);
        assertThat(snapshot.suspects().get(0).kind()).isEqualTo(OffenceKind.ICMP_FLOOD);
    }

    @Test
    void forgedSourcesDoNotCrowdOutWhatHasAnOwner() {
        for (int tick = 0; tick < 12; tick++) {
            for (int i = 0; i < 16_000; i++) {
                int forged = tick * 16_000 + i;
                bench.sent(udp(1 + forged % 60_000, "203.0." + forged / 60_000 + ".80", 80), 1, 29);
                if (i % 8_000 == 0) {
                    bench.tick();
                }
            }
        }
        bench.sent(FLOOD, 10, 29);
        bench.tick();
        bench.found(FLOOD, FLOODER);
        assertThat(bench.tick().talkers())
                .anySatisfy(t -> assertThat(t.attribution().knownOwner()).contains(FLOODER));
    }

    @Test
    void aReplayAsksForNoOwners() {
        GuardBench replay = new GuardBench(GuardBench.POLICY, Snapshot.Eye.REPLAY);
        Snapshot snapshot = replay.run(Duration.ofSeconds(2), FLOOD, 173_000, 29);
        assertThat(replay.asked).isEmpty();
        assertThat(snapshot.suspects().get(0).attribution().matchedBy()).isEqualTo("a capture file names no process");
    }

    /* A spammer's connections: a socket and a host of its own each, none of them worth a look. */
    @Test
    void whatIsOverTheLimitsOnlyTogetherIsOneTalkerWithoutOwner() {
        int port = 1_024;
        for (int tick = 0; tick < 20; tick++) {
            for (int host = 1; host <= 50; host++) {
                FlowKey connection = GuardBench.tcp(port++, "203.0.113." + (host + 50 * (tick % 5)), 25);
                bench.sent(connection, 1, 60, 1);
                bench.observe(new TrafficObservation.OwnerFound(connection, new Attribution.Unknown("closed")));
            }
            bench.tick();
        }
        Talker together = bench.guard.snapshot().suspects().get(0);
        assertThat(bench.guard.snapshot().suspects()).hasSize(1);
        assertThat(together.kind()).isEqualTo(OffenceKind.SMTP_BURST);
        assertThat(together.attribution().quality()).isEqualTo(MatchQuality.NONE);
        assertThat(together.attribution().matchedBy()).contains("many sources and destinations");
        assertThat(together.remoteCount()).isEqualTo(250);
        assertThat(bench.guard.snapshot().talkers().stream()
                        .mapToLong(Talker::packets)
                        .sum())
                .isEqualTo(1_000);
    }

    @Test
    void quietTalkersThatNobodyOwnsStayApart() {
        for (int host = 1; host <= 3; host++) {
            FlowKey flow = udp(5_000 + host, "203.0.113." + host, 123);
            bench.sent(flow, 10, 60);
            bench.observe(new TrafficObservation.OwnerFound(flow, new Attribution.Unknown("closed")));
        }
        assertThat(bench.idle(Duration.ofSeconds(3)).talkers()).hasSize(3);
    }

    @Test
    void whatIsCertainAndWhatAForgerMayHaveSentStandApart() {
        FlowKey other = udp(40000, "203.0.113.81", 80);
        bench.sent(FLOOD, 10, 29);
        bench.found(FLOOD, FLOODER);
        bench.sent(other, 43_250, 29);
        bench.observe(new TrafficObservation.OwnerFound(other, new Attribution.Probable(FLOODER, "contested")));
        Snapshot snapshot = bench.tick();

        assertThat(snapshot.talkers())
                .extracting(talker -> talker.attribution().quality(), Talker::packets)
                .containsExactlyInAnyOrder(tuple(MatchQuality.EXACT, 10L), tuple(MatchQuality.PROBABLE, 43_250L));

        bench.found(other, FLOODER);
        assertThat(bench.tick().talkers()).as("a surer answer").singleElement().satisfies(talker -> {
            assertThat(talker.attribution().quality()).isEqualTo(MatchQuality.EXACT);
            assertThat(talker.packets()).isEqualTo(43_260);
        });
    }
}
