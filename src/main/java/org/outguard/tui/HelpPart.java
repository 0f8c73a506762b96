package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;

/** All keys and what they do, or why they do nothing now. */
final class HelpPart {

    private static final int LABEL = 13;
    private static final int WIDTH = 100;

    private HelpPart() {}

    static void draw(Canvas canvas, Table<?> table, Keys keys, Offers offers, int from) {
        List<Line> lines = lines(table, keys, offers);
        Box box = Frame.centred(canvas.size(), lines.size() + 4, WIDTH);
        Frame.draw(canvas, box, "Keys", Ink.ACCENT);
        int shown = box.height() - 3;
        int top = Math.min(from, Math.max(0, lines.size() - shown));
        for (int i = 0; i < Math.min(shown, lines.size() - top); i++) {
            Line line = lines.get(top + i);
            int row = box.row() + 1 + i;
            canvas.text(row, box.column() + 2, LABEL - 1, line.label(), Ink.ACCENT, Ground.DIALOG);
            canvas.text(row, box.column() + 2 + LABEL, box.width() - LABEL - 4, line.text(), line.ink(), Ground.DIALOG);
        }
        String close = lines.size() > shown ? "↑ ↓ more · any other key closes" : "any key closes";
        canvas.text(box.bottom() - 1, box.column() + 2, box.width() - 4, close, Ink.DIM, Ground.DIALOG);
    }

    private static List<Line> lines(Table<?> table, Keys keys, Offers offers) {
        List<Line> lines = new ArrayList<>();
        for (Keys.Binding binding : keys.table()) {
            String reason = offers.disabled(binding.act(), table)
                    .map(why -> "; not now: " + why)
                    .orElse("");
            lines.add(new Line(binding.label(), binding.description() + reason, reason.isEmpty() ? Ink.TEXT : Ink.DIM));
        }
        lines.add(new Line(
                "mouse", "click: row, view or column; wheel: up and down; with Shift the terminal's own", Ink.TEXT));
        lines.add(Line.dim("while a dialog asks"));
        Keys.dialog().forEach(binding -> lines.add(Line.of(binding.label(), binding.description())));
        return lines;
    }
}
