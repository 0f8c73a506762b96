package org.outguard.journal;

import java.time.Instant;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;

/** One line of the journal. */
public sealed interface JournalEntry {

    /** When it was written, or as good as. */
    Instant at();

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

        @Override
        public Instant at() {
            return action.at();
        }
    }

    /**
     * Written after it was run.
     *
     * @param outcome what became of it
     */
    record Ended(Outcome outcome) implements JournalEntry {

        @Override
        public Instant at() {
            return outcome.at();
        }
    }

    /**
     * A request that was not done, and no action was made of. Text from outside is in it.
     *
     * @param at when it came
     * @param by the user who sent it
     * @param request its beginning, as it came
     * @param reason why it was not done
     * @param unlisted how many requests were refused since the entry before that have no entry of their own
     */
    record Refused(Instant at, String by, String request, String reason, long unlisted) implements JournalEntry {}
}
