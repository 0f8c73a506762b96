package org.outguard.tui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Shares the width of the screen out among columns. */
final class ColumnLayout {

    private ColumnLayout() {}

    /** A column in its place. */
    record Placed<R>(Column<R> column, int from, int width) {}

    /**
     * The columns for a width, from left to right. They come in by their rank until there is no room for the next; what is
     * left makes them as wide as is good, then as is of use; the rest goes to the first of the elastic rank 2.
     */
    static <R> List<Placed<R>> place(List<Column<R>> columns, int screen) {
        int gap = screen < 140 ? 1 : 2;
        int edge = screen < 60 ? 0 : 1;
        List<Column<R>> ranked = columns.stream()
                .sorted(Comparator.comparingInt(column -> column.width().rank()))
                .toList();
        int[] widths = new int[columns.size()];
        int left = screen - 2 * edge + gap;
        List<Column<R>> shown = new ArrayList<>();
        for (Column<R> column : ranked) {
            int cost = column.width().least() + gap;
            if (cost > left) {
                break;
            }
            left -= cost;
            widths[columns.indexOf(column)] = column.width().least();
            shown.add(column);
        }
        left = grow(columns, shown, widths, left, Column.Width::good);
        left = grow(columns, shown, widths, left, Column.Width::most);
        if (left > 0 && shown.size() > 1) {
            widths[columns.indexOf(shown.get(1))] += left;
        }
        List<Placed<R>> placed = new ArrayList<>();
        int from = edge;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > 0) {
                placed.add(new Placed<>(columns.get(i), from, widths[i]));
                from += widths[i] + gap;
            }
        }
        return placed;
    }

    private static <R> int grow(
            List<Column<R>> columns,
            List<Column<R>> shown,
            int[] widths,
            int room,
            ToIntFunction<Column.Width> wanted) {
        int left = room;
        for (Column<R> column : shown) {
            int at = columns.indexOf(column);
            int more = Math.max(0, Math.min(left, wanted.applyAsInt(column.width()) - widths[at]));
            widths[at] += more;
            left -= more;
        }
        return left;
    }
}
