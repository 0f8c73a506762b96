package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.flow.FlowKey;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Owner;

/** From a key to a block that stands, and back. */
class BlockTest {

    private static final FlowKey FLOOD = udp(40000, "203.0.113.80", 80);
    private static final Owner FLOODER = process(4711, "x7", 33, "www-data");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final GuardBench bench = new GuardBench();
    private Talker offender;

    @BeforeEach
    void aFlood() {
        bench.sent(FLOOD, 43_250, 29);
        bench.found(FLOOD, FLOODER);
        offender =
                bench.run(Duration.ofSeconds(1), FLOOD, 173_000, 29).suspects().get(0);
    }

    private BlockTarget narrowest() {
        return BlockChoices.of(offender).get(0);
    }

    private void block(BlockTarget target) {
        bench.guard.submit(new Command.Block(offender.id(), target, TEN_MINUTES, "test"));
        bench.tick();
    }

    private Action lastAction() {
        return bench.carriedOut.get(bench.carriedOut.size() - 1);
    }

    private void happened(Outcome.Result result, String detail) {
        bench.observe(
                new ActionObservation.ActionCompleted(new Outcome(lastAction().id(), bench.now, result, detail)));
        bench.tick();
    }

    private void kernelHas(long packets, Instant expires, BlockTarget... targets) {
        bench.observe(new ActionObservation.BlocksSeen(
                bench.now,
                List.of(targets).stream()
                        .map(t -> new ActionObservation.BlockCounter(t, packets, packets * 29, expires))
                        .toList()));
        bench.tick();
    }

    private Talker row() {
        return bench.guard.snapshot().talkers().get(0);
    }

    private String lastNotice() {
        List<Snapshot.Notice> notices = bench.guard.snapshot().notices();
        return notices.get(notices.size() - 1).text();
    }

    @Test
    void theScopesOfferedAreNarrowestFirst() {
        assertThat(BlockChoices.of(offender))
                .extracting(BlockTarget::toString)
                .containsExactly(
                        "uid 33 to 203.0.113.80 udp port 80",
                        "to 203.0.113.80 udp port 80",
                        "to 203.0.113.80",
                        "cgroup system.slice/apache2.service to 203.0.113.80 udp port 80",
                        "process 4711 of uid 33",
                        "uid 33");
    }

    @Test
    void aBlockCarriesItsCommandAndItsUndoAndCountsWhatItDrops() {
        block(narrowest());
        assertThat(lastAction().plan().command()).isEqualTo("do block uid 33 to 203.0.113.80 udp port 80");
        assertThat(lastAction().by()).isEqualTo("test");
        assertThat(row().blocks().get(0).state()).isEqualTo(ActiveBlock.State.STARTING);

        happened(Outcome.Result.DONE, "");
        assertThat(row().blocks().get(0).state()).isEqualTo(ActiveBlock.State.STANDING);
        Instant expires = bench.now.plus(TEN_MINUTES);
        kernelHas(100_000, expires, narrowest());
        bench.idle(Duration.ofMillis(750));
        kernelHas(273_000, expires, narrowest());
        ActiveBlock block = row().blocks().get(0);
        assertThat(block.packets()).isEqualTo(273_000);
        assertThat(block.packetsPerSecond()).isEqualTo(173_000);
        assertThat(block.expires()).isEqualTo(expires);
    }

    @Test
    void undoTakesItOut() {
        block(narrowest());
        String blockId = lastAction().id();
        happened(Outcome.Result.DONE, "");
        bench.guard.submit(new Command.Undo(blockId, "test"));
        bench.tick();
        assertThat(lastAction().step()).isEqualTo(new NetworkStep.Unblock(narrowest(), blockId));
        assertThat(row().blocks().get(0).state()).isEqualTo(ActiveBlock.State.ENDING);
        happened(Outcome.Result.DONE, "");
        assertThat(row().blocks()).isEmpty();
        assertThat(lastNotice()).startsWith("unblocked");
    }

    @Test
    void aFailureSaysWhyAndLeavesNothingStanding() {
        block(narrowest());
        happened(Outcome.Result.FAILED, "nft is not installed");
        assertThat(row().blocks().get(0).state()).isEqualTo(ActiveBlock.State.FAILED);
        assertThat(lastNotice()).contains("could not block").contains("nft is not installed");
    }

    @Test
    void aBlockThatVanishesEarlyWasTakenOutBySomebodyElse() {
        block(narrowest());
        happened(Outcome.Result.DONE, "");
        kernelHas(5, bench.now.plus(TEN_MINUTES), narrowest());
        bench.idle(Duration.ofSeconds(3));
        kernelHas(0, bench.now);
        assertThat(row().blocks()).isEmpty();
        assertThat(lastNotice()).contains("taken out by somebody else");
    }

    @Test
    void aBlockThatRunsOutExpired() {
        block(narrowest());
        happened(Outcome.Result.DONE, "");
        bench.idle(TEN_MINUTES);
        kernelHas(0, bench.now);
        assertThat(row().blocks()).isEmpty();
        assertThat(lastNotice()).contains("expired");
    }

