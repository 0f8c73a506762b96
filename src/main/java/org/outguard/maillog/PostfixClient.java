package org.outguard.maillog;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.QueueIds;

/**
 * {@code client=name[address]:port, sasl_method=…, sasl_username=…, sasl_sender=…, orig_queue_id=…, orig_client=…}, as
 * smtpd.c writes it. Used again for each line.
 */
final class PostfixClient {

    private static final byte[] SASL_METHOD = LineCursor.ascii(", sasl_method=");
    private static final byte[] SASL_USERNAME = LineCursor.ascii(", sasl_username=");
    private static final byte[] SASL_SENDER = LineCursor.ascii(", sasl_sender=");
    private static final byte[] ORIG_QUEUE_ID = LineCursor.ascii(", orig_queue_id=");
    private static final byte[] ORIG_CLIENT = LineCursor.ascii(", orig_client=");
    private static final byte[] TAG_END = LineCursor.ascii(": ");
    private static final byte[] SEPARATOR = LineCursor.ascii(", ");
    private static final int LONGEST_LOGIN = 320;
    private static final int LEAST_PORT = 10_000;

    private int addressFrom;
    private int addressTo;

    int clientFrom;

    /** Behind the client and its port. */
    int clientTo;

    private long port;
    private int loginFrom;
    private int loginTo;

    /** Where the id that another instance or a filter had stands, -1 where none is named. */
    int originalFrom;

    int originalTo;
    private int originalClientFrom;
    private int originalClientTo;

    /** Reads it from behind {@code client=}; false where it is damaged. */
    boolean read(LineCursor line) {
        clientFrom = line.at;
        loginFrom = -1;
        originalFrom = -1;
        originalClientFrom = -1;
        if (!readClient(line)) {
            return false;
        }
        clientTo = line.at;
        boolean method = line.take(SASL_METHOD);
        if (method) {
            int comma = line.find(',');
            if (comma < 0 || !line.allOf(line.at, comma, b -> b != ' ')) {
                return false;
            }
            line.at = comma;
        }
        boolean login = line.take(SASL_USERNAME);
        if (method && !login || login && !readLogin(line)) {
            return false;
        }
        if (line.take(SASL_SENDER)) {
            int next = line.find(SEPARATOR);
            line.at = next < 0 ? line.end : next;
        }
        if (line.take(ORIG_QUEUE_ID)) {
            originalFrom = line.at;
            int next = line.find(',');
            originalTo = next < 0 ? line.end : next;
            if (!QueueIds.is(line, originalFrom, originalTo)) {
                return false;
            }
            line.at = originalTo;
        }
        if (!line.take(ORIG_CLIENT)) {
            return line.atEnd();
        }
        int from = addressFrom;
        int to = addressTo;
        long own = port;
        boolean named = readClient(line);
        originalClientFrom = named ? addressFrom : -1;
        originalClientTo = addressTo;
        addressFrom = from;
        addressTo = to;
        port = own;
        return true;
    }

    /** The client that a filter or another server passes mail on for (XFORWARD), null where none is named. */
    MailOrigin.@Nullable Client original(LineCursor line) {
        return originalClientFrom < 0
                ? null
                : new MailOrigin.Client(line.text(originalClientFrom, originalClientTo), OptionalInt.empty());
    }

    private boolean readClient(LineCursor line) {
        int open = line.find('[');
        int close = line.find(']');
        if (open < 0 || close < open || open == line.at) {
            return false;
        }
        for (int i = line.at; i < open; i++) {
            if (line.bytes[i] == ' ' || line.bytes[i] == ',') {
                return false;
            }
        }
        if (!line.allOf(open + 1, close, LineCursor::isInAddress)) {
            return false;
        }
        addressFrom = open + 1;
        addressTo = close;
        line.at = close + 1;
        port = -1;
        if (line.take(':')) {
            port = line.number();
            return port >= 0 && port <= 65_535;
        }
        return close > open + 1;
    }

    /**
     * A login may hold almost anything. One that holds what separates the fields, or what begins another line, cannot be
     * told from a damaged line.
     */
    private boolean readLogin(LineCursor line) {
        loginFrom = line.at;
        int next = line.find(SEPARATOR);
        loginTo = next < 0 ? line.end : next;
        int other = line.find(TAG_END);
        boolean mixed = other >= 0 && other < loginTo || line.holdsClock(loginFrom, loginTo);
        if (loginTo == loginFrom || loginTo - loginFrom > LONGEST_LOGIN || mixed) {
            return false;
        }
        line.at = loginTo;
        return line.atEnd()
                || line.looksAt(line.at, SASL_SENDER)
                || line.looksAt(line.at, ORIG_QUEUE_ID)
                || line.looksAt(line.at, ORIG_CLIENT);
    }

    String address(LineCursor line) {
        return line.text(addressFrom, addressTo);
    }

    /** Who that is. A port of less than five digits may be cut: programs are given ones beyond 32,767 (RFC 6335, 6). */
    MailOrigin origin(LineCursor line) {
        OptionalInt from = port < LEAST_PORT ? OptionalInt.empty() : OptionalInt.of((int) port);
        String address = address(line);
        return loginFrom < 0
                ? new MailOrigin.Client(address, from)
                : new MailOrigin.Login(line.text(loginFrom, loginTo), address, from);
    }
}
