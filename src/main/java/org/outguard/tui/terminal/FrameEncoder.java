package org.outguard.tui.terminal;

import com.googlecode.lanterna.SGR;
import com.googlecode.lanterna.TextCharacter;
import com.googlecode.lanterna.TextColor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.outguard.tui.draw.Grid;

/**
 * Turns a frame into the bytes that change the frame before into it: control functions of ECMA-48 (CUP, CHA, VPA, CUF, CUB,
 * EL, SGR), BS, CR, LF and UTF-8. What differs is cut into pieces of one look. A large frame goes from top to bottom, so that
 * what matters most is seen first over a slow link; a small one look by look where that is shorter, since a change of look
 * costs more than the way from one row to the next.
 */
public final class FrameEncoder {

    /* Rewriting this many cells is no longer than moving over them. */
    private static final int SHORT_GAP = 3;

    /* Up to this length it does not matter to a person in which order the pieces come. */
    private static final int SMALL = 4_096;

    private final Bytes topDown = new Bytes();
    private final Bytes byLook = new Bytes();
    private Bytes best = topDown;
    private @Nullable Grid last;

    /* What the terminal draws with; null where that is not certain. */
    private @Nullable TextCharacter look;

    /** Cells of one row and one look; or, with {@code erase}, the blank rest of a row. */
    private record Piece(int row, int from, int end, TextCharacter look, boolean erase) {}

    /** Forgets what is on the terminal: the next frame is sent whole. */
    public void forget() {
        last = null;
    }

    /** Bytes of the last {@link #encode}; only the first {@link #length} count. */
    public byte[] bytes() {
        return best.array();
    }

    /** How many bytes there are, 0 where nothing has changed. */
    public int length() {
        return best.length();
    }

    /** Encodes a frame; see {@link #bytes}. */
    public void encode(Grid grid) {
        Grid before = last;
        last = grid;
        best = topDown;
        topDown.clear();
        boolean whole = before == null || !before.size().same(grid.size());
        if (before == null || whole) {
            topDown.ascii("\033[0m\033[2J");
            look = Grid.BLANK;
            before = new Grid(grid.size());
        }
        List<Piece> pieces = new ArrayList<>();
        for (int y = 0; y < grid.size().rows(); y++) {
            pieces(before, grid, y, pieces);
        }
        TextCharacter lookBefore = look;
        look = new Pen(topDown, grid, lookBefore).draw(pieces);
        if (!whole && topDown.length() < SMALL && pieces.size() > 2) {
            byLook.clear();
            TextCharacter end = new Pen(byLook, grid, lookBefore).draw(sorted(pieces, lookBefore));
            if (byLook.length() < topDown.length()) {
                best = byLook;
                look = end;
            }
        }
    }

    private static void pieces(Grid before, Grid grid, int y, List<Piece> pieces) {
        int columns = grid.size().columns();
        int blankFrom = blankFrom(grid, y);
        int x = 0;
        while (x < columns) {
            TextCharacter cell = grid.get(x, y);
            if (Grid.same(before.get(x, y), cell) || Grid.isTail(cell)) {
                x++;
                continue;
            }
            if (x >= blankFrom && columns - x > SHORT_GAP) {
                pieces.add(new Piece(y, x, columns, Grid.BLANK, true));
                return;
            }
            int end = end(before, grid, y, x, blankFrom);
            pieces.add(new Piece(y, x, end, cell, false));
            x = end;
        }
    }

    /* To where a piece goes on: over cells of the same look, also over a few that have not changed if others follow. */
    private static int end(Grid before, Grid grid, int y, int from, int blankFrom) {
        TextCharacter first = grid.get(from, y);
        int end = from + 1;
        int gap = 0;
        for (int x = from + 1; x < grid.size().columns() && gap <= SHORT_GAP; x++) {
            TextCharacter cell = grid.get(x, y);
            if (Grid.isTail(cell)) {
                end = end == x ? x + 1 : end;
                continue;
            }
            if (!sameLook(first, cell) || x >= blankFrom && grid.size().columns() - x > SHORT_GAP) {
                break;
            }
            if (Grid.same(before.get(x, y), cell)) {
                gap += isAscii(cell) ? 1 : SHORT_GAP + 1;
            } else {
                gap = 0;
                end = x + 1;
            }
        }
        return end;
    }

    private static boolean isAscii(TextCharacter cell) {
        return cell.getCharacterString().length() == 1
                && cell.getCharacterString().charAt(0) < 0x7f;
    }

    private static int blankFrom(Grid grid, int y) {
        int from = grid.size().columns();
        while (from > 0 && Grid.same(grid.get(from - 1, y), Grid.BLANK)) {
            from--;
        }
        return from;
    }

