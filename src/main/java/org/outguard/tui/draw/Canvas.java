package org.outguard.tui.draw;

import com.googlecode.lanterna.TextCharacter;
import org.outguard.text.Columns;

/** Draws text upon a grid. Nothing leaves the width that it is given. */
public final class Canvas {

    private static final int MOST_MARKS = 2;

    private final Grid grid;
    private final Theme theme;

    public Canvas(Grid grid, Theme theme) {
        this.grid = grid;
        this.theme = theme;
    }

    public Size size() {
        return grid.size();
    }

    public int columns() {
        return grid.size().columns();
    }

    int rows() {
        return grid.size().rows();
    }

    /** Fills a stretch of a row with blanks. */
    public void fill(int row, int from, int width, BackgroundRole background) {
        repeat(row, from, width, ' ', TextRole.TEXT, background);
    }

    public void repeat(int row, int from, int width, int point, TextRole textRole, BackgroundRole background) {
        TextCharacter cell = theme.cell(point, textRole, background);
        for (int column = from; column < from + width; column++) {
            grid.set(column, row, cell, 1);
        }
    }

    /** One cell. */
    public void put(int row, int column, int point, TextRole textRole, BackgroundRole background) {
        grid.set(column, row, theme.cell(point, textRole, background), 1);
    }

    /** Text as wide as it is; the column behind it. */
    public int text(int row, int from, String text, TextRole textRole, BackgroundRole background) {
        return text(row, from, columns() - from, text, textRole, background);
    }

    /** Text cut to a width, with an ellipsis where it is cut; the column behind it. */
    public int text(int row, int from, int width, String text, TextRole textRole, BackgroundRole background) {
        if (width <= 0) {
            return from;
        }
        String cut = Columns.cut(text, width);
        int column = from;
        for (int at = 0; at < cut.length(); ) {
            int point = cut.codePointAt(at);
            int next = at + Character.charCount(point);
            int marksEnd = marks(cut, next);
            int columns = theme.width(point);
            if (column + columns > from + width) {
                break;
            }
            TextCharacter cell = marksEnd == next
                    ? theme.cell(point, textRole, background)
                    : theme.cell(cut.substring(at, marksEnd), textRole, background);
            grid.set(column, row, cell, columns);
            column += columns;
            at = Math.max(marksEnd, skipMarks(cut, next));
        }
        return column;
    }

    /** Text that ends at a column. */
    public void textLeftOf(int row, int end, String text, TextRole textRole, BackgroundRole background) {
        text(row, end - Columns.width(text), text, textRole, background);
    }

    private static int marks(String text, int from) {
        int at = from;
        for (int count = 0; count < MOST_MARKS && at < text.length() && isMark(text, at); count++) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static int skipMarks(String text, int from) {
        int at = from;
        while (at < text.length() && isMark(text, at)) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static boolean isMark(String text, int at) {
        return Columns.width(text.codePointAt(at)) == 0;
    }

    /** Takes the colour out of all that is drawn so far, so that what is drawn next stands out. */
    public void fade() {
        for (int row = 0; row < rows(); row++) {
            for (int column = 0; column < columns(); column++) {
                TextCharacter cell = grid.get(column, row);
                if (Grid.isTail(cell)) {
                    continue;
                }
                String cluster = cell.getCharacterString();
                int width = Grid.width(cell);
                TextCharacter faded = cluster.length() == 1
                        ? theme.cell(cluster.charAt(0), TextRole.FAINT, BackgroundRole.NONE)
                        : theme.cell(cluster, TextRole.FAINT, BackgroundRole.NONE);
                grid.set(column, row, faded, width);
            }
        }
    }
}
