package org.outguard.trace.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A format of an access log, as Apache's {@code LogFormat} or nginx's {@code log_format} give it: fields with fixed text
 * between them.
 */
public final class LogFormat {

    private static final Pattern APACHE = Pattern.compile("%[!\\d,]*[<>]?(?:\\{([^}]*)\\})?(\\^?[a-zA-Z%]{1})");
    private static final Pattern NGINX = Pattern.compile("\\$\\{?(\\w+)\\}?");
    private static final DateTimeFormatter CLF = DateTimeFormatter.ofPattern("d/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    private static final Pattern CLF_BEGIN = Pattern.compile("\\[?\\d{1,2}/[A-Z][a-z]{2}/\\d{4}:\\d\\d:");
    private static final int MAX_PARTS = 128;

    private static final String COMMON_TEXT = "%h %l %u %t \"%r\" %>s %b";
    private static final String COMBINED_TEXT = COMMON_TEXT + " \"%{Referer}i\" \"%{User-Agent}i\"";

    /** Common Log Format. */
    public static final LogFormat COMMON = apache(COMMON_TEXT);

    /** Combined, which nginx uses too if nothing else is said. */
    public static final LogFormat COMBINED = apache(COMBINED_TEXT);

    /** Debian's {@code vhost_combined}. */
    public static final LogFormat VHOST_COMBINED = apache("%v:%p " + COMBINED_TEXT);

    /** The common one with the site in front. */
    public static final LogFormat VHOST_COMMON = apache("%v " + COMMON_TEXT);

    private enum Field {
        CLIENT,
        FORWARDED,
        TIME,
        REQUEST,
        METHOD,
        URI,
        QUERY,
        STATUS,
        HOST,
        AGENT,
        WORKER,
        OTHER
    }

    /* A field and the text behind it, up to the next field. */
    private record Part(Field field, String behind) {}

    private final String before;
    private final List<Part> parts;

    private LogFormat(String before, List<Part> parts) {
        this.before = before;
        this.parts = parts;
    }

    /** By Apache's and LiteSpeed's language (mod_log_config). */
    public static LogFormat apache(String format) {
        return compile(format.replace("\\\"", "\"").replace("\\t", "\t"), APACHE, LogFormat::apacheField);
    }

    /** By nginx's language (ngx_http_log_module). */
    public static LogFormat nginx(String format) {
        return compile(format, NGINX, found -> nginxField(found.group(1)));
    }

    private static LogFormat compile(
            String format, Pattern pattern, java.util.function.Function<Matcher, Field> field) {
        Matcher next = pattern.matcher(format);
        List<Part> parts = new ArrayList<>();
        String before = "";
        Field open = Field.OTHER;
        int from = 0;
        boolean first = true;
        while (next.find() && parts.size() < MAX_PARTS) {
            String text = format.substring(from, next.start());
            if (first) {
                before = text;
            } else {
                parts.add(new Part(open, text));
            }
            first = false;
            open = field.apply(next);
            from = next.end();
        }
        if (!first) {
            parts.add(new Part(open, format.substring(from)));
        }
        return new LogFormat(before, parts);
    }

    private static Field apacheField(Matcher found) {
        String name = found.group(1) == null ? "" : found.group(1).toLowerCase(Locale.ROOT);
        return switch (found.group(2)) {
            case "h", "a" -> Field.CLIENT;
            case "t" ->
                name.startsWith("end:") || name.isEmpty() || name.contains("sec") || name.startsWith("%")
                        ? Field.TIME
                        : Field.OTHER;
            case "r" -> Field.REQUEST;
            case "m" -> Field.METHOD;
            case "U" -> Field.URI;
            case "q" -> Field.QUERY;
            case "s" -> Field.STATUS;
            case "v", "V" -> Field.HOST;
            case "P" -> name.contains("tid") ? Field.OTHER : Field.WORKER;
            case "i" ->
                switch (name) {
                    case "user-agent" -> Field.AGENT;
                    case "x-forwarded-for", "x-real-ip", "cf-connecting-ip" -> Field.FORWARDED;
                    case "host" -> Field.HOST;
                    default -> Field.OTHER;
                };
            default -> Field.OTHER;
        };
    }

    private static Field nginxField(String name) {
        return switch (name) {
            case "remote_addr" -> Field.CLIENT;
            case "http_x_forwarded_for", "http_x_real_ip", "http_cf_connecting_ip" -> Field.FORWARDED;
            case "time_local", "time_iso8601", "msec" -> Field.TIME;
            case "request" -> Field.REQUEST;
            case "request_method" -> Field.METHOD;
            case "request_uri", "uri" -> Field.URI;
            case "args", "query_string" -> Field.QUERY;
            case "status" -> Field.STATUS;
            case "host", "http_host", "server_name" -> Field.HOST;
            case "http_user_agent" -> Field.AGENT;
            case "pid" -> Field.WORKER;
            default -> Field.OTHER;
        };
    }

    /* The second word is identd's, that is "-", or the client behind the name of the site. */
    static Optional<WebRequest> guess(String line, String log) {
        String[] words = line.split(" ", 3);
        List<LogFormat> formats = words.length == 3 && !words[1].equals("-")
                ? List.of(VHOST_COMBINED, VHOST_COMMON, COMBINED, COMMON)
                : List.of(COMBINED, COMMON);
        return formats.stream()
                .flatMap(format -> format.parse(line, log).stream())
                .findFirst();
    }

    /** A line; empty where it is none of this format, or has no time or request. */
    public Optional<WebRequest> parse(String line, String log) {
        if (!line.startsWith(before)) {
            return Optional.empty();
        }
        Map<Field, String> values = new EnumMap<>(Field.class);
        int at = before.length();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            boolean beforeTime = i + 1 < parts.size() && parts.get(i + 1).field() == Field.TIME;
            int end = beforeTime ? beforeTime(line, at, part) : end(line, at, part);
            if (end < 0) {
                return Optional.empty();
            }
            String value = line.substring(at, end);
            boolean filled = !value.equals("-") && !value.isEmpty();
            if (filled) {
                values.putIfAbsent(part.field(), value);
            }
            at = end + part.behind().length();
        }
        return request(values, log);
    }

    /*
     * The name of a user may hold blanks, brackets and even a time, since a client sends what it likes: the last time before
     * the next quote is the server's.
     */
    private static int beforeTime(String line, int from, Part part) {
        int first = end(line, from, part);
        if (first < 0 || part.behind().isEmpty()) {
            return first;
        }
        int quote = line.indexOf('"', from);
        while (quote >= 0 && escaped(line, quote)) {
            quote = line.indexOf('"', quote + 1);
        }
        int limit = quote < 0 ? line.length() : quote;
        int found = first;
        Matcher time = CLF_BEGIN.matcher(line);
        for (int end = first; end >= 0 && end <= limit; end = line.indexOf(part.behind(), end + 1)) {
            time.region(end + part.behind().length(), line.length());
            found = time.lookingAt() ? end : found;
        }
        return found;
    }

    private static int end(String line, int from, Part part) {
        if (from > line.length()) {
            return -1;
        }
        // Apache's time brings its own brackets, with a blank within.
        int begin = from;
        if (part.field() == Field.TIME && line.startsWith("[", from)) {
            begin = line.indexOf(']', from);
            if (begin < 0) {
                return -1;
            }
            begin++;
        }
        if (part.behind().isEmpty()) {
            return line.length();
        }
        int end = line.indexOf(part.behind(), begin);
        // A quote that the client sent is escaped.
        while (end > begin && part.behind().startsWith("\"") && escaped(line, end)) {
            end = line.indexOf(part.behind(), end + 1);
        }
        return end;
    }

    private static boolean escaped(String line, int quote) {
        int slashes = 0;
        for (int at = quote - 1; at >= 0 && line.charAt(at) == '\\'; at--) {
            slashes++;
        }
        return slashes % 2 == 1;
    }

    private static Optional<WebRequest> request(Map<Field, String> values, String log) {
        String method = values.getOrDefault(Field.METHOD, "");
        String uri = values.getOrDefault(Field.URI, "");
        String[] words = values.getOrDefault(Field.REQUEST, "").split(" ");
        if (words.length >= 2) {
            method = words[0];
            uri = words[1];
        }
        Optional<Instant> at = Optional.ofNullable(values.get(Field.TIME)).flatMap(LogFormat::time);
        if (at.isEmpty() || uri.isEmpty()) {
            return Optional.empty();
        }
        int mark = uri.indexOf('?');
        String query = mark < 0 ? values.getOrDefault(Field.QUERY, "") : uri.substring(mark + 1);
        return Optional.of(new WebRequest(
                at.get(),
                values.getOrDefault(Field.CLIENT, ""),
                values.getOrDefault(Field.FORWARDED, ""),
                method,
                path(mark < 0 ? uri : uri.substring(0, mark)),
                query.startsWith("?") ? query.substring(1) : query,
                number(values.getOrDefault(Field.STATUS, "0"), 0),
                values.getOrDefault(Field.HOST, "").replaceFirst(":\\d+$", ""),
                values.getOrDefault(Field.AGENT, ""),
                number(values.getOrDefault(Field.WORKER, "-1"), -1),
                log));
    }

    static int number(String text, int otherwise) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
    }

