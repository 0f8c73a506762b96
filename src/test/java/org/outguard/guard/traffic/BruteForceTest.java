package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Guessing of passwords, and who logs in often and means no harm. */
class BruteForceTest {

    private static final Owner GUESSER = GuardBench.process(4711, "x7", 33, "www-data");
    private static final Owner MTA = GuardBench.process(900, "smtp", 104, "postfix");

    private final GuardBench bench = new GuardBench();

    private Talker only() {
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        return bench.guard.snapshot().talkers().get(0);
    }

    private static Endpoint at(String address, int port) {
        return new Endpoint(GuardBench.address(address), port);
    }

    /* By the kernel eye: a connection every so many ticks, to these in turn. */
    private Talker connects(Owner owner, int seconds, int everyTicks, int bytesEach, Endpoint... remotes) {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
        for (int tick = 0; tick < seconds * 4; tick++) {
            long at = Nanos.of(bench.now) + 100_000_000L;
            if (tick % everyTicks == 0) {
                bench.observe(new TrafficObservation.OwnedFlows(
                        List.of(new AttributedCount(
                                new Attribution.Exact(owner, "counted as it was sent"),
                                Protocol.TCP,
                                Optional.of(remotes[tick / everyTicks % remotes.length]),
                                false,
                                12,
                                bytesEach,
                                1,
                                at,
                                at,
                                40_000)),
                        0,
                        0));
            }
            bench.tick();
        }
        return only();
    }

    @Test
    void fourConnectionsASecondToSshOfOneHostAreGuessingWithin10Seconds() {
        Talker talker = connects(GUESSER, 10, 1, 2_800, at("11.0.0.1", 22));
        assertThat(talker.kind()).isEqualTo(OffenceKind.BRUTE_FORCE);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        talker = connects(GUESSER, 10, 1, 2_800, at("11.0.0.1", 22));
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason()).contains("connections within a minute to port 22 of one host, limit 60");
        assertThat(talker.attribution().knownOwner()).contains(GUESSER);
        assertThat(BlockChoices.of(talker)).extracting(Object::toString).contains("uid 33 to 11.0.0.1 tcp port 22");
    }

    @Test
    void hostsInTurnAndMailboxesAreMeantToo() {
        assertThat(connects(GUESSER, 60, 1, 2_800, at("11.0.0.1", 22), at("11.0.0.2", 22), at("11.0.0.3", 21))
                        .reason())
                .contains("to ports for logins of 3 hosts");
    }

    @Test
    void mailboxesAtFiveASecondAreOffending() {
        Talker talker = connects(GUESSER, 80, 1, 900, at("11.0.0.1", 993));
        assertThat(talker.kind()).isEqualTo(OffenceKind.BRUTE_FORCE);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
    }

    @Test
    void theWireEyeHasAttemptsToConnectAlone() {
        for (int tick = 0; tick < 80; tick++) {
            FlowKey flow = GuardBench.tcp(20_000 + tick, "11.0.0.1", 22);
            bench.sent(flow, 1, 60, 1);
            bench.found(flow, GUESSER);
            bench.tick();
        }
        bench.tick();
        assertThat(only().kind()).isEqualTo(OffenceKind.BRUTE_FORCE);
        assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(only().attribution().knownOwner()).contains(GUESSER);
    }

    @Test
    void attemptsThatAreRepeatedUntilTheyAreAnsweredAreAScan() {
        Talker talker = null;
        for (int host = 0; host < 60; host++) {
            FlowKey flow = GuardBench.tcp(20_000 + host, "11.0.1." + host, 22);
            for (int time = 0; time < 3; time++) {
                bench.sent(flow, 1, 60, 1);
                bench.found(flow, GUESSER);
                bench.tick();
            }
            talker = only();
        }
        assertThat(talker).isNotNull();
        assertThat(talker.kind()).isEqualTo(OffenceKind.SCAN);
    }

    @Test
    void anAdministratorOfManyHostsIsClean() {
        Endpoint[] hosts = new Endpoint[60];
        for (int host = 0; host < hosts.length; host++) {
            hosts[host] = at("11.0.1." + host, 22);
        }
        assertThat(connects(GUESSER, 45, 3, 30_000, hosts).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aBackupOverManySshConnectionsIsClean() {
        assertThat(connects(GUESSER, 60, 2, 4_000_000, at("11.0.0.1", 22)).verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void anApplicationWithItsDatabaseInItsOwnNetworkIsClean() {
        assertThat(connects(GUESSER, 120, 1, 2_000, at("10.0.0.5", 3306)).verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void webMailThatOpensAMailboxForEachRequestIsClean() {
        assertThat(connects(GUESSER, 60, 3, 1_500, at("11.0.0.1", 993)).verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aMailServerThatHandsAllToOneRelayIsNoGuesser() {
        assertThat(connects(MTA, 120, 1, 4_000, at("11.0.0.1", 587)).kind()).isEqualTo(OffenceKind.SMTP_BURST);
    }
}
