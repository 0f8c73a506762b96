package org.outguard.tui.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.googlecode.lanterna.TextCharacter;
import com.googlecode.lanterna.TextColor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Emulator;
import org.outguard.tui.draw.Grid;
import org.outguard.tui.draw.Look;
import org.outguard.tui.draw.Palette;
import org.outguard.tui.draw.Size;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Theme;

class FrameEncoderTest {

    private static final Size SIZE = new Size(24, 4);

    private final FrameEncoder encoder = new FrameEncoder();
    private final Theme theme = new Theme(Look.of(Palette.MANY));

    private String encode(Grid grid) {
        encoder.encode(grid);
        return new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8);
    }

    private Grid grid(String text, TextRole textRole) {
        Grid grid = new Grid(SIZE);
        new Canvas(grid, theme).text(1, 2, text, textRole, BackgroundRole.NONE);
        return grid;
    }

    @Test
    void nothingIsSentWhenNothingHasChanged() {
        encode(grid("flood", TextRole.BAD));
        assertThat(encode(grid("flood", TextRole.BAD))).isEmpty();
    }

    @Test
    void aLookIsSentOnceForARunOfCells() {
        encode(new Grid(SIZE));
        assertThat(encode(grid("flood", TextRole.BAD))).isEqualTo("\033[2;3H\033[38;5;203mflood");
    }

    @Test
    void onlyWhatDiffersIsSent() {
        encode(grid("173k pps", TextRole.TEXT));
        assertThat(encode(grid("174k pps", TextRole.TEXT))).isEqualTo("\033[2;5H4");
    }

    @Test
    void theEndOfARowIsErasedAndNotPaintedOver() {
        encode(grid("a long line of text", TextRole.TEXT));
        assertThat(encode(grid("a", TextRole.TEXT))).isEqualTo("\033[2;5H\033[K");
    }

    @Test
    void afterACharacterOfUncertainWidthTheCursorIsPlacedAnew() {
        encode(new Grid(SIZE));
        assertThat(encode(grid("漢字x", TextRole.TEXT))).isEqualTo("\033[2;3H漢\033[5G字\033[7Gx");
    }

    @Test
    void anotherSizeOrAForgottenFrameIsSentWhole() {
        encode(grid("x", TextRole.TEXT));
        encoder.forget();
        assertThat(encode(grid("x", TextRole.TEXT)))
                .startsWith("\033[0m\033[2J")
                .contains("x");
    }

    /** Whatever frames follow each other, the terminal shows the last of them. */
    @Test
    void differencesAddUp() {
        long seed = 20_251_205;
        SplittableRandom random = new SplittableRandom(seed);
        List<TextRole> inks = List.of(TextRole.values());
        List<String> parts = List.of("a", "b", " ", "    ", "漢", "é", "█", "▁", "…", "😀", "flood", "e\u0301");
        Emulator emulator = new Emulator(SIZE);
        for (int frame = 0; frame < 2_000; frame++) {
            Grid grid = new Grid(SIZE);
            Canvas canvas = new Canvas(grid, theme);
            for (int i = 0; i < 6; i++) {
                canvas.text(
                        random.nextInt(SIZE.rows()),
                        random.nextInt(SIZE.columns()),
                        parts.get(random.nextInt(parts.size())).repeat(1 + random.nextInt(3)),
                        inks.get(random.nextInt(inks.size())),
                        BackgroundRole.NONE);
            }
            encoder.encode(grid);
            emulator.take(encoder.bytes(), encoder.length());
            for (int row = 0; row < SIZE.rows(); row++) {
                assertThat(emulator.text(row))
                        .as("seed %d, frame %d, row %d", seed, frame, row)
                        .isEqualTo(grid.text(row));
                for (int column = 0; column < SIZE.columns(); column++) {
                    TextCharacter cell = grid.get(column, row);
                    // A blank is blank in every colour.
                    if (!Grid.isTail(cell) && !cell.is(' ')) {
                        assertThat(emulator.look(column, row))
                                .as("seed %d, frame %d, row %d, column %d", seed, frame, row, column)
                                .isEqualTo(look(cell));
                    }
                }
            }
        }
    }

    private static String look(TextCharacter cell) {
        // The terminal's own colour, which the emulator has no name for.
        byte[] foreground = cell.getForegroundColor() == TextColor.ANSI.DEFAULT
                ? new byte[0]
                : cell.getForegroundColor().getForegroundSGRSequence();
        String modifiers = cell.isBold() ? "[1]" : "[]";
        return new String(foreground, StandardCharsets.US_ASCII) + " on " + modifiers;
    }

    /** Figures that change in many rows: it is their digits that are sent, and little else. */
    @Test
    void aColumnOfFiguresCostsLittleMoreThanItsDigits() {
        Grid before = new Grid(new Size(100, 40));
        Grid after = new Grid(new Size(100, 40));
        for (int row = 5; row < 35; row++) {
            new Canvas(before, theme).text(row, 60, "173k", TextRole.TEXT, BackgroundRole.NONE);
            new Canvas(before, theme).text(row, 70, "38M", TextRole.DIM, BackgroundRole.NONE);
            new Canvas(after, theme).text(row, 60, "981k", TextRole.TEXT, BackgroundRole.NONE);
            new Canvas(after, theme).text(row, 70, "77M", TextRole.DIM, BackgroundRole.NONE);
        }
        encode(before);
        encode(after);
        assertThat(encoder.length()).isLessThan(30 * (3 + 2 + 8) + 40);
    }
}
