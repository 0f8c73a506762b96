package org.outguard.tui.widget;

import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;

/** Which columns a table shows, a line each. */
public final class ColumnsPart {

    private static final int WIDTH = 54;

    private ColumnsPart() {}

    public static void draw(Canvas canvas, Dialog.Columns columns) {
        int count = columns.titles().size();
        Box box = Frame.centred(canvas.size(), count + 4, WIDTH);
        Frame.draw(canvas, box, "Columns", TextRole.ACCENT);
        int room = box.height() - 3;
        int from = Math.max(0, Math.min(count - room, columns.chosen() - room / 2));
        for (int i = 0; i < Math.min(count, room); i++) {
            String title = columns.titles().get(from + i);
            int row = box.row() + 1 + i;
            boolean chosen = from + i == columns.chosen();
            BackgroundRole background = chosen ? BackgroundRole.SELECTED : BackgroundRole.DIALOG;
            boolean hidden = columns.hidden().contains(title);
            canvas.fill(row, box.column() + 2, box.width() - 4, background);
            int at = canvas.text(row, box.column() + 2, hidden ? " [ ] " : " [x] ", TextRole.ACCENT, background);
            canvas.text(row, at, box.right() - at - 1, title, hidden ? TextRole.DIM : TextRole.TEXT, background);
        }
        canvas.text(
                box.bottom() - 1,
                box.column() + 2,
                box.width() - 4,
                "Space shows or hides · Enter keeps · Esc cancels",
                TextRole.DIM,
                BackgroundRole.DIALOG);
    }
}
