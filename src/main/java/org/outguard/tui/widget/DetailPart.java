package org.outguard.tui.widget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.text.Columns;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Bars;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Wrap;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Line;

/** All that is known of the selected row. */
public final class DetailPart {

    /** From this width on, who sends stands to the left and what is sent to the right. */
    private static final int TWO_COLUMNS_FROM = 110;

    private static final int LABEL = 10;

    private static final int MOST_GRAPH = 5;

    private static final int AXIS_FROM = 3;

    /* Columns between the two. */
    private static final int GAP = 2;

    /* A list of which each line says the same kind of thing: one that is too long is cut rather than broken. */
    private static final Set<String> CUT = Set.of("", "history", "tree", "to", "messages");

    private DetailPart() {}

    /**
     * A row of the details.
     *
     * @param left its text, over the whole width where there is none to the right
     * @param right what stands to the right of it
     * @param whole whether the left one has the whole width
     */
    private record Row(Optional<Line> left, Optional<Line> right, boolean whole) {}

    /** The details broken into rows for a width. */
    public static final class Shape {
        private final Details details;
        private final List<Row> rows;

        private Shape(Details details, List<Row> rows) {
            this.details = details;
            this.rows = rows;
        }

        /** Rows that the details want, title included. */
        public int wanted() {
            return 1 + rows.size();
        }

        /** The last row that they can begin with, where so many are shown, title included. */
        public int last(int shown) {
            return Math.max(0, wanted() - shown);
        }
    }

    public static Shape shape(Details details, int columns) {
        int width = columns - 2;
        List<Row> rows = new ArrayList<>();
        whole(rows, details.first(), width);
        List<Line> right = new ArrayList<>(details.told());
        right.addAll(details.what());
        if (columns < TWO_COLUMNS_FROM || right.isEmpty() || details.who().isEmpty()) {
            details.history().ifPresent(history -> whole(rows, graph(history, width - LABEL, 1), width));
            whole(rows, details.told(), width);
            whole(rows, details.who(), width);
            whole(rows, details.what(), width);
            whole(rows, details.listed(), width);
            return new Shape(details, rows);
        }
        List<Line> first = wrapped(details.who(), half(columns));
        int rest = width - half(columns) - GAP;
        List<Line> second = new ArrayList<>(wrapped(right, rest));
        // The graph gets the height that is left beside who sends.
        int height = Math.max(1, Math.min(MOST_GRAPH, first.size() - second.size()));
        details.history().ifPresent(history -> second.addAll(0, graph(history, rest - LABEL, height)));
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            rows.add(new Row(at(first, i), at(second, i), false));
        }
        whole(rows, details.listed(), width);
        return new Shape(details, rows);
    }

    /* The newest at the right; where there are lines to spare, the last is the axis. */
    private static List<Line> graph(Details.History history, int width, int height) {
        String most = " now, peak " + Numbers.rate((double) Bars.greatest(history.samples()));
        boolean axis = height >= AXIS_FROM;
        List<Line> lines = new ArrayList<>();
        int room = width - Columns.width(most);
        int shown = 0;
        for (String text : Bars.text(history.samples(), history.end(), room, axis ? height - 1 : height)) {
            boolean top = lines.isEmpty();
            shown = text.length();
            lines.add(new Line(
                    top ? "history" : "", top ? text + most : text, height == 1 ? TextRole.ACCENT : TextRole.TRACE));
        }
        if (axis) {
            lines.add(Line.dim("-60 s" + " ".repeat(Math.max(1, shown - "-60 snow".length())) + "now"));
        }
        return lines;
    }

    private static int half(int columns) {
        return (columns - 2 - GAP) / 2;
    }

    private static Optional<Line> at(List<Line> lines, int index) {
        return index < lines.size() ? Optional.of(lines.get(index)) : Optional.empty();
    }

    private static void whole(List<Row> rows, List<Line> lines, int width) {
        wrapped(lines, width).forEach(line -> rows.add(new Row(Optional.of(line), Optional.empty(), true)));
    }

    private static List<Line> wrapped(List<Line> lines, int width) {
        List<Line> wrapped = new ArrayList<>();
        for (Line line : lines) {
            if (CUT.contains(line.label())) {
                wrapped.add(line);
                continue;
            }
            String label = line.label();
            for (String part : Wrap.lines(line.text(), Math.max(8, width - LABEL))) {
                wrapped.add(new Line(label, part, line.ink()));
                label = "";
            }
        }
        return wrapped;
    }

    /**
     * Draws as much of them as there is room for.
     *
     * @param from the first row that is shown
     */
    public static void draw(Canvas canvas, Layout layout, Shape shape, int from, Keys keys) {
        int begin = Math.min(from, shape.last(layout.detailRows()));
        int shown = layout.detailRows() - 1;
        title(canvas, layout.detailTop(), shape, turning(begin, shape.rows.size() - begin - shown, keys));
        int columns = canvas.columns();
        for (int i = 0; i < Math.min(shown, shape.rows.size() - begin); i++) {
            Row row = shape.rows.get(begin + i);
            int at = layout.detailTop() + 1 + i;
            int left = row.whole ? columns - 2 : half(columns);
            row.left.ifPresent(line -> line(canvas, at, 1, left, line));
            int right = 1 + half(columns) + GAP;
            row.right.ifPresent(line -> line(canvas, at, right, columns - 1 - right, line));
        }
    }

    private static void line(Canvas canvas, int row, int from, int width, Line line) {
        canvas.text(row, from, LABEL - 1, line.label(), TextRole.DIM, BackgroundRole.NONE);
        canvas.text(row, from + LABEL, width - LABEL, line.text(), line.ink(), BackgroundRole.NONE);
    }

    /* How many rows there is no room for, and the keys that show them. */
    private static String turning(int above, int below, Keys keys) {
        String back = above > 0 ? keys.of(Keys.Act.DETAILS_BACK).shortLabel() + " back" : "";
        String on = below > 0 ? keys.of(Keys.Act.DETAILS_ON).shortLabel() + " " + below + " more" : "";
        return back + (back.isEmpty() || on.isEmpty() ? "" : " · ") + on;
    }

    private static void title(Canvas canvas, int row, Shape shape, String turning) {
        canvas.repeat(row, 0, canvas.columns(), '─', TextRole.FAINT, BackgroundRole.NONE);
        int end = canvas.columns() - 2;
        String title = " " + shape.details.title() + " ";
        int least = Math.min(Columns.width(title), 20);
        if (!turning.isEmpty() && least + Columns.width(turning) + 6 <= end) {
            canvas.textLeftOf(row, end, " " + turning + " ", TextRole.TEXT, BackgroundRole.NONE);
            end -= Columns.width(turning) + 4;
        }
        String id = SafeText.clean(shape.details.id());
        if (!id.isEmpty() && Columns.width(title) + Columns.width(id) + 6 <= end) {
            canvas.textLeftOf(row, end, " " + id + " ", TextRole.DIM, BackgroundRole.NONE);
        }
        canvas.text(row, 2, end - 2, title, TextRole.ACCENT, BackgroundRole.NONE);
    }
}
