package org.outguard.guard.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.SourceCounts.Sight;
import org.outguard.guard.snapshot.SourceCounts.Sum;
import org.outguard.guard.snapshot.SourceCounts.Wire;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** What each row says that both eyes counted of it. */
class BothEyesTest {

    private static final Endpoint VICTIM = new Endpoint(GuardBench.address("203.0.113.80"), 80);
    private static final Destination FLOOD = new Destination(Protocol.UDP, VICTIM);
    private static final FlowKey ON_THE_WIRE = GuardBench.udp(40_000, "203.0.113.80", 80);
    private static final Owner FLOODER = GuardBench.process(4711, "x7", 33, "www-data");
    private static final Owner OTHER = GuardBench.process(4712, "y8", 34, "other");

    private final GuardBench bench = new GuardBench(GuardBench.POLICY, Snapshot.Eye.KERNEL);

    private void kernelEyeOpens() {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
        bench.tick();
    }

    private void counted(Owner owner, long packets) {
        counted(owner, Protocol.UDP, Optional.of(VICTIM), packets);
    }

    private void counted(Owner owner, Protocol protocol, Optional<Endpoint> remote, long packets) {
        long at = Nanos.of(bench.now) + 100_000_000L;
        Attribution attribution = new Attribution.Exact(owner, "counted as it was sent");
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(attribution, protocol, remote, false, packets, packets * 57, 0, at, at)),
                0,
                0));
    }

    /* A second, in four parts. */
    private void second(long counted, long seen) {
        for (int tick = 0; tick < 4; tick++) {
            counted(FLOODER, counted / 4);
            if (seen > 0) {
                bench.sent(ON_THE_WIRE, seen / 4, 57);
            }
            bench.tick();
        }
    }

    private void leavesOut(boolean glances, Destination... destinations) {
        bench.observe(new TrafficObservation.CaptureExclusions("eth0", Set.of(destinations), glances));
    }

    private Talker of(Owner owner) {
        return bench.guard.snapshot().talkers().stream()
                .filter(talker -> talker.attribution()
                        .knownOwner()
                        .filter(o -> o.id().equals(owner.id()))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    private Wire wire(Owner owner) {
        return of(owner).eyes().wire().orElseThrow();
    }

    @Test
    void whereOneSendsBothCountsAreItsOwn() {
        kernelEyeOpens();
        second(20_000, 20_000);

        SourceCounts eyes = of(FLOODER).eyes();
        assertThat(eyes.kernel()).contains(new Sum(20_000, 20_000 * 57));
        assertThat(eyes.unaccounted()).isEqualTo(Sum.NONE);
        assertThat(eyes.wire())
                .contains(new Wire(new Sum(20_000, 20_000 * 57), new Sum(20_000, 20_000 * 57), 0, 0, Sight.ALL, 1, 0));
    }

    @Test
    void whatTheCaptureLeavesOutIsSaidAndThatItDidOnceItDoesNoMore() {
        kernelEyeOpens();
        second(20_000, 4_000);
        leavesOut(false, FLOOD);
        second(20_000, 0);
        assertThat(of(FLOODER).eyes().kernel()).contains(new Sum(40_000, 40_000 * 57));
        assertThat(wire(FLOODER).seen().packets()).isEqualTo(4_000);
        assertThat(wire(FLOODER).sight()).isEqualTo(Sight.LEFT_OUT);
        assertThat(wire(FLOODER).leftOut()).isEqualTo(1);

        leavesOut(false);
        second(400, 400);
        assertThat(wire(FLOODER).sight()).isEqualTo(Sight.LEFT_OUT_BEFORE);
        assertThat(wire(FLOODER).leftOut()).isZero();
        assertThat(wire(FLOODER).seen().packets()).isEqualTo(4_400);
    }

    @Test
    void aDestinationThatIsSeenForTheFirstTimeMayBeLeftOutAlready() {
        kernelEyeOpens();
        leavesOut(false, FLOOD);
        second(20_000, 0);
        assertThat(wire(FLOODER).sight()).isEqualTo(Sight.LEFT_OUT);
    }

    @Test
    void oneOfManyDestinationsLeftOutIsNotAllOfThem() {
        kernelEyeOpens();
        leavesOut(false, FLOOD);
        counted(FLOODER, Protocol.UDP, Optional.of(new Endpoint(VICTIM.address(), 81)), 30);
        second(20_000, 0);
        assertThat(wire(FLOODER).destinations()).isEqualTo(2);
        assertThat(wire(FLOODER).leftOut()).isEqualTo(1);
    }

    @Test
    void whoSendsWhileTheCaptureRestsIsSeenByGlances() {
        kernelEyeOpens();
        second(400, 400);
        assertThat(wire(FLOODER).sight()).isEqualTo(Sight.ALL);
        leavesOut(true);
        second(400, 16);
        leavesOut(false);
        second(400, 400);
        assertThat(wire(FLOODER).sight()).as("what was missed stays missed").isEqualTo(Sight.GLANCES);
    }

    @Test
    void whereSeveralSendTheWireCountsAreOfAllOfThem() {
        kernelEyeOpens();
        for (int tick = 0; tick < 8; tick++) {
            counted(FLOODER, 5_000);
            counted(OTHER, 100);
            bench.sent(ON_THE_WIRE, 5_100, 57);
            bench.tick();
        }
        assertThat(of(OTHER).eyes().kernel()).contains(new Sum(800, 800 * 57));
        assertThat(wire(OTHER).seen().packets()).isEqualTo(40_800);
        assertThat(wire(OTHER).kernel().packets()).isEqualTo(40_800);
        assertThat(wire(OTHER).others()).isEqualTo(40_000);
        assertThat(wire(FLOODER).others()).isEqualTo(800);
    }

    @Test
    void processesOfOneProgramAreNoOthers() {
        kernelEyeOpens();
        for (int pid = 1; pid <= 20; pid++) {
            counted(GuardBench.process(5_000 + pid, "x7", 33, "www-data"), 1_000);
            bench.sent(ON_THE_WIRE, 1_000, 57);
            bench.tick();
        }
        Talker program = bench.guard.snapshot().talkers().get(0);
        assertThat(program.pids()).hasSize(20);
        assertThat(program.eyes().wire())
                .contains(new Wire(new Sum(20_000, 20_000 * 57), new Sum(20_000, 20_000 * 57), 0, 0, Sight.ALL, 1, 0));
    }

    @Test
    void whatNobodySentIsTheDifferenceAndTheKnownSenderSaysSoToo() {
        kernelEyeOpens();
        for (int tick = 0; tick < 40; tick++) {
            counted(FLOODER, 5_000);
            bench.sent(ON_THE_WIRE, 15_000, 57);
            bench.tick();
        }
        Talker hidden = bench.guard.snapshot().talkers().stream()
                .filter(talker -> talker.attribution() == Reconciler.UNACCOUNTED)
                .findFirst()
                .orElseThrow();
        assertThat(hidden.eyes().kernel()).contains(Sum.NONE);
        assertThat(hidden.eyes().unaccounted()).isEqualTo(new Sum(hidden.packets(), hidden.bytes()));
        Wire there = hidden.eyes().wire().orElseThrow();
        assertThat(there.seen().packets()).isEqualTo(40 * 15_000);
        assertThat(there.kernel().packets()).isEqualTo(40 * 5_000);
        assertThat(there.others()).isEqualTo(40 * 5_000);
        assertThat(there.nobodys()).isEqualTo(hidden.packets()).isPositive();
        assertThat(wire(FLOODER).nobodys()).isEqualTo(hidden.packets());
        assertThat(wire(FLOODER).others()).isZero();
    }

    @Test
    void afterALongSilenceBothCountsAreThereAndGoOn() {
        kernelEyeOpens();
        leavesOut(false, FLOOD);
        second(20_000, 4_000);
        leavesOut(false);
        for (int times = 1; times <= 3; times++) {
            bench.idle(Duration.ofSeconds(90));
            assertThat(wire(FLOODER).seen().packets()).isEqualTo(4_000L * times);
            assertThat(wire(FLOODER).kernel().packets()).isEqualTo(20_000L * times);
            second(20_000, 4_000);
        }
        assertThat(of(FLOODER).eyes().kernel()).contains(new Sum(80_000, 80_000 * 57));
        assertThat(wire(FLOODER).others()).isZero();
        assertThat(wire(FLOODER).sight()).isEqualTo(Sight.LEFT_OUT_BEFORE);
    }

    @Test
    void whatTheWireSawBeforeTheKernelEyeCountedIsNotComparedWithIt() {
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
        bench.sent(ON_THE_WIRE, 9_000, 57);
        bench.tick();
        kernelEyeOpens();
        second(400, 400);
        assertThat(wire(FLOODER).seen().packets()).isEqualTo(400);
    }

    @Test
    void ofTcpAttemptsToConnectAreSeenAndOfOtherProtocolsNothing() {
        kernelEyeOpens();
        counted(FLOODER, Protocol.TCP, Optional.of(VICTIM), 500);
        counted(OTHER, Protocol.OTHER, Optional.of(new Endpoint(VICTIM.address(), 0)), 500);
        bench.sent(GuardBench.tcp(40_000, "203.0.113.80", 80), 5, 60, 5);
        bench.tick();
        assertThat(wire(FLOODER).sight()).isEqualTo(Sight.CONNECTS);
        assertThat(wire(FLOODER).seen().packets()).isEqualTo(5);
        assertThat(wire(OTHER).sight()).isEqualTo(Sight.NOTHING);
    }

    @Test
    void framesWhoseDestinationIsNotKnownAreNotCompared() {
        kernelEyeOpens();
        counted(FLOODER, Protocol.UDP, Optional.empty(), 500);
        bench.tick();
        assertThat(of(FLOODER).eyes())
                .isEqualTo(new SourceCounts(Optional.of(new Sum(500, 500 * 57)), Optional.empty(), Sum.NONE));
    }

    @Test
    void withoutTheKernelEyeTheWireCountsBySenderAndTheSnapshotSaysWhy() {
        bench.observe(TrafficObservation.SourceSelected.wire("no BTF"));
        bench.sent(ON_THE_WIRE, 500, 57);
        bench.found(ON_THE_WIRE, FLOODER);
        bench.tick();
        assertThat(bench.guard.snapshot().whyNotKernel()).isEqualTo("no BTF");
        assertThat(of(FLOODER).eyes()).isEqualTo(SourceCounts.ofWire(500, 500 * 57));
    }
}
