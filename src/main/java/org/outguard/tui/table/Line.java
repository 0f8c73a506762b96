package org.outguard.tui.table;

import org.outguard.tui.draw.TextRole;

/** A line of text with what it is about. Foreign text in it is clean. */
public record Line(String label, String text, TextRole ink) {

    public static Line of(String label, String text) {
        return new Line(label, text, TextRole.TEXT);
    }

    public static Line dim(String text) {
        return new Line("", text, TextRole.DIM);
    }
}
