package org.outguard.guard.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.traffic.DealingsBench;
import org.outguard.owner.Owner;

/** Who sends mail by other hosts' submission ports and is no mail server, and who does so and means no harm. */
class ForeignMailTest {

    private static final Owner SPAMMER = GuardBench.process(4711, "python3", 33, "www-data");
    private static final Owner MTA = GuardBench.process(900, "smtp", 104, "postfix");
    private static final Owner ROOT = GuardBench.process(901, "report", 0, "root");

    private final DealingsBench bench = new DealingsBench();

    private static Endpoint host(int number, int port) {
        return DealingsBench.at("11.0.1." + number, port);
    }

    /* One connection a tick to each in turn. */
    private Talker sessions(Owner owner, int connections, int hosts, int port, int bytesEach) {
        for (int i = 0; i < connections; i++) {
            bench.sends(owner, Protocol.TCP, host(i % hosts, port), 14, bytesEach, 1);
            bench.bench.tick();
            bench.bench.idle(Duration.ofSeconds(1));
        }
        return bench.only();
    }

    @Test
    void fifteenHostsWithinAnHourAreOffending() {
        Talker talker = sessions(SPAMMER, 6, 15, 587, 3_000);
        assertThat(talker.kind()).isEqualTo(OffenceKind.FOREIGN_SMTP);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        talker = sessions(SPAMMER, 16, 16, 587, 3_000);
        assertThat(talker.kind()).isEqualTo(OffenceKind.FOREIGN_SMTP);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason())
                .isEqualTo("no mail server (user www-data): 16 hosts' mail ports within an hour, limit 15");
        assertThat(talker.attribution().knownOwner()).contains(SPAMMER);
        assertThat(BlockChoices.of(talker).get(0)).hasToString("uid 33 tcp port 587");
    }

    @Test
    void aLongConnectionThatIsNotIdleIsSuspect() {
        bench.sends(SPAMMER, Protocol.TCP, host(1, 465), 3, 400, 1);
        for (int second = 0; second < 660; second++) {
            bench.sends(SPAMMER, Protocol.TCP, host(1, 465), 2, 1_500, 0);
            bench.bench.idle(Duration.ofSeconds(1));
        }
        Talker talker = bench.only();
        assertThat(talker.kind()).isEqualTo(OffenceKind.FOREIGN_SMTP);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(talker.reason()).contains("min and").contains("kB on one connection to port 465");
        assertThat(talker.remotes().get(0).remote()).isEqualTo(host(1, 465));
    }

    @Test
    void muchMailByFewConnectionsIsOffending() {
        for (int second = 0; second < 50; second++) {
            bench.sends(SPAMMER, Protocol.TCP, host(1, 465), 1_500, 2_200_000, second == 0 ? 1 : 0);
            bench.bench.tick();
        }
        assertThat(bench.only().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(bench.only().reason()).contains("MB to other hosts' mail ports within an hour, limit 100");
    }

    @Test
    void rootIsSuspectAtMost() {
        assertThat(sessions(ROOT, 20, 20, 587, 3_000).verdict()).isEqualTo(Verdict.SUSPECT);
    }

    @Test
    void aSiteThatHandsItsMailToItsRelayIsClean() {
        assertThat(sessions(SPAMMER, 100, 1, 587, 30_000).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void monitoringThatLooksWhetherServersAnswerIsClean() {
        assertThat(sessions(SPAMMER, 100, 60, 587, 480).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void anIdleConnectionToTheRelayIsClean() {
        bench.sends(SPAMMER, Protocol.TCP, host(1, 587), 3, 400, 1);
        for (int minute = 0; minute < 20; minute++) {
            bench.sends(SPAMMER, Protocol.TCP, host(1, 587), 1, 52, 0);
            bench.bench.idle(Duration.ofSeconds(60));
        }
        assertThat(bench.only().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aMailServerThatDeliversToManyHostsIsClean() {
        assertThat(sessions(MTA, 60, 50, 25, 30_000).verdict()).isEqualTo(Verdict.CLEAN);
    }
}
