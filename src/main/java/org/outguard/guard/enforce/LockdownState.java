package org.outguard.guard.enforce;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.snapshot.Snapshot;

/** The lockdown, as far as it is in force. */
public final class LockdownState {

    /** So long after its outcome it may be missing in a reading that was begun before. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private static final Duration EARLY = Duration.ofSeconds(3);

    private final ActionRegistry actions;
    private String words = "";

    /** @param actions knows whether there should be one, and is told when there is none any more */
    public LockdownState(ActionRegistry actions) {
        this.actions = actions;
    }

    /** What there is to say about it; empty where there is none. */
    public String words() {
        return words;
    }

    /** Takes in what the kernel has; returns what a person should be told. */
    public Optional<Snapshot.Notice> reconcile(ActionObservation.BlocksSeen seen) {
        Optional<ActionRow> row = actions.standing("lockdown");
        if (seen.lockdown().isPresent()) {
            ActionObservation.LockdownCounter lockdown = seen.lockdown().get();
            String end = lockdown.expires()
                    .map(at -> "undone in "
                            + Math.max(0, Duration.between(seen.at(), at).toSeconds()) + " s unless confirmed")
                    .orElse("until it is lifted");
            words = "lockdown: only listed traffic leaves, " + end + "; " + lockdown.packets() + " packets kept in";
            return Optional.empty();
        }
        words = "";
        Optional<Instant> since = actions.settledAt("lockdown");
        if (row.isEmpty() || since.isEmpty() || seen.at().isBefore(since.get().plus(SETTLING))) {
            return Optional.empty();
        }
        boolean early = row.get()
                .expires()
                .map(at -> seen.at().isBefore(at.minus(EARLY)))
                .orElse(true);
        actions.gone(
                row.get().action().id(),
                early ? ActionRow.State.GONE : ActionRow.State.EXPIRED,
                early ? "ended by somebody else" : "it was not confirmed");
        return Optional.of(new Snapshot.Notice(
                seen.at(),
                early ? Snapshot.Notice.Level.WARNING : Snapshot.Notice.Level.INFO,
                early ? "the lockdown was ended by somebody else" : "the lockdown was not confirmed and is over"));
    }
}
