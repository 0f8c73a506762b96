package org.outguard.tui.draw;

/** A rectangle of cells. */
public record Box(int row, int column, int height, int width) {

    public int bottom() {
        return row + height - 1;
    }

    public int right() {
        return column + width - 1;
    }
}
