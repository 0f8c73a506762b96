package org.outguard.maillog.line;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.outguard.maillog.Sites;
import org.outguard.maillog.Tag;

/**
 * Stamp, host and tag of a line: {@code Nov 24 16:58:36 web1 postfix/smtpd[13942]: …}. Used again for each line.
 */
public final class SyslogHeader {

    private static final int LONGEST_PRIORITY = 5;

    /** Before the tag: host, facility and level, in some order. */
    private static final int MOST_WORDS = 4;

    private static final int LONGEST_LEVEL = 16;

    private static final Pattern PRIORITY = Pattern.compile(
            "<?(mail|user|daemon|local[0-7])[.:](debug|info|notice|warn|warning|err|error|crit|alert|emerg)>?"
                    + "|\\[?(DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|CRIT|ALERT|EMERG)]?");
    private static final Pattern BARE =
            Pattern.compile("mail|user|daemon|syslog|local[0-7]|debug|info|notice|warn|warning|err|error|crit");
    private static final byte[] REPEATED = LineCursor.ascii("last message repeated ");
    private static final byte[] MESSAGE_NUMBER = LineCursor.ascii("[ID ");
    private static final byte[] UTF_8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private byte[] lastHost = new byte[0];

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
    public long micros = TimestampParser.NONE;

    public Tag tag = Tag.IGNORED;

    /** The writer's pid, -1 where it names none. */
    public int pid;

    /** What names its parts in fields of their own. */
    public void set(Sites sites, String host, String program, int newPid, long newMicros) {
        byte[] names = (host + program).getBytes(StandardCharsets.UTF_8);
        int hostTo = host.getBytes(StandardCharsets.UTF_8).length;
        micros = newMicros;
        pid = newPid;
        tag = sites.tag(names, 0, hostTo, hostTo, names.length);
    }

    /**
     * Reads what stands behind the stamp, or a whole header of RFC 5424.
     *
     * @return false where the line names no program; else the cursor is behind it
     */
    public boolean read(LineCursor line, Sites sites) {
        if (readDovecot(line, sites)) {
            return true;
        }
        int hostFrom = line.at;
        int hostTo = line.at;
        for (int words = 0; words < MOST_WORDS; words++) {
            int from = line.at;
            int to = from;
            while (to < line.end && line.bytes[to] != ' ' && line.bytes[to] != '[') {
                to++;
            }
            line.at = to;
            boolean tagged = line.peek(to) == '[' || to > from && line.bytes[to - 1] == ':';
            if (tagged) {
                return tag(line, sites, hostFrom, hostTo, from, to);
            }
            if (to == from || !line.take(' ')) {
                return false;
            }
            while (line.take(' ')) {
                // Templates align their fields.
            }
            if (!isPriority(line, from, to)) {
                if (hostTo > hostFrom) {
                    if (line.looksAt(from, REPEATED) || !isBare(line, from, to)) {
                        return isForeign(line, from);
                    }
                    continue;
                }
                hostFrom = from;
                hostTo = to;
            }
        }
        return false;
    }

    private boolean tag(LineCursor line, Sites sites, int hostFrom, int hostTo, int from, int to) {
        int tagTo = to;
        pid = -1;
        if (line.take('[')) {
            pid = (int) Math.min(Integer.MAX_VALUE, line.number());
            if (pid < 0 || !line.take(']') || !line.take(':')) {
                return false;
            }
        } else {
            tagTo--;
        }
        if (tagTo <= from || !line.take(' ')) {
            return false;
        }
        if (line.looksAt(line.at, MESSAGE_NUMBER)) {
            // Solaris: [ID 197553 mail.info]
            int end = line.find(']');
            line.at = end < 0 ? line.at : Math.min(line.end, end + 2);
        }
        tag = sites.tag(line.bytes, hostFrom, hostTo, from, tagTo);
        return true;
    }

    /** {@code mail.info}, {@code <mail.info>}, {@code INFO}: facility and level, where a template or a driver names them. */
    private boolean isPriority(LineCursor line, int from, int to) {
        if (to - from == lastHost.length && line.same(from, to, lastHost)) {
            return false;
        }
        boolean priority = to - from <= LONGEST_LEVEL
                && PRIORITY.matcher(line.text(from, to)).matches();
        if (!priority) {
            lastHost = line.copy(from, to);
        }
        return priority;
    }

    /** {@code mail info}: behind the host, where neither can be the host itself. */
    private static boolean isBare(LineCursor line, int from, int to) {
        return to - from <= LONGEST_LEVEL && BARE.matcher(line.text(from, to)).matches();
    }

    /** {@code last message repeated 2 times}, or a tag of two words, such as {@code plesk sendmail[42]: }. */
    private boolean isForeign(LineCursor line, int from) {
        int to = from;
        int blanks = 0;
        while (to < line.end && line.bytes[to] != '[' && line.bytes[to] != ':' && line.bytes[to] != '/') {
            blanks += line.bytes[to] == ' ' ? 1 : 0;
            to++;
        }
        boolean twoWords = blanks == 1 && (line.peek(to) == '[' || line.peek(to + 1) == ' ') && line.peek(to) != '/';
        tag = Tag.IGNORED;
        return twoWords || line.looksAt(from, REPEATED);
    }

    /** {@code 1 2026-11-24T16:58:36.1+00:00 web1 postfix/smtpd 13942 - - …}, behind its priority (RFC 5424, 6). */
    public boolean read5424(LineCursor line, TimestampParser stamps, Sites sites) {
        micros = stamps.read(line);
        int hostFrom = line.at;
        int hostTo = word(line);
        int tagFrom = line.at;
        int tagTo = word(line);
        int pidFrom = line.at;
        int pidTo = word(line);
        int idTo = word(line);
        if (micros == TimestampParser.NONE || idTo < 0 || !skipData(line)) {
            return false;
        }
        boolean nameless = hostTo - hostFrom == 1 && line.bytes[hostFrom] == '-';
        int at = line.at;
        line.at = pidFrom;
        pid = (int) Math.min(Integer.MAX_VALUE, line.number());
        pid = line.at == pidTo ? pid : -1;
        line.at = at;
        tag = sites.tag(line.bytes, hostFrom, nameless ? hostFrom : hostTo, tagFrom, tagTo);
        return true;
    }

    /** End of the word here, with the cursor behind its blank; -1 where there is none. */
    private static int word(LineCursor line) {
        int to = line.find(' ');
        if (to <= line.at) {
            return -1;
        }
        line.at = to + 1;
        return to;
    }

    /** Structured data, and the mark of UTF-8 (RFC 5424, 6.3 and 6.4). */
    private static boolean skipData(LineCursor line) {
        if (!line.take('-')) {
            boolean quoted = false;
            boolean open = false;
            while (line.at < line.end && (open || line.peek(line.at) != ' ')) {
                byte b = line.bytes[line.at];
                if (quoted && b == '\\') {
                    line.at++;
                } else if (b == '"') {
                    quoted = !quoted;
                } else if (!quoted) {
                    open = b == '[' || open && b != ']';
                }
                line.at++;
            }
        }
        boolean more = line.at < line.end && line.take(' ');
        line.take(UTF_8_MARK);
        return more;
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

    /** {@code <22>} of the wire form (RFC 3164, 4.1.1). */
    public static void skipPriority(LineCursor line) {
        if (line.peek(line.at) != '<') {
            return;
        }
        int close = line.find('>');
        if (close >= 0 && close - line.at <= LONGEST_PRIORITY) {
            line.at = close + 1;
        }
    }
}
