package org.outguard.maillog.dovecot;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.SeenLogin;
import org.outguard.maillog.MessageAssembler;
import org.outguard.maillog.Site;
import org.outguard.maillog.line.LineCursor;

/**
 * Who logged in to a service of Dovecot, or tried to: lines of its login services as {@code login_log_format} comes, and
 * with {@code auth_verbose} those of its authentication where it was asked by another program, such as Postfix, so that no
 * login service tells of it.
 */
public final class DovecotLogins {

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
    private static final byte[] WORKER = LineCursor.ascii("conn unix:auth-worker (");
    private static final byte[] WORKER_END = LineCursor.ascii(">: ");
    private static final byte[] ASKED_END = LineCursor.ascii("): ");
    private static final byte[] MISMATCH = LineCursor.ascii("Password mismatch");
    private static final byte[] UNKNOWN_USER = LineCursor.ascii("unknown user");
    private static final byte[] PAM_FAILED = LineCursor.ascii("pam_authenticate() failed");
    private static final int MAX_SESSIONS = 4_096;
    private static final int MAX_SEEN = 4_096;
    private static final long SAME_ATTEMPT = 3_000_000;
    private static final int LONGEST_LOGIN = 320;
    private static final int MAX_ATTEMPTS = 1_000;

    /** Address of who has a session, by the session's name. */
    private final Map<String, String> addresses = new Site.Newest<>(MAX_SESSIONS);

    private final Deque<SeenLogin> seen = new ArrayDeque<>();

    /** Which password database refused somebody first: each of several says so of one attempt. */
    private final Map<String, String> databases = new Site.Newest<>(MAX_SESSIONS);

    /** The next login that was not asked for yet, or null. */
    @Nullable
    public SeenLogin poll() {
        return seen.poll();
    }

    /** Address of who has that session, empty where it is not known. */
    String address(String session) {
        return addresses.getOrDefault(session, "");
    }

    /** A line of a login service, from behind its name; false where it tells of a login and cannot be read. */
    boolean login(long micros, LineCursor line) {
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
        int userFrom = line.at;
        int userTo = line.addressEnd();
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
        boolean whole = addressTo > addressFrom
                && line.allOf(addressFrom, addressTo, LineCursor::isInAddress)
                && areFields(line, addressTo, line.end);
        if (!whole || userTo == userFrom || userTo - userFrom > LONGEST_LOGIN) {
            return userTo == userFrom;
        }
        String address = line.text(addressFrom, addressTo);
        int session = line.find(SESSION);
        if (failures == 0 && session >= 0 && line.peek(line.end - 1) == '>') {
            addresses.put(line.text(session + SESSION.length, line.end - 1), address);
        }
        add(micros, line.text(userFrom, userTo), address, failures);
        return true;
    }

    /** What is separated by commas holds no space; another line that begins inside of this one does. */
    private static boolean areFields(LineCursor line, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (line.bytes[i] == ' ' && line.bytes[i - 1] != ',') {
                return false;
            }
        }
        return true;
    }

    /**
     * A line of the authentication or of one of its workers, from behind its name: {@code passwd-file(user,address):
     * Password mismatch}. Where a session stands behind the address, its login service tells of it.
     */
    boolean authentication(long micros, LineCursor line) {
        if (line.take(WORKER)) {
            int asked = line.find(WORKER_END);
            if (asked < 0) {
                return false;
            }
            line.at = asked + WORKER_END.length;
        }
        int driver = line.at;
        int open = line.find('(');
        int close = line.find(ASKED_END);
        if (open < 0 || close < open || !line.allOf(line.at, open, DovecotLogins::isInDriver)) {
            return true;
        }
        int comma = close - 1;
        while (comma > open && line.bytes[comma] != ',') {
            comma--;
        }
        line.at = close + ASKED_END.length;
        boolean failed = line.looksAt(line.at, MISMATCH)
                || line.looksAt(line.at, UNKNOWN_USER)
                || line.looksAt(line.at, PAM_FAILED);
        if (!failed || comma == open || !line.allOf(comma + 1, close, LineCursor::isInAddress)) {
            return true;
        }
        int length = comma - open - 1;
        if (length == 0 || length > LONGEST_LOGIN || line.holdsClock(open, comma)) {
            return length == 0;
        }
        String database = line.text(driver, open);
        String first = databases.putIfAbsent(line.text(open + 1, close), database);
        if (first == null || first.equals(database)) {
            add(micros, line.text(open + 1, comma), line.text(comma + 1, close), 1);
        }
        return true;
    }

    private static boolean isInDriver(byte b) {
        return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_';
    }

    /**
     * Postfix refused somebody; where Dovecot has said so already, that is the same attempt.
     *
     * @param user as it was given, empty where the line does not say
     */
    public void refused(long micros, String user, String address) {
        SeenLogin last = seen.peekLast();
        boolean told = last != null
                && last.failures() > 0
                && last.address().equals(address)
                && micros - java.time.temporal.ChronoUnit.MICROS.between(java.time.Instant.EPOCH, last.at())
                        < SAME_ATTEMPT;
        if (!told || last.login().isEmpty() && !user.isEmpty()) {
            add(micros, user, address, 1);
        }
    }

    private void add(long micros, String user, String address, int failures) {
        if (seen.size() >= MAX_SEEN) {
            seen.poll();
        }
        seen.add(new SeenLogin(MessageAssembler.instant(micros), user, address, failures));
    }
}
