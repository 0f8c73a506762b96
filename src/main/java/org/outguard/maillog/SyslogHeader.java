package org.outguard.maillog;

/**
 * Stamp, host and tag of a line: {@code Nov 24 16:58:36 web1 postfix/smtpd[13942]: …}. Used again for each line.
 */
final class SyslogHeader {

    private static final int LONGEST_PRIORITY = 5;

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
