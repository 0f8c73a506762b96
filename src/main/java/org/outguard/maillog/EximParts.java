package org.outguard.maillog;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.outguard.maillog.line.LineCursor;

/**
 * Entries that Exim writes to syslog in several parts, {@code [1/3] …}, {@code [2/3] …}, since they are longer than 870
 * characters; behind a backslash instead of a slash the entry itself had a new line (Exim's log.c, write_syslog).
 */
final class EximParts {

    private static final int MOST_PROCESSES = 64;
    private static final int MOST_PARTS = 99;

    private record Begun(int parts, byte[] text) {}

    /** What came so far, by process, oldest first. */
    private final Map<Integer, Begun> begun = new LinkedHashMap<>();

    enum Part {
        /** It is a whole entry. */
        NONE,
        /** More is to come. */
        MORE,
        /** The last one: the cursor is at the beginning of the whole entry. */
        LAST,
        /** What stood before it is missing. */
        LOST
    }

    /** Takes in what a process wrote. */
    Part add(int pid, LineCursor cursor) {
        int start = cursor.at;
        long number = cursor.take('[') ? cursor.number() : -1;
        boolean newLine = number > 0 && cursor.peek(cursor.at) == '\\';
        boolean shaped = number > 0 && (cursor.take('/') || cursor.take('\\'));
        long of = shaped ? cursor.number() : -1;
        if (of < number || of > MOST_PARTS || !cursor.take(']') || !cursor.take(' ')) {
            cursor.at = start;
            return Part.NONE;
        }
        Begun before = number == 1 ? new Begun(0, new byte[0]) : begun.remove(pid);
        if (before == null || before.parts() != number - 1 || before.text().length > Source.LONGEST_LINE) {
            return Part.LOST;
        }
        int length = cursor.end - cursor.at;
        byte[] text = Arrays.copyOf(before.text(), before.text().length + length + (newLine ? 1 : 0));
        System.arraycopy(cursor.bytes, cursor.at, text, before.text().length, length);
        if (newLine) {
            text[text.length - 1] = ' ';
        }
        if (number < of) {
            begun.remove(pid);
            begun.put(pid, new Begun((int) number, text));
            if (begun.size() > MOST_PROCESSES) {
                begun.remove(begun.keySet().iterator().next());
            }
            return Part.MORE;
        }
        cursor.set(text, 0, text.length);
        return Part.LAST;
    }
}
