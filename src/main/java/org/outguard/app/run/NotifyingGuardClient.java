package org.outguard.app.run;

import java.util.List;
import org.outguard.guard.GuardClient;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;

/**
 * Wakes the guard for each command: whoever stops a flood by a key should not wait for the next tick.
 *
 * @param guard the guard's own client
 * @param call wakes the thread that ticks; called from any thread
 */
record NotifyingGuardClient(GuardClient guard, Runnable call) implements GuardClient {

    @Override
    public void submit(Command command) {
        guard.submit(command);
        call.run();
    }

    @Override
    public Snapshot snapshot() {
        return guard.snapshot();
    }

    @Override
    public Action.Plan preview(Step step) {
        return guard.preview(step);
    }

    @Override
    public List<Objection> objections(Step step) {
        return guard.objections(step);
    }

    @Override
    public List<AllowRule> allowedInLockdown() {
        return guard.allowedInLockdown();
    }
}
