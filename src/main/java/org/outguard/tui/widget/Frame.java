package org.outguard.tui.widget;

import org.outguard.text.Columns;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Ground;
import org.outguard.tui.draw.Ink;
import org.outguard.tui.draw.Size;

/** The border of what lies over the table. */
final class Frame {

    private Frame() {}

    /** A box of that size in the middle of the screen. */
    static Box centred(Size size, int height, int width) {
        int high = Math.min(height, size.rows());
        int wide = Math.min(width, size.columns());
        return new Box((size.rows() - high) / 2, (size.columns() - wide) / 2, high, wide);
    }

    static void draw(Canvas canvas, Box box, String title, Ink ink) {
        for (int row = box.row(); row <= box.bottom(); row++) {
            canvas.fill(row, box.column(), box.width(), Ground.DIALOG);
            canvas.put(row, box.column(), '│', ink, Ground.DIALOG);
            canvas.put(row, box.right(), '│', ink, Ground.DIALOG);
        }
        canvas.repeat(box.row(), box.column(), box.width(), '─', ink, Ground.DIALOG);
        canvas.repeat(box.bottom(), box.column(), box.width(), '─', ink, Ground.DIALOG);
        canvas.put(box.row(), box.column(), '╭', ink, Ground.DIALOG);
        canvas.put(box.row(), box.right(), '╮', ink, Ground.DIALOG);
        canvas.put(box.bottom(), box.column(), '╰', ink, Ground.DIALOG);
        canvas.put(box.bottom(), box.right(), '╯', ink, Ground.DIALOG);
        String cut = Columns.cut(title, box.width() - 6);
        canvas.text(box.row(), box.column() + 2, " " + cut + " ", Ink.STRONG, Ground.DIALOG);
    }
}
