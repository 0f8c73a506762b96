package org.outguard.maillog.file;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.Source;
import org.outguard.maillog.Tag;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.LineKind;
import org.outguard.maillog.line.SyslogHeader;
import org.outguard.maillog.line.TimestampParser;

/**
 * Entries of the journal as {@code journalctl -o json} writes them, one a line; systemd.journal-fields(7). Fields that
 * begin with an underscore are set by the journal from what the kernel says of the writer, so here a forged line is
 * known: its writer is not the program that its tag names, or it does not run as the mail system does.
 */
public final class JournaldLines {

    /** Programs of Postfix that any user runs; none of them says who handed a message in. */
    private static final Set<String> USERS_OWN = Set.of("sendmail", "postdrop", "postqueue");

    /** Numbers of persons begin here (login.defs(5), UID_MIN). */
    private static final int LEAST_PERSON = 1_000;

    private final MailLog log;
    private final Set<Integer> mailUids;
    private final LineCursor cursor = new LineCursor();
    private final SyslogHeader header = new SyslogHeader();
    private final Source source;

    /**
     * For one journal.
     *
     * @param mailUids users as which mail systems run, beside root; empty where they are not known
     */
    public JournaldLines(MailLog log, Source source, Set<Integer> mailUids) {
        this.log = log;
        this.source = source;
        this.mailUids = mailUids;
    }

    /** When the journal took an entry, {@link TimestampParser#NONE} where it does not say. */
    public long micros(Map<String, Object> entry) {
        long micros = number(entry.get("__REALTIME_TIMESTAMP"));
        return micros < 0 ? TimestampParser.NONE : micros;
    }

    /** Takes in an entry of the journal; its message has no header of its own. */
    public LineKind entry(Map<String, Object> entry) {
        String identifier = text(entry.get("SYSLOG_IDENTIFIER"));
        byte[] message = text(entry.get("MESSAGE")).getBytes(StandardCharsets.UTF_8);
        long micros = micros(entry);
        if (micros == TimestampParser.NONE) {
            return LineKind.NO_TIME;
        }
        if (identifier.isEmpty()) {
            return LineKind.FOREIGN;
        }
        header.set(log.sites, text(entry.get("_HOSTNAME")), identifier, (int) number(entry.get("SYSLOG_PID")), micros);
        if (header.tag.site() != null && isForged(entry, header.tag)) {
            return LineKind.FORGED;
        }
        log.advance(micros);
        cursor.set(message, 0, message.length);
        return source.tagged(header, cursor);
    }

    private boolean isForged(Map<String, Object> entry, Tag tag) {
        int uid = (int) number(entry.get("_UID"));
        String command = text(entry.get("_COMM"));
        if (USERS_OWN.contains(tag.name())) {
            return false;
        }
        // In a file of another machine it is not known who runs the mail system; no service has a person's number.
        boolean mailUser = mailUids.isEmpty() ? uid < LEAST_PERSON : uid == 0 || mailUids.contains(uid);
        // Exim's processes run under the name of the file that was called: exim4, sendmail, rsmtp.
        boolean program = tag.kind() != Tag.Kind.POSTFIX || command.isEmpty() || command.equals(tag.name());
        return !mailUser || !program;
    }

    /** Text that is not UTF-8 comes as a list of numbers. */
    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            byte[] bytes = new byte[list.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = list.get(i) instanceof Number n ? n.byteValue() : 0;
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return value == null ? "" : String.valueOf(value);
    }

    private static long number(@Nullable Object value) {
        try {
            return Long.parseLong(text(value));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
