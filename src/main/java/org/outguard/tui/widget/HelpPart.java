package org.outguard.tui.widget;

import java.util.ArrayList;
import java.util.List;
import org.outguard.text.Columns;
import org.outguard.tui.dialog.Proposals;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Table;

/** All keys by group, what they do, and in a column of its own why one does nothing now. */
public final class HelpPart {

    private static final int LABEL = 11;
    private static final int WORD = 11;
    private static final int WIDTH = 130;

    /* From this width on a reason stands beside what the key does, else below it. */
    private static final int BESIDE_FROM = 110;

    private static final int LONGEST_DESCRIPTION = 58;

    private HelpPart() {}

    /** A row: the key, the word of the footer, what it does, and why not now. */
    private record Row(String label, String word, String text, TextRole ink, String reason) {
        static Row of(Keys.Binding binding, String reason) {
            TextRole textRole = reason.isEmpty() ? TextRole.TEXT : TextRole.DIM;
            return new Row(binding.label(), binding.word(), binding.description(), textRole, reason);
        }
    }

    public static void draw(Canvas canvas, Table<?> table, Keys keys, Proposals proposals, int from) {
        List<Row> rows = rows(table, keys, proposals, Math.min(WIDTH, canvas.columns()) >= BESIDE_FROM);
        Box box = Frame.centred(canvas.size(), rows.size() + 4, WIDTH);
        Frame.draw(canvas, box, "Keys", TextRole.ACCENT);
        int shown = box.height() - 3;
        int top = Math.min(from, Math.max(0, rows.size() - shown));
        for (int i = 0; i < Math.min(shown, rows.size() - top); i++) {
            row(canvas, box, box.row() + 1 + i, rows.get(top + i));
        }
        int below = rows.size() - top - shown;
        String more = below > 0 ? "↓ " + below + " more lines · " : top > 0 ? "↑ back · " : "";
        canvas.text(
                box.bottom() - 1,
                box.column() + 2,
                box.width() - 4,
                more + (rows.size() > shown ? "any other key closes" : "any key closes"),
                TextRole.DIM,
                BackgroundRole.DIALOG);
    }

    private static void row(Canvas canvas, Box box, int at, Row row) {
        int from = box.column() + 2;
        int end = box.right() - 1;
        boolean title = row.text.isEmpty();
        canvas.text(
                at,
                from,
                title ? LABEL + WORD : LABEL - 1,
                row.label,
                title ? TextRole.STRONG : TextRole.ACCENT,
                BackgroundRole.DIALOG);
        canvas.text(
                at,
                from + LABEL,
                WORD - 1,
                row.word,
                row.ink == TextRole.DIM ? TextRole.DIM : TextRole.STRONG,
                BackgroundRole.DIALOG);
        int text = from + LABEL + WORD;
        boolean beside = !row.reason.isEmpty();
        int width = beside ? LONGEST_DESCRIPTION : end - text;
        canvas.text(at, text, width, row.text, row.ink, BackgroundRole.DIALOG);
        if (beside) {
            int reason = text + width + 2;
            canvas.text(at, reason, end - reason, row.reason, TextRole.WARN, BackgroundRole.DIALOG);
        }
    }

    private static List<Row> rows(Table<?> table, Keys keys, Proposals proposals, boolean beside) {
        List<Row> rows = new ArrayList<>();
        for (Keys.Group group : Keys.Group.values()) {
            rows.add(title(group.title()));
            for (Keys.Binding binding : keys.table()) {
                if (Keys.Group.of(binding.act()) != group) {
                    continue;
                }
                String reason = proposals.disabled(binding.act(), table).orElse("");
                rows.add(Row.of(binding, beside ? reason : ""));
                if (!beside && !reason.isEmpty()) {
                    rows.add(new Row("", "", "off: " + Columns.cut(reason, 200), TextRole.WARN, ""));
                }
            }
        }
        rows.add(new Row(
                "mouse", "", "click a row, view, column or key of the footer; the wheel scrolls", TextRole.TEXT, ""));
        rows.add(new Row("", "", "Shift selects text as without this program (--no-mouse: always)", TextRole.TEXT, ""));
        rows.add(title("On a page"));
        Keys.page().forEach(binding -> rows.add(Row.of(binding, "")));
        rows.add(title("In a dialog"));
        Keys.dialog().forEach(binding -> rows.add(Row.of(binding, "")));
        return rows;
    }

    private static Row title(String text) {
        return new Row(text, "", "", TextRole.STRONG, "");
    }
}
