package org.outguard.tui.draw;

/**
 * Size of a terminal in cells.
 *
 * @param columns at least 1
 * @param rows at least 1
 */
public record Size(int columns, int rows) {

    /** A terminal that reports more is not believed, so that a frame stays small. */
    public static final int MOST = 1_000;

    /** The smallest screen that can be read. */
    static final Size LEAST = new Size(40, 10);

    public Size {
        if (columns < 1 || rows < 1) {
            throw new IllegalArgumentException("size " + columns + "x" + rows);
        }
    }

    /** What a terminal reports, held within 1 and {@link #MOST}. */
    public static Size reported(int columns, int rows) {
        return new Size(Math.max(1, Math.min(MOST, columns)), Math.max(1, Math.min(MOST, rows)));
    }

    /** As equals, which a record makes up at its first use; the first frame would wait for that. */
    public boolean same(Size other) {
        return columns == other.columns && rows == other.rows;
    }

    public boolean tooSmall() {
        return columns < LEAST.columns || rows < LEAST.rows;
    }

    @Override
    public String toString() {
        return columns + "x" + rows;
    }
}
