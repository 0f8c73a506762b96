package org.outguard.tui.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.Durations;
import org.outguard.text.LocalTimes;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Wrap;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.View;

/** What was done, newest first: whether it stands, until when, and whether it can be undone. */
final class ActionsView {

    private ActionsView() {}

    /** @param times by the clock in the header */
    static View<ActionRow> make(LocalTimes times) {
        return new View<>(
                "Actions",
                Snapshot::actions,
                row -> row.action().id(),
                columns(),
                Comparator.comparing(row -> 0),
                fields(),
                snapshot -> Optional.empty(),
                ActionsView::empty,
                Subject.OfAction::new,
                (row, snapshot) -> details(row, snapshot, times),
                true,
                (row, snapshot, lookups, tab) -> List.of(Page.Tab.of("Action", page(row, snapshot, times))),
                Set.of(Keys.Act.UNDO));
    }

    private static List<Column<ActionRow>> columns() {
        return List.of(
                Column.<ActionRow>number(
                        "ago",
                        Column.Width.fixed(1, 7),
                        Comparator.comparing(row -> row.action().at()),
                        (place, row, snapshot) -> place.right(ago(row, snapshot.at()), TextRole.DIM)),
                Column.text(
                        "state",
                        Column.Width.fixed(3, 10),
                        Comparator.comparing(ActionRow::state),
                        (place, row, snapshot) -> place.text(state(row), ink(row))),
                Column.text(
                        "action",
                        Column.Width.fixed(4, 9),
                        Comparator.comparing(row -> row.action().step().word()),
                        (place, row, snapshot) -> place.text(row.action().step().word(), TextRole.STRONG)),
                Column.text(
                        "what",
                        new Column.Width(2, 12, 40, 60),
                        Comparator.comparing(row -> row.action().step().subject()),
                        (place, row, snapshot) ->
                                place.text(SafeText.clean(row.action().step().subject()), TextRole.TEXT)),
                Column.text(
                        "left",
                        Column.Width.fixed(5, 8),
                        Comparator.comparing(row -> row.expires().orElse(Instant.MAX)),
                        (place, row, snapshot) -> place.text(left(row, snapshot.at()), TextRole.GOOD)),
                Column.text(
                        "undo",
                        Column.Width.fixed(6, 4),
                        Comparator.comparing(ActionRow::undoable),
                        (place, row, snapshot) -> place.text(
                                row.undoable() ? "u" : "-", row.undoable() ? TextRole.ACCENT : TextRole.DIM)),
                Column.text(
                        "by",
                        new Column.Width(7, 8, 14, 20),
                        Comparator.comparing(row -> row.action().by()),
                        (place, row, snapshot) ->
                                place.text(SafeText.clean(row.action().by()), TextRole.DIM)),
                Column.unsorted(
                        "why",
                        new Column.Width(8, 16, 30, 70),
                        (place, row, snapshot) -> place.text(SafeText.clean(why(row)), TextRole.DIM)));
    }

    private static String why(ActionRow row) {
        return row.action().why() + (row.detail().isEmpty() ? "" : "; " + row.detail());
    }

    private static List<Field<ActionRow>> fields() {
        return List.of(
                Field.text("action", row -> row.action().step().word()),
                Field.text("state", row -> row.state().word()),
                Field.text("what", row -> row.action().step().subject()),
                Field.text("by", row -> row.action().by()),
                Field.text("why", row -> row.action().why()),
                Field.text("id", row -> row.action().id()));
    }

    private static List<Line> empty(Snapshot snapshot) {
        return List.of(
                new Line("", "· nothing was done yet", TextRole.TEXT),
                Line.dim("Whatever is blocked, frozen or held stands here with its exact command; u undoes it."));
    }

    private static String ago(ActionRow row, Instant now) {
        return Durations.age(Duration.between(row.action().at(), now));
    }

    private static String left(ActionRow row, Instant now) {
        return row.state() == ActionRow.State.STANDING
                ? row.expires()
                        .map(at -> Durations.clock(Duration.between(now, at)))
                        .orElse("no end")
                : "";
    }

    private static String state(ActionRow row) {
        return switch (row.state()) {
            case RUNNING -> "… running";
            case STANDING -> "■ stands";
            case DONE -> "✓ done";
            case UNDONE -> "↩ undone";
            case EXPIRED -> "· expired";
            case GONE -> "? gone";
            case FAILED -> "✗ failed";
        };
    }

    private static TextRole ink(ActionRow row) {
        return switch (row.state()) {
            case RUNNING, GONE -> TextRole.WARN;
            case STANDING -> TextRole.GOOD;
            case DONE -> TextRole.TEXT;
            case UNDONE, EXPIRED -> TextRole.DIM;
            case FAILED -> TextRole.BAD;
        };
    }

    private static Details details(ActionRow row, Snapshot snapshot, LocalTimes times) {
        List<Line> first = new ArrayList<>();
        first.add(new Line("state", state(row).substring(2) + ago(row, snapshot.at(), row.expires()), ink(row)));
        if (!row.detail().isEmpty()) {
            first.add(new Line("detail", SafeText.clean(row.detail()), TextRole.WARN));
        }
        first.add(new Line("command", SafeText.clean(row.action().plan().command()), TextRole.STRONG));
        first.add(
                row.undoable()
                        ? Line.of("undo", SafeText.clean(row.action().plan().undo()))
                        : new Line("no undo", SafeText.clean(row.whyNoUndo().orElse("")), TextRole.WARN));
        List<Line> who = List.of(
                Line.of("by", SafeText.clean(row.action().by())),
                Line.of("at", times.ago(row.action().at(), snapshot.at())),
                Line.of("why", SafeText.clean(row.action().why())));
        String title = row.action().step().word() + " "
                + SafeText.clean(row.action().step().subject());
        return new Details(title, row.action().id(), first, who, List.of());
    }

    private static List<Line> page(ActionRow row, Snapshot snapshot, LocalTimes times) {
        List<Line> lines = new ArrayList<>();
        Details details = details(row, snapshot, times);
        lines.add(Line.of("id", SafeText.clean(row.action().id())));
        details.first().stream()
                .filter(line -> !line.label().equals("command") && !line.label().equals("undo"))
                .forEach(lines::add);
        lines.addAll(details.who());
        lines.addAll(commands(row));
        return lines;
    }

    /** What was run and what undoes it, a statement in each line. */
    static List<Line> commands(ActionRow row) {
        List<Line> lines = new ArrayList<>();
        statements(lines, "command", row.action().plan().command(), TextRole.TEXT);
        if (row.undoable()) {
            statements(lines, "undo", row.action().plan().undo(), TextRole.DIM);
        }
        return lines;
    }

    private static void statements(List<Line> lines, String label, String command, TextRole textRole) {
        String name = label;
        for (String part : Wrap.statements(SafeText.clean(command))) {
            lines.add(new Line(name, part, textRole));
            name = "";
        }
    }

    private static String ago(ActionRow row, Instant now, Optional<Instant> expires) {
        return expires.filter(at -> row.state() == ActionRow.State.STANDING)
                .map(at -> ", ends by itself in " + Durations.clock(Duration.between(now, at)))
                .orElse("");
    }
}
