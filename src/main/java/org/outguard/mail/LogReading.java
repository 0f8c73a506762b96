package org.outguard.mail;

import java.util.List;
import java.util.Optional;

/**
 * How much of the mail logs was read and understood.
 *
 * @param lines all lines
 * @param notUnderstood lines of which something may have been lost
 * @param forged lines whose writer is not the program that they name
 * @param first the first line that was not understood
 * @param kinds why lines were not understood, each with its count
 * @param unsupported mail systems whose lines were seen and are not read, by name
 */
public record LogReading(
        long lines,
        long notUnderstood,
        long forged,
        Optional<Place> first,
        List<Kind> kinds,
        List<String> unsupported) {

    /** Nothing was read. */
    public static final LogReading NONE = new LogReading(0, 0, 0, Optional.empty(), List.of(), List.of());

    public LogReading {
        kinds = List.copyOf(kinds);
        unsupported = List.copyOf(unsupported);
    }

    /**
     * A line.
     *
     * @param file name of the file or stream
     * @param line its number, from 1
     */
    public record Place(String file, long line) {}

    /**
     * A kind of line.
     *
     * @param word in NDJSON
     * @param words for people, behind "lines"
     * @param count how many
     */
    public record Kind(String word, String words, long count) {}
}
