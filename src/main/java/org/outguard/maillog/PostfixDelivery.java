package org.outguard.maillog;

import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage.Status;
import org.outguard.maillog.line.LineCursor;

/**
 * {@code to=<…>, orig_to=<…>, relay=…, conn_use=…, delay=…, delays=…, dsn=…, status=… (…)}, as log_adhoc.c writes it.
 * Read strictly from the left: recipients and what remote hosts say may look like any field. Used again for each line.
 */
final class PostfixDelivery {

    private static final byte[] TO = LineCursor.ascii("to=<");
    private static final byte[] ORIG_TO = LineCursor.ascii(">, orig_to=<");
    private static final byte[] SEPARATOR = LineCursor.ascii(", ");
    private static final byte[] RELAY = LineCursor.ascii("relay=");
    private static final byte[] DELAY = LineCursor.ascii("delay=");
    private static final byte[] DELAYS = LineCursor.ascii("delays=");
    private static final byte[] DSN = LineCursor.ascii("dsn=");
    private static final byte[] STATUS = LineCursor.ascii("status=");
    private static final byte[] LOOPBACK = LineCursor.ascii("[127.");
    private static final byte[] LOOPBACK6 = LineCursor.ascii("[::1]");
    private static final byte[] SENT = LineCursor.ascii("sent (");
    private static final byte[] BOUNCED = LineCursor.ascii("bounced (");
    private static final byte[] EXPIRED = LineCursor.ascii("expired (");
    private static final byte[] DEFERRED = LineCursor.ascii("deferred (");
    private static final byte[] SOFT_BOUNCE = LineCursor.ascii("SOFTBOUNCE (");
    private static final byte[] DELIVERABLE = LineCursor.ascii("deliverable");
    private static final byte[] UNDELIVERABLE = LineCursor.ascii("undeliverable");
    private static final int LONGEST_REASON = 160;
    private static final int SMTP_PORT = 25;

    enum Result {
        /** The line says what became of a recipient. */
        SERVED,
        /** It says what a probe of verify(8) has found out: nothing was sent. */
        PROBED,
        /** It says something else. */
        OTHER,
        /** It begins so and cannot be read to its end. */
        DAMAGED
    }

    int addressFrom;
    int addressTo;
    int relayFrom;
    int relayTo;
    long delay;
    Status status = Status.SENT;
    int reasonFrom;
    int reasonTo;

    Result read(LineCursor line) {
        if (!line.take(TO)) {
            return Result.OTHER;
        }
        addressFrom = line.at;
        addressTo = line.addressEnd();
        // What is quoted may hold anything; where it is not, another line begins there.
        if (addressTo < 0 || line.peek(addressFrom) != '"' && line.holdsTag(addressFrom, addressTo)) {
            return Result.DAMAGED;
        }
        line.at = addressTo;
        if (line.take(ORIG_TO)) {
            int close = line.addressEnd();
            if (close < 0) {
                return Result.DAMAGED;
            }
            line.at = close;
        }
        if (!line.take('>') || !fields(line)) {
            return Result.DAMAGED;
        }
        if (line.take(UNDELIVERABLE) || line.take(DELIVERABLE)) {
            return Result.PROBED;
        }
        Status said = status(line);
        if (said == null) {
            return Result.DAMAGED;
        }
        status = said;
        // With its bracket, which what is inside cannot forge.
        reasonFrom = line.at - 1;
        reasonTo = Math.min(line.end, reasonFrom + LONGEST_REASON);
        return Result.SERVED;
    }

    /**
     * What stands between the recipient and the status: {@code , name=value}, without blanks. Later versions have more of
     * them, such as {@code tls=} since 3.11; one that is not known is stepped over.
     *
     * @return false where one of those is missing that every version writes, or stands there twice; else the cursor is
     *     behind {@code status=}
     */
    private boolean fields(LineCursor line) {
        relayFrom = -1;
        delay = -1;
        boolean delays = false;
        boolean dsn = false;
        while (line.take(SEPARATOR)) {
            if (line.take(STATUS)) {
                return relayFrom >= 0 && delay >= 0 && delays && dsn;
            }
            boolean relay = line.take(RELAY);
            boolean isDelay = !relay && line.take(DELAY);
            boolean areDelays = !relay && !isDelay && line.take(DELAYS);
            boolean isDsn = !relay && !isDelay && !areDelays && line.take(DSN);
            boolean known = relay || isDelay || areDelays || isDsn;
            boolean twice = relay && relayFrom >= 0 || isDelay && delay >= 0 || areDelays && delays || isDsn && dsn;
            if (twice || !known && !name(line)) {
                return false;
            }
            int from = line.at;
            int to = line.find(',');
            if (to < 0 || !line.allOf(from, to, b -> b != ' ')) {
                return false;
            }
            if (relay) {
                relayFrom = from;
                relayTo = to;
            } else if (isDelay) {
                delay = line.seconds();
            }
            delays |= areDelays;
            dsn |= isDsn;
            line.at = to;
        }
        return false;
    }

    /** Steps over the name of a field and its {@code =}. */
    private static boolean name(LineCursor line) {
        int equals = line.find('=');
        if (equals <= line.at || !line.allOf(line.at, equals, PostfixDelivery::isInName)) {
            return false;
        }
        line.at = equals + 1;
        return true;
    }

    private static boolean isInName(byte b) {
        return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_';
    }

    private static @Nullable Status status(LineCursor line) {
        if (line.take(SENT)) {
            return Status.SENT;
        }
        if (line.take(DEFERRED) || line.take(SOFT_BOUNCE)) {
            return Status.DEFERRED;
        }
        if (line.take(BOUNCED)) {
            return Status.BOUNCED;
        }
        return line.take(EXPIRED) ? Status.EXPIRED : null;
    }

    /** The address of the relay; null where it has none. */
    @Nullable
    String relayAddress(LineCursor line) {
        int open = relayFrom;
        while (open < relayTo && line.bytes[open] != '[') {
            open++;
        }
        int close = open;
        while (close < relayTo && line.bytes[close] != ']') {
            close++;
        }
        return close < relayTo && close - open > 1 ? line.text(open + 1, close) : null;
    }

    /** Whether the relay's port is another than that of every mail server, so that it was set by who runs this machine. */
    boolean toOwnPort(LineCursor line) {
        int colon = relayTo;
        while (colon > relayFrom && line.bytes[colon] != ':') {
            colon--;
        }
        int at = line.at;
        line.at = colon + 1;
        long port = colon > relayFrom && line.bytes[colon - 1] == ']' ? line.number() : -1;
        line.at = at;
        return port > 0 && port != SMTP_PORT;
    }

    /** Whether it went to a program on this machine by TCP, such as a content filter. */
    boolean toLoopback(LineCursor line) {
        for (int i = relayFrom; i < relayTo; i++) {
            if (line.bytes[i] == '[') {
                return line.looksAt(i, LOOPBACK) || line.looksAt(i, LOOPBACK6);
            }
        }
        return false;
    }
}
