package org.outguard.maillog;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.outguard.maillog.file.JournaldLines;
import org.outguard.maillog.input.JsonRecord;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.LineKind;
import org.outguard.maillog.line.TimestampParser;

/**
 * Lines that are JSON objects: entries of the journal as {@code journalctl -o json} prints them, also in its forms
 * {@code json-seq}, {@code json-sse} and {@code json-pretty}, and lines within an object, see {@link JsonRecord}.
 */
final class JsonLines {

    private static final byte[] JOURNAL_TIME = LineCursor.ascii("\"__REALTIME_TIMESTAMP\"");
    private static final byte[] DOCKER_TIME = LineCursor.ascii("\"time\"");
    private static final byte[] EVENT = LineCursor.ascii("data: {");

    /** Before each object of a sequence (RFC 7464, 2.2). */
    private static final int RECORD_SEPARATOR = 0x1e;

    /** How a line within an object begins. */
    private static final String CONTINUES = " \t\"}";

    private final Source source;
    private final JournaldLines journal;

    /** Lines of an object that is not closed yet. */
    private byte[] open = new byte[0];

    JsonLines(Source source, JournaldLines journal) {
        this.source = source;
        this.journal = journal;
    }

    /** Index of the brace with which an object begins at {@code line[from, to)}, or {@code from} where none does. */
    static int begin(byte[] line, int from, int to) {
        if (to - from >= EVENT.length && Arrays.equals(line, from, from + EVENT.length, EVENT, 0, EVENT.length)) {
            return from + EVENT.length - 1;
        }
        return to - from > 1 && line[from] == RECORD_SEPARATOR && line[from + 1] == '{' ? from + 1 : from;
    }

    /** Whether {@code line[from, to)} is an object, or part of one that stands on several lines. Any other line ends that one. */
    boolean isOurs(byte[] line, int from, int to) {
        boolean goesOn = from < to && open.length > 0 && CONTINUES.indexOf(line[from]) >= 0;
        open = goesOn ? open : new byte[0];
        return goesOn || from < to && line[from] == '{';
    }

    /** Takes in such a line. */
    LineKind line(byte[] line, int from, int to, TimestampParser stamps) {
        boolean alone = to - from == 1;
        if (open.length == 0 && !alone) {
            return object(line, from, to, TimestampParser.NONE, stamps);
        }
        boolean begins = alone && line[from] == '{';
        byte[] before = begins ? new byte[0] : open;
        byte[] whole = Arrays.copyOf(before, before.length + to - from);
        System.arraycopy(line, from, whole, before.length, to - from);
        boolean ends = alone && line[from] == '}';
        boolean tooLong = whole.length > Source.LONGEST_WRAPPED;
        open = ends || tooLong ? new byte[0] : whole;
        if (tooLong) {
            return LineKind.TOO_LONG;
        }
        return ends ? object(whole, 0, whole.length, TimestampParser.NONE, stamps) : LineKind.PART;
    }

    /**
     * Takes in a whole object.
     *
     * @param driver when a log driver took it that put something around it, {@link TimestampParser#NONE} where none did
     */
    LineKind object(byte[] bytes, int from, int to, long driver, TimestampParser stamps) {
        Map<String, Object> fields;
        try {
            fields = JSON.std.mapFrom(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return LineKind.DAMAGED;
        }
        if (fields.containsKey("__REALTIME_TIMESTAMP")) {
            // Docker's driver journald names the container as the writer; its line has a header of its own.
            return fields.containsKey("CONTAINER_NAME") && fields.get("MESSAGE") instanceof String text
                    ? source.wrapped(text, journal.micros(fields))
                    : journal.entry(fields);
        }
        JsonRecord record = JsonRecord.of(fields);
        if (record == null) {
            return LineKind.NO_PROGRAM;
        }
        long own = JsonRecord.micros(fields, stamps);
        long micros = own == TimestampParser.NONE ? driver : own;
        if (record.program().isEmpty()) {
            return source.wrapped(record.text(), micros);
        }
        return micros == TimestampParser.NONE ? LineKind.NO_TIME : source.record(record, micros);
    }

    /** When the object that begins here was taken, or {@link TimestampParser#NONE}; what is first asked for is found without parsing. */
    static long micros(LineCursor cursor, TimestampParser stamps) {
        int start = cursor.at;
        if (value(cursor, JOURNAL_TIME)) {
            long micros = cursor.number();
            return micros < 0 ? TimestampParser.NONE : micros;
        }
        cursor.at = start;
        if (value(cursor, DOCKER_TIME)) {
            int end = cursor.find('"');
            long micros = end < 0 ? TimestampParser.NONE : Source.instant(cursor.text(cursor.at, end));
            if (micros != TimestampParser.NONE) {
                return micros;
            }
        }
        try {
            String text = cursor.text(start, cursor.end);
            return text.length() == 1 ? TimestampParser.NONE : JsonRecord.micros(JSON.std.mapFrom(text), stamps);
        } catch (IOException e) {
            return TimestampParser.NONE;
        }
    }

    /** Goes behind the quote with which a field's value begins. */
    private static boolean value(LineCursor cursor, byte[] name) {
        int at = cursor.find(name);
        if (at < 0) {
            return false;
        }
        cursor.at = at + name.length;
        blanks(cursor);
        boolean named = cursor.take(':');
        blanks(cursor);
        return named && cursor.take('"');
    }

    private static void blanks(LineCursor cursor) {
        while (cursor.take(' ')) {
            // Between a name and its value.
        }
    }
}
