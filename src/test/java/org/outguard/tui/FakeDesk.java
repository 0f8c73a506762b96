package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.GuardClient;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Step;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.table.Lookups;

/** Shows what it is told to and writes down what it is asked to do. */
public final class FakeDesk implements GuardClient {

    final List<Command> commands = new ArrayList<>();
    Snapshot snapshot;

    /** Exact commands of whatever is asked for; as {@link Scenes#plan} has them where it is null. */
    public Action.Plan plan;

    /** What a lockdown would let out. */
    List<AllowRule> allowed = OccasionScenes.ALLOWED;

    /** What speaks against whatever is asked for. */
    public List<Objection> objections = List.of();

    /** What is looked up. */
    public Lookups lookups = new FakeLookups();

    public FakeDesk(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public Action.Plan preview(Step step) {
        return plan == null ? Scenes.plan(step) : plan;
    }

    @Override
    public List<AllowRule> allowedInLockdown() {
        return allowed;
    }

    @Override
    public List<Objection> objections(Step step) {
        return objections;
    }

    @Override
    public void submit(Command command) {
        commands.add(command);
    }
}
