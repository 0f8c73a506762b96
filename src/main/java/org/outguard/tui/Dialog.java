package org.outguard.tui;

import java.time.Duration;
import java.util.List;
import org.outguard.guard.Action;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.StandingBlock;

/** What lies over the table and takes the keys. */
sealed interface Dialog {

    /** The times that a block is offered for, shortest first. */
    List<Duration> LENGTHS = List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1));

    /** Nothing. */
    record None() implements Dialog {}

    /**
     * All keys.
     *
     * @param from first line that is shown
     */
    record Help(int from) implements Dialog {}

    /**
     * Asks whether to block. All is fixed when it opens: rows and rates may change under it, what it names may not.
     *
     * @param talkerId see {@link org.outguard.guard.Talker#id()}
     * @param who the sender in words, safe to print
     * @param choices the scopes, at least one
     * @param choice which of them
     * @param length which of {@link #LENGTHS}
     * @param plan exact commands for that choice
     * @param from first line of the text that is shown, where it is longer than the screen
     */
    record Block(
            String talkerId, String who, List<BlockTarget> choices, int choice, int length, Action.Plan plan, int from)
            implements Dialog {
        BlockTarget target() {
            return choices.get(choice);
        }

        Duration time() {
            return LENGTHS.get(length);
        }

        NetworkStep.Block step() {
            return new NetworkStep.Block(target(), time());
        }

        Block with(int newChoice, int newLength, Action.Plan newPlan) {
            return new Block(talkerId, who, choices, newChoice, newLength, newPlan, 0);
        }

        Block scrolled(int newFrom) {
            return new Block(talkerId, who, choices, choice, length, plan, newFrom);
        }
    }

    /**
     * Asks whether to take a block back.
     *
     * @param block the block as it was when the dialog opened
     * @param plan exact commands
     * @param from first line of the text that is shown
     */
    record Undo(StandingBlock block, Action.Plan plan, int from) implements Dialog {
        Undo scrolled(int newFrom) {
            return new Undo(block, plan, newFrom);
        }
    }
}
