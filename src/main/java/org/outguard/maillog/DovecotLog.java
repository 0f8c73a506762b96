package org.outguard.maillog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.SeenLogin;

/**
 * Lines of Dovecot 2.3 and 2.4 behind their syslog header, as far as they explain a message: who logged in from where,
 * who is behind what its submission service relays, and what its LMTP service made of a message. Their forms are those of
 * login_log_format and mail_log_prefix as they come, and of the lines that 2.3.19 wrote in a lab.
 */
final class DovecotLog {

    private static final byte[] LOGIN_SERVICE = LineCursor.ascii("-login");
    private static final byte[] SUBMISSION = LineCursor.ascii("submission(");
    private static final byte[] LMTP = LineCursor.ascii("lmtp(");

    /** Of 2.3, and of 2.4. */
    private static final byte[] LOGIN = LineCursor.ascii("Login: ");

    private static final byte[] LOGGED_IN = LineCursor.ascii("Logged in: ");
    private static final byte[] AUTH_FAILED = LineCursor.ascii("(auth failed, ");
    private static final byte[] ATTEMPTS = LineCursor.ascii(" attempts");
    private static final byte[] USER = LineCursor.ascii("user=<");
    private static final byte[] METHOD = LineCursor.ascii(">, method=");
    private static final byte[] RIP = LineCursor.ascii(", rip=");
    private static final byte[] LIP = LineCursor.ascii(", lip=");
    private static final byte[] SESSION = LineCursor.ascii(", session=<");
    private static final byte[] USER_END = LineCursor.ascii(")<");
    private static final byte[] PID_END = LineCursor.ascii("><");
    private static final byte[] PREFIX_END = LineCursor.ascii(">: ");
    private static final byte[] RELAYED = LineCursor.ascii("Successfully relayed message: from=<");
    private static final byte[] QUEUED_AS = LineCursor.ascii(" queued as ");
    private static final byte[] SIEVE = LineCursor.ascii("sieve: ");
    private static final byte[] MSGID = LineCursor.ascii("msgid=");
    private static final int MAX_SESSIONS = 4_096;
    private static final int MAX_SEEN = 4_096;
    private static final int LONGEST_LOGIN = 320;
    private static final int MAX_ATTEMPTS = 1_000;

    /** The message was queued just before, and is relayed at once. */
    private static final long RELAY_MICROS = 60_000_000;

    private final Messages messages;
    private final LmtpFates fates;

    /** Address of who has a session, by the session's name. */
    private final Map<String, String> addresses = new Site.Newest<>(MAX_SESSIONS);

    private final Deque<SeenLogin> seen = new ArrayDeque<>();

    private int userFrom;
    private int userTo;
    private int sessionFrom;
    private int sessionTo;

    DovecotLog(Messages messages, LmtpFates fates) {
        this.messages = messages;
        this.fates = fates;
    }

    /** The next login that was not asked for yet, or null. */
    @Nullable
    SeenLogin pollLogin() {
        return seen.poll();
    }

    /**
     * Takes one line in.
     *
     * @return false where it explains something and cannot be read
     */
    boolean line(SyslogHeader header, LineCursor line) {
        if (line.take(SUBMISSION)) {
            return prefix(line) && relayed(header, line);
        }
        if (line.take(LMTP)) {
            return prefix(line) && delivered(line);
        }
        int colon = line.find(':');
        int service = colon - LOGIN_SERVICE.length;
        if (service <= line.at || !line.looksAt(service, LOGIN_SERVICE) || line.peek(colon + 1) != ' ') {
            return true;
        }
        line.at = colon + 2;
        return login(header, line);
    }

    private boolean login(SyslogHeader header, LineCursor line) {
        int failures = 0;
        if (!line.take(LOGIN) && !line.take(LOGGED_IN)) {
            int failed = line.find(AUTH_FAILED);
            if (failed < 0) {
                return true;
            }
            line.at = failed + AUTH_FAILED.length;
            failures = (int) Math.min(MAX_ATTEMPTS, line.number());
            int user = line.find(USER);
            if (failures <= 0 || !line.looksAt(line.at, ATTEMPTS) || user < 0) {
                return false;
            }
            line.at = user;
        }
        if (!line.take(USER)) {
            return true;
        }
        userFrom = line.at;
        userTo = line.addressEnd();
        if (userTo < 0) {
            return false;
        }
        line.at = userTo;
        int rip = line.take(METHOD) ? line.find(RIP) : -1;
        if (rip < 0 || !line.allOf(line.at, rip, b -> b != ' ')) {
            return false;
        }
        line.at = rip + RIP.length;
        int addressFrom = line.at;
        int addressTo = line.find(LIP);
        boolean whole = addressTo > addressFrom && line.allOf(addressFrom, addressTo, LineCursor::isInAddress);
        if (!whole || userTo == userFrom || userTo - userFrom > LONGEST_LOGIN) {
            return userTo == userFrom;
        }
        String address = line.text(addressFrom, addressTo);
        int session = line.find(SESSION);
        if (failures == 0 && session >= 0 && line.peek(line.end - 1) == '>') {
            addresses.put(line.text(session + SESSION.length, line.end - 1), address);
        }
        if (seen.size() >= MAX_SEEN) {
            seen.poll();
        }
        seen.add(new SeenLogin(Testimony.instant(header.micros), line.text(userFrom, userTo), address, failures));
        return true;
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
        return true;
    }

    /** {@code from=<…>, size=40, id=…, nrcpt=2, reply=`250 2.0.0 Ok: 203 bytes queued as 0B74E1B9D93'}. */
    private boolean relayed(SyslogHeader header, LineCursor line) {
        Site own = header.tag.site();
        if (!line.take(RELAYED) || own == null) {
            return true;
        }
        int senderFrom = line.at;
        int senderTo = line.addressEnd();
        int idTo = line.end - 1;
        int words = line.find(QUEUED_AS);
        int idFrom = words + QUEUED_AS.length;
        boolean mixed = line.holdsTag(line.at, line.end) || userTo == userFrom;
        if (senderTo < 0 || words < 0 || line.peek(idTo) != '\'' || !QueueIds.is(line, idFrom, idTo) || mixed) {
            // Where another host takes it, its reply may be any.
            return words < 0 && !mixed;
        }
        for (Site site : messages.sites()) {
            Life life = site.host.equals(own.host) ? messages.table.get(site, line.bytes, idFrom, idTo) : null;
            if (life != null
                    && life.origin instanceof MailOrigin.Client client
                    && HandBacks.isLoopback(client.address())
                    && Math.abs(header.micros - life.firstMicros) <= RELAY_MICROS
                    && (!life.senderKnown || line.same(senderFrom, senderTo, life.sender))) {
                String address = addresses.getOrDefault(line.text(sessionFrom, sessionTo), "");
                messages.relayed(life, line.text(userFrom, userTo), address, header.micros);
            }
        }
        return true;
    }

    /** {@code msgid=<…>: saved mail to INBOX}, {@code sieve: msgid=<…>: stored mail into mailbox 'Junk'}. */
    private boolean delivered(LineCursor line) {
        line.take(SIEVE);
        if (!line.take(MSGID)) {
            return true;
        }
        int said = line.find(PREFIX_END);
        if (said < 0 || line.holdsTag(line.at, line.end)) {
            return false;
        }
        fates.said(line.text(sessionFrom, sessionTo), line.text(said + PREFIX_END.length, line.end));
        return true;
    }
}
