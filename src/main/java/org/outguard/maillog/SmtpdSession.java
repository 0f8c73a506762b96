package org.outguard.maillog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.outguard.maillog.line.LineCursor;

/** One SMTP session of smtpd(8), between its connect and its disconnect line. */
final class SmtpdSession {

    /** Its connect line was not read. */
    static final long NOT_BEGUN = -1;

    private static final int MAX_MESSAGES = 64;

    /** {@code name[address]} or {@code name[address]:port}, as its connect line has it, or else its first message's. */
    final byte[] client;

    /** Messages that it handed in without a login, as their lines say. */
    final List<MessageRecord> withoutLogin = new ArrayList<>();

    /** How many lines had been damaged when its connect line was read, or {@link #NOT_BEGUN}. */
    final long damagedBefore;

    /** All its messages. */
    int messages;

    /** A message of it came with a login. */
    boolean loggedIn;

    SmtpdSession(byte[] client, long damagedBefore) {
        this.client = client;
        this.damagedBefore = damagedBefore;
    }

    void add(MessageRecord message) {
        if (withoutLogin.size() < MAX_MESSAGES) {
            withoutLogin.add(message);
        }
    }

    boolean isOf(LineCursor line, int from, int to) {
        return line.same(from, to, client);
    }

    /** Whether what the line says is but the beginning of its client. */
    boolean isCutIn(LineCursor line, int from, int to) {
        int length = to - from;
        return length < client.length && Arrays.equals(client, 0, length, line.bytes, from, to);
    }
}