    static boolean sameLook(TextCharacter one, TextCharacter other) {
        return one.getForegroundColor().equals(other.getForegroundColor())
                && one.getBackgroundColor().equals(other.getBackgroundColor())
                && one.getModifiers().equals(other.getModifiers());
    }

    /* Look by look, the present one first; within a look from top to bottom. */
    private static List<Piece> sorted(List<Piece> pieces, @Nullable TextCharacter present) {
        List<TextCharacter> looks = new ArrayList<>();
        if (present != null) {
            looks.add(present);
        }
        List<List<Piece>> groups = new ArrayList<>();
        looks.forEach(known -> groups.add(new ArrayList<>()));
        for (Piece piece : pieces) {
            int at = 0;
            while (at < looks.size() && !sameLook(looks.get(at), piece.look)) {
                at++;
            }
            if (at == looks.size()) {
                looks.add(piece.look);
                groups.add(new ArrayList<>());
            }
            groups.get(at).add(piece);
        }
        List<Piece> sorted = new ArrayList<>(pieces.size());
        groups.forEach(sorted::addAll);
        return sorted;
    }

    /** Draws pieces, and knows where the cursor is and what it draws with. */
    private static final class Pen {
        private final Bytes out;
        private final Grid grid;
        private @Nullable TextCharacter look;

        /* -1 where it is not certain. */
        private int column = -1;
        private int row = -1;

        Pen(Bytes out, Grid grid, @Nullable TextCharacter look) {
            this.out = out;
            this.grid = grid;
            this.look = look;
        }

        @Nullable
        TextCharacter draw(List<Piece> pieces) {
            for (Piece piece : pieces) {
                CursorMove.write(out, row, column, piece.row, piece.from);
                row = piece.row;
                column = piece.from;
                if (piece.erase) {
                    show(Grid.BLANK);
                    out.ascii("\033[K");
                    continue;
                }
                for (int x = piece.from; x < piece.end; x++) {
                    TextCharacter cell = grid.get(x, piece.row);
                    if (!Grid.isTail(cell)) {
                        CursorMove.write(out, row, column, piece.row, x);
                        column = x;
                        emit(cell);
                    }
                }
            }
            return look;
        }

        private void emit(TextCharacter cell) {
            show(cell);
            String text = cell.getCharacterString();
            if (isAscii(cell)) {
                out.one(text.charAt(0));
            } else {
                out.raw(text.getBytes(StandardCharsets.UTF_8));
            }
            char first = text.charAt(0);
            // Terminals do not agree on the width of anything but ASCII and the box and block elements.
            boolean certain = text.length() == 1 && (first < 0x7f || first >= 0x2500 && first <= 0x259f);
            // Nor on where the cursor is behind the last column.
            column = certain && column + 1 < grid.size().columns() ? column + 1 : -1;
        }

        private void show(TextCharacter cell) {
            TextCharacter now = look;
            if (now == null || !now.getModifiers().equals(cell.getModifiers())) {
                whole(cell);
                look = cell;
            } else if (colours(now, cell)) {
                look = cell;
            }
        }

        private void whole(TextCharacter cell) {
            out.ascii("\033[0");
            for (SGR modifier : cell.getModifiers()) {
                out.ascii(
                        switch (modifier) {
                            case BOLD -> ";1";
                            case UNDERLINE -> ";4";
                            case REVERSE -> ";7";
                            default -> "";
                        });
            }
            if (cell.getForegroundColor() != TextColor.ANSI.DEFAULT) {
                out.ascii(";");
                out.raw(cell.getForegroundColor().getForegroundSGRSequence());
            }
            if (cell.getBackgroundColor() != TextColor.ANSI.DEFAULT) {
                out.ascii(";");
                out.raw(cell.getBackgroundColor().getBackgroundSGRSequence());
            }
            out.ascii("m");
        }

        private boolean colours(TextCharacter now, TextCharacter cell) {
            boolean foreground = !now.getForegroundColor().equals(cell.getForegroundColor());
            boolean background = !now.getBackgroundColor().equals(cell.getBackgroundColor());
            // A blank shows no foreground.
            if (foreground && cell.is(' ') && !background && cell.getModifiers().isEmpty()) {
                return false;
            }
            if (!foreground && !background) {
                return false;
            }
            out.ascii("\033[");
            if (foreground) {
                out.raw(cell.getForegroundColor().getForegroundSGRSequence());
            }
            if (background) {
                out.ascii(foreground ? ";" : "");
                out.raw(cell.getBackgroundColor().getBackgroundSGRSequence());
            }
            out.ascii("m");
            return true;
        }
    }
}
