package org.outguard.tui.view;

import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;

/** Which processes stand still because somebody froze them. */
public final class Frozen {

    private Frozen() {}

    /** The action that froze the talker's process and still stands. */
    public static Optional<ActionRow> by(Snapshot snapshot, Talker talker) {
        return snapshot.actions().stream()
                .filter(row -> row.state() == ActionRow.State.STANDING)
                .filter(row -> row.action().step() instanceof ProcessStep.Freeze freeze
                        && talker.pids().contains(freeze.process()))
                .findFirst();
    }
}