    /** As the server reads it: decoded, without dot segments (RFC 3986 5.2.4), one slash where there are several. */
    static String path(String uri) {
        String path = uri.replaceFirst("(?i)^https?://[^/]*", "");
        if (path.contains("\\x")) {
            // Apache and nginx log bytes beyond ASCII so.
            path = path.replaceAll("\\\\x([0-9A-Fa-f]{2})", "%$1");
        }
        if (path.contains("%")) {
            try {
                path = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                // Not encoded at all, or wrongly: as it is.
            }
        }
        return path.startsWith("/") && (path.contains("//") || path.contains("/.")) ? withoutDots(path) : path;
    }

    private static String withoutDots(String path) {
        ArrayDeque<String> kept = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(segment);
            }
        }
        boolean folder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        return "/" + String.join("/", kept) + (folder && !kept.isEmpty() ? "/" : "");
    }

    /** {@code [10/Oct/2000:13:55:36 -0700]}, ISO 8601, or seconds, milliseconds or microseconds since 1970. */
    static Optional<Instant> time(String text) {
        String time = text.replaceAll("^\\[|\\]$", "");
        try {
            if (time.matches("\\d{9,10}(\\.\\d{1,9})?")) {
                return Optional.of(Instant.ofEpochMilli((long) (Double.parseDouble(time) * 1_000)));
            }
            if (time.matches("\\d{13}")) {
                return Optional.of(Instant.ofEpochMilli(Long.parseLong(time)));
            }
            if (time.matches("\\d{16}")) {
                return Optional.of(Instant.ofEpochMilli(Long.parseLong(time) / 1_000));
            }
            return Optional.of(
                    time.contains("T")
                            ? OffsetDateTime.parse(time).toInstant()
                            : OffsetDateTime.parse(time, CLF).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
