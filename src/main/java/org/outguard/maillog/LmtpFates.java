package org.outguard.maillog;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What Dovecot made of messages that it took by LMTP: its reply names a session, {@code 250 2.0.0 <user> SESSION Saved},
 * and its own line about that session says where the message lies. Either line may come first.
 */
final class LmtpFates {

    private static final byte[] SAVED = LineCursor.ascii(" Saved");
    private static final int MAX_WAITING = 4_096;
    private static final int LONGEST = 160;
    private static final int SHORTEST_SESSION = 12;

    private final LifeTable table;
    private final Map<String, String> saidBefore = new Site.Newest<>(MAX_WAITING);
    private final Map<String, Served> servedBefore = new Site.Newest<>(MAX_WAITING);

    private record Served(Life life, byte[] address) {}

    LmtpFates(LifeTable table) {
        this.table = table;
    }

    /** A recipient was served, with what the other side said in {@code from..to} of the line. */
    void served(Life life, LineCursor line, int addressFrom, int addressTo, int from, int to) {
        line.at = from;
        int end = line.find(SAVED);
        if (end < 0 || end >= to) {
            return;
        }
        int begin = end;
        while (begin > from && line.bytes[begin - 1] != ' ') {
            begin--;
        }
        if (end - begin < SHORTEST_SESSION) {
            return;
        }
        String session = line.text(begin, end);
        Served served = new Served(life, line.copy(addressFrom, addressTo));
        String said = saidBefore.remove(session);
        if (said == null) {
            servedBefore.put(session, served);
        } else {
            explain(served, said);
        }
    }

    /** Dovecot says what it did in a session. */
    void said(String session, String what) {
        Served served = servedBefore.remove(session);
        if (served == null) {
            saidBefore.put(session, what);
        } else {
            explain(served, what);
        }
    }

    private void explain(Served served, String what) {
        String shortened = what.substring(0, Math.min(what.length(), LONGEST));
        served.life.explain(served.address, (", Dovecot: " + shortened).getBytes(StandardCharsets.UTF_8));
        table.changed(served.life, served.life.lastMicros);
    }
}
