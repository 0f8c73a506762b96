package org.outguard.maillog;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.maillog.file.JournaldLines;
import org.outguard.maillog.input.ContainerPrefix;
import org.outguard.maillog.input.JsonRecord;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.LineKind;
import org.outguard.maillog.line.OtherSystems;
import org.outguard.maillog.line.QueueIds;
import org.outguard.maillog.line.SyslogHeader;
import org.outguard.maillog.line.TimestampParser;

/**
 * One log file or stream. It finds out by itself whose lines these are and what a log driver has put around them. No line
 * ends it: what a reader throws on one is counted as a line that was not understood, and the next one is read.
 */
public final class Source {

    /** Longer lines are no lines of a mail system: rsyslog cuts at 8 KiB, Exim at 8 KiB (LOG_BUFFER_SIZE). */
    static final int LONGEST_LINE = 8_192;

    /** The same with what stands around it: a character may be six in JSON. */
    public static final int LONGEST_WRAPPED = 6 * LONGEST_LINE;

    private static final byte[] STDOUT = LineCursor.ascii("stdout ");
    private static final byte[] STDERR = LineCursor.ascii("stderr ");
    private static final byte[] VERSION = LineCursor.ascii("1 ");
    private static final byte[] CWD = LineCursor.ascii("cwd=");
    private static final byte[] JOURNALCTL_NOTE = LineCursor.ascii("-- ");

    private final MailLog log;
    private final String name;
    private final TimestampParser stamps;
    private final Instant latest;
    private final JsonLines json;
    private final LineCursor cursor = new LineCursor();
    private final SyslogHeader header = new SyslogHeader();
    private final ContainerPrefix prefix = new ContainerPrefix();
    private byte[] part = new byte[0];
    private final EximParts parts = new EximParts();
    private boolean isWrapped;

    /** End of the line with the blanks there, which may stand in the midst of a longer one. */
    private int untrimmed;

    private long number;
    private boolean pidsSeen;
    private LineKind kind = LineKind.BLANK;
    private String failure = "";

    Source(MailLog log, String name, Instant latest, Set<Integer> mailUids) {
        this.log = log;
        this.name = name;
        this.latest = latest;
        this.stamps = log.stamps(latest);
        this.json = new JsonLines(this, new JournaldLines(log, this, mailUids));
    }

    /** Takes in the line {@code bytes[from, to)}, without its newline. */
    @ReadsForeign
    public void line(byte[] bytes, int from, int to) {
        number++;
        failure = "";
        header.tag = Tag.IGNORED;
        try {
            kind = read(bytes, from, to);
        } catch (RuntimeException e) {
            kind = LineKind.FAILED;
            failure = e.toString();
        }
        log.count(kind, name, number);
    }

    /** What was made of the last line. */
    public LineKind kind() {
        return kind;
    }

    /** The time of the last line that named a program, {@link TimestampParser#NONE} before there was one. */
    public long micros() {
        return header.micros;
    }

    /** Name of the file or stream, for people. */
    public String name() {
        return name;
    }

    /** The number of the last line, from 1. */
    public long number() {
        return number;
    }

    /** The mail system's program that wrote the last line, empty where it is none; and why its reader failed. */
    public String words() {
        return failure.isEmpty() ? header.tag.name() : failure;
    }

    private LineKind read(byte[] bytes, int from, int to) {
        int start = from;
        int end = to;
        // A file that was truncated while its writer went on begins with a hole.
        while (start < end && bytes[start] == 0) {
            start++;
        }
        while (end > start && isLineEnd(bytes[end - 1])) {
            end--;
        }
        start = prefix.skip(bytes, start, end);
        if (start == end) {
            return LineKind.BLANK;
        }
        if (end - start > LONGEST_WRAPPED) {
            return LineKind.TOO_LONG;
        }
        start = JsonLines.begin(bytes, start, end);
        if (json.isOurs(bytes, start, end)) {
            return json.line(bytes, start, end, stamps);
        }
        LineKind made = plain(bytes, start, end, TimestampParser.NONE);
        if (made == LineKind.READ) {
            prefix.isMail();
        } else if (prefix.isForeign() && (made == LineKind.NO_TIME || made == LineKind.NO_PROGRAM)) {
            // What another service of these containers prints may have any form.
            return LineKind.FOREIGN;
        }
        return made;
    }

