package org.outguard.maillog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * Reads the stamp at the start of a line: {@code Nov 24 16:58:36} (RFC 3164), {@code 2026-11-24T16:58:36.1+00:00}
 * (RFC 3339) or {@code 2026-11-24 16:58:36.547 +0000} (Exim). One for each source, since the traditional form has no
 * year and is understood by the line before it.
 */
final class StampReader {

    /** No stamp. */
    static final long NONE = Long.MIN_VALUE;

    private static final long SECOND = 1_000_000;
    private static final long HALF_A_YEAR = 182L * 86_400 * SECOND;
    private static final long DAY = 86_400 * SECOND;
    private static final int TRADITIONAL_LENGTH = 15;
    private static final int MINUTE_LENGTH = 16;

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
    StampReader(ZoneId zone, Instant latest) {
        this.zone = zone;
        this.last = ChronoUnit.MICROS.between(Instant.EPOCH, latest);
    }

    /** The stamp here in microseconds since 1970, and the cursor behind it and its space; or {@link #NONE}. */
    long read(LineCursor line) {
        int first = line.peek(line.at);
        long micros = first >= '0' && first <= '9' ? readIso(line) : readTraditional(line);
        if (micros == NONE || !line.take(' ')) {
            return NONE;
        }
        return micros;
    }

    private long readTraditional(LineCursor line) {
        int from = line.at;
        if (line.end - from < TRADITIONAL_LENGTH) {
            return NONE;
        }
        if (traditionalMicros != NONE
                && Arrays.equals(line.bytes, from, from + TRADITIONAL_LENGTH, traditional, 0, TRADITIONAL_LENGTH)) {
            line.at = from + TRADITIONAL_LENGTH;
            return traditionalMicros;
        }
        byte[] b = line.bytes;
        int month = month(b[from], b[from + 1], b[from + 2]);
        int day = (b[from + 4] == ' ' ? 0 : digit(b[from + 4]) * 10) + digit(b[from + 5]);
        int hour = two(b, from + 7);
        int min = two(b, from + 10);
        int sec = two(b, from + 13);
        boolean shaped = b[from + 3] == ' ' && b[from + 6] == ' ' && b[from + 9] == ':' && b[from + 12] == ':';
        if (!shaped || month == 0 || day < 1 || hour < 0 || hour > 23 || min < 0 || min > 59 || sec < 0 || sec > 60) {
            return NONE;
        }
        long micros = nearest(month, day, hour, min, Math.min(sec, 59));
        if (micros != NONE) {
            System.arraycopy(b, from, traditional, 0, TRADITIONAL_LENGTH);
            traditionalMicros = micros;
            last = micros;
            begun = true;
            line.at = from + TRADITIONAL_LENGTH;
        }
        return micros;
    }

    /** The year that fits the line before; for the first line, the newest year that is not in the future. */
    private long nearest(int month, int day, int hour, int min, int sec) {
        int year = LocalDateTime.ofEpochSecond(Math.floorDiv(last, SECOND), 0, ZoneOffset.UTC)
                .getYear();
        long best = NONE;
        for (int candidate = year + 1; candidate >= year - 1; candidate--) {
            long micros;
            try {
                micros = local(LocalDateTime.of(candidate, month, day, hour, min, sec));
            } catch (DateTimeException e) {
                // 29 February of a common year, or 31 April.
                continue;
            }
            if (!begun && micros > last + DAY) {
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
                || !minuteOf(b, from)) {
            return NONE;
        }
        line.at = from + MINUTE_LENGTH + 1;
        int secondsAt = line.at;
        long micros = line.seconds();
        boolean twoDigits = secondsAt + 2 <= line.end && two(b, secondsAt) >= 0;
        if (micros < 0 || micros >= 61 * SECOND || !twoDigits) {
            return NONE;
        }
        long offset = offset(line);
        long stamp = offset == NONE ? minuteMicros + micros : minuteLocalMicros - offset + micros;
        last = stamp;
        begun = true;
        return stamp;
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
        int hours = two(line.bytes, from + 1);
        int minutes = two(line.bytes, from + length - 2);
        if (hours < 0 || minutes < 0) {
            return NONE;
        }
        line.at = from + length;
        long offset = (hours * 3600L + minutes * 60L) * SECOND;
        return sign == '-' ? -offset : offset;
    }

    private boolean minuteOf(byte[] b, int from) {
        if (minuteMicros != NONE && Arrays.equals(b, from, from + MINUTE_LENGTH, minute, 0, MINUTE_LENGTH)) {
            return true;
        }
        int century = two(b, from);
        int year = two(b, from + 2);
        int month = two(b, from + 5);
        int day = two(b, from + 8);
        int hour = two(b, from + 11);
        int min = two(b, from + 14);
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

    private static int digit(byte b) {
        return b >= '0' && b <= '9' ? b - '0' : -100;
    }

    private static int two(byte[] b, int at) {
        int value = digit(b[at]) * 10 + digit(b[at + 1]);
        return value < 0 ? -1 : value;
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
