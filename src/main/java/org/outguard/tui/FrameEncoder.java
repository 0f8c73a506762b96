package org.outguard.tui;

import com.googlecode.lanterna.SGR;
import com.googlecode.lanterna.TextCharacter;
import com.googlecode.lanterna.TextColor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns a frame into the bytes that change the frame before into it: control functions of ECMA-48 (CUP, CUF, EL, SGR)
 * and UTF-8. Looks are sent when they change, not for each cell.
 */
public final class FrameEncoder {

    /* Rewriting this many cells is no longer than moving over them. */
    private static final int SHORT_GAP = 3;

    private byte[] out = new byte[8_192];
    private int length;
    private @Nullable Grid last;

    /* Where the terminal's cursor is; -1 where that is not certain. */
    private int column;
    private int row;
    private @Nullable TextCharacter look;

    /** Forgets what is on the terminal: the next frame is sent whole. */
    public void forget() {
        last = null;
    }

    /** Bytes of the last {@link #encode}; only the first {@link #length} count. */
    public byte[] bytes() {
        return out;
    }

    /** How many bytes there are, 0 where nothing has changed. */
    public int length() {
        return length;
    }

    /** Encodes a frame; see {@link #bytes}. */
    public void encode(Grid grid) {
        length = 0;
        Grid before = last;
        last = grid;
        column = -1;
        row = -1;
        look = null;
        if (before == null || !before.size().equals(grid.size())) {
            ascii("\033[0m\033[2J");
            look = Grid.BLANK;
            before = new Grid(grid.size());
        }
        for (int y = 0; y < grid.size().rows(); y++) {
            encodeRow(before, grid, y);
        }
        if (length > 0) {
            ascii("\033[0m");
        }
    }

    private void encodeRow(Grid before, Grid grid, int y) {
        int columns = grid.size().columns();
        int blankFrom = blankFrom(grid, y);
        for (int x = 0; x < columns; x++) {
            TextCharacter cell = grid.get(x, y);
            if (Grid.same(before.get(x, y), cell) || Grid.isTail(cell)) {
                continue;
            }
            if (x >= blankFrom && columns - x > SHORT_GAP) {
                moveTo(grid, x, y);
                show(Grid.BLANK);
                ascii("\033[K");
                return;
            }
            moveTo(grid, x, y);
            emit(cell);
        }
    }

    private static int blankFrom(Grid grid, int y) {
        int from = grid.size().columns();
        while (from > 0 && Grid.same(grid.get(from - 1, y), Grid.BLANK)) {
            from--;
        }
        return from;
    }

    private void moveTo(Grid grid, int x, int y) {
        if (row == y && column >= 0 && column <= x && x - column <= SHORT_GAP && column > 0) {
            while (column >= 0 && column < x) {
                TextCharacter cell = grid.get(column, y);
                if (Grid.isTail(cell)) {
                    break;
                }
                emit(cell);
            }
        }
        if (row == y && column == x) {
            return;
        }
        if (row == y && column >= 0 && column < x) {
            ascii("\033[");
            number(x - column);
            ascii("C");
        } else {
            ascii("\033[");
            number(y + 1);
            ascii(";");
            number(x + 1);
            ascii("H");
        }
        row = y;
        column = x;
    }

    private void emit(TextCharacter cell) {
        show(cell);
        String text = cell.getCharacterString();
        char first = text.charAt(0);
        if (text.length() == 1 && first >= ' ' && first < 0x7f) {
            room(1);
            out[length++] = (byte) first;
            column++;
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        room(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
        // Terminals do not agree on the width of anything but ASCII and the box and block elements.
        boolean certain = text.length() == 1 && first >= 0x2500 && first <= 0x259f;
        column = certain ? column + 1 : -1;
    }

    private void show(TextCharacter cell) {
        TextCharacter now = look;
        if (now == null || !now.getModifiers().equals(cell.getModifiers())) {
            ascii("\033[0");
            for (SGR modifier : cell.getModifiers()) {
                ascii(
                        switch (modifier) {
                            case BOLD -> ";1";
                            case UNDERLINE -> ";4";
                            case REVERSE -> ";7";
                            default -> "";
                        });
            }
            if (cell.getForegroundColor() != TextColor.ANSI.DEFAULT) {
                ascii(";");
                raw(cell.getForegroundColor().getForegroundSGRSequence());
            }
            if (cell.getBackgroundColor() != TextColor.ANSI.DEFAULT) {
                ascii(";");
                raw(cell.getBackgroundColor().getBackgroundSGRSequence());
            }
            ascii("m");
            look = cell;
        } else if (showColours(now, cell)) {
            look = cell;
        }
    }

    private boolean showColours(TextCharacter now, TextCharacter cell) {
        boolean foreground = !now.getForegroundColor().equals(cell.getForegroundColor());
        boolean background = !now.getBackgroundColor().equals(cell.getBackgroundColor());
        // A blank shows no foreground.
        if (foreground && cell.is(' ') && !background && cell.getModifiers().isEmpty()) {
            return false;
        }
        if (!foreground && !background) {
            return false;
        }
        ascii("\033[");
        if (foreground) {
            raw(cell.getForegroundColor().getForegroundSGRSequence());
        }
        if (background) {
            ascii(foreground ? ";" : "");
            raw(cell.getBackgroundColor().getBackgroundSGRSequence());
        }
        ascii("m");
        return true;
    }

    private void number(int value) {
        ascii(Integer.toString(value));
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[length++] = (byte) text.charAt(i);
        }
    }

    private void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private void room(int more) {
        if (length + more > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
        }
    }
}
