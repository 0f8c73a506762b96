package org.outguard.tui.dialog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.Durations;
import org.outguard.tui.draw.TextRole;

/** Letting only what is listed out: on trial at first, since who locks himself out cannot undo it. */
public final class LockdownOffer {

    /** So long it stands unconfirmed, as by word. */
    private static final Duration TRIAL = Duration.ofSeconds(60);

    private LockdownOffer() {}

    /** A lockdown where there is none, its confirmation where it is on trial, else its end. */
    static Proposal.Answer of(Snapshot snapshot, Supplier<List<AllowRule>> allowed, String by) {
        Optional<ActionRow> row = lockdown(snapshot);
        if (row.isEmpty()) {
            List<AllowRule> list = allowed.get();
            // Without a list it would lock out whoever asks for it.
            return list.isEmpty()
                    ? new Proposal.No("what may leave is not known yet")
                    : new Proposal.Yes(begin(list, by));
        }
        if (row.get().state() == ActionRow.State.RUNNING) {
            return new Proposal.No("the lockdown is being made");
        }
        return trialEnd(snapshot).isPresent()
                ? new Proposal.Yes(confirm(row.get(), by))
                : UndoOffer.of(row.get(), snapshot, by);
    }

    /** The lockdown that stands, or else the one that is being made. */
    public static Optional<ActionRow> lockdown(Snapshot snapshot) {
        return in(snapshot, ActionRow.State.STANDING).or(() -> in(snapshot, ActionRow.State.RUNNING));
    }

    private static Optional<ActionRow> in(Snapshot snapshot, ActionRow.State state) {
        return snapshot.actions().stream()
                .filter(row -> row.action().step() instanceof LockdownStep.Lockdown && row.state() == state)
                .findFirst();
    }

    /** When the lockdown on trial ends by itself; empty where there is none, or where it is confirmed. */
    static Optional<Instant> trialEnd(Snapshot snapshot) {
        return in(snapshot, ActionRow.State.STANDING).flatMap(ActionRow::expires);
    }

    /** What is left of the trial, as a clock. */
    public static Optional<String> countdown(Snapshot snapshot) {
        return trialEnd(snapshot).map(end -> Durations.clock(Duration.between(snapshot.at(), end)));
    }

    private static Proposal begin(List<AllowRule> list, String by) {
        return new Proposal(
                "Lock this machine down?",
                TextRole.BAD,
                "Lock down",
                List.of("all that leaves but what is listed"),
                false,
                pick -> {
                    Step step = new LockdownStep.Lockdown(list, Optional.of(TRIAL));
                    return new Proposal.Draft(
                            "drops all that is not listed; undone by the kernel in " + TRIAL.toSeconds()
                                    + " s unless confirmed here",
                            Optional.of("what containers begin stops too; AF_PACKET sockets of root pass"),
                            List.of(new Proposal.Errand(step, new Command.Perform(step, "by key", by))),
                            AllowListFormatter.lines(list),
                            Optional.empty());
                },
                Optional.empty(),
                snapshot -> lockdown(snapshot).isEmpty(),
                "there is a lockdown by now; nothing was done");
    }

    private static Proposal confirm(ActionRow row, String by) {
        LockdownStep.Lockdown trial = (LockdownStep.Lockdown) row.action().step();
        String id = row.action().id();
        return new Proposal(
                "Keep the lockdown?",
                TextRole.WARN,
                "Do that",
                List.of("keep it until it is lifted", "lift it at once"),
                false,
                pick -> {
                    boolean keep = pick.choice() == 0;
                    Step step = keep ? trial.confirmed() : new LockdownStep.Lift(id);
                    Command command = keep ? new Command.Perform(step, "confirmed", by) : new Command.Undo(id, by);
                    return new Proposal.Draft(
                            keep ? "only what is listed goes on leaving, without an end" : "everything may leave again",
                            Optional.empty(),
                            List.of(new Proposal.Errand(step, command)),
                            keep ? AllowListFormatter.lines(trial.allowed()) : List.of(),
                            row.expires());
                },
                Optional.empty(),
                snapshot -> trialEnd(snapshot).isPresent(),
                "the lockdown is over; nothing was done");
    }
}
