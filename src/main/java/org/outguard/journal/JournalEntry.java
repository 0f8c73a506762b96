package org.outguard.journal;

import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;

/** One line of the journal. */
public sealed interface JournalEntry {

    /**
     * Written before the action was run.
     *
     * @param action what was to be done
     * @param boot when the machine was started, by proc_sys_kernel(5), random/boot_id; empty where that is not known
     */
    record Decided(Action action, String boot) implements JournalEntry {

        /** One whose boot is not known. */
        public Decided(Action action) {
            this(action, "");
        }
    }

    /**
     * Written after it was run.
     *
     * @param outcome what became of it
     */
    record Ended(Outcome outcome) implements JournalEntry {}
}
