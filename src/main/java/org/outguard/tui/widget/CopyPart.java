package org.outguard.tui.widget;

import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;

/** What can be copied, a line each. */
public final class CopyPart {

    private static final int WIDTH = 100;
    private static final int LABEL = 18;

    private CopyPart() {}

    public static void draw(Canvas canvas, Dialog.Copy copy) {
        Box box = Frame.centred(canvas.size(), copy.items().size() + 4, WIDTH);
        Frame.draw(canvas, box, "Copy", TextRole.ACCENT);
        int from = box.column() + 2;
        int width = box.width() - 4;
        for (int i = 0; i < Math.min(copy.items().size(), box.height() - 3); i++) {
            Dialog.Copy.Item item = copy.items().get(i);
            int row = box.row() + 1 + i;
            BackgroundRole background = i == copy.chosen() ? BackgroundRole.SELECTED : BackgroundRole.DIALOG;
            canvas.fill(row, from, width, background);
            canvas.text(row, from, LABEL, " " + (i + 1) + " " + item.what(), TextRole.DIM, background);
            canvas.text(row, from + LABEL, width - LABEL, item.text(), TextRole.STRONG, background);
        }
        canvas.text(
                box.bottom() - 1,
                from,
                width,
                "Enter or its digit copies · Esc cancels",
                TextRole.DIM,
                BackgroundRole.DIALOG);
    }
}
