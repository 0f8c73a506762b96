package org.outguard.tui.table;

import java.util.Comparator;
import java.util.Optional;
import org.outguard.guard.snapshot.Snapshot;

/**
 * A column of a table.
 *
 * @param <R> what a row holds
 * @param title its head, and its name where rows are sorted by it
 * @param right whether its head stands to the right, as numbers do
 * @param width how wide it is
 * @param order order of the rows by it, rising; empty where that makes no sense
 * @param fallsFirst whether the greatest is first unless it is turned round
 * @param painter draws a cell
 */
public record Column<R>(
        String title,
        boolean right,
        Width width,
        Optional<Comparator<R>> order,
        boolean fallsFirst,
        Painter<R> painter) {

    /**
     * Widths in cells, each at least the one before.
     *
     * @param rank 1 for the column that comes first into a narrow table
     * @param least below this it is left out
     * @param good what it gets before any other gets more
     * @param most more than this is of no use to it
     */
    public record Width(int rank, int least, int good, int most) {
        public static Width fixed(int rank, int width) {
            return new Width(rank, width, width, width);
        }
    }

    /** Draws the cell of a row. */
    public interface Painter<R> {
        void paint(CellArea place, R row, Snapshot snapshot);
    }

    public static <R> Column<R> text(String title, Width width, Comparator<R> order, Painter<R> painter) {
        return new Column<>(title, false, width, Optional.of(order), false, painter);
    }

    public static <R> Column<R> number(String title, Width width, Comparator<R> order, Painter<R> painter) {
        return new Column<>(title, true, width, Optional.of(order), true, painter);
    }

    public static <R> Column<R> unsorted(String title, Width width, Painter<R> painter) {
        return new Column<>(title, false, width, Optional.empty(), false, painter);
    }

    public Column<R> risingFirst() {
        return new Column<>(title, right, width, order, false, painter);
    }

    public Column<R> fallingFirst() {
        return new Column<>(title, right, width, order, true, painter);
    }

    public boolean falling(boolean reversed) {
        return fallsFirst != reversed;
    }
}
