package org.outguard.tui.draw;

/** What a piece of text means; the theme says how that looks. Colour is for signals only. */
public enum TextRole {
    TEXT,
    /** What is read first. */
    STRONG,
    /** Labels, and what is no concern now. */
    DIM,
    /** Rules, and the empty part of a bar. */
    FAINT,
    /** The one colour that signals nothing: selection, keys, edge of the graph. */
    ACCENT,
    /** The body of the graph, so that its edge stands out. */
    TRACE,
    /** An attack, or a failure. */
    BAD,
    /** A suspect, or a limit of what can be seen. */
    WARN,
    /** Stopped. */
    GOOD;

    /** Its name in a configuration file. */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
