package org.outguard.maillog;

/**
 * Stamp, host and tag of a line: {@code Nov 24 16:58:36 web1 postfix/smtpd[13942]: …}. Used again for each line.
 */
final class SyslogHeader {

    private static final int LONGEST_PRIORITY = 5;

    /** Names of levels in Dovecot's own log file (failures.c). */
    private static final byte[][] LEVELS = {
        LineCursor.ascii("Info: "),
        LineCursor.ascii("Debug: "),
        LineCursor.ascii("Warning: "),
        LineCursor.ascii("Error: "),
        LineCursor.ascii("Fatal: "),
        LineCursor.ascii("Panic: ")
    };

    /** Microseconds since 1970. */
    long micros;

    Tag tag = Tag.IGNORED;

    /** The writer's pid, -1 where it names none. */
    int pid;

    /**
     * Reads it.
     *
     * @return false where the line has no such header; else the cursor is behind it
     */
    boolean read(LineCursor line, StampReader stamps, Sites sites) {
        if (line.peek(line.at) == '<') {
            skipPriority(line);
        }
        micros = stamps.read(line);
        if (micros == StampReader.NONE) {
            return false;
        }
        if (readDovecot(line, sites)) {
            return true;
        }
        int hostFrom = line.at;
        int hostTo = line.find(' ');
        if (hostTo <= hostFrom) {
            return false;
        }
        line.at = hostTo + 1;
        int tagFrom = line.at;
        int tagTo = tagFrom;
        while (tagTo < line.end && !endsTag(line.bytes[tagTo])) {
            tagTo++;
        }
        line.at = tagTo;
        pid = -1;
        if (line.take('[')) {
            pid = (int) Math.min(Integer.MAX_VALUE, line.number());
            if (pid < 0 || !line.take(']')) {
                return false;
            }
        }
        if (tagTo == tagFrom || !line.take(':') || !line.take(' ')) {
            return false;
        }
        tag = sites.tag(line.bytes, hostFrom, hostTo, tagFrom, tagTo);
        return true;
    }

    /**
     * Whether the rest is a line of Dovecot's own log file, {@code lmtp(user)<pid><session>: Info: …}: it names neither
     * host nor program, but a level. The cursor stays where it is.
     */
    boolean readDovecot(LineCursor line, Sites sites) {
        int space = line.find(' ');
        if (space <= line.at || line.bytes[space - 1] != ':' || !isLevel(line, space + 1)) {
            return false;
        }
        tag = sites.dovecot();
        pid = -1;
        return true;
    }

    private static boolean isLevel(LineCursor line, int from) {
        for (byte[] level : LEVELS) {
            if (line.looksAt(from, level)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsTag(byte b) {
        return b == '[' || b == ':' || b == ' ';
    }

    /** {@code <22>} of the wire form (RFC 3164, 4.1.1). */
    private static void skipPriority(LineCursor line) {
        int close = line.find('>');
        if (close >= 0 && close - line.at <= LONGEST_PRIORITY) {
            line.at = close + 1;
        }
    }
}
