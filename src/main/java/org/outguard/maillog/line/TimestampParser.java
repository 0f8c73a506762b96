package org.outguard.maillog.line;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Reads the stamp at the start of a line: {@code Nov 24 16:58:36} (RFC 3164), with a fraction or a year as templates of
 * rsyslog and syslog-ng write it; {@code 2026-11-24T16:58:36.1+00:00} (RFC 3339); {@code 2026-11-24 16:58:36.547 +0000}
 * (Exim); {@code Tue 2026-11-24 16:58:36 UTC} and {@code 1795539516.547} (journalctl(1), short-full and short-unix). One
 * for each source, since the traditional form has no year and is understood by the line before it.
 */
public final class TimestampParser {

    /** No stamp. */
    public static final long NONE = Long.MIN_VALUE;

    private static final long SECOND = 1_000_000;
    private static final long HALF_A_YEAR = 182L * 86_400 * SECOND;
    private static final long DAY = 86_400 * SECOND;
    private static final int TRADITIONAL_LENGTH = 15;
    private static final int MINUTE_LENGTH = 16;
    private static final int MONTH_LENGTH = 3;
    private static final int YEAR_LENGTH = 4;
    private static final int CLOCK_LENGTH = 9;
    private static final int UNIX_LENGTH = 10;
    private static final int ANY_YEAR = -1;
    private static final byte[] UTC = LineCursor.ascii("UTC ");
    private static final byte[] GMT = LineCursor.ascii("GMT ");
    private static final byte[][] WEEKDAYS = Stream.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
            .map(LineCursor::ascii)
            .toArray(byte[][]::new);

    private final ZoneId zone;
    private long last;
    private boolean begun;

    private final byte[] traditional = new byte[TRADITIONAL_LENGTH];
    private long traditionalMicros = NONE;
    private final byte[] minute = new byte[MINUTE_LENGTH];
    private long minuteLocalMicros = NONE;
    private long minuteMicros = NONE;

    /**
     * For one source.
     *
     * @param zone of stamps that name none
     * @param latest no line is much younger than this
     */
    public TimestampParser(ZoneId zone, Instant latest) {
        this.zone = zone;
        this.last = ChronoUnit.MICROS.between(Instant.EPOCH, latest);
    }

    /** The stamp here in microseconds since 1970, and the cursor behind it and its space; or {@link #NONE}. */
    public long read(LineCursor line) {
        int first = line.peek(line.at);
        long micros = first >= '0' && first <= '9' ? readNumbers(line) : readWords(line);
        if (micros == NONE || !line.take(' ')) {
            return NONE;
        }
        while (line.take(' ')) {
            // Templates align their fields.
        }
        return micros;
    }

    private long readNumbers(LineCursor line) {
        int from = line.at;
        if (line.peek(from + YEAR_LENGTH) == ' ') {
            int century = two(line, from);
            int part = two(line, from + 2);
            line.at = from + YEAR_LENGTH + 1;
            return century < 0 || part < 0 ? NONE : readTraditional(line, century * 100 + part);
        }
        return line.peek(from + UNIX_LENGTH) == '.' ? readUnix(line) : readIso(line);
    }

    private long readUnix(LineCursor line) {
        int from = line.at;
        long micros = line.seconds();
        if (micros < 0 || line.at < from + UNIX_LENGTH) {
            return NONE;
        }
        return follows(micros);
    }

    private long readWords(LineCursor line) {
        int from = line.at;
        if (line.peek(from + MONTH_LENGTH) != ' ' || !isWeekday(line, from)) {
            return readTraditional(line, ANY_YEAR);
        }
        line.at = from + MONTH_LENGTH + 1;
        int next = line.peek(line.at);
        if (next < '0' || next > '9') {
            return readTraditional(line, ANY_YEAR);
        }
        long micros = readIso(line);
        int zoneFrom = line.at + 1;
        int zoneTo = zoneFrom;
        while (zoneTo < line.end && line.bytes[zoneTo] >= 'A' && line.bytes[zoneTo] <= 'Z') {
            zoneTo++;
        }
        if (micros != NONE && zoneTo - zoneFrom >= MONTH_LENGTH && line.peek(zoneTo) == ' ') {
            // journalctl names the machine's zone there.
            line.at = zoneTo;
            boolean utc = line.looksAt(zoneFrom, UTC) || line.looksAt(zoneFrom, GMT);
            return utc ? follows(minuteLocalMicros + micros - minuteMicros) : micros;
        }
        return micros;
    }

