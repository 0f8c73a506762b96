package org.outguard.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.outguard.app.command.CliActionExecutor.Wanted;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation.BlockCounter;
import org.outguard.guard.observation.ActionObservation.BlocksSeen;
import org.outguard.journal.StandingByJournal;
import org.outguard.owner.ProcessId;

/** What undo and unblock undo could be put back for the time that was left, not for the usual one. */
class TakingBackTest {

    private static final Instant NOW = Instant.parse("2025-12-05T17:00:45Z");
    private static final BlockTarget USER =
            BlockTarget.parse("192.0.2.1", 80, "udp", 33, "").orElseThrow();
    private static final Action.Plan PLAN = new Action.Plan("add", "delete");

    private static Optional<Wanted> ending(Step step, Instant expires) {
        Action action = new Action("a-1", NOW.minusSeconds(100), "root", "flood", step, PLAN);
        return Wanted.ending(new StandingByJournal(action, expires, true), NOW);
    }

    @Test
    void aBlockHasTheTimeThatIsLeft() {
        assertThat(ending(new NetworkStep.Block(USER, Duration.ofHours(1)), NOW.plusSeconds(3_500)))
                .contains(new Wanted(
                        new NetworkStep.Unblock(USER, "a-1"),
                        Optional.of(new NetworkStep.Block(USER, Duration.ofSeconds(3_500)))));
    }

    @Test
    void aLimitHasItsRateToo() {
        assertThat(ending(new NetworkStep.Limit(USER, 250, Duration.ofMinutes(1)), NOW.plusSeconds(7)))
                .contains(new Wanted(
                        new NetworkStep.Unlimit(USER, "a-1"),
                        Optional.of(new NetworkStep.Limit(USER, 250, Duration.ofSeconds(7)))));
    }

    @Test
    void whatIsAboutToEndAndWhatHasNoTimeIsTakenBackAsUsual() {
        assertThat(ending(new NetworkStep.Block(USER, Duration.ofMinutes(1)), NOW.plusMillis(900)))
                .map(Wanted::undo)
                .contains(Optional.empty());
        ProcessStep.Freeze freeze = new ProcessStep.Freeze(new ProcessId(8, 8), "x", ProcessStep.Scope.PROCESS);
        assertThat(ending(freeze, Instant.MAX)).map(Wanted::undo).contains(Optional.empty());
    }

    @Test
    void whatTheJournalDoesNotKnowHasTheTimeAndRateThatTheKernelSays() {
        BlocksSeen seen = new BlocksSeen(
                NOW,
                List.of(
                        new BlockCounter(USER, 1, 100, NOW.plusSeconds(42)),
                        new BlockCounter(USER, 1, 100, NOW.plusSeconds(43), OptionalLong.of(10))));
        assertThat(UnblockCommand.inKernel(Optional.of(seen), USER))
                .containsExactly(
                        new Wanted(
                                new NetworkStep.Unblock(USER, ""),
                                Optional.of(new NetworkStep.Block(USER, Duration.ofSeconds(42)))),
                        new Wanted(
                                new NetworkStep.Unlimit(USER, ""),
                                Optional.of(new NetworkStep.Limit(USER, 10, Duration.ofSeconds(43)))));
        assertThat(UnblockCommand.inKernel(Optional.empty(), USER))
                .containsExactly(new Wanted(new NetworkStep.Unblock(USER, ""), Optional.empty()));
    }
}
