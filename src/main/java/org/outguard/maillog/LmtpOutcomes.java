package org.outguard.maillog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.outguard.maillog.line.LineCursor;

/**
 * What Dovecot made of messages that it took by LMTP: its reply names a session, {@code 250 2.0.0 <user> SESSION Saved},
 * and its own lines about that session say where the message lies, or to whom a Sieve script (RFC 5228) forwarded it.
 * Any of these lines may come first.
 */
public final class LmtpOutcomes {

    private static final byte[] SAVED = LineCursor.ascii(" Saved");
    private static final int MAX_WAITING = 4_096;
    private static final int LONGEST = 160;
    private static final int SHORTEST_SESSION = 12;

    /** As {@link SameMessageIds} calls who takes messages and hands them back. */
    private static final String SIEVE = "dovecot";

    private final Messages messages;
    private final SameMessageIds sameIds;
    private final Map<String, Said> said = new Site.Newest<>(MAX_WAITING);
    private final Map<String, Served> served = new Site.Newest<>(MAX_WAITING);

    private record Served(MessageRecord message, byte[] address) {}

    private record Said(String what, boolean forwarded, long micros) {

        Said and(Said more) {
            String both = what + ", " + more.what;
            return new Said(shortened(both), forwarded || more.forwarded, more.micros);
        }
    }

    /**
     * Empty.
     *
     * @param sameIds told of what was forwarded
     */
    LmtpOutcomes(Messages messages, SameMessageIds sameIds) {
        this.messages = messages;
        this.sameIds = sameIds;
    }

    /** A recipient was served, as the line says that {@code delivery} has read. */
    void served(MessageRecord message, LineCursor line, PostfixDelivery delivery) {
        served(message, line, delivery.addressFrom, delivery.addressTo, delivery.reasonFrom, delivery.reasonTo);
    }

    /** A recipient was served, with what the other side said in {@code from..to} of the line. */
    void served(MessageRecord message, LineCursor line, int addressFrom, int addressTo, int from, int to) {
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
        Served one = new Served(message, line.copy(addressFrom, addressTo));
        served.put(session, one);
        Said before = said.remove(session);
        if (before != null) {
            explain(session, one, before);
        }
    }

    /**
     * Dovecot says what it did in a session.
     *
     * @param host that its log names, empty where it names none
     * @param forwarded whether it handed the message in anew, for somebody else
     */
    public void said(String host, String session, String what, boolean forwarded, long micros) {
        Said more = new Said(shortened(what), forwarded, micros);
        Served one = served.get(session);
        if (one == null) {
            said.merge(session, more, Said::and);
            for (Site site : forwarded ? messages.sites() : List.<Site>of()) {
                if (host.isEmpty() || site.host.equals(host)) {
                    sameIds.tookUnknown(site, SIEVE, session, 0, micros);
                }
            }
        } else {
            explain(session, one, more);
        }
    }

    private void explain(String session, Served one, Said said) {
        one.message.explain(one.address, (", Dovecot: " + said.what).getBytes(StandardCharsets.UTF_8));
        messages.table.changed(one.message, one.message.lastMicros);
        if (said.forwarded) {
            sameIds.wentOut(one.message, SIEVE, 0, said.micros);
            for (Site site : messages.sites()) {
                site.pipeFilters.isKnown(SIEVE, session, messages.table::judgedAnew);
            }
        }
    }

    private static String shortened(String what) {
        return what.substring(0, Math.min(what.length(), LONGEST));
    }
}
