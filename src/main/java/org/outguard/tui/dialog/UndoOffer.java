package org.outguard.tui.dialog;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.Durations;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Subject;
import org.outguard.tui.view.Frozen;

/** Taking something back. */
final class UndoOffer {

    private UndoOffer() {}

    /**
     * Takes back what is selected: the action itself, or the newest that stands against the selected talker, or the newest of
     * all.
     */
    static Proposal.Answer of(List<Subject> subjects, Snapshot snapshot, String by) {
        if (subjects.size() == 1 && subjects.get(0) instanceof Subject.OfAction of) {
            return of(of.row(), snapshot, by);
        }
        List<ActionRow> chosen = subjects.stream()
                .filter(Subject.OfAction.class::isInstance)
                .map(subject -> ((Subject.OfAction) subject).row())
                .filter(ActionRow::undoable)
                .toList();
        if (!chosen.isEmpty()) {
            return new Proposal.Yes(offer(chosen, snapshot, by));
        }
        Optional<ActionRow> newest = subjects.stream()
                .flatMap(subject -> against(subject, snapshot).stream())
                .findFirst()
                .or(() -> standing(snapshot).stream().findFirst());
        return newest.map(row -> of(row, snapshot, by)).orElseGet(() -> new Proposal.No("nothing is in force"));
    }

    static Proposal.Answer of(ActionRow row, Snapshot snapshot, String by) {
        return row.undoable()
                ? new Proposal.Yes(offer(List.of(row), snapshot, by))
                : new Proposal.No(SafeText.clean(row.whyNoUndo().orElse("")));
    }

    private static List<ActionRow> standing(Snapshot snapshot) {
        return snapshot.actions().stream()
                .filter(row -> row.state() == ActionRow.State.STANDING && row.undoable())
                .toList();
    }

    private static Optional<ActionRow> against(Subject subject, Snapshot snapshot) {
        if (!(subject instanceof Subject.OfTalker of)) {
            return Optional.empty();
        }
        Talker talker = of.talker();
        List<String> blocks =
                talker.blocks().stream().map(ActiveBlock::actionId).toList();
        return standing(snapshot).stream()
                .filter(row -> blocks.contains(row.action().id()))
                .findFirst()
                .or(() -> Frozen.by(snapshot, talker));
    }

    private static Proposal offer(List<ActionRow> rows, Snapshot snapshot, String by) {
        ActionRow first = rows.get(0);
        String what = SafeText.clean(first.action().step().named());
        List<Proposal.Errand> errands = rows.stream()
                .flatMap(row -> row.action().step().undo(row.action().id()).stream()
                        .map(step -> errand(row, step, snapshot, by)))
                .toList();
        return new Proposal(
                rows.size() == 1 ? "Take this back?" : "Take " + rows.size() + " actions back?",
                TextRole.WARN,
                "Undo",
                List.of(rows.size() == 1 ? what : rows.size() + " tagged actions"),
                false,
                pick -> new Proposal.Draft(effect(rows, snapshot), Optional.empty(), errands),
                Optional.empty(),
                now -> rows.stream().anyMatch(row -> stillUndoable(now, row)),
                "that is no longer in force; nothing was done");
    }

    private static Proposal.Errand errand(ActionRow row, Step step, Snapshot snapshot, String by) {
        Optional<Step> again = row.action().step() instanceof NetworkStep.Timed timed
                ? row.expires().flatMap(end -> timed.remaining(snapshot.at(), end))
                : Optional.empty();
        return new Proposal.Errand(step, new Command.Undo(row.action().id(), by), again);
    }

    private static boolean stillUndoable(Snapshot snapshot, ActionRow row) {
        return snapshot.actions().stream()
                .anyMatch(now -> now.action().id().equals(row.action().id()) && now.undoable());
    }

    private static String effect(List<ActionRow> rows, Snapshot snapshot) {
        ActionRow first = rows.get(0);
        String dropped = snapshot.blocks().stream()
                .filter(block -> block.actionId().equals(first.action().id()))
                .map(block -> Numbers.count(block.packets()) + " packets dropped so far, "
                        + Numbers.rate(block.packetsPerSecond()) + " pps now; ")
                .findFirst()
                .orElse("");
        String left = first.expires()
                .map(at -> ", otherwise it ends by itself in " + Durations.clock(Duration.between(snapshot.at(), at)))
                .orElse("");
        return rows.size() == 1
                ? dropped + "what this stopped goes on at once" + left
                : "what these stopped goes on at once";
    }
}
