package org.outguard.guard.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.policy.Listings;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.DealingsBench;
import org.outguard.owner.Owner;

/** Programs that hide and keep in touch with somebody, addresses that are listed, and innocent ones of both. */
class BeaconTest {

    private static final Endpoint POOL = DealingsBench.at("11.0.0.1", 3_333);

    private final DealingsBench bench = new DealingsBench();

    private Talker keepsInTouch(Owner owner, int seconds, int every) {
        bench.sends(owner, Protocol.TCP, POOL, 3, 400, 1);
        for (int second = 0; second < seconds; second += every) {
            bench.sends(owner, Protocol.TCP, POOL, 1, 180, 0);
            bench.bench.idle(Duration.ofSeconds(every));
        }
        return bench.only();
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/.x/kdevtmpfsi, false, kdevtmpfsi2, lies in /tmp/.x",
        "/dev/shm/a, false, a, lies in /dev/shm",
        "/memfd:x, true, x, runs from memory (memfd)",
        "/var/www/html/wp-content/up, false, up, lies in a web server's folder",
        "/home/anna/example.org/public_html/a/m, false, m, lies in a web server's folder",
        "/usr/bin/perl, false, kworker/u8:2, has the name of a kernel thread",
        "/home/anna/m, true, m, was deleted while it runs",
    })
    void anOddProgramThatKeepsAConnectionIsSuspect(String exe, boolean deleted, String command, String why) {
        Talker talker = keepsInTouch(DealingsBench.program(exe, deleted, command, List.of(command), ""), 330, 30);
        assertThat(talker.kind()).isEqualTo(OffenceKind.BEACON);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(talker.reason())
                .startsWith("its program " + why)
                .contains("keeps in touch with one address at port 3333 for");
        assertThat(BlockChoices.of(talker).get(0)).hasToString("uid 33 to 11.0.0.1 tcp port 3333");
    }

    @Test
    void itStaysSuspectHoweverLongItGoesOn() {
        Owner owner = DealingsBench.program("/tmp/x", false, "x", List.of("x"), "");
        assertThat(keepsInTouch(owner, 7_200, 60).verdict()).isEqualTo(Verdict.SUSPECT);
    }

    @Test
    void aNameInBracketsMasksToo() {
        Owner owner = DealingsBench.program("/usr/bin/perl", false, "perl", List.of("[kworker/0:1]"), "");
        assertThat(keepsInTouch(owner, 330, 30).reason()).contains("name of a kernel thread");
    }

    @Test
    void aProgramOfLessThanADayIsNew() {
        Owner old = DealingsBench.program("/home/anna/m", false, "m", List.of("m"), "");
        Owner fresh = new Owner(
                old.id(),
                new Owner.Program(
                        old.command(),
                        old.exe(),
                        false,
                        Optional.of(GuardBench.START.minusSeconds(3_600)),
                        old.cwd(),
                        old.commandLine(),
                        ""),
                old.credentials(),
                old.placement(),
                old.parents());
        assertThat(keepsInTouch(fresh, 330, 30).reason())
                .contains("is new on this machine, since 2026-11-24T02:00:00Z");
        assertThat(OddProgram.of(fresh, Nanos.of(GuardBench.START.plusSeconds(86_400))))
                .isEmpty();
        assertThat(OddProgram.of(old, Nanos.of(GuardBench.START))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // A daemon whose package was updated under it.
        "/usr/sbin/mysqld, true, mysqld, mysqld",
        "/usr/bin/php8.2, false, php, php",
        // Celery and PostgreSQL say in brackets what they do.
        "/usr/bin/python3.11, false, celery, [celeryd: w@host:MainProcess]",
        "/opt/app/server, true, server, server",
    })
    void aServiceWithALongConnectionIsClean(String exe, boolean deleted, String command, String argument) {
        assertThat(keepsInTouch(DealingsBench.program(exe, deleted, command, List.of(argument), ""), 600, 30)
                        .verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void anInstallerInTmpThatLoadsForAMinuteIsClean() {
        Owner owner = DealingsBench.program("/tmp/installer", false, "installer", List.of("installer"), "");
        assertThat(keepsInTouch(owner, 60, 5).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void threadsOfTheKernelHaveNoProgram() {
        Owner thread = DealingsBench.program("", false, "kworker/u8:2", List.of(), "");
        assertThat(OddProgram.of(thread, 0)).isEmpty();
    }

    private void lists(String network) {
        bench.bench.observe(new HostObservation.FeedsRead(new Listings(
                List.of(new Listings.Entry(BlockTarget.Remote.parse(network).orElseThrow(), "drop.txt", "SBL123")))));
        bench.bench.tick();
    }

    @Test
    void whoTurnsToAListedAddressIsSuspectAndTheFeedIsNamed() {
        lists("11.0.0.0/24");
        Talker talker = keepsInTouch(GuardBench.process(4711, "php", 33, "www-data"), 10, 5);
        assertThat(talker.kind()).isEqualTo(OffenceKind.LISTED);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(talker.reason()).isEqualTo("3 packets to 11.0.0.0/24, which drop.txt lists (SBL123)");
        assertThat(BlockChoices.of(talker).get(0)).hasToString("uid 33 to 11.0.0.1 tcp port 3333");
    }

    @Test
    void aRuleBlocksTheListedAddressThoughOthersGetMore() {
        bench.bench.guard.respondBy(
                List.of(new ResponseRule(
                        "feeds",
                        Set.of(OffenceKind.LISTED),
                        Verdict.SUSPECT,
                        0,
                        Set.of(),
                        List.of(),
                        ResponseRule.Reaction.BLOCK,
                        ResponseRule.Scope.REMOTE,
                        0,
                        Duration.ofMinutes(10),
                        60)),
                false);
        lists("11.0.0.0/24");
        Owner php = GuardBench.process(4711, "php", 33, "www-data");
        bench.sends(php, Protocol.TCP, DealingsBench.at("11.0.5.5", 443), 500, 90_000, 1);
        keepsInTouch(php, 2, 1);
        assertThat(bench.bench.carriedOut)
                .singleElement()
                .satisfies(action ->
                        assertThat(((NetworkStep.Block) action.step()).target()).hasToString("to 11.0.0.1 tcp"));
    }

    @Test
    void whoAnswersAListedAddressOrWritesBesideItIsClean() {
        lists("11.0.0.0/24");
        Owner server = GuardBench.process(4711, "nginx", 33, "www-data");
        for (int second = 0; second < 10; second++) {
            bench.sends(server, Protocol.TCP, DealingsBench.at("11.0.0.7", 51_000), 10, 9_000, 0);
            bench.sends(server, Protocol.TCP, DealingsBench.at("11.0.1.1", 443), 10, 900, 1);
            bench.bench.tick();
        }
        assertThat(bench.only().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aMailServerThatDeliversToAListedAddressIsClean() {
        lists("11.0.0.0/24");
        Owner mta = GuardBench.process(900, "smtp", 104, "postfix");
        bench.sends(mta, Protocol.TCP, DealingsBench.at("11.0.0.7", 25), 10, 9_000, 1);
        bench.bench.tick();
        assertThat(bench.only().verdict()).isEqualTo(Verdict.CLEAN);
    }
}
