package org.outguard.tui.table;

import org.outguard.tui.draw.Ink;

/** A line of text with what it is about. Foreign text in it is clean. */
public record Line(String label, String text, Ink ink) {

    public static Line of(String label, String text) {
        return new Line(label, text, Ink.TEXT);
    }

    public static Line dim(String text) {
        return new Line("", text, Ink.DIM);
    }
}
