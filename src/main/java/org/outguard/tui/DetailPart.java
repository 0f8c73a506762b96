package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Talker;
import org.outguard.guard.Verdict;
import org.outguard.text.Columns;
import org.outguard.text.Words;

/** All that is known of the selected talker. */
final class DetailPart {

    /** From this width on, who sends stands to the left and what is sent to the right. */
    private static final int TWO_COLUMNS_FROM = 140;

    private static final int LABEL = 10;

    private DetailPart() {}

    /** One line. Foreign text in it is clean. */
    record Line(String label, String text, Ink ink) {}

    private static boolean twoColumns(int columns) {
        return columns >= TWO_COLUMNS_FROM;
    }

    /** Rows that the details want, title included. */
    static int wanted(Talker talker, Snapshot snapshot, int columns) {
        if (twoColumns(columns)) {
            int left = wrapped(Details.who(talker), columns / 2 - 2).size();
            int right = wrapped(Details.what(talker, snapshot.at(), true), columns - columns / 2 - 2)
                    .size();
            return 1 + Math.max(left, right);
        }
        return 1 + wrapped(oneColumn(talker, snapshot), columns - 2).size();
    }

    static void draw(Canvas canvas, Layout layout, Talker talker, Snapshot snapshot) {
        title(canvas, layout.detailTop(), talker);
        Box box = new Box(layout.detailTop() + 1, 1, layout.detailRows() - 1, canvas.columns() - 2);
        if (twoColumns(canvas.columns())) {
            int half = canvas.columns() / 2;
            lines(canvas, new Box(box.row(), 1, box.height(), half - 2), wrapped(Details.who(talker), half - 2));
            int rest = canvas.columns() - half - 2;
            lines(
                    canvas,
                    new Box(box.row(), half + 1, box.height(), rest),
                    wrapped(Details.what(talker, snapshot.at(), true), rest));
        } else {
            lines(canvas, box, wrapped(oneColumn(talker, snapshot), box.width()));
        }
    }

    private static List<Line> oneColumn(Talker talker, Snapshot snapshot) {
        List<Line> lines = new ArrayList<>();
        List<Line> what = Details.what(talker, snapshot.at(), false);
        List<Line> who = Details.who(talker);
        lines.add(what.get(0));
        lines.addAll(who);
        // What stops it is read before where it comes from.
        int at = 1;
        for (Line line : what.subList(1, what.size())) {
            boolean first = line.label.equals("block") || line.label.equals("undo");
            lines.add(first ? at++ : lines.size(), line);
        }
        return lines;
    }

    private static void title(Canvas canvas, int row, Talker talker) {
        canvas.repeat(row, 0, canvas.columns(), '─', Ink.FAINT, Ground.NONE);
        String name = Words.process(talker);
        String pid = talker.attribution()
                .knownOwner()
                .map(owner -> " · pid " + owner.pid())
                .orElse("");
        String kind = talker.verdict() == Verdict.CLEAN ? "" : " · " + Words.kind(talker.kind());
        String title = " " + (name.equals("?") ? "nobody named" : name) + pid + kind + " ";
        int room = canvas.columns() - 4;
        boolean id = Columns.width(title) + talker.id().length() + 6 <= room;
        canvas.text(row, 2, room, title, Ink.ACCENT, Ground.NONE);
        if (id) {
            canvas.textLeftOf(row, canvas.columns() - 2, " " + talker.id() + " ", Ink.DIM, Ground.NONE);
        }
    }

    /* Only text that matters to the last letter takes more than one line. */
    private static List<Line> wrapped(List<Line> lines, int width) {
        List<Line> wrapped = new ArrayList<>();
        for (Line line : lines) {
            boolean whole = line.label.equals("undo") || line.label.equals("reason") || line.label.equals("command");
            if (!whole) {
                wrapped.add(line);
                continue;
            }
            String label = line.label;
            for (String part : Wrap.lines(line.text, Math.max(8, width - LABEL))) {
                wrapped.add(new Line(label, part, line.ink));
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
            canvas.text(row, box.column(), LABEL - 1, line.label, Ink.DIM, Ground.NONE);
            canvas.text(row, box.column() + LABEL, box.width() - LABEL, line.text, line.ink, Ground.NONE);
        }
        if (shown < lines.size() && shown > 0) {
            String more = " +" + (lines.size() - shown) + " lines ";
            canvas.textLeftOf(box.bottom(), box.column() + box.width(), more, Ink.DIM, Ground.NONE);
        }
    }
}
