package org.outguard.maillog;

import org.outguard.maillog.line.LineCursor;

/**
 * {@code reject: RCPT from name[address]: 550 5.1.1 …; from=<…> to=<…> proto=ESMTP helo=<…>} of smtpd(8), the same by a
 * milter, and {@code reject: header … from name[address]; from=<…> to=<…> proto=ESMTP helo=<…>: 5.7.1 …} of cleanup(8).
 * Text of the other side stands before and behind the addresses: they are taken only where nothing else can be meant.
 * Used again for each line.
 */
final class PostfixRefusal {

    private static final byte[][] VERBS = {
        LineCursor.ascii("reject: "),
        LineCursor.ascii("milter-reject: "),
        LineCursor.ascii("discard: "),
        LineCursor.ascii("milter-discard: ")
    };
    private static final byte[] RCPT = LineCursor.ascii("RCPT ");
    private static final byte[] MAIL = LineCursor.ascii("MAIL ");
    private static final byte[] FROM = LineCursor.ascii("; from=<");
    private static final byte[] TO = LineCursor.ascii("> to=<");
    private static final byte[] PROTO = LineCursor.ascii("> proto=");
    private static final byte[] TEXT = LineCursor.ascii(">: ");
    private static final int LONGEST_REASON = 160;

    /** The whole message was refused or thrown away, not one recipient of it. */
    boolean whole;

    /** Where the sender stands, -1 where it cannot be told. */
    int senderFrom;

    int senderTo;

    /** Where the recipient stands, -1 where none is named or it cannot be told. */
    int recipientFrom;

    int recipientTo;
    int reasonFrom;
    int reasonTo;

    /** Reads it; false where the line says something else. */
    boolean read(LineCursor line) {
        int verb = verb(line);
        if (verb < 0) {
            return false;
        }
        boolean one = line.looksAt(line.at, RCPT) || line.looksAt(line.at, MAIL);
        whole = verb >= 2 || !one;
        reasonFrom = line.at;
        reasonTo = Math.min(line.end, reasonFrom + LONGEST_REASON);
        addresses(line);
        return true;
    }

    private static int verb(LineCursor line) {
        for (int i = 0; i < VERBS.length; i++) {
            if (line.take(VERBS[i])) {
                return i;
            }
        }
        return -1;
    }

    private void addresses(LineCursor line) {
        senderFrom = -1;
        recipientFrom = -1;
        int found = 0;
        for (int next = line.find(FROM); next >= 0; next = line.find(FROM)) {
            line.at = next + FROM.length;
            int from = line.at;
            int to = line.addressEnd();
            if (to < 0) {
                continue;
            }
            int otherFrom = -1;
            int otherTo = -1;
            line.at = to;
            if (line.take(TO)) {
                otherFrom = line.at;
                otherTo = line.addressEnd();
                line.at = Math.max(otherTo, line.at);
            }
            boolean closed = line.looksAt(line.at, PROTO)
                    || line.looksAt(line.at, TEXT)
                    || line.peek(line.at) == '>' && line.at + 1 == line.end;
            if (closed) {
                found++;
                senderFrom = from;
                senderTo = to;
                recipientFrom = otherFrom;
                recipientTo = otherTo;
            }
        }
        if (found != 1) {
            senderFrom = -1;
            recipientFrom = -1;
        }
    }
}
