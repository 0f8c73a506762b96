package org.outguard.maillog;

import java.util.Map;
import java.util.function.Consumer;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.line.LineCursor;

/**
 * SMTP sessions of one mail system, by the pid of their smtpd(8). A message's line that is cut behind its client looks
 * like one without a login; only the end of its session says whether there was one: {@code disconnect from
 * name[address] ehlo=2 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=7}. The last number is the sum of the others, so that
 * a line that is cut or mixed with another is not believed.
 */
final class SmtpdSessions {

    private static final int MAX_SESSIONS = 4_096;
    private static final byte[] COMMANDS = LineCursor.ascii("commands=");
    private static final byte[] AUTH = LineCursor.ascii("auth=");
    private static final byte[] MAIL = LineCursor.ascii("mail=");
    private static final byte[] RCPT = LineCursor.ascii("rcpt=");
    private static final byte[] DATA = LineCursor.ascii("data=");
    private static final byte[] BDAT = LineCursor.ascii("bdat=");

    private final Map<Integer, SmtpdSession> open = new Site.Newest<>(MAX_SESSIONS);

    /* Processes whose last session was not whole: a line of it may come yet, among those of the next one. */
    private final Map<Integer, Boolean> outOfOrder = new Site.Newest<>(MAX_SESSIONS);
    /* Of the last summary: commands that were taken, and among them. */
    private long logins;
    private long mails;
    private long recipients;
    private long data;
    private long chunks;

    /**
     * {@code connect from …}; the cursor is at the client.
     *
     * @param damaged lines of the log that could not be read so far
     */
    void connected(int pid, LineCursor line, long damaged) {
        if (pid < 0) {
            // A template that leaves out the pid leaves no sessions to be told apart.
            return;
        }
        boolean inOrder = outOfOrder.remove(pid) == null && !open.containsKey(pid);
        open.put(pid, new SmtpdSession(line.copy(line.at, line.end), inOrder ? damaged : SmtpdSession.NOT_BEGUN));
    }

    /** The session that a message's line belongs to: a new one where it names another client. */
    SmtpdSession of(int pid, LineCursor line, int clientFrom, int clientTo) {
        SmtpdSession known = open.get(pid);
        if (known != null && known.isOf(line, clientFrom, clientTo)) {
            return known;
        }
        SmtpdSession made = new SmtpdSession(line.copy(clientFrom, clientTo), SmtpdSession.NOT_BEGUN);
        if (pid >= 0) {
            open.put(pid, made);
        }
        return made;
    }

    /** The session of a process that was taken for another mail system's. */
    void takeOver(SmtpdSessions others, int pid) {
        SmtpdSession session = others.open.remove(pid);
        if (session != null) {
            open.put(pid, session);
        }
    }

    /** Whether that session's client goes on where this line ends. */
    boolean isCut(int pid, LineCursor line, int clientFrom, int clientTo) {
        SmtpdSession known = open.get(pid);
        return known != null && line.atEnd() && known.isCutIn(line, clientFrom, clientTo);
    }

    /**
     * A message of it came with a login, or as it seems without.
     *
     * @param judgedAnew told of messages of which more is known
     */
    static void handedIn(
            SmtpdSession session, MessageRecord message, boolean login, Consumer<MessageRecord> judgedAnew) {
        session.messages++;
        if (login) {
            session.loggedIn = true;
            session.withoutLogin.forEach(one -> mayBeCut(one, judgedAnew));
        } else {
            session.add(message);
            if (session.loggedIn) {
                mayBeCut(message, judgedAnew);
            }
        }
    }

    /**
     * {@code disconnect from …}; the cursor is at the client.
     *
     * @param damaged lines of the log that could not be read so far
     * @param judgedAnew told of messages of which more is known
     */
    void disconnected(int pid, long micros, long damaged, LineCursor line, Consumer<MessageRecord> judgedAnew) {
        if (pid < 0) {
            return;
        }
        SmtpdSession over = open.remove(pid);
        int space = line.find(' ');
        outOfOrder.put(pid, true);
        if (over == null || space < 0 || !over.isOf(line, line.at, space)) {
            return;
        }
        line.at = space;
        if (!summary(line) || mails < over.messages) {
            return;
        }
        if (mails == over.messages) {
            outOfOrder.remove(pid);
        }
        // Where a summary counts more messages than the session had, it is another session's, or lines of this one are
        // lost.
        boolean plain = over.damagedBefore == damaged && chunks == 0 && mails == over.messages && data <= over.messages;
        for (MessageRecord message : over.withoutLogin) {
            message.sessionOver = true;
            message.chunked = chunks > 0;
            message.plainRecipients = plain && message.startMicros <= micros ? recipients : 0;
            if (logins > 0) {
                mayBeCut(message, judgedAnew);
            }
            judgedAnew.accept(message);
        }
    }

    private static void mayBeCut(MessageRecord message, Consumer<MessageRecord> judgedAnew) {
        if (message.rival == null && message.origin instanceof MailOrigin.Client) {
            message.rival = new MailOrigin.Unknown("its session logged in, and its line does not say as whom");
            judgedAnew.accept(message);
        }
    }

    /** {@code  ehlo=1 auth=0/1 … commands=4/5}: taken, and where some were refused, of how many. */
    private boolean summary(LineCursor line) {
        logins = 0;
        mails = 0;
        recipients = 0;
        data = 0;
        chunks = 0;
        long taken = 0;
        long given = 0;
        while (line.take(' ')) {
            boolean sum = line.looksAt(line.at, COMMANDS);
            boolean auth = line.looksAt(line.at, AUTH);
            boolean mail = line.looksAt(line.at, MAIL);
            boolean recipient = line.looksAt(line.at, RCPT);
            boolean whole = line.looksAt(line.at, DATA);
            boolean chunk = line.looksAt(line.at, BDAT);
            int equals = line.find('=');
            if (equals < 0 || !line.allOf(line.at, equals, b -> b >= 'a' && b <= 'z')) {
                return false;
            }
            line.at = equals + 1;
            long some = line.number();
            long all = line.take('/') ? line.number() : some;
            if (some < 0 || all < some) {
                return false;
            }
            if (sum) {
                return line.atEnd() && some == taken && all == given;
            }
            taken += some;
            given += all;
            logins += auth ? some : 0;
            mails += mail ? some : 0;
            recipients += recipient ? some : 0;
            data += whole ? some : 0;
            chunks += chunk ? some : 0;
        }
        return false;
    }
}