    private long follows(long micros) {
        last = micros;
        begun = true;
        return micros;
    }

    private long readTraditional(LineCursor line, int givenYear) {
        int from = line.at;
        if (givenYear == ANY_YEAR
                && traditionalMicros != NONE
                && line.end - from >= TRADITIONAL_LENGTH
                && Arrays.equals(line.bytes, from, from + TRADITIONAL_LENGTH, traditional, 0, TRADITIONAL_LENGTH)) {
            line.at = from + TRADITIONAL_LENGTH;
            return traditionalMicros + fraction(line);
        }
        if (line.end - from < TRADITIONAL_LENGTH - 1 || line.peek(from + MONTH_LENGTH) != ' ') {
            return NONE;
        }
        byte[] b = line.bytes;
        int month = month(b[from], b[from + 1], b[from + 2]);
        int dayAt = from + MONTH_LENGTH + 1;
        // Some templates write a day below ten with one digit and no blank.
        boolean oneDigit = line.peek(dayAt) != ' ' && line.peek(dayAt + 1) == ' ';
        int day = oneDigit || b[dayAt] == ' ' ? digit(line.peek(oneDigit ? dayAt : dayAt + 1)) : two(line, dayAt);
        int at = dayAt + (oneDigit ? 1 : 2);
        int year = givenYear;
        if (year == ANY_YEAR && line.peek(at + YEAR_LENGTH + 1) == ' ' && two(line, at + 1) >= 0) {
            year = two(line, at + 1) * 100 + two(line, at + 3);
            at += YEAR_LENGTH + 1;
        }
        int hour = two(line, at + 1);
        int min = two(line, at + 4);
        int sec = two(line, at + 7);
        boolean shaped = line.peek(at) == ' ' && line.peek(at + 3) == ':' && line.peek(at + 6) == ':';
        if (!shaped || month == 0 || day < 1 || hour < 0 || hour > 23 || min < 0 || min > 59 || sec < 0 || sec > 60) {
            return NONE;
        }
        long micros = year == ANY_YEAR
                ? nearest(month, day, hour, min, Math.min(sec, 59))
                : of(year, month, day, hour, min, Math.min(sec, 59));
        if (micros == NONE) {
            return NONE;
        }
        if (at + CLOCK_LENGTH == from + TRADITIONAL_LENGTH) {
            System.arraycopy(b, from, traditional, 0, TRADITIONAL_LENGTH);
            traditionalMicros = micros;
        }
        line.at = at + CLOCK_LENGTH;
        return follows(micros) + fraction(line);
    }

    private long of(int year, int month, int day, int hour, int min, int sec) {
        try {
            return local(LocalDateTime.of(year, month, day, hour, min, sec));
        } catch (DateTimeException e) {
            return NONE;
        }
    }

    /** {@code .123} or {@code ,123} behind a second, in microseconds. */
    private static long fraction(LineCursor line) {
        int mark = line.peek(line.at);
        if (mark != '.' && mark != ',') {
            return 0;
        }
        long micros = 0;
        long unit = SECOND / 10;
        int i = line.at + 1;
        for (int digit = digit(line.peek(i)); digit >= 0; digit = digit(line.peek(++i))) {
            micros += digit * unit;
            unit /= 10;
        }
        line.at = i;
        return micros;
    }

    /** The year that fits the line before; for the first line, the newest year that is not in the future. */
    private long nearest(int month, int day, int hour, int min, int sec) {
        int year = LocalDateTime.ofEpochSecond(Math.floorDiv(last, SECOND), 0, ZoneOffset.UTC)
                .getYear();
        long best = NONE;
        for (int candidate = year + 1; candidate >= year - 1; candidate--) {
            long micros = of(candidate, month, day, hour, min, sec);
            // 29 February of a common year, or 31 April.
            if (micros == NONE || !begun && micros > last + DAY) {
                continue;
            }
            if (best == NONE || Math.abs(micros - last) < Math.abs(best - last)) {
                best = micros;
            }
            if (Math.abs(micros - last) <= HALF_A_YEAR) {
                break;
            }
        }
        return best;
    }

    private long local(LocalDateTime time) {
        return time.atZone(zone).toEpochSecond() * SECOND;
    }

