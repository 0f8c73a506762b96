package org.outguard.console;

import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/** Pages of a long text, by the keys of less(1): blank, b, j, k, g, G, /, n, q. Pure: it is told keys and says what to show. */
final class Pager {

    private final List<String> lines;
    private final IntSupplier rows;
    private int top;
    private String sought = "";
    private boolean typing;
    private String message = "";

    Pager(List<String> lines, IntSupplier rows) {
        this.lines = List.copyOf(lines);
        this.rows = rows;
    }

    private int page() {
        return Math.max(1, rows.getAsInt() - 1);
    }

    /** The lines that are shown. */
    List<String> shown() {
        return lines.subList(top, Math.min(lines.size(), top + page()));
    }

    /** The last row. */
    String status() {
        if (typing) {
            return "/" + sought;
        }
        if (!message.isEmpty()) {
            return message;
        }
        int last = Math.min(lines.size(), top + page());
        return "lines " + (top + 1) + " to " + last + " of " + lines.size() + (last == lines.size() ? ", end" : "")
                + " · q leaves";
    }

    /** Whether all of it is shown at once. */
    boolean fits() {
        return lines.size() <= page();
    }

    /** Takes a key; false where it was the last. */
    boolean press(int key) {
        message = "";
        if (typing) {
            type(key);
            return true;
        }
        switch (key) {
            case 'q', 'Q', 3, 4, -1 -> {
                return false;
            }
            case ' ', 'f', 6 -> move(page());
            case 'b', 2 -> move(-page());
            case 'j', '\r', '\n' -> move(1);
            case 'k' -> move(-1);
            case 'g', '<' -> move(-lines.size());
            case 'G', '>' -> move(lines.size());
            case '/' -> {
                typing = true;
                sought = "";
            }
            case 'n' -> seek(top + 1);
            default -> message = "blank and b turn pages, / seeks, n seeks again, q leaves";
        }
        return true;
    }

    private void type(int key) {
        if (key == '\r' || key == '\n') {
            typing = false;
            seek(top);
        } else if (key == 27 || key < 0) {
            typing = false;
        } else if (key == 127 || key == 8) {
            sought = sought.isEmpty() ? "" : sought.substring(0, sought.length() - 1);
        } else if (key >= ' ' && sought.length() < 100) {
            sought += Character.toString(key);
        }
    }

    private void seek(int from) {
        String wanted = sought.toLowerCase(Locale.ROOT);
        for (int i = from; i < lines.size() && !wanted.isEmpty(); i++) {
            if (lines.get(i).toLowerCase(Locale.ROOT).contains(wanted)) {
                top = Math.min(i, Math.max(0, lines.size() - page()));
                return;
            }
        }
        message = "not found: " + sought;
    }

    private void move(int by) {
        top = Math.max(0, Math.min(Math.max(0, lines.size() - page()), top + by));
    }
}
