package org.outguard.maillog.input;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.TimestampParser;

/**
 * A line of a log within a JSON object, one object a line: Docker's driver {@code json-file}; the templates of syslog-ng
 * ({@code format-json}) and rsyslog ({@code jsonmesg}, Logstash's form); what Fluent Bit, Vector and Loki put out. Each has its
 * own names for the same fields; the first that is there counts.
 *
 * @param text the line; without its header where the object names the program
 * @param host empty where it is not named
 * @param program tag of the line, empty where the line has a header of its own
 * @param pid of the writer, -1 where it is not named
 */
public record JsonRecord(String text, String host, String program, int pid) {

    private static final List<String> TEXT = List.of("log", "MESSAGE", "message", "msg", "line");
    private static final List<String> HOST = List.of("HOST", "host", "hostname", "HOSTNAME");

    /** rsyslog's {@code programname} ends at a slash, so its tag comes first. */
    private static final List<String> PROGRAM =
            List.of("syslogtag", "PROGRAM", "program", "ident", "appname", "APP-NAME", "app-name", "programname");

    private static final List<String> PID = List.of("PID", "pid", "procid", "PROCID");
    private static final List<String> TIME = List.of(
            "time", "ISODATE", "timereported", "@timestamp", "timestamp", "timegenerated", "DATE", "date", "ts");

    private static final double MILLIS_FROM = 1e11;
    private static final double MICROS_FROM = 1e14;
    private static final double NANOS_FROM = 1e17;

    /** The line in an object; null where it holds none. */
    public static @Nullable JsonRecord of(Map<String, Object> fields) {
        String text = first(fields, TEXT);
        if (text.isEmpty()) {
            return null;
        }
        String program = first(fields, PROGRAM);
        String pid = first(fields, PID);
        if (program.endsWith(":")) {
            program = program.substring(0, program.length() - 1);
        }
        int open = program.indexOf('[');
        if (open > 0 && program.endsWith("]")) {
            pid = program.substring(open + 1, program.length() - 1);
            program = program.substring(0, open);
        }
        return new JsonRecord(program.isEmpty() ? text : text.strip(), first(fields, HOST), program, number(pid));
    }

    /**
     * When the line was taken.
     *
     * @param stamps reads a time in words
     * @return microseconds since 1970, or {@link TimestampParser#NONE}
     */
    public static long micros(Map<String, Object> fields, TimestampParser stamps) {
        for (String name : TIME) {
            Object value = fields.get(name);
            if (value instanceof Number number) {
                return micros(number.doubleValue());
            }
            if (value instanceof String text) {
                LineCursor cursor = new LineCursor();
                byte[] bytes = (text + ' ').getBytes(StandardCharsets.UTF_8);
                cursor.set(bytes, 0, bytes.length);
                long micros = stamps.read(cursor);
                if (micros != TimestampParser.NONE) {
                    return micros;
                }
            }
        }
        return TimestampParser.NONE;
    }

    /** Seconds, or what is so much more that it can only be a smaller unit. */
    private static long micros(double since1970) {
        double micros = since1970 < MILLIS_FROM
                ? since1970 * 1e6
                : since1970 < MICROS_FROM ? since1970 * 1e3 : since1970 < NANOS_FROM ? since1970 : since1970 / 1e3;
        return micros > 0 ? (long) micros : TimestampParser.NONE;
    }

    private static String first(Map<String, Object> fields, List<String> names) {
        for (String name : names) {
            Object value = fields.get(name);
            if (value instanceof Number || value instanceof String text && !text.isEmpty()) {
                return String.valueOf(value);
            }
        }
        return "";
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
