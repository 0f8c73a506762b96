package org.outguard.tui;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.LocalTimes;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Line;

/**
 * Something that a person has just confirmed: what had been done before it, so that its outcome is known when it comes.
 *
 * @param before state of each action by its id, when it was confirmed
 * @param at when that was
 */
public record Asked(Map<String, ActionRow.State> before, Instant at) {

    /** How long its outcome is waited for. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    public Asked {
        before = Map.copyOf(before);
    }

    /** Confirmed upon that snapshot. */
    static Asked now(Snapshot snapshot) {
        Map<String, ActionRow.State> before = new HashMap<>();
        snapshot.actions().forEach(row -> before.put(row.action().id(), row.state()));
        return new Asked(before, snapshot.at());
    }

    /* What it has changed, newest first. */
    private List<ActionRow> changed(Snapshot snapshot) {
        return snapshot.actions().stream()
                .filter(row -> !row.state().equals(before.get(row.action().id())))
                .toList();
    }

    /** Whether it is over, so that its outcome is told for a while and no longer. */
    boolean isOver(Snapshot snapshot) {
        List<ActionRow> changed = changed(snapshot);
        boolean done = !changed.isEmpty() && changed.stream().noneMatch(row -> row.state() == ActionRow.State.RUNNING);
        return done || Duration.between(at, snapshot.at()).compareTo(LONGEST) > 0;
    }

    /** What was done, where evidence lies and which key undoes it; empty while nothing is known of it. */
    public Optional<Line> line(Snapshot snapshot, LocalTimes times, Keys keys) {
        List<ActionRow> changed = changed(snapshot);
        Optional<ActionRow> failed = changed.stream()
                .filter(row -> row.state() == ActionRow.State.FAILED)
                .findFirst();
        if (failed.isPresent()) {
            return failed.map(row -> new Line("", "✗ failed: " + words(row), TextRole.BAD));
        }
        Optional<ActionRow> running = changed.stream()
                .filter(row -> row.state() == ActionRow.State.RUNNING)
                .findFirst();
        if (running.isPresent()) {
            return running.map(row -> new Line("", "… " + words(row), TextRole.TEXT));
        }
        return changed.stream().findFirst().map(row -> {
            String others = changed.size() == 1 ? "" : " and " + (changed.size() - 1) + " more";
            String undo = row.undoable() && row.state() != ActionRow.State.UNDONE
                    ? " (" + keys.of(Keys.Act.UNDO).shortLabel() + " undoes)"
                    : "";
            return new Line(
                    "", "✓ " + times.clock(row.action().at()) + " " + words(row) + others + undo, TextRole.GOOD);
        });
    }

    private static String words(ActionRow row) {
        String detail = row.detail().isEmpty() ? "" : ": " + SafeText.clean(row.detail());
        String undone = row.state() == ActionRow.State.UNDONE ? "undone: " : "";
        return undone + SafeText.clean(row.action().step().named()) + detail;
    }
}
