package org.outguard.tui.widget;

import org.outguard.text.Columns;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Size;
import org.outguard.tui.draw.TextRole;

/** The border of what lies over the table. */
final class Frame {

    private Frame() {}

    /** A box of that size in the middle of the screen. */
    static Box centred(Size size, int height, int width) {
        int high = Math.min(height, size.rows());
        int wide = Math.min(width, size.columns());
        return new Box((size.rows() - high) / 2, (size.columns() - wide) / 2, high, wide);
    }

    static void draw(Canvas canvas, Box box, String title, TextRole textRole) {
        for (int row = box.row(); row <= box.bottom(); row++) {
            canvas.fill(row, box.column(), box.width(), BackgroundRole.DIALOG);
            canvas.put(row, box.column(), '│', textRole, BackgroundRole.DIALOG);
            canvas.put(row, box.right(), '│', textRole, BackgroundRole.DIALOG);
        }
        canvas.repeat(box.row(), box.column(), box.width(), '─', textRole, BackgroundRole.DIALOG);
        canvas.repeat(box.bottom(), box.column(), box.width(), '─', textRole, BackgroundRole.DIALOG);
        canvas.put(box.row(), box.column(), '╭', textRole, BackgroundRole.DIALOG);
        canvas.put(box.row(), box.right(), '╮', textRole, BackgroundRole.DIALOG);
        canvas.put(box.bottom(), box.column(), '╰', textRole, BackgroundRole.DIALOG);
        canvas.put(box.bottom(), box.right(), '╯', textRole, BackgroundRole.DIALOG);
        String cut = Columns.cut(title, box.width() - 6);
        canvas.text(box.row(), box.column() + 2, " " + cut + " ", TextRole.STRONG, BackgroundRole.DIALOG);
    }
}
