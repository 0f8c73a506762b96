package org.outguard.guard;

/** What a front end is given, and all it is given. Safe from any thread. */
public interface Desk {

    /** The newest snapshot; never null, never waits. */
    Snapshot snapshot();

    /** The exact commands that a step would run, without running anything. */
    Action.Plan preview(Step step);

    /** Hands a command to the guard, which carries it out or refuses it with a {@link Snapshot.Notice} on a later tick. */
    void submit(Command command);
}
