package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.outguard.text.Columns;
import org.outguard.text.SafeText;

/** All that is known of the selected row. */
final class DetailPart {

    /** From this width on, who sends stands to the left and what is sent to the right. */
    private static final int TWO_COLUMNS_FROM = 140;

    private static final int LABEL = 10;

    /* Only text that matters to the last letter takes more than one line. */
    private static final Set<String> WHOLE = Set.of("undo", "reason", "command", "text", "detail", "why");

    private DetailPart() {}

    private static boolean twoColumns(int columns) {
        return columns >= TWO_COLUMNS_FROM;
    }

    /** Rows that the details want, title included. */
    static int wanted(Details details, int columns) {
        if (twoColumns(columns)) {
            int left = wrapped(details.who(), columns / 2 - 2).size();
            int right = wrapped(details.right(), columns - columns / 2 - 2).size();
            return 1 + Math.max(left, right);
        }
        return 1 + wrapped(details.oneColumn(), columns - 2).size();
    }

    static void draw(Canvas canvas, Layout layout, Details details) {
        title(canvas, layout.detailTop(), details);
        Box box = new Box(layout.detailTop() + 1, 1, layout.detailRows() - 1, canvas.columns() - 2);
        if (twoColumns(canvas.columns())) {
            int half = canvas.columns() / 2;
            lines(canvas, new Box(box.row(), 1, box.height(), half - 2), wrapped(details.who(), half - 2));
            int rest = canvas.columns() - half - 2;
            lines(canvas, new Box(box.row(), half + 1, box.height(), rest), wrapped(details.right(), rest));
        } else {
            lines(canvas, box, wrapped(details.oneColumn(), box.width()));
        }
    }

    private static void title(Canvas canvas, int row, Details details) {
        canvas.repeat(row, 0, canvas.columns(), '─', Ink.FAINT, Ground.NONE);
        String title = " " + details.title() + " ";
        int room = canvas.columns() - 4;
        canvas.text(row, 2, room, title, Ink.ACCENT, Ground.NONE);
        String id = SafeText.clean(details.id());
        if (!id.isEmpty() && Columns.width(title) + Columns.width(id) + 6 <= room) {
            canvas.textLeftOf(row, canvas.columns() - 2, " " + id + " ", Ink.DIM, Ground.NONE);
        }
    }

    private static List<Line> wrapped(List<Line> lines, int width) {
        List<Line> wrapped = new ArrayList<>();
        for (Line line : lines) {
            if (!WHOLE.contains(line.label())) {
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

    private static void lines(Canvas canvas, Box box, List<Line> lines) {
        int shown = Math.min(lines.size(), box.height());
        for (int i = 0; i < shown; i++) {
            Line line = lines.get(i);
            int row = box.row() + i;
            canvas.text(row, box.column(), LABEL - 1, line.label(), Ink.DIM, Ground.NONE);
            canvas.text(row, box.column() + LABEL, box.width() - LABEL, line.text(), line.ink(), Ground.NONE);
        }
        if (shown < lines.size() && shown > 0) {
            String more = " +" + (lines.size() - shown) + " lines ";
            canvas.textLeftOf(box.bottom(), box.column() + box.width(), more, Ink.DIM, Ground.NONE);
        }
    }
}
