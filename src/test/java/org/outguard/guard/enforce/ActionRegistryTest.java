package org.outguard.guard.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActionRow.State;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.owner.ProcessId;

/** What was done, how it stands, and what can be undone. */
class ActionRegistryTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final ProcessStep.Freeze FREEZE =
            new ProcessStep.Freeze(new ProcessId(4711, 99), "x7", ProcessStep.Scope.PROCESS);

    private final ActionRegistry book = new ActionRegistry();

    private static Action action(String id, Step step) {
        return new Action(id, NOW, "root", "o-1", step, new Action.Plan("do", "undo"));
    }

    private void done(String id, Step step) {
        book.start(action(id, step));
        book.settle(new Outcome(id, NOW, Outcome.Result.DONE, ""));
    }

    private State state(String id) {
        return book.find(id).orElseThrow().state();
    }

    @Test
    void whatLeavesSomethingBehindStandsUntilItIsTakenBack() {
        done("a-1", FREEZE);
        assertThat(state("a-1")).isEqualTo(State.STANDING);
        assertThat(book.find("a-1").orElseThrow().undoable()).isTrue();
        done("a-2", FREEZE.undo("a-1").orElseThrow());
        assertThat(state("a-1")).isEqualTo(State.UNDONE);
        assertThat(book.find("a-1").orElseThrow().whyNoUndo()).contains("it was undone");
    }

    @Test
    void aKillIsDoneAndCannotBeTakenBack() {
        done(
                "a-1",
                new ProcessStep.Kill(
                        KillTarget.journaled(new ProcessId(4711, 99), "x7"), ProcessStep.Scope.PROCESS, ""));
        assertThat(state("a-1")).isEqualTo(State.DONE);
        assertThat(book.find("a-1").orElseThrow().whyNoUndo()).contains("a kill cannot be undone");
    }

    @Test
    void aFailureStandsForNothing() {
        book.start(action("a-1", FREEZE));
        assertThat(state("a-1")).isEqualTo(State.RUNNING);
        book.settle(new Outcome("a-1", NOW, Outcome.Result.FAILED, "no such process"));
        assertThat(state("a-1")).isEqualTo(State.FAILED);
        assertThat(book.find("a-1").orElseThrow().detail()).isEqualTo("no such process");
    }

    @Test
    void aTimedOneExpires() {
        BlockTarget target =
                new BlockTarget(Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(33));
        done("a-1", new NetworkStep.Block(target, Duration.ofMinutes(10)));
        book.expire(NOW.plus(Duration.ofMinutes(9)));
        assertThat(state("a-1")).isEqualTo(State.STANDING);
        book.expire(NOW.plus(Duration.ofMinutes(10)));
        assertThat(state("a-1")).isEqualTo(State.EXPIRED);
    }

    @Test
    void doneTwiceTheNewerStands() {
        done("a-1", FREEZE);
        done("a-2", FREEZE);
        assertThat(state("a-1")).isEqualTo(State.DONE);
        assertThat(state("a-2")).isEqualTo(State.STANDING);
    }

    @Test
    void ofManyThoseThatStandAreKept() {
        done("a-standing", FREEZE);
        for (int i = 0; i < 2 * ActionRegistry.MOST; i++) {
            done(
                    "a-" + i,
                    new ProcessStep.Kill(
                            KillTarget.journaled(new ProcessId(i + 1, 1), "x"), ProcessStep.Scope.PROCESS, ""));
        }
        List<ActionRow> rows = book.newestFirst();
        assertThat(rows).hasSize(ActionRegistry.MOST);
        assertThat(state("a-standing")).isEqualTo(State.STANDING);
        assertThat(rows.get(0).action().id()).isEqualTo("a-" + (2 * ActionRegistry.MOST - 1));
    }
}
