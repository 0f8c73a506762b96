package org.outguard.guard.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** What the guard makes of the kernel eye's counts, and of what the wire eye sees beside them. */
class KernelCountsTest {

    private static final Endpoint VICTIM = new Endpoint(GuardBench.address("203.0.113.80"), 80);
    private static final FlowKey ON_THE_WIRE = GuardBench.udp(40_000, "203.0.113.80", 80);
    private static final Owner FLOODER = GuardBench.process(4711, "x7", 33, "www-data");

    private final GuardBench bench = new GuardBench();

    KernelCountsTest() {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
    }

    private void counted(Attribution attribution, boolean elsewhere, long packets) {
        counted(attribution, Optional.of(VICTIM), elsewhere, packets);
    }

    private void counted(Attribution attribution, Optional<Endpoint> remote, boolean elsewhere, long packets) {
        long at = Nanos.of(bench.now) + 100_000_000L;
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        attribution, Protocol.UDP, remote, elsewhere, packets, packets * 57, 0, at, at)),
                0,
                0));
    }

    private static Attribution exactly(Owner owner) {
        return new Attribution.Exact(owner, "counted as it was sent");
    }

    private Talker only() {
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        return bench.guard.snapshot().talkers().get(0);
    }

    @Test
    void aFloodIsOffendingWithItsOwnerAtOnceAndNobodyIsAsked() {
        counted(exactly(FLOODER), false, 20_000);
        bench.tick();
        bench.tick();
        assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(only().attribution().knownOwner()).contains(FLOODER);
        assertThat(only().packets()).isEqualTo(20_000);
        assertThat(bench.guard.snapshot().totals().attributedPackets()).isEqualTo(20_000);
        assertThat(bench.guard.snapshot().eye()).isEqualTo(Snapshot.Eye.KERNEL);
        assertThat(bench.asked).isEmpty();
    }

    @Test
    void theWireEyeDoesNotCountTheSamePacketsAgain() {
        for (int tick = 0; tick < 24; tick++) {
            counted(exactly(FLOODER), false, 5_000);
            bench.sent(ON_THE_WIRE, 5_000, 57);
            bench.tick();
        }
        assertThat(only().packets()).isEqualTo(24 * 5_000);
        assertThat(bench.guard.snapshot().totals().packets()).isEqualTo(24 * 5_000);
    }

    @Test
    void whatTheWireSeesAndNobodySentIsATalkerOfItsOwnWithTheReason() {
        for (int tick = 0; tick < 16; tick++) {
            bench.sent(ON_THE_WIRE, 5_000, 57);
            bench.observe(new TrafficObservation.OwnedFlows(List.of(), 0, 0));
            bench.tick();
        }
        assertThat(only().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(only().attribution().quality()).isEqualTo(MatchQuality.NONE);
        assertThat(only().attribution().matchedBy()).contains("no process of any network namespace sent it");
        assertThat(only().remotes()).extracting(Talker.RemoteTotal::remote).containsExactly(VICTIM);
    }

    @Test
    void whileTheKernelEyeIsHeldUpNothingIsAFinding() {
        bench.observe(new TrafficObservation.OwnedFlows(List.of(), 0, 0));
        for (int tick = 0; tick < 16; tick++) {
            bench.sent(ON_THE_WIRE, 5_000, 57);
            bench.tick();
        }
        assertThat(bench.guard.snapshot().talkers()).isEmpty();
    }

    @Test
    void framesWhoseDestinationWasNotSeenAreTheSameTalkersAsThoseWhereItWas() {
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        exactly(FLOODER),
                        Protocol.OTHER,
                        Optional.empty(),
                        false,
                        13,
                        1_000,
                        0,
                        0,
                        Nanos.of(bench.now))),
                0,
                0));
        counted(exactly(FLOODER), false, 1_983);
        bench.tick();
        assertThat(only().packets()).isEqualTo(1_996);
    }

    @Test
    void framesWhoseDestinationWasNotSeenMayBeThoseOnTheWire() {
        for (int tick = 0; tick < 16; tick++) {
            counted(exactly(FLOODER), Optional.empty(), false, 5_000);
            bench.sent(ON_THE_WIRE, 5_000, 57);
            bench.tick();
        }
        assertThat(only().attribution().knownOwner()).contains(FLOODER);
    }

    @Test
    void aHiddenSenderBesideAKnownOneIsFoundAsTheDifference() {
        for (int tick = 0; tick < 40; tick++) {
            counted(exactly(FLOODER), false, 5_000);
            bench.sent(ON_THE_WIRE, 15_000, 57);
            bench.tick();
        }
        assertThat(bench.guard.snapshot().talkers())
                .filteredOn(talker -> talker.attribution().quality() == MatchQuality.NONE)
                .singleElement()
                .satisfies(hidden -> assertThat(hidden.verdict()).isEqualTo(Verdict.OFFENDING));
    }

    @Test
    void whatTheKernelEyeTellsOfSecondsAtOnceIsNoFinding() {
        // Sent at once in the middle of six seconds, told as if it had been sent evenly.
        for (int round = 0; round < 4; round++) {
            for (int tick = 0; tick < 24; tick++) {
                if (tick == 12) {
                    bench.sent(ON_THE_WIRE, 20_000, 57);
                }
                if (tick == 23) {
                    long now = Nanos.of(bench.now);
                    bench.observe(new TrafficObservation.OwnedFlows(
                            List.of(new AttributedCount(
                                    exactly(FLOODER),
                                    Protocol.UDP,
                                    Optional.of(VICTIM),
                                    false,
                                    20_000,
                                    20_000 * 57,
                                    0,
                                    now - 11 * Nanos.PER_SECOND / 2,
                                    now)),
                            0,
                            0));
                }
                bench.tick();
            }
        }
        nothingMoreFor(40);
        assertThat(commands()).containsExactly("x7");
        assertThat(only().packets()).isEqualTo(80_000);
    }

    @Test
    void fragmentsWhoseFirstOneTheCaptureHasLostAreNoFinding() {
        FlowKey later = GuardBench.udp(0, "203.0.113.80", 0);
        for (int tick = 0; tick < 40; tick++) {
            counted(exactly(FLOODER), false, 4_000);
            bench.sent(ON_THE_WIRE, 2_500, 57);
            bench.sent(later, 1_000, 57);
            bench.tick();
        }
        nothingMoreFor(40);
        assertThat(commands()).containsExactly("x7");
    }

    @Test
    void fragmentsThatNobodySentAreOne() {
        FlowKey later = GuardBench.udp(0, "203.0.113.80", 0);
        for (int tick = 0; tick < 40; tick++) {
            counted(exactly(FLOODER), false, 100);
            bench.sent(ON_THE_WIRE, 100, 57);
            bench.sent(later, 4_000, 57);
            bench.tick();
        }
        assertThat(commands()).contains("x7", "?");
    }

    private void nothingMoreFor(int ticks) {
        for (int tick = 0; tick < ticks; tick++) {
            nothingMore();
        }
    }

    @Test
    void aContainersPacketsCountOnceTheyAreSeenOnOurWire() {
        counted(exactly(FLOODER), true, 700);
        bench.tick();
        assertThat(bench.guard.snapshot().talkers()).isEmpty();
        bench.sent(ON_THE_WIRE, 10, 57);
        nothingMore();
        nothingMore();
        assertThat(only().packets()).isEqualTo(700);
        counted(exactly(FLOODER), Optional.empty(), true, 5);
        bench.tick();
        assertThat(only().packets()).isEqualTo(705);
    }

    /* The kernel eye has told all that it had. */
    private void nothingMore() {
        bench.observe(new TrafficObservation.OwnedFlows(List.of(), 0, 0));
        bench.tick();
    }

    /* Of this machine and of another namespace, to the same destination. */
    private void both(int ticks, long here, long there, long onTheWire) {
        Owner elsewhere = inNamespace(GuardBench.process(42, "x8", 1000, "other"), 4_026_532_000L);
        for (int tick = 0; tick < ticks; tick++) {
            counted(exactly(elsewhere), true, there);
            counted(exactly(FLOODER), false, here);
            bench.sent(ON_THE_WIRE, onTheWire, 57);
            bench.tick();
        }
    }

    private List<String> commands() {
        return bench.guard.snapshot().talkers().stream()
                .map(talker ->
                        talker.attribution().knownOwner().map(Owner::command).orElse("?"))
                .toList();
    }

    @Test
    void anotherNamespacesFloodToWhereWeSendIsNotOursWhereItDoesNotPass() {
        both(24, 500, 20_000, 500);
        assertThat(commands()).containsExactly("x7");
        assertThat(only().packets()).isEqualTo(24 * 500);
    }

    @Test
    void norIsItWhereOurOwnIsSeenBeforeItIsTold() {
        bench.sent(ON_THE_WIRE, 5_000, 57);
        both(24, 5_000, 1_000, 5_000);
        assertThat(commands()).containsExactly("x7");
    }

    @Test
    void aContainersFloodToWhereWeSendIsOursAndNoPacketOfItIsLost() {
        both(24, 500, 20_000, 20_500);
        assertThat(commands()).containsExactlyInAnyOrder("x7", "x8");
        assertThat(bench.guard.snapshot().totals().packets()).isEqualTo(24 * 20_500);
    }

    @Test
    void aContainersFloodOfLargeSendsIsOursToo() {
        // One packet of 40 datagrams, of which the kernel eye counts each with its headers.
        Owner elsewhere = inNamespace(GuardBench.process(42, "x8", 1000, "other"), 4_026_532_000L);
        for (int tick = 0; tick < 24; tick++) {
            counted(exactly(elsewhere), true, 4_000);
            counted(exactly(FLOODER), false, 100);
            bench.sent(ON_THE_WIRE, 100, 57);
            bench.sent(GuardBench.udp(40_001, "203.0.113.80", 80), 100, 28 + 40 * 29);
            bench.tick();
        }
        assertThat(commands()).containsExactlyInAnyOrder("x7", "x8");
    }

    @Test
    void aContainersPacketsCountAlsoToMoreDestinationsThanAreCompared() {
        counted(exactly(FLOODER), true, 700);
        bench.sent(ON_THE_WIRE, 10, 57);
        nothingMore();
        nothingMore();
        int more = 5_000;
        // One of those that are compared is the victim.
        counted(IntStream.range(0, Reconciler.MOST - 1 + more).mapToObj(KernelCountsTest::destination));
        bench.tick();
        // Whoever sent nothing yet that was forwarded may send within this machine.
        Attribution other = exactly(GuardBench.process(42, "backup", 0, "root"));
        counted(other, Optional.of(destination(Reconciler.MOST + more)), true, 5_000);
        bench.tick();
        assertThat(only().packets()).isEqualTo(700 + more);
    }

    @Test
    void aContainersPacketsCountAlsoWhereMoreWouldWaitThanCan() {
        counted(exactly(FLOODER), true, 700);
        bench.sent(ON_THE_WIRE, 10, 57);
        nothingMore();
        nothingMore();
        int more = 5_000;
        counted(IntStream.range(0, Reconciler.MOST + more).mapToObj(i -> destination(0)));
        bench.tick();
        assertThat(only().packets()).isEqualTo(700 + more);
    }

    /* A packet of a container to each. */
    private void counted(Stream<Endpoint> remotes) {
        long at = Nanos.of(bench.now);
        bench.observe(new TrafficObservation.OwnedFlows(
                remotes.map(remote -> new AttributedCount(
                                exactly(FLOODER), Protocol.UDP, Optional.of(remote), true, 1, 57, 0, at, at))
                        .toList(),
                0,
                0));
    }

    private static Endpoint destination(int number) {
        return new Endpoint(
                GuardBench.address("198.51." + (number >> 16) + "." + (number >> 8 & 255)), 1024 + (number & 255));
    }

    @Test
    void whatAnotherNamespaceSendsElsewhereIsNotOurs() {
        counted(exactly(FLOODER), true, 700);
        bench.idle(Duration.ofSeconds(6));
        bench.sent(ON_THE_WIRE, 10, 57);
        bench.tick();
        assertThat(bench.guard.snapshot().talkers()).isEmpty();
    }

    @Test
    void withAllInterfacesEveryNamespaceIsOurs() {
        bench.observe(new TrafficObservation.SourceHealth("any", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
        counted(exactly(FLOODER), true, 700);
        bench.tick();
        assertThat(only().packets()).isEqualTo(700);
    }

    @Test
    void aFamilyOfShortLivedChildrenIsOneTalkerUnderItsParentAndNoPacketIsLostOnTheWay() {
        for (int pid = 5000; pid < 5100; pid++) {
            counted(exactly(childOf(4711, pid)), false, 1);
            bench.tick();
        }
        assertThat(only().packets()).isEqualTo(100);
        assertThat(only().pids()).hasSize(100);
        assertThat(only().remotes()).containsExactly(new Talker.RemoteTotal(VICTIM, 100, 100 * 57));
        assertThat(only().attribution().knownOwner()).get().satisfies(owner -> {
            assertThat(owner.pid()).isEqualTo(4711);
            assertThat(owner.uid()).isEqualTo(33);
        });
    }

    @Test
    void childrenOfAShellAreNotTheShell() {
        for (int pid = 5000; pid < 5010; pid++) {
            Owner child = GuardBench.process(pid, "nc", 33, "www-data");
            counted(exactly(withParent(child, 600, "sh")), false, 1);
            bench.tick();
        }
        assertThat(only().attribution().knownOwner().orElseThrow().pid()).isEqualTo(5000);
    }

    @Test
    void whatCannotBeSettledNamesBothAndBlamesNeither() {
        Owner other = GuardBench.process(42, "ip", 0, "root");
        counted(new Attribution.Contested(List.of(FLOODER, other), "sent when a neighbour answered"), false, 9_000);
        bench.tick();
        bench.tick();
        assertThat(only().attribution().knownOwner()).isEmpty();
        assertThat(only().attribution())
                .isInstanceOfSatisfying(
                        Attribution.Contested.class,
                        contested -> assertThat(contested.candidates()).containsExactly(FLOODER, other));
        assertThat(only().verdict()).isEqualTo(Verdict.SUSPECT);
    }

    @Test
    void packetsWithoutRoomAreCountedAllTheSame() {
        bench.observe(new TrafficObservation.OwnedFlows(List.of(), 1_000_000, 57_000_000));
        bench.tick();
        assertThat(bench.guard.snapshot().totals().packets()).isEqualTo(1_000_000);
        assertThat(only().attribution().matchedBy()).contains("more sources and destinations");
    }

    private static Owner childOf(int parent, int pid) {
        return withParent(GuardBench.process(pid, "x7", 33, "www-data"), parent, "x7");
    }

    private static Owner inNamespace(Owner owner, long netns) {
        return new Owner(
                owner.id(),
                new Owner.Program(
                        owner.command(), owner.exe(), false, Optional.empty(), owner.cwd(), owner.commandLine(), ""),
                new Owner.Credentials(owner.uid(), owner.user(), OptionalInt.empty()),
                new Owner.Placement(owner.cgroup(), owner.unit(), "", netns),
                List.of());
    }

    private static Owner withParent(Owner owner, int parent, String parentName) {
        return new Owner(
                owner.id(),
                new Owner.Program(
                        owner.command(), owner.exe(), false, Optional.empty(), owner.cwd(), owner.commandLine(), ""),
                new Owner.Credentials(owner.uid(), owner.user(), OptionalInt.empty()),
                new Owner.Placement(owner.cgroup(), owner.unit(), "", 1),
                List.of(new Owner.Ancestor(new ProcessId(parent, 7), parentName)));
    }
}
