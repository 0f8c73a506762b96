package org.outguard.tui;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.outguard.guard.Command;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Step;

/**
 * Something that can be done, before it is asked for.
 *
 * @param title the question
 * @param ink how grave it is
 * @param verb on the button
 * @param choices what can be chosen from, at least one; safe to print
 * @param timed whether a time is chosen too
 * @param maker what a choice comes to
 * @param toType what has to be typed; only for what cannot be undone
 * @param there whether what it names is still there
 * @param gone what is said where it is not
 */
record Offer(
        String title,
        Ink ink,
        String verb,
        List<String> choices,
        boolean timed,
        Maker maker,
        Optional<String> toType,
        Predicate<Snapshot> there,
        String gone) {

    Offer {
        choices = List.copyOf(choices);
    }

    /** Makes what is asked for. */
    interface Maker {
        Draft make(int choice, Duration length);
    }

    /**
     * What a choice comes to.
     *
     * @param effect in words; safe to print
     * @param caution what it hurts; empty where nothing
     * @param errands what the guard is asked for
     */
    record Draft(String effect, Optional<String> caution, List<Errand> errands) {
        Draft {
            errands = List.copyOf(errands);
        }
    }

    /**
     * One thing that the guard is asked for.
     *
     * @param step what will be done, for the exact commands
     * @param command how it is asked for
     */
    record Errand(Step step, Command command) {}

    /** Whether there is something to offer. */
    sealed interface Answer {}

    /** There is. */
    record Yes(Offer offer) implements Answer {}

    /**
     * There is not.
     *
     * @param reason why
     */
    record No(String reason) implements Answer {}
}
