package org.outguard.maillog.line;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A place in a line of bytes, read from left to right without making objects. */
public final class LineCursor {

    public byte[] bytes = new byte[0];
    public int at;
    public int end;

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Goes to the start of {@code bytes[from, to)}. */
    public void set(byte[] line, int from, int to) {
        this.bytes = line;
        this.at = from;
        this.end = to;
    }

    public boolean atEnd() {
        return at >= end;
    }

    /** The byte at an index, or -1 behind the end. */
    public int peek(int index) {
        return index < end ? bytes[index] : -1;
    }

    /** Steps over a literal where it stands here. */
    public boolean take(byte[] literal) {
        if (!looksAt(at, literal)) {
            return false;
        }
        at += literal.length;
        return true;
    }

    public boolean take(char literal) {
        if (at >= end || bytes[at] != literal) {
            return false;
        }
        at++;
        return true;
    }

    public boolean looksAt(int index, byte[] literal) {
        int length = literal.length;
        return end - index >= length && Arrays.equals(bytes, index, index + length, literal, 0, length);
    }

    /** Index of a byte from here on, or -1. */
    public int find(char wanted) {
        for (int i = at; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Index of a literal from here on, or -1. */
    public int find(byte[] literal) {
        int last = end - literal.length;
        for (int i = at; i <= last; i++) {
            if (bytes[i] == literal[0] && looksAt(i, literal)) {
                return i;
            }
        }
        return -1;
    }

    /** A decimal number of at most 18 digits, or -1 where none stands here. */
    public long number() {
        long value = 0;
        int start = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - start < 18) {
            value = value * 10 + (bytes[at] - '0');
            at++;
        }
        return at == start ? -1 : value;
    }

    /** Seconds with a fraction ({@code 6.5}, {@code 0.01}) in microseconds, or -1. */
    public long seconds() {
        long whole = number();
        if (whole < 0) {
            return -1;
        }
        long micros = whole * 1_000_000;
        if (take('.')) {
            long unit = 100_000;
            while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
                micros += (bytes[at] - '0') * unit;
                unit /= 10;
                at++;
            }
        }
        return micros;
    }

    public byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    public String text(int from, int to) {
        return new String(bytes, from, Math.max(0, to - from), StandardCharsets.UTF_8);
    }

    public boolean same(int from, int to, byte[] other) {
        return Arrays.equals(bytes, from, to, other, 0, other.length);
    }

    /** Whether a time of day or a date stands in {@code from..to}, as where another line begins inside of this one. */
    public boolean holdsClock(int from, int to) {
        for (int i = from; i + 8 <= to; i++) {
            byte separator = bytes[i + 2];
            boolean shaped = (separator == ':' || separator == '-') && bytes[i + 5] == separator;
            if (shaped && digits(i) && digits(i + 3) && digits(i + 6)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code [123]: } stands in {@code from..to}, as behind the tag of another line. */
    public boolean holdsTag(int from, int to) {
        for (int i = from + 2; i + 2 < to; i++) {
            if (bytes[i] == ']' && bytes[i + 1] == ':' && bytes[i + 2] == ' ' && isDigit(bytes[i - 1])) {
                int open = i - 1;
                while (open > from && isDigit(bytes[open])) {
                    open--;
                }
                if (bytes[open] == '[') {
                    return true;
                }
            }
        }
        return false;
    }

    /** A kind of byte. */
    public interface Kind {
        boolean is(byte b);
    }

    public boolean allOf(int from, int to, Kind kind) {
        for (int i = from; i < to; i++) {
            if (!kind.is(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** What an IP address is written with, a scope behind it (RFC 4007) included. */
    public static boolean isInAddress(byte b) {
        int lower = b | 0x20;
        return b >= '0' && b <= ':' || lower >= 'a' && lower <= 'z' || b == '.' || b == '%';
    }

    private boolean digits(int index) {
        return isDigit(bytes[index]) && isDigit(bytes[index + 1]);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /**
     * The end of an address that begins here and is closed by {@code >}: a quoted local part (RFC 5321, 4.1.2) may hold
     * any character, so that a recipient can look like the fields that follow it.
     *
     * @return index of the closing bracket, or -1 where there is none
     */
    public int addressEnd() {
        int i = at;
        if (peek(i) == '"') {
            i++;
            while (i < end && bytes[i] != '"') {
                i += bytes[i] == '\\' ? 2 : 1;
            }
        }
        while (i < end) {
            if (bytes[i] == '>') {
                return i;
            }
            i++;
        }
        return -1;
    }
}
