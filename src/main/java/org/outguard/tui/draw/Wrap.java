package org.outguard.tui.draw;

import java.util.ArrayList;
import java.util.List;
import org.outguard.text.Columns;

/** Text as lines of a width, broken at blanks and, where a word is longer than a line, inside it. Nothing is left out. */
public final class Wrap {

    private Wrap() {}

    public static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (String word : text.split(" ", -1)) {
            int wide = Columns.width(word);
            if (used > 0 && used + 1 + wide > width) {
                lines.add(line.toString());
                line.setLength(0);
                used = 0;
            } else if (used > 0) {
                line.append(' ');
                used++;
            }
            String rest = word;
            while (Columns.width(rest) > width) {
                int cut = cut(rest, width);
                lines.add(rest.substring(0, cut));
                rest = rest.substring(cut);
            }
            line.append(rest);
            used += Columns.width(rest);
        }
        lines.add(line.toString());
        return lines;
    }

    /**
     * A command cut behind each statement, as in {@code "flush chain …; add rule …"}; what stands in braces is not cut. Put
     * together again it is the command.
     */
    public static List<String> statements(String command) {
        List<String> statements = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int at = 0; at < command.length(); at++) {
            char point = command.charAt(at);
            depth += point == '{' ? 1 : point == '}' ? -1 : 0;
            if (point == ';' && depth <= 0) {
                int end = at + 1 < command.length() && command.charAt(at + 1) == ' ' ? at + 2 : at + 1;
                statements.add(command.substring(from, end));
                from = end;
            }
        }
        if (from < command.length() || statements.isEmpty()) {
            statements.add(command.substring(from));
        }
        return statements;
    }

    private static int cut(String text, int width) {
        int at = 0;
        int used = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            int wide = Columns.width(point);
            if (used + wide > width && at > 0) {
                return at;
            }
            used += wide;
            at += Character.charCount(point);
        }
        return at;
    }
}
