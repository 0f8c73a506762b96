package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Owner;

/** Floods of requests, and programs that load, upload or crawl. */
class WebLoadTest {

    private static final Owner BOT = GuardBench.process(4711, "node", 33, "www-data");
    private static final Endpoint SERVER = DealingsBench.at("11.0.0.1", 443);

    private final DealingsBench bench = new DealingsBench();

    private Talker each(int ticks, Protocol protocol, Endpoint remote, long packets, long bytes, long connects) {
        for (int tick = 0; tick < ticks; tick++) {
            bench.sends(BOT, protocol, remote, packets, bytes, connects);
            bench.bench.tick();
        }
        return bench.only();
    }

    @Test
    void connectionsThatComeAndGoAreAFloodWithin10Seconds() {
        Talker talker = each(60, Protocol.TCP, SERVER, 30 * 6, 30 * 900, 30);
        assertThat(talker.kind()).isEqualTo(OffenceKind.L7_FLOOD);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason())
                .isEqualTo("120 connections/s to port 443 of one address over 10 s (a judgement: no request is read),"
                        + " limit 100");
        assertThat(BlockChoices.of(talker).get(0)).hasToString("uid 33 to 11.0.0.1 tcp port 443");
    }

    @Test
    void requestsOverFewConnectionsAreAFlood() {
        Talker talker = each(60, Protocol.TCP, SERVER, 500, 500 * 180, 0);
        assertThat(talker.kind()).isEqualTo(OffenceKind.L7_FLOOD);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason()).contains("2,000 packets/s of 180 bytes each to tcp port 443");
    }

    @Test
    void quicIsMeantToo() {
        Talker talker = each(60, Protocol.UDP, SERVER, 400, 400 * 200, 0);
        assertThat(talker.kind()).isEqualTo(OffenceKind.L7_FLOOD);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason()).contains("to udp port 443");
    }

    @Test
    void aProcessForEachRequestIsOneFlood() {
        for (int tick = 0; tick < 60; tick++) {
            for (int i = 0; i < 30; i++) {
                Owner curl = GuardBench.process(20_000 + tick * 30 + i, "curl", 33, "www-data");
                bench.sends(curl, Protocol.TCP, SERVER, 9, 9 * 130, 1);
            }
            bench.bench.tick();
        }
        assertThat(bench.only().kind()).isEqualTo(OffenceKind.L7_FLOOD);
        assertThat(bench.only().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(bench.only().reason()).contains("120 connections/s to port 443 of one address");
    }

    @Test
    void aFewWorkersAreAFloodTogether() {
        for (int tick = 0; tick < 60; tick++) {
            for (int worker = 0; worker < 3; worker++) {
                bench.sends(
                        GuardBench.process(4_711 + worker, "node", 33, "www-data"),
                        Protocol.TCP,
                        SERVER,
                        80,
                        10 * 900,
                        10);
            }
            bench.bench.tick();
        }
        assertThat(bench.only().kind()).isEqualTo(OffenceKind.L7_FLOOD);
        assertThat(bench.only().verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void aHealthCheckEachSecondAndFiftyDownloadsAMinuteAreClean() {
        for (int tick = 0; tick < 240; tick++) {
            if (tick % 4 == 0) {
                Owner curl = GuardBench.process(20_000 + tick, "curl", 33, "www-data");
                bench.sends(curl, Protocol.TCP, SERVER, 9, 9 * 130, 1);
                bench.sends(curl, Protocol.TCP, DealingsBench.at("11.0.0.7", 443), 300, 300 * 60, 1);
            }
            bench.bench.tick();
        }
        assertThat(bench.bench.guard.snapshot().talkers())
                .allSatisfy(talker -> assertThat(talker.verdict()).isEqualTo(Verdict.CLEAN));
    }

    @Test
    void theServerThatIsFloodedIsNamedThoughOthersGetMore() {
        for (int tick = 0; tick < 60; tick++) {
            bench.sends(BOT, Protocol.TCP, DealingsBench.at("11.0.0.2", 443), 2_000, 2_800_000, 0);
            bench.sends(BOT, Protocol.TCP, SERVER, 180, 30 * 900, 30);
            bench.bench.tick();
        }
        assertThat(bench.only().kind()).isEqualTo(OffenceKind.L7_FLOOD);
        assertThat(bench.only().remotes().get(0).remote()).isEqualTo(SERVER);
    }

    @Test
    void attemptsThatAreNotSeenAnsweredAreSuspectAtMost() {
        GuardBench wire = new GuardBench();
        for (int tick = 0; tick < 60; tick++) {
            for (int i = 0; i < 30; i++) {
                FlowKey flow = GuardBench.tcp(10_000 + tick * 30 + i, "11.0.0.1", 80);
                wire.sent(flow, 1, 60, 1);
                wire.found(flow, BOT);
            }
            wire.tick();
        }
        Talker talker = wire.guard.snapshot().talkers().get(0);
        assertThat(talker.kind()).isEqualTo(OffenceKind.L7_FLOOD);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(talker.reason()).contains("answered or not");
    }

    @Test
    void aDownloadOfAGigabitASecondIsClean() {
        assertThat(each(60, Protocol.TCP, SERVER, 10_000, 10_000 * 56, 0).verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void anUploadIsClean() {
        assertThat(each(60, Protocol.TCP, SERVER, 5_000, 5_000 * 1_480, 0).verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aCrawlerOfManySitesIsNoFlood() {
        for (int tick = 0; tick < 60; tick++) {
            for (int site = 0; site < 10; site++) {
                bench.sends(
                        BOT, Protocol.TCP, DealingsBench.at("11.0.2." + (tick * 10 + site) % 30, 443), 40, 6_000, 1);
            }
            bench.bench.tick();
        }
        assertThat(bench.only().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aWebServerThatAnswersIsClean() {
        // Its remotes are the clients' ports; a client that asks from port 443 is answered from a port of a service.
        assertThat(each(60, Protocol.TCP, DealingsBench.at("11.0.0.9", 51_234), 500, 500 * 180, 0)
                        .verdict())
                .isEqualTo(Verdict.CLEAN);
    }
}
