package org.outguard.tui.draw;

import com.googlecode.lanterna.TextCharacter;
import java.util.Arrays;
import org.outguard.text.Columns;

/** A frame: a cell for every place. A wide cell is followed by {@link #TAIL}, which draws nothing. */
public final class Grid {

    /** Stands where the right half of the wide cell before it is; known by identity. */
    static final TextCharacter TAIL = TextCharacter.fromString(" ")[0];

    public static final TextCharacter BLANK = TextCharacter.fromString(" ")[0];

    private final Size size;
    private final TextCharacter[] cells;

    public Grid(Size size) {
        this.size = size;
        this.cells = new TextCharacter[size.columns() * size.rows()];
        Arrays.fill(cells, BLANK);
    }

    public Size size() {
        return size;
    }

    public TextCharacter get(int column, int row) {
        return cells[row * size.columns() + column];
    }

    /**
     * Sets a cell. What it cuts in half becomes blank; a wide cell that would reach over the edge is not drawn, and
     * neither is anything outside.
     */
    void set(int column, int row, TextCharacter cell, int width) {
        if (row < 0 || row >= size.rows() || column < 0 || column + width > size.columns()) {
            return;
        }
        int at = row * size.columns() + column;
        int end = at + width;
        if (isTail(cells[at])) {
            cells[at - 1] = BLANK;
        }
        if (column + width < size.columns() && isTail(cells[end])) {
            cells[end] = BLANK;
        }
        cells[at] = cell;
        if (width == 2) {
            cells[at + 1] = TAIL;
        }
    }

    @SuppressWarnings("ReferenceEquality")
    public static boolean isTail(TextCharacter cell) {
        return cell == TAIL;
    }

    @SuppressWarnings("ReferenceEquality")
    public static boolean same(TextCharacter one, TextCharacter other) {
        return one == other || !isTail(one) && !isTail(other) && one.equals(other);
    }

    /** The characters of a row, without their looks; as wide as the row. */
    public String text(int row) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < size.columns(); column++) {
            TextCharacter cell = get(column, row);
            if (!isTail(cell)) {
                text.append(cell.getCharacterString());
            }
        }
        return text.toString();
    }

    /** Columns that a cell takes. */
    static int width(TextCharacter cell) {
        return Math.max(1, Columns.width(cell.getCharacterString()));
    }
}
