package org.outguard.app.enforce;

import java.time.Clock;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.port.StepRunner;

/**
 * Stands where this machine has nothing to carry a family of steps out: each fails and says so.
 *
 * @param what the missing thing
 * @param clock stamps outcomes
 */
record UnsupportedStepRunner<S extends Step>(String what, Clock clock) implements StepRunner<S> {

    @Override
    public Action.Plan plan(S step) {
        return new Action.Plan("", "");
    }

    @Override
    public Outcome run(Action action, S step) {
        return new Outcome(action.id(), clock.instant(), Outcome.Result.FAILED, "nothing here acts on " + what);
    }
}
