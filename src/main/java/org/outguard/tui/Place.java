package org.outguard.tui;

/** Where a cell of a table is drawn. */
record Place(Canvas canvas, int row, int from, int width, Ground ground) {

    void text(String text, Ink ink) {
        canvas.text(row, from, width, text, ink, ground);
    }

    void line(Line line) {
        text(line.text(), line.ink());
    }

    /** Text that ends where the place ends: for numbers. */
    void right(String text, Ink ink) {
        canvas.textLeftOf(row, from + width, text, ink, ground);
    }

    Box box() {
        return new Box(row, from, 1, width);
    }
}
