package org.outguard.guard.port;

import org.outguard.guard.action.Action;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;

/** Port: carries actions out. */
public interface Enforcer {

    /** The exact commands for a step, without running anything. */
    Action.Plan plan(Step step);

    /**
     * Journals the action, then runs it. Returns at once; the result comes as an {@link ActionObservation.ActionCompleted}.
     */
    void carryOut(Action action);
}
