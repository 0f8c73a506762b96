package org.outguard.tui.terminal;

import org.outguard.tui.draw.Theme;

/** What comes from a terminal. */
public sealed interface Input {

    /**
     * A key.
     *
     * @param name {@code "b"}, {@code "é"}, {@code "Up"}, {@code "F10"}, {@code "Ctrl-L"}, {@code "Esc"}
     */
    record Key(String name) implements Input {

        /** What it types, where it is a character: one code point that can be printed. */
        public boolean types() {
            return name.codePointCount(0, name.length()) == 1 && Theme.printable(name.codePointAt(0));
        }

        /** What a terminal sends for it, where that is one character; else nothing. */
        public String typed() {
            return switch (name) {
                case "Enter" -> "\r";
                case "Tab" -> "\t";
                case "Backspace" -> "\177";
                default ->
                    name.startsWith("Ctrl-") && name.length() == 6
                            ? Character.toString(name.charAt(5) & 0x1f)
                            : types() ? name : "";
            };
        }
    }

    /**
     * A button of the mouse went down, or its wheel turned.
     *
     * @param button which
     * @param column from 0
     * @param row from 0
     */
    record Mouse(Button button, int column, int row) implements Input {}

    /** What is used of a mouse. */
    enum Button {
        LEFT,
        WHEEL_UP,
        WHEEL_DOWN
    }

    /** All that was sent before the question has been worked off: DSR 5 of ECMA-48 is answered by {@code CSI 0 n}. */
    record Shown() implements Input {}

    /**
     * Whether the terminal holds back what it draws between two marks: its answer to DECRQM for mode 2026.
     *
     * @param supported whether it knows the mode
     */
    record Synchronized(boolean supported) implements Input {}

    /**
     * The colour of the terminal's background: its answer to OSC 11.
     *
     * @param light whether dark text is read better upon it
     */
    record Background(boolean light) implements Input {}
}
