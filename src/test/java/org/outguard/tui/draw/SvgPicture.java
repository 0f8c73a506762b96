package org.outguard.tui.draw;

import com.googlecode.lanterna.TextCharacter;
import com.googlecode.lanterna.TextColor;
import java.util.Locale;

/** Draws a frame as SVG, for the README. */
public final class SvgPicture {

    private static final double WIDE = 8.4;
    private static final int HIGH = 18;
    private static final int EDGE = 12;

    private final Grid grid;
    private final String paper;
    private final String ink;
    private final StringBuilder svg = new StringBuilder();

    private SvgPicture(Grid grid, boolean light) {
        this.grid = grid;
        this.paper = light ? "#fbfbfa" : "#0f1417";
        this.ink = light ? "#2c3236" : "#d0d4d6";
    }

    public static String of(Grid grid, boolean light) {
        return new SvgPicture(grid, light).draw();
    }

    private String draw() {
        double width = grid.size().columns() * WIDE + 2 * EDGE;
        int height = grid.size().rows() * HIGH + 2 * EDGE;
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(number(width))
                .append(' ')
                .append(height)
                .append("\" font-family=\"'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"13.5\""
                        + " xml:space=\"preserve\">\n");
        svg.append("<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"" + paper + "\"/>\n");
        for (int row = 0; row < grid.size().rows(); row++) {
            grounds(row);
            texts(row);
        }
        return svg.append("</svg>\n").toString();
    }

    private void grounds(int row) {
        int column = 0;
        while (column < grid.size().columns()) {
            int from = column;
            TextColor ground = grid.get(from, row).getBackgroundColor();
            while (column < grid.size().columns()
                    && grid.get(column, row).getBackgroundColor().equals(ground)) {
                column++;
            }
            if (ground != TextColor.ANSI.DEFAULT) {
                rectangle(from, row * HIGH, column - from, HIGH, rgb(ground, paper));
            }
        }
    }

    private void texts(int row) {
        int column = 0;
        while (column < grid.size().columns()) {
            TextCharacter first = grid.get(column, row);
            char point = first.getCharacterString().charAt(0);
            if (point >= 0x2581 && point <= 0x2588) {
                int from = column;
                while (column < grid.size().columns() && first.equals(grid.get(column, row))) {
                    column++;
                }
                double high = HIGH * (point - 0x2580) / 8.0;
                rectangle(from, (row + 1) * HIGH - high, column - from, high, rgb(first.getForegroundColor(), ink));
                continue;
            }
            if (point == '─') {
                int from = column;
                while (column < grid.size().columns() && first.equals(grid.get(column, row))) {
                    column++;
                }
                // Not every renderer stretches text to its length.
                rectangle(from, row * HIGH + HIGH / 2.0, column - from, 1, rgb(first.getForegroundColor(), ink));
                continue;
            }
            int from = column;
            StringBuilder text = new StringBuilder();
            // Renderers fold blanks, so no piece has two of them in a row.
            while (column < grid.size().columns()
                    && belongs(first, grid.get(column, row))
                    && !(text.toString().endsWith("  ")
                            && !grid.get(column, row).is(' '))) {
                text.append(
                        Grid.isTail(grid.get(column, row))
                                ? ""
                                : grid.get(column, row).getCharacterString());
                column++;
            }
            run(from, row, column - from, text.toString(), first);
        }
    }

    private static boolean belongs(TextCharacter first, TextCharacter next) {
        char point = next.getCharacterString().charAt(0);
        return point != '─'
                && !(point >= 0x2581 && point <= 0x2588)
                && first.getForegroundColor().equals(next.getForegroundColor())
                && first.getModifiers().equals(next.getModifiers());
    }

    private void run(int column, int row, int columns, String text, TextCharacter look) {
        if (text.isBlank()) {
            return;
        }
        String shown = text.stripTrailing();
        int blanksBefore = shown.length() - shown.stripLeading().length();
        shown = shown.strip();
        svg.append("<text x=\"")
                .append(number(EDGE + (column + blanksBefore) * WIDE))
                .append("\" y=\"")
                .append(number(EDGE + row * HIGH + 13.5))
                .append("\" textLength=\"")
                .append(number((columns
                                - blanksBefore
                                - (text.length() - text.stripTrailing().length()))
                        * WIDE))
                .append("\" fill=\"")
                .append(rgb(look.getForegroundColor(), ink))
                .append(look.isBold() ? "\" font-weight=\"bold" : "")
                .append("\">")
                .append(shown.replace("&", "&amp;").replace("<", "&lt;"))
                .append("</text>\n");
    }

    private void rectangle(int column, double y, int columns, double high, String colour) {
        svg.append("<rect x=\"")
                .append(number(EDGE + column * WIDE))
                .append("\" y=\"")
                .append(number(EDGE + y))
                .append("\" width=\"")
                .append(number(columns * WIDE))
                .append("\" height=\"")
                .append(number(high))
                .append("\" fill=\"")
                .append(colour)
                .append("\"/>\n");
    }

    private static String rgb(TextColor colour, String usual) {
        return colour == TextColor.ANSI.DEFAULT
                ? usual
                : String.format(Locale.ROOT, "#%02x%02x%02x", colour.getRed(), colour.getGreen(), colour.getBlue());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }
}
