package org.outguard.tui.widget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.text.Columns;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Wrap;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Lookups;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.Table;
import org.outguard.tui.view.PacketDump;

/** Draws the page of a row: its tabs, and as many lines as there is room for, with a word of those that there is none for. */
public final class PagePart {

    private static final int LABEL = 10;
    private static final String GONE = "it is no longer seen; Esc goes back";

    private PagePart() {}

    /**
     * A page broken into rows for a width.
     *
     * @param title what it is of
     * @param tabs names of the tabs
     * @param tab the one that is shown
     * @param rows its lines
     * @param first the row of its first message, or -1
     * @param messages its messages
     */
    public record Shape(
            String title, List<String> tabs, int tab, List<Line> rows, int first, List<Page.Listed> messages) {

        public int last(int shown) {
            return Math.max(0, rows.size() - shown);
        }
    }

    public static <R> Shape shape(Table<R> table, Page page, Lookups lookups, int columns) {
        int at = table.index(page.id());
        if (at < 0) {
            return new Shape("", List.of(), 0, List.of(new Line("", GONE, TextRole.WARN)), -1, List.of());
        }
        R row = table.rows().get(at);
        List<Page.Tab> tabs = table.view().page().of(row, table.snapshot(), lookups, page.tab());
        int index = Math.min(page.tab(), tabs.size() - 1);
        Page.Tab tab = tabs.get(index);
        List<String> names = tabs.stream().map(Page.Tab::name).toList();
        String title = table.view().details().apply(row, table.snapshot()).title();
        int width = columns - 2;
        if (page.message().isPresent()) {
            return new Shape(title, names, index, message(page, lookups, width), -1, List.of());
        }
        List<Line> rows = new ArrayList<>(wrapped(tab.lines(), width));
        int first = tab.messages().isEmpty() ? -1 : rows.size();
        tab.messages().forEach(listed -> rows.add(listed.line()));
        return new Shape(title, names, index, rows, first, tab.messages());
    }

    private static List<Line> message(Page page, Lookups lookups, int width) {
        String id = page.message().map(read -> SafeText.clean(read.id())).orElse("");
        Optional<List<String>> text = page.message().flatMap(lookups::message);
        List<Line> rows = new ArrayList<>();
        rows.add(new Line("message", id + "   Esc goes back to the list", TextRole.STRONG));
        if (text.isEmpty()) {
            rows.add(Line.dim("… it is being read"));
            return rows;
        }
        if (text.get().isEmpty()) {
            rows.add(new Line("", "it is not in the queue any more, so there is nothing to read", TextRole.WARN));
            return rows;
        }
        boolean head = true;
        for (String line : text.get()) {
            head &= !line.isBlank();
            for (String part : Wrap.lines(SafeText.clean(line), Math.max(8, width - LABEL))) {
                rows.add(new Line("", part, head ? TextRole.TEXT : TextRole.DIM));
            }
        }
        return rows;
    }

    private static List<Line> wrapped(List<Line> lines, int width) {
        List<Line> rows = new ArrayList<>();
        for (Line line : lines) {
            // What is indented is drawn as it is: its blanks say where in a tree it stands.
            if (line.label().equals(PacketDump.LABEL) || line.text().startsWith(" ")) {
                rows.add(line);
                continue;
            }
            String label = line.label();
            for (String part : Wrap.lines(line.text(), Math.max(8, width - LABEL))) {
                rows.add(new Line(label, part, line.ink()));
                label = "";
            }
        }
        return rows;
    }

    /** Rows for its lines. */
    public static int room(Layout layout) {
        return Math.max(1, layout.noticeRow() - top(layout) - 1);
    }

    private static int top(Layout layout) {
        return layout.tabsRow() < 0 ? layout.headRow() : layout.tabsRow();
    }

    public static void draw(Canvas canvas, Layout layout, Shape shape, Page page) {
        int top = top(layout);
        int room = room(layout);
        int begin = Math.min(page.from(), shape.last(room));
        for (int row = top; row < layout.noticeRow(); row++) {
            canvas.fill(row, 0, canvas.columns(), BackgroundRole.NONE);
        }
        int below = shape.rows().size() - begin - room;
        title(canvas, top, shape, begin, below);
        for (int i = 0; i < Math.min(room, shape.rows().size() - begin); i++) {
            int index = begin + i;
            boolean chosen = shape.first() >= 0 && index - shape.first() == page.chosen();
            line(canvas, top + 1 + i, shape.rows().get(index), chosen ? BackgroundRole.SELECTED : BackgroundRole.NONE);
        }
    }

    private static void title(Canvas canvas, int row, Shape shape, int above, int below) {
        canvas.repeat(row, 0, canvas.columns(), '─', TextRole.FAINT, BackgroundRole.NONE);
        int tabs = shape.tabs().stream().mapToInt(name -> name.length() + 3).sum();
        String more = below > 0 ? " ↓ " + below + " more " : above > 0 ? " ↑ back " : "";
        int room = canvas.columns() - tabs - Columns.width(more) - 8;
        int at = 2;
        if (room > 12) {
            at = canvas.text(
                            row,
                            at,
                            Math.min(room, 60),
                            " " + shape.title() + " ",
                            TextRole.ACCENT,
                            BackgroundRole.NONE)
                    + 2;
        }
        for (int i = 0; i < shape.tabs().size(); i++) {
            boolean here = i == shape.tab();
            String name = " " + shape.tabs().get(i) + " ";
            at = canvas.text(
                            row,
                            at,
                            name,
                            here ? TextRole.STRONG : TextRole.DIM,
                            here ? BackgroundRole.SELECTED : BackgroundRole.NONE)
                    + 1;
        }
        canvas.textLeftOf(row, canvas.columns() - 1, more, TextRole.WARN, BackgroundRole.NONE);
    }

    private static void line(Canvas canvas, int row, Line line, BackgroundRole background) {
        canvas.fill(row, 0, canvas.columns(), background);
        if (line.label().equals(PacketDump.LABEL)) {
            canvas.text(row, 1, canvas.columns() - 2, line.text(), line.ink(), background);
            return;
        }
        canvas.text(row, 1, LABEL - 1, line.label(), TextRole.DIM, background);
        canvas.text(row, 1 + LABEL, canvas.columns() - 2 - LABEL, line.text(), line.ink(), background);
    }
}
