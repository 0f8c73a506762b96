package org.outguard.maillog;

import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage.Status;

/**
 * {@code to=<…>, orig_to=<…>, relay=…, conn_use=…, delay=…, delays=…, dsn=…, status=… (…)}, as log_adhoc.c writes it.
 * Read strictly from the left: recipients and what remote hosts say may look like any field. Used again for each line.
 */
final class PostfixDelivery {

    private static final byte[] TO = LineCursor.ascii("to=<");
    private static final byte[] ORIG_TO = LineCursor.ascii(">, orig_to=<");
    private static final byte[] RELAY = LineCursor.ascii(">, relay=");
    private static final byte[] CONN_USE = LineCursor.ascii(", conn_use=");
    private static final byte[] DELAY = LineCursor.ascii(", delay=");
    private static final byte[] DELAYS = LineCursor.ascii(", delays=");
    private static final byte[] DSN = LineCursor.ascii(", dsn=");
    private static final byte[] STATUS = LineCursor.ascii(", status=");
    private static final byte[] LOOPBACK = LineCursor.ascii("[127.");
    private static final byte[] LOOPBACK6 = LineCursor.ascii("[::1]");
    private static final byte[] SENT = LineCursor.ascii("sent (");
    private static final byte[] DELIVERABLE = LineCursor.ascii("deliverable (");
    private static final byte[] BOUNCED = LineCursor.ascii("bounced (");
    private static final byte[] UNDELIVERABLE = LineCursor.ascii("undeliverable (");
    private static final byte[] EXPIRED = LineCursor.ascii("expired (");
    private static final byte[] DEFERRED = LineCursor.ascii("deferred (");
    private static final int LONGEST_REASON = 160;

    enum Result {
        /** The line says what became of a recipient. */
        SERVED,
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
        if (!line.take(RELAY)) {
            return Result.DAMAGED;
        }
        relayFrom = line.at;
        relayTo = line.find(',');
        if (relayTo < 0) {
            return Result.DAMAGED;
        }
        line.at = relayTo;
        if (line.take(CONN_USE)) {
            line.number();
        }
        if (!line.take(DELAY)) {
            return Result.DAMAGED;
        }
        delay = line.seconds();
        boolean whole = line.take(DELAYS) && skipTo(line, DSN) && skipTo(line, STATUS);
        Status said = whole ? status(line) : null;
        if (said == null) {
            return Result.DAMAGED;
        }
        status = said;
        // With its bracket, which what is inside cannot forge.
        reasonFrom = line.at - 1;
        reasonTo = Math.min(line.end, reasonFrom + LONGEST_REASON);
        return Result.SERVED;
    }

    private static boolean skipTo(LineCursor line, byte[] next) {
        int comma = line.find(',');
        if (comma < 0) {
            return false;
        }
        line.at = comma;
        return line.take(next);
    }

    private static @Nullable Status status(LineCursor line) {
        if (line.take(SENT) || line.take(DELIVERABLE)) {
            return Status.SENT;
        }
        if (line.take(DEFERRED)) {
            return Status.DEFERRED;
        }
        if (line.take(BOUNCED) || line.take(UNDELIVERABLE) || line.take(EXPIRED)) {
            return Status.BOUNCED;
        }
        return null;
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
