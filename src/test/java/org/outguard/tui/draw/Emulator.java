package org.outguard.tui.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.text.Columns;

/**
 * A terminal that knows the few control functions that the encoder uses, and fails on any other. It shows what a person
 * would see: characters with their colours.
 */
public final class Emulator {

    /* OSC 11 asks for the background, OSC 52 sets the clipboard; neither shows anything. */
    private static final Pattern OPERATING_SYSTEM =
            Pattern.compile("\033\\](?:11;\\?|52;c;[A-Za-z0-9+/=]*)(?:\007|\033\\\\)");

    private static final Pattern CONTROL = Pattern.compile("\033\\[([0-9;?]*\\$?)([A-Za-z])");

    private static final char LOOK_END = '\n';

    private final int columns;
    private final String[][] cells;
    private int row;
    private int column;
    private String look = "";
    private String foreground = "";
    private String background = "";
    private final TreeSet<String> modifiers = new TreeSet<>();

    /** What it was asked, in order: parameters and final character of each question. */
    public final List<String> questions = new ArrayList<>();

    public Emulator(Size size) {
        columns = size.columns();
        cells = new String[size.rows()][columns];
        for (String[] line : cells) {
            Arrays.fill(line, " ");
        }
    }

    /** Takes bytes; throws on a control character or function that is not ours. */
    public void take(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        Matcher control = CONTROL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (control.region(at, text.length()).lookingAt()) {
                control(control.group(1), control.group(2));
                at = control.end();
            } else if (OPERATING_SYSTEM.matcher(text).region(at, text.length()).lookingAt()) {
                Matcher command = OPERATING_SYSTEM.matcher(text).region(at, text.length());
                assertThat(command.lookingAt()).isTrue();
                at = command.end();
            } else if ("\r\n\b".indexOf(text.charAt(at)) >= 0) {
                format(text.charAt(at));
                at++;
            } else {
                int point = text.codePointAt(at);
                put(point);
                at += Character.charCount(point);
            }
        }
    }

    /* As in raw mode: a line feed leaves the column as it is. On the last row it would scroll. */
    private void format(char effector) {
        switch (effector) {
            case '\r' -> column = 0;
            case '\b' -> column--;
            default -> {
                row++;
                if (row >= cells.length) {
                    throw new AssertionError("the screen scrolls");
                }
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
                column = place.length == 1 ? 0 : Integer.parseInt(place[1]) - 1;
            }
            case "G" -> column = Integer.parseInt(parameters) - 1;
            case "d" -> row = Integer.parseInt(parameters) - 1;
            case "C" -> column += parameters.isEmpty() ? 1 : Integer.parseInt(parameters);
            case "D" -> column -= parameters.isEmpty() ? 1 : Integer.parseInt(parameters);
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
            case "n", "p" -> questions.add(parameters + end);
            case "h", "l" -> assertThat(parameters).isEqualTo("?2026");
            default -> throw new AssertionError("unknown control function " + parameters + end);
        }
    }

    private void style(String parameters) {
        String[] numbers = parameters.split(";");
        for (int i = 0; i < numbers.length; i++) {
            int number = Integer.parseInt(numbers[i]);
            if (number == 0) {
                foreground = "";
                background = "";
                modifiers.clear();
            } else if (number < 10) {
                modifiers.add(numbers[i]);
            } else {
                int length = number == 38 || number == 48 ? (numbers[i + 1].equals("5") ? 3 : 5) : 1;
                String colour = String.join(";", Arrays.copyOfRange(numbers, i, i + length));
                if (number % 10 == 9) {
                    colour = "";
                }
                boolean back = number >= 40 && number < 50 || number >= 100;
                foreground = back ? foreground : colour;
                background = back ? colour : background;
                i += length - 1;
            }
        }
        look = foreground + " on " + background + modifiers;
    }

    /** The look of a cell: foreground, background and modifiers by their SGR parameters. */
    public String look(int x, int y) {
        int end = cells[y][x].indexOf(LOOK_END);
        return end < 0 ? "" : cells[y][x].substring(0, end);
    }

    /** The characters of a row. */
    public String text(int y) {
        StringBuilder text = new StringBuilder();
        for (String cell : cells[y]) {
            text.append(cell.substring(cell.indexOf(LOOK_END) + 1));
        }
        return text.toString();
    }
}
