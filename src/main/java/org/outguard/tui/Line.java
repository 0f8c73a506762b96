package org.outguard.tui;

/** A line of text with what it is about. Foreign text in it is clean. */
record Line(String label, String text, Ink ink) {

    static Line of(String label, String text) {
        return new Line(label, text, Ink.TEXT);
    }

    static Line dim(String text) {
        return new Line("", text, Ink.DIM);
    }
}
