package org.outguard.tui;

/** A rectangle of cells. */
record Box(int row, int column, int height, int width) {

    int bottom() {
        return row + height - 1;
    }

    int right() {
        return column + width - 1;
    }
}
