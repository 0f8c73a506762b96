package org.outguard.tui.widget;

import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Ground;
import org.outguard.tui.draw.Ink;

/** Which columns a table shows, a line each. */
public final class ColumnsPart {

    private static final int WIDTH = 54;

    private ColumnsPart() {}

    public static void draw(Canvas canvas, Dialog.Columns columns) {
        int count = columns.titles().size();
        Box box = Frame.centred(canvas.size(), count + 4, WIDTH);
        Frame.draw(canvas, box, "Columns", Ink.ACCENT);
        int room = box.height() - 3;
        int from = Math.max(0, Math.min(count - room, columns.chosen() - room / 2));
        for (int i = 0; i < Math.min(count, room); i++) {
            String title = columns.titles().get(from + i);
            int row = box.row() + 1 + i;
            boolean chosen = from + i == columns.chosen();
            Ground ground = chosen ? Ground.SELECTED : Ground.DIALOG;
            boolean hidden = columns.hidden().contains(title);
            canvas.fill(row, box.column() + 2, box.width() - 4, ground);
            int at = canvas.text(row, box.column() + 2, hidden ? " [ ] " : " [x] ", Ink.ACCENT, ground);
            canvas.text(row, at, box.right() - at - 1, title, hidden ? Ink.DIM : Ink.TEXT, ground);
        }
        canvas.text(
                box.bottom() - 1,
                box.column() + 2,
                box.width() - 4,
                "Space shows or hides · Enter keeps · Esc cancels",
                Ink.DIM,
                Ground.DIALOG);
    }
}
