package org.outguard.maillog.line;

import java.util.Locale;

/** What was made of one line of a log. */
public enum LineKind {
    /** It speaks of a message, a session or a login, and was taken in. */
    READ(true, "read"),
    /** Empty. */
    BLANK(true, "blank"),
    /** Of another program. */
    FOREIGN(true, "of another program"),
    /** Of a mail system whose logs are not read, see {@code OtherSystems}. */
    UNSUPPORTED(true, "of a mail system that is not supported"),
    /** First part of a line that its container's log driver has cut. */
    PART(true, "part of a longer line"),
    /** Its writer is not the program that it names. */
    FORGED(true, "forged"),
    /** It has no time that can be read. */
    NO_TIME(false, "without a readable time"),
    /** It has a time, and names no program. */
    NO_PROGRAM(false, "without a program"),
    /** Longer than any line of a mail system. */
    TOO_LONG(false, "too long"),
    /** It holds NUL bytes, as where a file was truncated under its writer. */
    HOLE(false, "with NUL bytes"),
    /** It begins as a line of a mail system and cannot be read to its end: cut, mixed, or of a form not known. */
    DAMAGED(false, "damaged"),
    /** The reader failed on it. */
    FAILED(false, "on which the reader failed");

    private final boolean understood;
    private final String words;

    LineKind(boolean understood, String words) {
        this.understood = understood;
        this.words = words;
    }

    /** Whether nothing that it says was lost. */
    public boolean understood() {
        return understood;
    }

    /** For people, behind "lines": {@code "without a readable time"}. */
    public String words() {
        return words;
    }

    /** The word in NDJSON: {@code "noTime"}. */
    public String word() {
        String[] parts = name().toLowerCase(Locale.ROOT).split("_");
        return parts.length == 1
                ? parts[0]
                : parts[0] + Character.toUpperCase(parts[1].charAt(0)) + parts[1].substring(1);
    }
}
