package org.outguard.tui.table;

import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;

/** Where a cell of a table is drawn. */
public record CellArea(Canvas canvas, int row, int from, int width, BackgroundRole ground) {

    public void text(String text, TextRole textRole) {
        canvas.text(row, from, width, text, textRole, ground);
    }

    public void line(Line line) {
        text(line.text(), line.ink());
    }

    /** Text that ends where the place ends: for numbers. */
    public void right(String text, TextRole textRole) {
        canvas.textLeftOf(row, from + width, text, textRole, ground);
    }

    public Box box() {
        return new Box(row, from, 1, width);
    }
}
