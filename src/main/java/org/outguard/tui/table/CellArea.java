package org.outguard.tui.table;

import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Ground;
import org.outguard.tui.draw.Ink;

/** Where a cell of a table is drawn. */
public record CellArea(Canvas canvas, int row, int from, int width, Ground ground) {

    public void text(String text, Ink ink) {
        canvas.text(row, from, width, text, ink, ground);
    }

    public void line(Line line) {
        text(line.text(), line.ink());
    }

    /** Text that ends where the place ends: for numbers. */
    public void right(String text, Ink ink) {
        canvas.textLeftOf(row, from + width, text, ink, ground);
    }

    public Box box() {
        return new Box(row, from, 1, width);
    }
}
