package org.outguard.journal;

import org.outguard.guard.Action;
import org.outguard.guard.Outcome;

/** One line of the journal. */
public sealed interface JournalEntry {

    /**
     * Written before the action was run.
     *
     * @param action what was to be done
     */
    record Decided(Action action) implements JournalEntry {}

    /**
     * Written after it was run.
     *
     * @param outcome what became of it
     */
    record Ended(Outcome outcome) implements JournalEntry {}
}
