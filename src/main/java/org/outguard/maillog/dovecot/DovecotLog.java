package org.outguard.maillog.dovecot;

import org.outguard.maillog.DovecotRelays;
import org.outguard.maillog.LmtpOutcomes;
import org.outguard.maillog.Site;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.QueueIds;
import org.outguard.maillog.line.SyslogHeader;

/**
 * Lines of Dovecot 2.3 and 2.4, behind their syslog header or in a log file of its own, as far as they explain a message:
 * who logged in from where, who is behind what its submission service relays, and what its LMTP service and Sieve made of
 * a message. Their forms are those of login_log_format and mail_log_prefix as they come, and of the lines that 2.3.19
 * wrote in a lab.
 */
public final class DovecotLog {

    private static final byte[] LOGIN_SERVICE = LineCursor.ascii("-login");
    private static final byte[] SUBMISSION = LineCursor.ascii("submission(");
    private static final byte[] LMTP = LineCursor.ascii("lmtp(");
    private static final byte[] AUTH = LineCursor.ascii("auth: ");
    private static final byte[] AUTH_WORKER = LineCursor.ascii("auth-worker(");
    private static final byte[] PID_CLOSED = LineCursor.ascii("): ");

    /** In a file of its own; syslog has it as its priority. */
    private static final byte[] INFO = LineCursor.ascii("Info: ");

    private static final byte[] USER_END = LineCursor.ascii(")<");
    private static final byte[] PID_END = LineCursor.ascii("><");
    private static final byte[] PREFIX_END = LineCursor.ascii(">: ");
    /** Before it since Dovecot 2.4. */
    private static final byte[] RELAY = LineCursor.ascii("relay: ");

    private static final byte[] RELAYED = LineCursor.ascii("Successfully relayed message: from=<");
    private static final byte[] SIZE = LineCursor.ascii(">, size=");
    private static final byte[] ID = LineCursor.ascii(", id=");
    private static final byte[] NRCPT = LineCursor.ascii(", nrcpt=");
    private static final byte[] REPLY = LineCursor.ascii(", reply=`");
    private static final byte[] QUEUED_AS = LineCursor.ascii(" queued as ");
    private static final byte[] SIEVE = LineCursor.ascii("sieve: ");
    private static final byte[] MSGID = LineCursor.ascii("msgid=");
    private static final byte[] COLON = LineCursor.ascii(": ");
    private static final byte[] REDIRECT = LineCursor.ascii("redirect action: ");
    private static final byte[] FORWARDED = LineCursor.ascii("forwarded to <");

    private final DovecotRelays dovecotRelays;
    private final LmtpOutcomes outcomes;
    private final DovecotLogins logins;

    private int userFrom;
    private int userTo;
    private int sessionFrom;
    private int sessionTo;

    public DovecotLog(DovecotRelays dovecotRelays, LmtpOutcomes outcomes, DovecotLogins logins) {
        this.dovecotRelays = dovecotRelays;
        this.outcomes = outcomes;
        this.logins = logins;
    }

    /**
     * Takes one line in.
     *
     * @return false where it explains something and cannot be read
     */
    public boolean line(SyslogHeader header, LineCursor line) {
        if (line.take(SUBMISSION)) {
            return prefix(line) && relayed(header, line);
        }
        if (line.take(LMTP)) {
            return prefix(line) && delivered(header, line);
        }
        if (line.take(AUTH)) {
            line.take(INFO);
            return logins.authentication(header.micros, line);
        }
        if (line.take(AUTH_WORKER)) {
            boolean numbered = line.number() >= 0 && line.take(PID_CLOSED);
            line.take(INFO);
            return !numbered || logins.authentication(header.micros, line);
        }
        int colon = line.find(':');
        int service = colon - LOGIN_SERVICE.length;
        if (service <= line.at || !line.looksAt(service, LOGIN_SERVICE) || line.peek(colon + 1) != ' ') {
            return true;
        }
        line.at = colon + COLON.length;
        line.take(INFO);
        return logins.login(header.micros, line);
    }

    /** {@code user)<pid><session>: }, from behind the service's bracket. */
    private boolean prefix(LineCursor line) {
        userFrom = line.at;
        userTo = line.find(USER_END);
        if (userTo < 0) {
            // A line of the service itself, such as "lmtp(270): Connect from local".
            line.at = line.end;
            return true;
        }
        line.at = userTo + USER_END.length;
        boolean pid = line.number() >= 0 && line.take(PID_END);
        sessionFrom = line.at;
        sessionTo = line.find(PREFIX_END);
        if (!pid || sessionTo <= sessionFrom || !line.allOf(sessionFrom, sessionTo, b -> b != ' ')) {
            return false;
        }
        line.at = sessionTo + PREFIX_END.length;
        line.take(INFO);
        return true;
    }

    /** {@code from=<…>, size=40, id=…, nrcpt=2, reply=`250 2.0.0 Ok: 203 bytes queued as 0B74E1B9D93'}. */
    private boolean relayed(SyslogHeader header, LineCursor line) {
        Site own = header.tag.site();
        line.take(RELAY);
        if (!line.take(RELAYED) || own == null) {
            return true;
        }
        int senderFrom = line.at;
        int senderTo = line.addressEnd();
        boolean mixed =
                userTo == userFrom || line.holdsClock(userFrom, userTo) || senderTo < 0 || !isInOneLine(line, senderTo);
        int words = line.find(QUEUED_AS);
        int idFrom = words + QUEUED_AS.length;
        int idTo = line.end - 1;
        if (mixed || words < 0 || line.peek(idTo) != '\'' || !QueueIds.is(line, idFrom, idTo)) {
            // Where another host takes it, its reply may be any.
            return words < 0 && !mixed;
        }
        DovecotRelays.Relay relay = new DovecotRelays.Relay(
                own.host,
                line.copy(senderFrom, senderTo),
                line.text(userFrom, userTo),
                logins.address(line.text(sessionFrom, sessionTo)),
                header.micros);
        dovecotRelays.taken(relay, line.bytes, idFrom, idTo);
        return true;
    }

    /** Steps over the fields behind the sender; false where another line begins among them. */
    private static boolean isInOneLine(LineCursor line, int from) {
        line.at = from;
        if (!line.take(SIZE) || line.number() < 0 || !line.take(ID)) {
            return false;
        }
        int id = line.at;
        int idEnd = line.find(NRCPT);
        if (idEnd < 0 || !line.allOf(id, idEnd, b -> b != ' ')) {
            return false;
        }
        line.at = idEnd + NRCPT.length;
        return line.number() >= 0 && line.take(REPLY) && !line.holdsClock(line.at, line.end);
    }

    /** {@code msgid=<…>: saved mail to INBOX}, {@code sieve: msgid=<…>: fileinto action: stored mail into …}. */
    private boolean delivered(SyslogHeader header, LineCursor line) {
        line.take(SIEVE);
        if (!line.take(MSGID)) {
            return true;
        }
        boolean bracketed = line.peek(line.at) == '<';
        byte[] end = bracketed ? PREFIX_END : COLON;
        int said = line.find(end);
        if (said < 0 || line.holdsTag(line.at, line.end) || line.holdsClock(line.at, said)) {
            return false;
        }
        line.at = said + end.length;
        String what = line.text(line.at, line.end);
        line.take(REDIRECT);
        boolean forwarded = line.looksAt(line.at, FORWARDED);
        Site own = header.tag.site();
        String host = own == null ? "" : own.host;
        outcomes.said(host, line.text(sessionFrom, sessionTo), what, forwarded, header.micros);
        return true;
    }
}
