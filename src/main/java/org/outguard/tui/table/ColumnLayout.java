package org.outguard.tui.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Shares the width of the screen out among columns. */
public final class ColumnLayout {

    private ColumnLayout() {}

    /** A column in its place. */
    public record Placed<R>(Column<R> column, int from, int width) {}

    /**
     * The columns for a width, from left to right. They come in by their rank until there is no room for the next; what is
     * left makes them as wide as is good, then as is of use; the rest goes to the first of the elastic rank 2.
     */
    public static <R> List<Placed<R>> place(List<Column<R>> columns, int screen) {
        int gap = screen < 140 ? 1 : 2;
        int edge = screen < 60 ? 0 : 1;
        // By place and not by the column: columns are compared by all that they hold.
        List<Integer> ranked = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            ranked.add(i);
        }
        ranked.sort(Comparator.comparingInt(at -> columns.get(at).width().rank()));
        int[] widths = new int[columns.size()];
        int left = screen - 2 * edge + gap;
        List<Integer> shown = new ArrayList<>();
        for (int at : ranked) {
            int cost = columns.get(at).width().least() + gap;
            if (cost > left) {
                break;
            }
            left -= cost;
            widths[at] = columns.get(at).width().least();
            shown.add(at);
        }
        left = grow(columns, shown, widths, left, Column.Width::good);
        left = grow(columns, shown, widths, left, Column.Width::most);
        if (left > 0 && shown.size() > 1) {
            widths[shown.get(1)] += left;
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
            List<Column<R>> columns, List<Integer> shown, int[] widths, int room, ToIntFunction<Column.Width> wanted) {
        int left = room;
        for (int at : shown) {
            int wish = wanted.applyAsInt(columns.get(at).width());
            int more = Math.max(0, Math.min(left, wish - widths[at]));
            widths[at] += more;
            left -= more;
        }
        return left;
    }
}
