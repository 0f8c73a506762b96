package org.outguard.tui.draw;

/** What is behind a piece of text. */
public enum BackgroundRole {
    NONE,
    /** The bars at top and bottom and the heads of the columns. */
    BAR,
    SELECTED,
    DIALOG,
    /** The name, and keys in the footer. */
    BADGE_ACCENT,
    BADGE_BAD,
    BADGE_WARN,
    BADGE_GOOD;

    boolean badge() {
        return switch (this) {
            case BADGE_ACCENT, BADGE_BAD, BADGE_WARN, BADGE_GOOD -> true;
            case NONE, BAR, SELECTED, DIALOG -> false;
        };
    }
}
