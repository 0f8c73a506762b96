package org.outguard.tui.widget;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Wrap;
import org.outguard.tui.table.CellArea;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.ColumnLayout;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Table;

/** A table: titles, rows, and what it means that there are none. It knows no view. */
public final class TablePart {

    private TablePart() {}

    public static <R> void draw(Canvas canvas, Layout layout, Table<R> table) {
        List<ColumnLayout.Placed<R>> columns = ColumnLayout.place(table.columns(), canvas.columns());
        head(canvas, layout, table, columns);
        int row = layout.tableTop();
        int end = row + layout.tableRows();
        Optional<Line> notice = notice(table);
        if (notice.isPresent()) {
            text(canvas, row++, notice.get());
        }
        if (table.rows().isEmpty()) {
            empty(canvas, row, end, table);
            return;
        }
        int rule = rule(table, layout);
        for (int i = table.state().top(); i < table.rows().size() && row < end; i++) {
            if (i == rule && rule > 0) {
                canvas.repeat(row++, 0, canvas.columns(), '─', TextRole.FAINT, BackgroundRole.NONE);
            }
            row(canvas, row++, table, table.rows().get(i), columns);
        }
    }

    private static <R> Optional<Line> notice(Table<R> table) {
        return table.state().filter().isEmpty() ? table.view().notice().apply(table.snapshot()) : Optional.empty();
    }

    /** The row above which a line sets the pinned ones apart; 0 where there is none, or no room for it. */
    public static int rule(Table<?> table, Layout layout) {
        boolean room = table.rows().size() + quiet(table) + 1 <= layout.tableRows();
        return room ? table.pinnedEnd() : 0;
    }

    /** Rows that the table would fill. */
    public static <R> int wanted(Table<R> table) {
        int shown = table.rows().isEmpty() ? 3 : table.rows().size() + (table.pinnedEnd() > 0 ? 1 : 0);
        return shown + quiet(table);
    }

    /** Rows that a notice takes from the table. */
    public static <R> int quiet(Table<R> table) {
        return notice(table).isPresent() ? 1 : 0;
    }

    private static <R> void head(Canvas canvas, Layout layout, Table<R> table, List<ColumnLayout.Placed<R>> columns) {
        int row = layout.headRow();
        canvas.fill(row, 0, canvas.columns(), BackgroundRole.BAR);
        Column<R> by = table.sortColumn();
        for (ColumnLayout.Placed<R> place : columns) {
            boolean sorted = place.column().title().equals(by.title());
            String mark = sorted ? by.falling(table.state().reversed()) ? "▾" : "▴" : "";
            String title = place.column().title() + mark;
            TextRole textRole = sorted ? TextRole.STRONG : TextRole.DIM;
            if (place.column().right()) {
                canvas.textLeftOf(row, place.from() + place.width(), title, textRole, BackgroundRole.BAR);
            } else {
                canvas.text(row, place.from(), place.width(), title, textRole, BackgroundRole.BAR);
            }
        }
    }

    private static <R> void row(Canvas canvas, int row, Table<R> table, R value, List<ColumnLayout.Placed<R>> columns) {
        BackgroundRole background = table.isSelected(value) ? BackgroundRole.SELECTED : BackgroundRole.NONE;
        canvas.fill(row, 0, canvas.columns(), background);
        Snapshot snapshot = table.snapshot();
        for (ColumnLayout.Placed<R> place : columns) {
            place.column()
                    .painter()
                    .paint(new CellArea(canvas, row, place.from(), place.width(), background), value, snapshot);
        }
        if (table.isTagged(value)) {
            // On a narrow screen the mark covers the first letter; it is the shape of the word behind it anyway.
            canvas.put(row, 0, '+', TextRole.ACCENT, background);
        }
    }

    private static <R> void empty(Canvas canvas, int top, int end, Table<R> table) {
        List<Line> lines = table.state().filter().isEmpty()
                ? table.view().empty().apply(table.snapshot())
                : List.of(
                        new Line(
                                "",
                                "· nothing fits the filter; " + table.unfiltered() + " rows are hidden",
                                TextRole.WARN),
                        Line.dim("Esc takes the filter away, / changes it."));
        int row = top;
        for (Line line : lines) {
            for (String part : Wrap.lines(line.text(), canvas.columns() - 2)) {
                if (row < end) {
                    text(canvas, row++, new Line("", part, line.ink()));
                }
            }
        }
    }

    private static void text(Canvas canvas, int row, Line line) {
        canvas.text(row, 1, canvas.columns() - 2, line.text(), line.ink(), BackgroundRole.NONE);
    }
}
