package org.outguard.procfs;

import java.util.List;
import java.util.Optional;

/**
 * A user by passwd(5).
 *
 * @param uid as an unsigned number
 * @param gid as an unsigned number; empty where the line has none
 * @param home empty where the line ends before it
 * @param shell empty where the line ends before it; an empty text stands for /bin/sh
 */
public record PasswdEntry(String name, int uid, Optional<Integer> gid, String home, Optional<String> shell) {

    private static final int FIELDS = 7;
    private static final int HOME = 5;
    private static final int SHELL = 6;

    /** Users of a whole file, in its order. Lines of other kinds, such as "+" of NIS, are passed over. */
    public static List<PasswdEntry> all(String text) {
        return text.lines().flatMap(line -> parse(line).stream()).toList();
    }

    private static Optional<PasswdEntry> parse(String line) {
        String[] fields = line.split(":", FIELDS);
        if (fields.length < 4 || fields[0].isEmpty() || fields[0].startsWith("#")) {
            return Optional.empty();
        }
        return number(fields[2])
                .map(uid -> new PasswdEntry(
                        fields[0],
                        uid,
                        number(fields[3]),
                        fields.length > HOME ? fields[HOME] : "",
                        fields.length > SHELL ? Optional.of(fields[SHELL]) : Optional.empty()));
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
