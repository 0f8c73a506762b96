package org.outguard.tui.dialog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Subject;

/** Putting back what somebody else took out of the kernel before its time, as {@code nft flush ruleset} does. */
public final class ReapplyOffer {

    /* Less is over before it is made. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private ReapplyOffer() {}

    /** What could be put back, newest first. */
    public static List<ActionRow> lost(Snapshot snapshot) {
        return snapshot.actions().stream()
                .filter(row -> step(row, snapshot).isPresent())
                .toList();
    }

    /** The selected or tagged ones, where they are among those that are lost; else all of them. */
    static Proposal.Answer of(List<Subject> subjects, Snapshot snapshot, String by) {
        List<ActionRow> lost = lost(snapshot);
        if (lost.isEmpty()) {
            return new Proposal.No("nothing was taken out by somebody else");
        }
        List<ActionRow> chosen = subjects.stream()
                .filter(Subject.OfAction.class::isInstance)
                .map(subject -> ((Subject.OfAction) subject).row())
                .filter(row -> step(row, snapshot).isPresent())
                .toList();
        return new Proposal.Yes(offer(chosen.isEmpty() ? lost : chosen, snapshot, by));
    }

    private static Optional<Step> step(ActionRow row, Snapshot snapshot) {
        if (row.state() != ActionRow.State.GONE) {
            return Optional.empty();
        }
        if (row.action().step() instanceof NetworkStep.Timed timed) {
            return row.expires()
                    .map(end -> Duration.between(snapshot.at(), end))
                    .filter(left -> left.compareTo(SHORTEST) > 0)
                    .map(timed::lasting);
        }
        return Optional.of(row.action().step())
                .filter(step -> step instanceof LockdownStep.Lockdown)
                .filter(step -> row.expires().isEmpty());
    }

    private static Proposal offer(List<ActionRow> rows, Snapshot snapshot, String by) {
        List<Proposal.Errand> errands = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (ActionRow row : rows) {
            step(row, snapshot).ifPresent(step -> {
                errands.add(new Proposal.Errand(
                        step, new Command.Reapply(row.action().id(), by)));
                names.add(SafeText.clean(step.named()));
            });
        }
        return new Proposal(
                names.size() == 1 ? "Put this back?" : "Put " + names.size() + " actions back?",
                TextRole.WARN,
                "Put back",
                List.of(names.size() == 1 ? names.get(0) : names.size() + " that somebody else took out"),
                false,
                pick -> new Proposal.Draft("stands again for the time that is left", Optional.empty(), errands),
                Optional.empty(),
                now -> lost(now).stream()
                        .anyMatch(row -> rows.stream()
                                .anyMatch(asked ->
                                        asked.action().id().equals(row.action().id()))),
                "that is put back, or its time is over; nothing was done");
    }
}
