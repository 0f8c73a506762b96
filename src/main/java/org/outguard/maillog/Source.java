package org.outguard.maillog;

import java.time.Instant;
import java.util.Optional;

/** One log file or stream. It finds out by itself whose lines these are. */
public final class Source {

    /** Longer lines are no lines of a mail system: rsyslog cuts at 8 KiB, Exim at 8 KiB (LOG_BUFFER_SIZE). */
    static final int LONGEST_LINE = 8_192;

    private final MailLog log;
    private final StampReader stamps;
    private final Instant latest;
    private final LineCursor cursor = new LineCursor();
    private final SyslogHeader header = new SyslogHeader();

    Source(MailLog log, Instant latest) {
        this.log = log;
        this.latest = latest;
        this.stamps = log.stamps(latest);
    }

    /** Takes in the line {@code bytes[from, to)}, without its newline. */
    public void line(byte[] bytes, int from, int to) {
        log.countLine();
        int start = from;
        int end = to;
        // A file that was truncated while its writer went on begins with a hole.
        while (start < end && bytes[start] == 0) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        if (start == end) {
            return;
        }
        if (end - start > LONGEST_LINE || holdsNul(bytes, start, end)) {
            log.countDamaged();
            return;
        }
        cursor.set(bytes, start, end);
        if (looksLikeExim(bytes, start, end)) {
            exim();
        } else if (header.read(cursor, stamps, log.sites)) {
            log.advance(header.micros);
            tagged(header, cursor);
        } else {
            log.countDamaged();
        }
    }

    /** The time of a line, empty where it has none; lines are asked about in their order. */
    public Optional<Instant> timeOf(byte[] bytes, int from, int to) {
        long micros = micros(bytes, from, to);
        return micros == StampReader.NONE ? Optional.empty() : Optional.of(Testimony.instant(micros));
    }

    /** The time of the line {@code bytes[from, to)} in microseconds since 1970, or {@link StampReader#NONE}. */
    long micros(byte[] bytes, int from, int to) {
        cursor.set(bytes, from, to);
        return stamps.read(cursor);
    }

    /** The same of a line that is looked at out of its order. */
    long probe(byte[] bytes, int from, int to) {
        cursor.set(bytes, from, to);
        return log.stamps(latest).read(cursor);
    }

    private void exim() {
        long micros = stamps.read(cursor);
        Site site = log.sites.site("", "exim");
        if (micros == StampReader.NONE || site == null) {
            log.countDamaged();
            return;
        }
        log.advance(micros);
        // Where log_timestamp is set to "%Y-%m-%d %H:%M:%S ".
        if (header.readDovecot(cursor, log.sites)) {
            header.micros = micros;
            tagged(header, cursor);
            return;
        }
        if (!log.exim.line(site, micros, -1, cursor)) {
            log.countDamaged();
        }
    }

    /** Takes in what stands behind a header. */
    void tagged(SyslogHeader header, LineCursor cursor) {
        Tag tag = header.tag;
        Site site = tag.site();
        boolean read = true;
        if (tag.kind() == Tag.Kind.POSTFIX) {
            read = log.postfix.line(header, cursor);
        } else if (tag.kind() == Tag.Kind.EXIM && site != null) {
            // With syslog_timestamp, Exim's own stamp stands behind the header.
            if (looksLikeExim(cursor.bytes, cursor.at, cursor.end)) {
                stamps.read(cursor);
            }
            read = log.exim.line(site, header.micros, header.pid, cursor);
        } else if (tag.kind() == Tag.Kind.DOVECOT) {
            read = log.dovecot.line(header, cursor);
        }
        if (!read) {
            log.countDamaged();
        }
    }

    /** {@code 2026-11-24 17:31:28}: no syslog writes a space there. */
    private static boolean looksLikeExim(byte[] bytes, int from, int to) {
        return to - from > 20 && bytes[from + 4] == '-' && bytes[from + 10] == ' ' && bytes[from + 13] == ':';
    }

    private static boolean isBlank(byte b) {
        return b == '\r' || b == '\n' || b == ' ' || b == 0;
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
