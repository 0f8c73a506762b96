package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.observation.Uplink;
import org.outguard.guard.policy.MailLimits;
import org.outguard.guard.policy.NeverBlock;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficLimits;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.stats.Reach;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Scans, and who turns to many destinations and means no harm. */
class ScanTest {

    private static final Owner SCANNER = GuardBench.process(4711, "x7", 33, "www-data");
    private static final Owner MTA = GuardBench.process(900, "smtp", 104, "postfix");
    private static final Owner NAME_SERVER = GuardBench.process(901, "unbound", 105, "unbound");
    private static final Owner PROGRAM = GuardBench.process(902, "worker", 1000, "alice");

    private final GuardBench wire = new GuardBench();
    private final GuardBench kernel = new GuardBench();
    private int port = 20_000;

    ScanTest() {
        kernel.observe(TrafficObservation.SourceSelected.KERNEL);
        kernel.observe(
                new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
    }

    private static String host(int number) {
        return "11." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    private static Endpoint at(int number, int port) {
        return new Endpoint(GuardBench.address(host(number)), port);
    }

    /* One tick's worth of counts of one owner. */
    private void counted(
            Owner owner, Protocol protocol, List<Endpoint> remotes, long packets, long bytes, long connects) {
        long at = Nanos.of(kernel.now) + 100_000_000L;
        List<AttributedCount> counts = new ArrayList<>();
        for (Endpoint remote : remotes) {
            counts.add(new AttributedCount(
                    new Attribution.Exact(owner, "counted as it was sent"),
                    protocol,
                    Optional.of(remote),
                    false,
                    packets,
                    bytes,
                    connects,
                    at,
                    at,
                    40_000));
        }
        kernel.observe(new TrafficObservation.OwnedFlows(counts, 0, 0));
    }

    private Talker only(GuardBench bench) {
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        return bench.guard.snapshot().talkers().get(0);
    }

    /* So many new destinations in each quarter of a second. */
    private Talker kernelRun(
            Owner owner,
            Protocol protocol,
            double seconds,
            int each,
            IntFunction<Endpoint> remote,
            long packets,
            long bytes) {
        int number = 0;
        for (int tick = 0; tick < seconds * 4; tick++) {
            List<Endpoint> remotes = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                remotes.add(remote.apply(number++));
            }
            counted(owner, protocol, remotes, packets, bytes, protocol == Protocol.TCP ? 1 : 0);
            kernel.tick();
        }
        return only(kernel);
    }

    private Talker wireRun(Owner owner, Protocol protocol, double seconds, int each, IntFunction<Endpoint> remote) {
        int number = 0;
        for (int tick = 0; tick < seconds * 4; tick++) {
            for (int i = 0; i < each; i++) {
                Endpoint to = remote.apply(number++);
                FlowKey flow = new FlowKey(protocol, new Endpoint(GuardBench.address("198.51.100.10"), port++), to);
                wire.sent(flow, 1, 60, protocol == Protocol.TCP ? 1 : 0);
                wire.found(flow, owner);
            }
            wire.tick();
        }
        wire.tick();
        return only(wire);
    }

    @Test
    void hostsOneAfterTheOtherAtPort22AreAScanByEitherEye() {
        // 118 hosts in 25 s were enough for a provider to complain.
        Talker byKernel = kernelRun(SCANNER, Protocol.TCP, 25, 1, host -> at(host, 22), 1, 60);
        assertThat(byKernel.kind()).isEqualTo(OffenceKind.SCAN);
        assertThat(byKernel.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(byKernel.reason()).isEqualTo("100 new destinations within a minute at port 22, limit 100");
        assertThat(byKernel.attribution().knownOwner()).contains(SCANNER);
        assertThat(BlockChoices.of(byKernel).get(0)).hasToString("uid 33 tcp port 22");

        Talker byWire = wireRun(SCANNER, Protocol.TCP, 25, 1, host -> at(host, 22));
        assertThat(byWire.kind()).isEqualTo(OffenceKind.SCAN);
        assertThat(byWire.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(byWire.attribution().knownOwner()).contains(SCANNER);
    }

    @Test
    void anyPortWillDoAndUdpToo() {
        Talker byKernel = kernelRun(SCANNER, Protocol.UDP, 30, 3, host -> at(host, 4_000), 1, 40);
        assertThat(byKernel.kind()).isEqualTo(OffenceKind.SCAN);
        assertThat(byKernel.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(byKernel.reason()).contains("new destinations within a minute at port 4000");
        Talker byWire = wireRun(SCANNER, Protocol.UDP, 30, 3, host -> at(host, 4_000));
        assertThat(byWire.verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void portsOfOneHostAreAScan() {
        Talker talker = kernelRun(SCANNER, Protocol.TCP, 20, 3, number -> at(1, 100 + number), 1, 60);
        assertThat(talker.kind()).isEqualTo(OffenceKind.SCAN);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason()).contains("new ports of one destination within a minute");
    }

    @Test
    void attemptsToConnectAtFullSpeedAreAScanToo() {
        Talker talker = kernelRun(SCANNER, Protocol.TCP, 12, 300, host -> at(host, 22), 1, 60);
        assertThat(talker.kind()).isEqualTo(OffenceKind.SCAN);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void aSlowScanIsFoundWithinTheHour() {
        int number = 0;
        for (int half = 0; half < 3_590 && only0().verdict() != Verdict.OFFENDING; half++) {
            // One every two seconds.
            if (half % 2 == 0) {
                counted(SCANNER, Protocol.TCP, List.of(at(number++, 22)), 1, 60, 1);
            }
            kernel.now = kernel.now.plusMillis(750);
            kernel.tick();
        }
        assertThat(only0().reason()).contains("destinations within an hour at port 22");
        assertThat(only0().verdict()).isEqualTo(Verdict.OFFENDING);
    }

    private Talker only0() {
        if (kernel.guard.snapshot().talkers().isEmpty()) {
            counted(SCANNER, Protocol.TCP, List.of(at(0, 22)), 1, 60, 1);
            kernel.tick();
        }
        return only(kernel);
    }

    @Test
    void privateAddressesBehindTheDefaultRouteCountForMore() {
        BlockTarget.Remote lan = BlockTarget.Remote.parse("10.1.0.0/16").orElseThrow();
        kernel.observe(new HostObservation.ProtectedResourcesUpdated(new ProtectedResources(
                new ProtectedResources.Access(Set.of(), Set.of(), Set.of(22), Set.of()),
                new ProtectedResources.Users(Map.of(), Map.of(), Map.of(), Map.of()),
                Set.of(),
                Optional.of(new Uplink(Set.of(GuardBench.address("11.200.0.1")), List.of(lan), Set.of())),
                List.of(),
                List.of())));
        IntFunction<Endpoint> beyond = host -> new Endpoint(GuardBench.address("10.2.0." + host % 250), 9_000);
        Talker talker = kernelRun(SCANNER, Protocol.TCP, 11, 1, beyond, 1, 60);
        assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(talker.reason()).contains("private or reserved addresses");
    }

    @Test
    void privateAddressesThatARouteLeadsToAreLikeOthers() {
        BlockTarget.Remote lan = BlockTarget.Remote.parse("10.0.0.0/8").orElseThrow();
        kernel.observe(new HostObservation.ProtectedResourcesUpdated(new ProtectedResources(
                new ProtectedResources.Access(Set.of(), Set.of(), Set.of(22), Set.of()),
                new ProtectedResources.Users(Map.of(), Map.of(), Map.of(), Map.of()),
                Set.of(),
                Optional.of(new Uplink(Set.of(GuardBench.address("11.200.0.1")), List.of(lan), Set.of())),
                List.of(),
                List.of())));
        IntFunction<Endpoint> lanHost = host -> new Endpoint(GuardBench.address("10.2.0." + host % 250), 9_000);
        assertThat(kernelRun(PROGRAM, Protocol.TCP, 11, 1, lanHost, 1, 60).verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aMailServerThatDeliversTo500DomainsIsClean() {
        Talker talker = kernelRun(MTA, Protocol.TCP, 125, 1, host -> at(host, 25), 12, 4_000);
        assertThat(talker.verdict()).isNotEqualTo(Verdict.OFFENDING);
        assertThat(talker.kind()).isEqualTo(OffenceKind.SMTP_BURST);
    }

    @Test
    void aResolverIsClean() {
        assertThat(kernelRun(NAME_SERVER, Protocol.UDP, 60, 10, host -> at(host, 53), 1, 70)
                        .verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aResolverOfAnotherUserIsCleanAtItsUsualPace() {
        assertThat(kernelRun(PROGRAM, Protocol.UDP, 120, 2, host -> at(host, 53), 1, 70)
                        .verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void monitoringOfTheSameHostsEachMinuteIsClean() {
        for (int round = 0; round < 30; round++) {
            for (int ten = 0; ten < 6; ten++) {
                int first = ten * 5;
                List<Endpoint> hosts = new ArrayList<>();
                for (int host = first; host < first + 5; host++) {
                    hosts.add(at(host, 22));
                    hosts.add(at(host, 443));
                }
                counted(PROGRAM, Protocol.TCP, hosts, 1, 60, 1);
                for (int tick = 0; tick < 40; tick++) {
                    kernel.tick();
                }
                assertThat(only(kernel).verdict()).isEqualTo(Verdict.CLEAN);
            }
        }
    }

    @Test
    void whoSpeaksWithManyWebServersIsClean() {
        // A server of a social network, or of web hooks: each of its many connections has something to say.
        assertThat(kernelRun(PROGRAM, Protocol.TCP, 60, 1, host -> at(host, 443), 9, 2_400)
                        .verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void answersToManyClientsAreNoScan() {
        long at = Nanos.of(kernel.now);
        for (int tick = 0; tick < 120; tick++) {
            at += 250_000_000L;
            List<AttributedCount> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(new AttributedCount(
                        new Attribution.Exact(PROGRAM, "counted as it was sent"),
                        Protocol.UDP,
                        Optional.of(at(tick * 20 + i, 5_060)),
                        false,
                        1,
                        80,
                        0,
                        at,
                        at,
                        53));
                answers.add(new AttributedCount(
                        new Attribution.Exact(PROGRAM, "counted as it was sent"),
                        Protocol.TCP,
                        Optional.of(at(tick * 20 + i, 8_080)),
                        false,
                        5,
                        5_000,
                        0,
                        at,
                        at,
                        443));
            }
            kernel.observe(new TrafficObservation.OwnedFlows(answers, 0, 0));
            kernel.tick();
        }
        assertThat(kernel.guard.snapshot().suspects()).isEmpty();
    }

    @Test
    void whoSharesFilesAmongManyIsSuspectAndNoMore() {
        Talker talker =
                kernelRun(PROGRAM, Protocol.UDP, 120, 5, number -> at(number, 10_000 + number * 7 % 50_000), 2, 250);
        assertThat(talker.kind()).isEqualTo(OffenceKind.SCAN);
        assertThat(talker.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(talker.reason()).contains("many ports together");
    }

    @Test
    void filesOfAnFtpServerAreNoScanOfItsPorts() {
        counted(PROGRAM, Protocol.TCP, List.of(at(1, 21)), 10, 900, 1);
        kernel.tick();
        assertThat(kernelRun(PROGRAM, Protocol.TCP, 60, 1, number -> at(1, 10_000 + number), 2, 112)
                        .verdict())
                .isEqualTo(Verdict.CLEAN);
    }

    @Test
    void whoThePolicyExemptsIsNotJudged() {
        Policy policy = new Policy(
                new Policy.Packets(2_000, 5_000, 10_000, 5_000, 10_000),
                new Policy.Connects(200, 1_000, 60, 300),
                new Policy.Known(10, Set.of(), Set.of(), Set.of(), Set.of("alice")),
                60,
                MailLimits.DEFAULTS,
                TrafficLimits.DEFAULTS,
                NeverBlock.DEFAULT);
        GuardBench bench = new GuardBench(policy, Snapshot.Eye.WIRE);
        for (int host = 0; host < 400; host++) {
            FlowKey flow = GuardBench.tcp(10_000 + host, host(host), 8_000);
            bench.sent(flow, 1, 60, 1);
            bench.found(flow, PROGRAM);
            bench.tick();
        }
        assertThat(only(bench).verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void processesThatEachTryOneAreAScanTogether() {
        for (int host = 0; host < 120; host++) {
            counted(
                    GuardBench.process(5_000 + host, "x7", 33, "www-data"),
                    Protocol.TCP,
                    List.of(at(host, 23)),
                    1,
                    60,
                    1);
            kernel.tick();
        }
        assertThat(only(kernel).verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(only(kernel).kind()).isEqualTo(OffenceKind.SCAN);
    }

    @Test
    void memoryStaysWithinItsBound() {
        Correlator correlator = new Correlator(
                GuardBench.POLICY, new java.util.concurrent.atomic.AtomicInteger()::toString, Correlator.NOT_YET);
        ContactBook book = new ContactBook(GuardBench.POLICY, correlator.talkers());
        for (int owner = 0; owner < 400; owner++) {
            TalkerState talker = correlator.owned(
                    Protocol.TCP,
                    at(1, 22),
                    new Attribution.Exact(GuardBench.process(owner, "x" + owner, owner, "u" + owner), "test"));
            for (int host = 0; host < 3_000; host++) {
                book.met(talker, Protocol.TCP, 0, at(host, host % 12), 1_800_000_000L * Nanos.PER_SECOND + host);
            }
        }
        assertThat(book.bytes()).isLessThan(ContactBook.MOST_BYTES + ContactBook.LOOK_EVERY * 2L * Reach.MOST_BYTES);
        assertThat(book.bytes()).isGreaterThan(ContactBook.MOST_BYTES / 8);
    }
}
