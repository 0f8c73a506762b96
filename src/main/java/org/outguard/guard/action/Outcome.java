package org.outguard.guard.action;

import java.time.Instant;

/**
 * What became of an action.
 *
 * @param actionId see {@link Action#id()}
 * @param at when it was over
 * @param result done or failed
 * @param detail why it failed; where it is done, what is worth knowing about it, mostly empty
 */
public record Outcome(String actionId, Instant at, Result result, String detail) {

    /** How it ended. */
    public enum Result {
        DONE,
        /** A program failed in the midst of it: what was done of it stands, and can be undone. */
        PARTLY,
        FAILED
    }

    /** Whether something was done, so that it stands or has ended what stood. */
    public boolean tookEffect() {
        return result != Result.FAILED;
    }
}