    private long readIso(LineCursor line) {
        int from = line.at;
        byte[] b = line.bytes;
        if (line.end - from < MINUTE_LENGTH + 3
                || b[from + MINUTE_LENGTH] != ':'
                || (b[from + 10] != 'T' && b[from + 10] != ' ')
                || !minuteOf(line, from)) {
            return NONE;
        }
        int seconds = two(line, from + MINUTE_LENGTH + 1);
        if (seconds < 0 || seconds > 60) {
            return NONE;
        }
        line.at = from + MINUTE_LENGTH + 3;
        long micros = seconds * SECOND + fraction(line);
        long offset = offset(line);
        return follows(offset == NONE ? minuteMicros + micros : minuteLocalMicros - offset + micros);
    }

    /** An offset from UTC in microseconds where one stands here, or {@link #NONE}. */
    private static long offset(LineCursor line) {
        if (line.take('Z')) {
            return 0;
        }
        // Exim puts a space before it (log_timezone).
        int from = line.peek(line.at) == ' ' ? line.at + 1 : line.at;
        int sign = line.peek(from);
        boolean colon = line.peek(from + 3) == ':';
        int length = colon ? 6 : 5;
        if ((sign != '+' && sign != '-') || line.end - from < length) {
            return NONE;
        }
        int hours = two(line, from + 1);
        int minutes = two(line, from + length - 2);
        if (hours < 0 || minutes < 0) {
            return NONE;
        }
        line.at = from + length;
        long offset = (hours * 3600L + minutes * 60L) * SECOND;
        return sign == '-' ? -offset : offset;
    }

    private boolean minuteOf(LineCursor line, int from) {
        byte[] b = line.bytes;
        if (minuteMicros != NONE && Arrays.equals(b, from, from + MINUTE_LENGTH, minute, 0, MINUTE_LENGTH)) {
            return true;
        }
        int century = two(line, from);
        int year = two(line, from + 2);
        int month = two(line, from + 5);
        int day = two(line, from + 8);
        int hour = two(line, from + 11);
        int min = two(line, from + 14);
        boolean shaped = b[from + 4] == '-' && b[from + 7] == '-' && b[from + 13] == ':';
        if (!shaped || century < 0 || year < 0 || month < 0 || day < 0 || hour < 0 || min < 0) {
            return false;
        }
        LocalDateTime time;
        try {
            time = LocalDateTime.of(century * 100 + year, month, day, hour, min);
        } catch (DateTimeException e) {
            return false;
        }
        minuteLocalMicros = time.toEpochSecond(ZoneOffset.UTC) * SECOND;
        minuteMicros = local(time);
        System.arraycopy(b, from, minute, 0, MINUTE_LENGTH);
        return true;
    }

    private static int digit(int b) {
        return b >= '0' && b <= '9' ? b - '0' : -100;
    }

    private static int two(LineCursor line, int at) {
        int value = digit(line.peek(at)) * 10 + digit(line.peek(at + 1));
        return value < 0 ? -1 : value;
    }

    private static boolean isWeekday(LineCursor line, int from) {
        for (byte[] day : WEEKDAYS) {
            if (line.looksAt(from, day)) {
                return true;
            }
        }
        return false;
    }

    private static int month(byte a, byte b, byte c) {
        return switch ((char) a) {
            case 'J' -> a(b, 'a') && a(c, 'n') ? 1 : a(b, 'u') ? (a(c, 'n') ? 6 : a(c, 'l') ? 7 : 0) : 0;
            case 'F' -> a(b, 'e') && a(c, 'b') ? 2 : 0;
            case 'M' -> a(b, 'a') ? (a(c, 'r') ? 3 : a(c, 'y') ? 5 : 0) : 0;
            case 'A' -> a(b, 'p') && a(c, 'r') ? 4 : a(b, 'u') && a(c, 'g') ? 8 : 0;
            case 'S' -> a(b, 'e') && a(c, 'p') ? 9 : 0;
            case 'O' -> a(b, 'c') && a(c, 't') ? 10 : 0;
            case 'N' -> a(b, 'o') && a(c, 'v') ? 11 : 0;
            case 'D' -> a(b, 'e') && a(c, 'c') ? 12 : 0;
            default -> 0;
        };
    }

    private static boolean a(byte b, char c) {
        return b == c;
    }
}
