package org.outguard.tui.terminal;

/** The shortest way of a cursor from one place to another. Rows and columns count from 0, -1 is a place not known. */
final class CursorMove {

    private CursorMove() {}

    static void write(Bytes out, int row, int column, int toRow, int toColumn) {
        if (row == toRow && column == toColumn) {
            return;
        }
        int absolute = 4 + digits(toRow + 1) + (toColumn == 0 ? -1 : digits(toColumn + 1));
        int vertical = vertical(row, toRow);
        if (vertical >= 0 && vertical + horizontal(column, toColumn) < absolute) {
            writeVertical(out, row, toRow);
            writeHorizontal(out, column, toColumn);
            return;
        }
        out.ascii("\033[");
        out.number(toRow + 1);
        if (toColumn > 0) {
            out.ascii(";");
            out.number(toColumn + 1);
        }
        out.ascii("H");
    }

    private static int digits(int number) {
        return number < 10 ? 1 : number < 100 ? 2 : number < 1000 ? 3 : 4;
    }

    /* Length of the way to another row of the same column; -1 where there is none. */
    private static int vertical(int row, int to) {
        if (row < 0) {
            return -1;
        }
        // In raw mode a line feed is the cursor one down, and no more than that.
        return to >= row ? Math.min(to - row, 3 + digits(to + 1)) : 3 + digits(to + 1);
    }

    private static void writeVertical(Bytes out, int row, int to) {
        int down = to - row;
        if (down >= 0 && down <= 3 + digits(to + 1)) {
            out.ascii("\n".repeat(down));
        } else {
            out.ascii("\033[");
            out.number(to + 1);
            out.ascii("d");
        }
    }

    private static int horizontal(int column, int to) {
        if (column == to) {
            return 0;
        }
        if (to == 0) {
            return 1;
        }
        int absolute = 3 + digits(to + 1);
        if (column < 0) {
            return absolute;
        }
        int by = Math.abs(to - column);
        int relative = 3 + (by == 1 ? 0 : digits(by));
        return Math.min(absolute, to < column ? Math.min(by, relative) : relative);
    }

    private static void writeHorizontal(Bytes out, int column, int to) {
        if (column == to) {
            return;
        }
        int least = horizontal(column, to);
        int by = Math.abs(to - column);
        if (to == 0) {
            out.ascii("\r");
        } else if (column > to && by == least) {
            out.ascii("\b".repeat(by));
        } else if (column < 0 || 3 + digits(to + 1) == least) {
            out.ascii("\033[");
            out.number(to + 1);
            out.ascii("G");
        } else {
            out.ascii("\033[");
            if (by > 1) {
                out.number(by);
            }
            out.ascii(to > column ? "C" : "D");
        }
    }
}