    @Test
    void aBlockOfAnEarlierRunIsShownAndCanBeUndone() {
        kernelHas(7, bench.now.plus(TEN_MINUTES), narrowest());
        ActiveBlock block = row().blocks().get(0);
        assertThat(block.state()).isEqualTo(ActiveBlock.State.STANDING);
        bench.guard.submit(new Command.Undo(block.actionId(), "test"));
        bench.tick();
        assertThat(((NetworkStep.OnTarget) lastAction().step()).target()).isEqualTo(narrowest());
    }

    @Test
    void aBlockThatTheJournalRemembersKeepsItsId() {
        block(narrowest());
        Action made = lastAction();
        GuardBench restarted = new GuardBench();
        restarted.observe(new ActionObservation.ActionRestored(
                made, ActionRow.State.STANDING, Optional.of(made.at().plus(TEN_MINUTES)), ""));
        restarted.observe(new ActionObservation.BlocksSeen(
                restarted.now,
                List.of(new ActionObservation.BlockCounter(
                        narrowest(), 5, 145, made.at().plus(TEN_MINUTES)))));
        Snapshot snapshot = restarted.tick();
        assertThat(snapshot.blocks()).hasSize(1);
        assertThat(snapshot.blocks().get(0).actionId()).isEqualTo(made.id());
        assertThat(snapshot.blocks().get(0).packets()).isEqualTo(5);
    }

    @Test
    void whatACommandByWordBlocksAndTakesOutIsKnownByItsId() {
        NetworkStep.Block step = new NetworkStep.Block(narrowest(), TEN_MINUTES);
        doneElsewhere("a-word", step);
        assertThat(row().blocks()).singleElement().satisfies(block -> {
            assertThat(block.actionId()).isEqualTo("a-word");
            assertThat(block.state()).isEqualTo(ActiveBlock.State.STANDING);
        });
        assertThat(bench.carriedOut).as("it is not done once more").isEmpty();

        doneElsewhere("a-back", new NetworkStep.Unblock(narrowest(), "a-word"));
        bench.idle(Duration.ofSeconds(3));
        kernelHas(0, bench.now);
        assertThat(row().blocks()).isEmpty();
        assertThat(lastNotice()).startsWith("unblocked");
        assertThat(bench.guard.snapshot().actions())
                .filteredOn(row -> row.action().id().equals("a-word"))
                .extracting(ActionRow::state)
                .containsExactly(ActionRow.State.UNDONE);
    }

    @Test
    void itsOwnActionsAreNotTakenForSomebodyElses() {
        block(narrowest());
        happened(Outcome.Result.DONE, "");
        int notices = bench.guard.snapshot().notices().size();

        doneElsewhere(lastAction().id(), lastAction().step());

        assertThat(bench.guard.snapshot().notices()).hasSize(notices);
        assertThat(row().blocks()).hasSize(1);
    }

    private void doneElsewhere(String id, Step step) {
        Action action = new Action(id, bench.now, "root", "by word", step, bench.plan(step));
        bench.observe(
                new ActionObservation.ExternalAction(action, new Outcome(id, bench.now, Outcome.Result.DONE, "")));
        bench.tick();
    }

    @Test
    void aBlockMustFitItsOffender() {
        BlockTarget elsewhere = new BlockTarget(
                Optional.of(BlockTarget.Remote.of(GuardBench.address("192.0.2.1"))),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty());
        block(elsewhere);
        assertThat(bench.carriedOut).isEmpty();
        assertThat(lastNotice()).startsWith("refused: to 192.0.2.1 does not fit");
        bench.guard.submit(new Command.Block("o-unknown", narrowest(), TEN_MINUTES, "test"));
        bench.tick();
        assertThat(lastNotice()).isEqualTo("refused: o-unknown is gone");
    }

    @Test
    void nothingToUndoIsSaid() {
        bench.guard.submit(new Command.Undo("a-77", "test"));
        bench.tick();
        assertThat(lastNotice()).contains("nothing to undo: a-77");
    }

    @Test
    void anOffenderStaysOnTheScreenWhileItsBlockStands() {
        block(narrowest());
        happened(Outcome.Result.DONE, "");
        for (int minute = 0; minute < 20; minute++) {
            bench.idle(Duration.ofMinutes(1));
            kernelHas(minute, bench.now.plus(TEN_MINUTES), narrowest());
        }
        assertThat(row().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(row().rate().packets1s()).isZero();
    }

    @Test
    void aNetworkContainsItsAddresses() {
        BlockTarget.Remote net = new BlockTarget.Remote(GuardBench.address("203.0.112.0"), 23);
        assertThat(net.contains(GuardBench.address("203.0.113.80"))).isTrue();
        assertThat(net.contains(GuardBench.address("203.0.114.80"))).isFalse();
        assertThat(net.contains(GuardBench.address("2001:db8::1"))).isFalse();
        BlockTarget.Remote six = new BlockTarget.Remote(GuardBench.address("2001:db8::"), 32);
        assertThat(six.contains(GuardBench.address("2001:db8:ffff::1"))).isTrue();
        assertThat(six.contains(GuardBench.address("2001:db9::1"))).isFalse();
        assertThat(new BlockTarget.Remote(GuardBench.address("::"), 0).contains(GuardBench.address("2001:db9::1")))
                .isTrue();
    }
}
