package org.outguard.maillog.line;

import java.util.Arrays;

/**
 * Queue ids as they look in a log. Postfix: microseconds and inode in upper-case hex, or the long form in digits and
 * consonants (postconf(5), enable_long_queue_ids). Exim: 6-6-2 base 62, 6-11-4 from 4.97 on (exim specification, 3.4).
 */
public final class QueueIds {

    private static final int SHORTEST = 6;
    private static final int LONGEST = 32;
    private static final int SHORTEST_LONG_FORM = 12;

    /** Bit n for the n-th letter: a, e, i, o, u. */
    private static final int VOWELS = 1 << 1 | 1 << 5 | 1 << 9 | 1 << 15 | 1 << 21;

    private QueueIds() {}

    /** Index of the colon behind an id that stands here and is followed by {@code ": "}; -1 where none does. */
    public static int end(LineCursor line) {
        int colon = line.at;
        int most = Math.min(line.end, line.at + LONGEST + 1);
        while (colon < most && isAlphanumeric(line.bytes[colon])) {
            colon++;
        }
        return line.peek(colon) == ':' && line.peek(colon + 1) == ' ' && is(line, line.at, colon) ? colon : -1;
    }

    /** Whether this is a whole id of Postfix. */
    public static boolean is(LineCursor line, int from, int to) {
        int length = to - from;
        if (length < SHORTEST || length > LONGEST) {
            return false;
        }
        boolean hex = true;
        boolean consonants = length >= SHORTEST_LONG_FORM;
        for (int i = from; i < to; i++) {
            byte b = line.bytes[i];
            boolean digit = b >= '0' && b <= '9';
            hex &= digit || b >= 'A' && b <= 'F';
            consonants &= digit || isConsonant(b);
        }
        return hex || consonants;
    }

    /**
     * Length of an id of Exim that stands at an index, or 0.
     *
     * @param from index of its first byte
     */
    public static int exim(LineCursor line, int from) {
        if (base62(line, from, 6) && line.peek(from + 6) == '-') {
            if (base62(line, from + 7, 6) && line.peek(from + 13) == '-' && base62(line, from + 14, 2)) {
                return isAlphanumericAt(line, from + 16) ? 0 : 16;
            }
            if (base62(line, from + 7, 11) && line.peek(from + 18) == '-' && base62(line, from + 19, 4)) {
                return isAlphanumericAt(line, from + 23) ? 0 : 23;
            }
        }
        return 0;
    }

    /**
     * Which of two ids of Exim is the later one: they begin with the second of their arrival and end with a part of it,
     * and the digits of base 62 are in the order of ASCII (exim specification, 3.4). 0 where these are no such ids.
     */
    public static int compareTimes(byte[] one, byte[] other) {
        if (one.length != other.length || !isExims(one) || !isExims(other)) {
            return 0;
        }
        int seconds = Arrays.compare(one, 0, 6, other, 0, 6);
        int part = one.length == 16 ? 14 : 19;
        return seconds != 0 ? seconds : Arrays.compare(one, part, one.length, other, part, one.length);
    }

    private static boolean isExims(byte[] id) {
        return (id.length == 16 || id.length == 23) && id[6] == '-';
    }

    private static boolean base62(LineCursor line, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (!isAlphanumericAt(line, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumericAt(LineCursor line, int index) {
        return index < line.end && isAlphanumeric(line.bytes[index]);
    }

    private static boolean isAlphanumeric(byte b) {
        return b >= '0' && b <= '9' || isLetter(b);
    }

    private static boolean isConsonant(byte b) {
        return isLetter(b) && (VOWELS >>> (b & 0x1f) & 1) == 0;
    }

    private static boolean isLetter(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
