package org.outguard.mail;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

    /** Both together. */
    public LogReading plus(LogReading other) {
        Map<String, Kind> sums = new LinkedHashMap<>();
        Stream.concat(kinds.stream(), other.kinds.stream())
                .forEach(kind -> sums.merge(
                        kind.word(),
                        kind,
                        (one, more) -> new Kind(one.word(), one.words(), one.count() + more.count())));
        return new LogReading(
                lines + other.lines,
                notUnderstood + other.notUnderstood,
                forged + other.forged,
                first.or(() -> other.first),
                List.copyOf(sums.values()),
                Stream.concat(unsupported.stream(), other.unsupported.stream())
                        .distinct()
                        .toList());
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
