package org.outguard.tui.draw;

/** The colours that a terminal shows. */
public enum Palette {
    /** None: bold, underline and reverse only. */
    NONE,
    /** The sixteen of the terminal's own theme. */
    SIXTEEN,
    /** The 256 of xterm. */
    MANY,
    /** Any. */
    TRUE;

    /**
     * The palette for a terminal.
     *
     * @param colour whether colour is wanted at all (NO_COLOR, {@code --color})
     * @param term the value of TERM
     */
    public static Palette of(boolean colour, String term) {
        if (!colour) {
            return NONE;
        }
        boolean few = term.equals("linux") || term.startsWith("vt") || term.equals("ansi") || term.equals("xterm");
        return few ? SIXTEEN : MANY;
    }
}