    /** Takes in what a log driver has put something around, taken by it then; that may be an object once more. */
    LineKind wrapped(String text, long driver) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        boolean object = !isWrapped && JsonLines.begin(line, 0, line.length) == 0 && text.startsWith("{");
        isWrapped = true;
        try {
            return object ? json.object(line, 0, line.length, driver, stamps) : plain(line, 0, line.length, driver);
        } finally {
            isWrapped = false;
        }
    }

    /** Takes in a line whose header stands in fields beside it. */
    LineKind record(JsonRecord record, long micros) {
        header.set(log.sites, record.host(), record.program(), record.pid(), micros);
        log.advance(micros);
        byte[] text = record.text().getBytes(StandardCharsets.UTF_8);
        cursor.set(text, 0, text.length);
        return tagged(header, cursor);
    }

    static long instant(String text) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
        } catch (DateTimeException e) {
            return TimestampParser.NONE;
        }
    }

    /**
     * A line as its writer wrote it, or with a log driver's stamp before it.
     *
     * @param driver when the driver took it, {@link TimestampParser#NONE} where none says so
     */
    private LineKind plain(byte[] bytes, int from, int end, long driver) {
        int to = end;
        untrimmed = end;
        while (to > from && (bytes[to - 1] == ' ' || isLineEnd(bytes[to - 1]))) {
            to--;
        }
        if (to == from) {
            return LineKind.BLANK;
        }
        if (to - from > LONGEST_LINE) {
            return LineKind.TOO_LONG;
        }
        if (holdsNul(bytes, from, to)) {
            return LineKind.HOLE;
        }
        cursor.set(bytes, from, to);
        SyslogHeader.skipPriority(cursor);
        int at = cursor.at;
        if (cursor.take(VERSION) && isDigit(cursor.peek(cursor.at))) {
            return header.read5424(cursor, stamps, log.sites) ? headed(header.micros) : LineKind.NO_PROGRAM;
        }
        cursor.at = at;
        boolean blank = looksLikeExim(bytes, at, to);
        long own = stamps.read(cursor);
        if (own == TimestampParser.NONE) {
            cursor.at = at;
            return unstamped(driver);
        }
        long micros = driver == TimestampParser.NONE ? own : driver;
        at = cursor.at;
        if (cursor.take(STDOUT) || cursor.take(STDERR)) {
            return ofStream(micros);
        }
        if (driver == TimestampParser.NONE && mayBeStamp(cursor.peek(at))) {
            // docker logs -t, kubectl logs --timestamps
            blank |= looksLikeExim(bytes, at, to);
            cursor.at = stamps.read(cursor) == TimestampParser.NONE ? at : cursor.at;
        }
        return blank ? exim(micros) : program(micros);
    }

    private LineKind program(long micros) {
        int at = cursor.at;
        if (header.read(cursor, log.sites)) {
            return headed(micros);
        }
        return other(cursor.text(at, cursor.end)).orElse(LineKind.NO_PROGRAM);
    }

    private LineKind headed(long micros) {
        header.micros = micros;
        log.advance(micros);
        return tagged(header, cursor);
    }

    private LineKind unstamped(long driver) {
        int at = cursor.at;
        if (driver != TimestampParser.NONE && header.read(cursor, log.sites)) {
            return headed(driver);
        }
        if (cursor.looksAt(at, JOURNALCTL_NOTE)) {
            return LineKind.FOREIGN;
        }
        return other(cursor.text(at, cursor.end))
                .orElse(driver == TimestampParser.NONE ? LineKind.NO_TIME : LineKind.NO_PROGRAM);
    }

    private Optional<LineKind> other(String line) {
        Optional<String> system = OtherSystems.ofLine(line);
        system.ifPresent(log::unsupported);
        return system.map(known -> LineKind.UNSUPPORTED);
    }

    /** Behind {@code STAMP stdout } of the log format of CRI: {@code F }, or {@code P } where the line goes on in the next. */
    private LineKind ofStream(long micros) {
        boolean whole = cursor.peek(cursor.at) == 'F';
        int from = Math.min(cursor.end, cursor.at + 2);
        int length = Math.max(0, untrimmed - from);
        byte[] line = Arrays.copyOf(part, part.length + length);
        System.arraycopy(cursor.bytes, from, line, part.length, length);
        part = whole || line.length > LONGEST_LINE ? new byte[0] : line;
        if (!whole) {
            return line.length > LONGEST_LINE ? LineKind.TOO_LONG : LineKind.PART;
        }
        return wrapped(new String(line, StandardCharsets.UTF_8), micros);
    }

    /** The time of the line {@code bytes[from, to)} in microseconds since 1970, or {@link TimestampParser#NONE}. */
    public long micros(byte[] bytes, int from, int to) {
        return micros(bytes, from, to, stamps);
    }

    /** The same of a line that is looked at out of its order. */
    public long probe(byte[] bytes, int from, int to) {
        return micros(bytes, from, to, log.stamps(latest));
    }

    private long micros(byte[] bytes, int from, int to, TimestampParser reader) {
        try {
            return stamp(bytes, from, to, reader);
        } catch (RuntimeException e) {
            // Whatever it is, it is no time; taking the line in says why.
            return TimestampParser.NONE;
        }
    }

    private long stamp(byte[] bytes, int from, int to, TimestampParser reader) {
        cursor.set(bytes, JsonLines.begin(bytes, prefix.skip(bytes, from, to), to), to);
        if (cursor.peek(cursor.at) == '{') {
            return JsonLines.micros(cursor, reader);
        }
        SyslogHeader.skipPriority(cursor);
        int at = cursor.at;
        if (!cursor.take(VERSION) || !isDigit(cursor.peek(cursor.at))) {
            cursor.at = at;
        }
        return reader.read(cursor);
    }

    /** {@code 2026-11-24 17:31:28}: Exim writes so into its own file, and templates of syslog daemons may, too. */
    private LineKind exim(long micros) {
        int at = cursor.at;
        boolean certain = cursor.peek(at) == '[' || cursor.looksAt(at, CWD) || QueueIds.exim(cursor, at) > 0;
        if (!certain && header.read(cursor, log.sites) && (header.tag.kind() != Tag.Kind.OTHER || header.pid >= 0)) {
            return headed(micros);
        }
        header.tag = Tag.IGNORED;
        cursor.at = at;
        Optional<LineKind> other = certain ? Optional.empty() : other(cursor.text(at, cursor.end));
        if (other.isPresent()) {
            return other.get();
        }
        Site site = log.sites.site("", "exim");
        log.advance(micros);
        return site != null && log.exim.line(site, micros, -1, cursor) ? LineKind.READ : LineKind.DAMAGED;
    }

    /** Takes in what stands behind a header. */
    public LineKind tagged(SyslogHeader header, LineCursor cursor) {
        Tag tag = header.tag;
        Site site = tag.site();
        boolean read = true;
        switch (tag.kind()) {
            case POSTFIX -> {
                pidsSeen |= header.pid >= 0;
                if (pidsSeen && header.pid < 0) {
                    // Postfix always names its process, unless the template of the log leaves that out everywhere.
                    return LineKind.FORGED;
                }
                read = log.postfix.line(header, cursor);
            }
            case EXIM -> {
                EximParts.Part part = parts.add(header.pid, cursor);
                if (part == EximParts.Part.MORE) {
                    return LineKind.PART;
                }
                if (part == EximParts.Part.LOST) {
                    return LineKind.DAMAGED;
                }
                // With syslog_timestamp, Exim's own stamp stands behind the header.
                if (looksLikeExim(cursor.bytes, cursor.at, cursor.end)) {
                    stamps.read(cursor);
                }
                read = site == null || log.exim.line(site, header.micros, header.pid, cursor);
            }
            case DOVECOT -> read = log.dovecot.line(header, cursor);
            case UNSUPPORTED -> {
                log.unsupported(tag.name());
                return LineKind.UNSUPPORTED;
            }
            case UNIT -> {
                return LineKind.NO_PROGRAM;
            }
            case OTHER -> {
                return LineKind.FOREIGN;
            }
        }
        return read ? LineKind.READ : LineKind.DAMAGED;
    }

    private static boolean looksLikeExim(byte[] bytes, int from, int to) {
        return to - from > 20 && bytes[from + 4] == '-' && bytes[from + 10] == ' ' && bytes[from + 13] == ':';
    }

    /** A number, or the first letter of a month or a day. */
    private static boolean mayBeStamp(int b) {
        return isDigit(b) || b >= 'A' && b <= 'W';
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n' || b == 0;
    }

    private static boolean holdsNul(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
