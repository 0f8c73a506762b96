package org.outguard.tui.draw;

import com.googlecode.lanterna.SGR;
import com.googlecode.lanterna.TextCharacter;
import com.googlecode.lanterna.TextColor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A frame as text that a person can read: the characters, then a letter for the look of each cell, then what the letters
 * mean. The right half of a wide character has none of its own.
 */
public final class GoldenText {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private GoldenText() {}

    public static String of(Grid grid) {
        StringBuilder text = new StringBuilder();
        StringBuilder looks = new StringBuilder();
        Map<String, Character> letters = new LinkedHashMap<>();
        letters.put("plain", '.');
        for (int row = 0; row < grid.size().rows(); row++) {
            text.append('|').append(grid.text(row)).append("|\n");
            looks.append('|');
            for (int column = 0; column < grid.size().columns(); column++) {
                TextCharacter cell = grid.get(column, row);
                boolean tail = Grid.isTail(cell);
                looks.append(
                        tail
                                ? '>'
                                : (char) letters.computeIfAbsent(look(cell), k -> LETTERS.charAt(letters.size() - 1)));
            }
            looks.append("|\n");
        }
        StringBuilder legend = new StringBuilder();
        letters.forEach((look, letter) ->
                legend.append(letter).append(" = ").append(look).append('\n'));
        return text + "\n" + looks + "\n" + legend;
    }

    /** {@code "203 on 23 bold"}: the SGR parameters of the colours, without what is the terminal's own. */
    static String look(TextCharacter cell) {
        String foreground = colour(cell.getForegroundColor(), true);
        // A blank has no foreground to be seen.
        boolean blank = cell.is(' ') && !cell.getModifiers().contains(SGR.UNDERLINE);
        StringBuilder look = new StringBuilder(blank ? "" : foreground);
        String background = colour(cell.getBackgroundColor(), false);
        if (!background.isEmpty()) {
            look.append(" on ").append(background);
        }
        for (SGR modifier : cell.getModifiers()) {
            if (!blank || modifier != SGR.BOLD) {
                look.append(' ').append(modifier.name().toLowerCase(java.util.Locale.ROOT));
            }
        }
        return look.isEmpty() ? "plain" : look.toString().strip();
    }

    private static String colour(TextColor colour, boolean foreground) {
        if (colour == TextColor.ANSI.DEFAULT) {
            return "";
        }
        byte[] sgr = foreground ? colour.getForegroundSGRSequence() : colour.getBackgroundSGRSequence();
        return new String(sgr, StandardCharsets.US_ASCII).replaceFirst("^[34]8;5;", "");
    }
}
