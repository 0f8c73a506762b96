package org.outguard.app.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.outguard.app.Flooder;
import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.Guard;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.owner.Attribution;

/** Which packets the capture is spared while the kernel eye counts. */
class CaptureExclusionPolicyTest implements Enforcer {

    private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");

    private final AtomicInteger ids = new AtomicInteger();
    private final Guard guard = new Guard(
            Policy.defaults(Set.of()),
            flows -> {},
            this,
            () -> "o-" + ids.incrementAndGet(),
            () -> "a-" + ids.incrementAndGet(),
            Snapshot.Eye.KERNEL,
            START);
    private final CaptureExclusionPolicy chosen = new CaptureExclusionPolicy();
    private Instant now = START;

    @Override
    public Action.Plan plan(Step step) {
        throw new AssertionError("nothing is done here");
    }

    @Override
    public void carryOut(Action action) {
        throw new AssertionError("nothing is done here");
    }

    private static Endpoint remote(int last) {
        return new Endpoint(IpAddress.parse("203.0.113." + last).orElseThrow(), 80);
    }

    private static Destination leftOut(int last) {
        return new Destination(Protocol.UDP, remote(last));
    }

    private List<Destination> after(Snapshot.Eye eye, Attribution attribution, long packets, int... remotes)
            throws InterruptedException {
        guard.observe(
                eye == Snapshot.Eye.KERNEL
                        ? TrafficObservation.SourceSelected.KERNEL
                        : TrafficObservation.SourceSelected.wire(""));
        List<AttributedCount> counts = new ArrayList<>();
        long at = now.getEpochSecond() * 1_000_000_000L;
        for (int last : remotes) {
            counts.add(new AttributedCount(
                    attribution, Protocol.UDP, Optional.of(remote(last)), false, packets, packets * 57, 0, at, at));
        }
        guard.observe(new TrafficObservation.OwnedFlows(counts, 0, 0));
        now = now.plusSeconds(1);
        return chosen.choose(guard.tick(now));
    }

    private static Attribution exact() {
        return new Attribution.Exact(Flooder.OWNER, "counted as it was sent");
    }

    @Test
    void aFloodWithItsOwnerNeedNotBeCaptured() throws InterruptedException {
        assertThat(after(Snapshot.Eye.KERNEL, exact(), 20_000, 80)).containsExactly(leftOut(80));
    }

    @Test
    void onlyAFloodIsWorthARestOfTheCapture() throws InterruptedException {
        after(Snapshot.Eye.KERNEL, exact(), 20_000, 80);
        assertThat(chosen.flood()).isFalse();
        after(Snapshot.Eye.KERNEL, exact(), 400_000, 80);
        assertThat(chosen.flood()).isTrue();
        after(Snapshot.Eye.WIRE, exact(), 400_000, 80);
        assertThat(chosen.flood()).isFalse();
    }

    @Test
    void whatNobodyOwnsIsLookedAt() throws InterruptedException {
        assertThat(after(Snapshot.Eye.KERNEL, new Attribution.Unknown("no sender"), 20_000, 80))
                .isEmpty();
    }

    @Test
    void aTrickleIsLookedAt() throws InterruptedException {
        assertThat(after(Snapshot.Eye.KERNEL, exact(), 900, 80)).isEmpty();
    }

    @Test
    void whileTheWireEyeCountsNothingIsLeftOut() throws InterruptedException {
        assertThat(after(Snapshot.Eye.KERNEL, exact(), 20_000, 80)).isNotEmpty();
        assertThat(after(Snapshot.Eye.WIRE, exact(), 20_000, 80)).isEmpty();
    }

    @Test
    void whatWasChosenStaysWhenOthersBecomeBusier() throws InterruptedException {
        int[] many = new int[2 * CaptureExclusionPolicy.MOST];
        for (int i = 0; i < many.length; i++) {
            many[i] = i + 1;
        }
        List<Destination> first = after(Snapshot.Eye.KERNEL, exact(), 20_000, many);
        assertThat(first).hasSize(CaptureExclusionPolicy.MOST);
        int last = many[many.length - 1];
        assertThat(first).doesNotContain(leftOut(last));
        assertThat(after(Snapshot.Eye.KERNEL, exact(), 20_000, last)).containsExactlyElementsOf(first);
    }

    @Test
    void whatCalmsDownIsLookedAtAgain() throws InterruptedException {
        assertThat(after(Snapshot.Eye.KERNEL, exact(), 20_000, 80)).isNotEmpty();
        now = now.plusSeconds(30);
        assertThat(after(Snapshot.Eye.KERNEL, exact(), 1, 80)).isEmpty();
    }
}
