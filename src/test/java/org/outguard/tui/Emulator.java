package org.outguard.tui;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.text.Columns;

/**
 * A terminal that knows the few control functions that the encoder uses, and fails on any other. It shows what a person
 * would see: characters with their colours.
 */
final class Emulator {

    private static final Pattern CONTROL = Pattern.compile("\033\\[([0-9;?]*)([A-Za-z])");

    private static final char LOOK_END = '\n';

    private final int columns;
    private final String[][] cells;
    private int row;
    private int column;
    private String look = "";

    Emulator(Size size) {
        columns = size.columns();
        cells = new String[size.rows()][columns];
        for (String[] line : cells) {
            Arrays.fill(line, " ");
        }
    }

    /** Takes bytes; throws on a control character or function that is not ours. */
    void take(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        Matcher control = CONTROL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (control.region(at, text.length()).lookingAt()) {
                control(control.group(1), control.group(2));
                at = control.end();
            } else {
                int point = text.codePointAt(at);
                put(point);
                at += Character.charCount(point);
            }
        }
    }

    private void put(int point) {
        if (!Theme.printable(point)) {
            throw new AssertionError("U+" + Integer.toHexString(point) + " is sent to the terminal");
        }
        int width = Columns.width(point);
        if (width == 0) {
            cells[row][column - 1 - (cells[row][column - 1].isEmpty() ? 1 : 0)] += Character.toString(point);
            return;
        }
        clearHalf(column);
        clearHalf(column + width);
        cells[row][column] = look + LOOK_END + Character.toString(point);
        if (width == 2) {
            cells[row][column + 1] = "";
        }
        column += width;
    }

    /* A wide character of which one half is overwritten is gone. */
    private void clearHalf(int from) {
        if (from < columns && cells[row][from].isEmpty()) {
            cells[row][from] = " ";
            cells[row][from - 1] = " ";
        }
    }

    private void control(String parameters, String end) {
        switch (end) {
            case "H" -> {
                String[] place = parameters.split(";");
                row = Integer.parseInt(place[0]) - 1;
                column = Integer.parseInt(place[1]) - 1;
            }
            case "C" -> column += Integer.parseInt(parameters);
            case "K" -> {
                clearHalf(column);
                Arrays.fill(cells[row], column, columns, " ");
            }
            case "J" -> {
                for (String[] line : cells) {
                    Arrays.fill(line, " ");
                }
            }
            case "m" -> style(parameters);
            default -> throw new AssertionError("unknown control function " + parameters + end);
        }
    }

    private void style(String parameters) {
        boolean anew = parameters.equals("0") || parameters.startsWith("0;");
        String added = anew ? parameters.substring(Math.min(2, parameters.length())) : parameters;
        look = anew ? added : look + ";" + added;
    }

    /** The characters of a row. */
    String text(int y) {
        StringBuilder text = new StringBuilder();
        for (String cell : cells[y]) {
            text.append(cell.substring(cell.indexOf(LOOK_END) + 1));
        }
        return text.toString();
    }
}
