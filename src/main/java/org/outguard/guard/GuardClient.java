package org.outguard.guard;

import java.util.List;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;

/** What a front end is given, and all it is given. Safe from any thread. */
public interface GuardClient {

    /** The newest snapshot; never null, never waits. */
    Snapshot snapshot();

    /** The exact commands that a step would run, without running anything. */
    Action.Plan preview(Step step);

    /** What speaks against a step, see {@link GuardRails}; the guard looks again when it is to be done. */
    List<Objection> objections(Step step);

    /** What a lockdown would let out; empty where that is not known yet. */
    List<AllowRule> allowedInLockdown();

    /** Hands a command to the guard, which carries it out or refuses it with a {@link Snapshot.Notice} on a later tick. */
    void submit(Command command);
}
