package org.outguard.guard.observation;

import java.util.List;
import java.util.Map;
import org.outguard.flow.FlowKey;

/**
 * What was heard in the clear on one connection to a mail server (RFC 5321) since the report before. It is what passed by, read
 * as far as it was seen: no count of what was sent. Text comes from outside; it is bounded, not made safe.
 *
 * @param flow the connection, own end first
 * @param lastNanos capture time of the last of it, nanoseconds since the epoch
 * @param begins whether this is the connection's first report
 * @param encrypted whether it went over to TLS, after which nothing is read
 * @param greetings names given with EHLO or HELO, oldest first, at most {@link #MAX_TEXTS}
 * @param senders addresses of MAIL FROM, oldest first, at most {@link #MAX_TEXTS}; {@code <>} for the null sender
 * @param messages messages begun: MAIL commands
 * @param recipients RCPT commands
 * @param refused refused recipients by the code of the reply, 400 to 599
 * @param replies all replies by code, 200 to 599
 */
public record SmtpReport(
        FlowKey flow,
        long lastNanos,
        boolean begins,
        boolean encrypted,
        List<String> greetings,
        List<String> senders,
        long messages,
        long recipients,
        Map<Integer, Long> refused,
        Map<Integer, Long> replies) {

    /** Most texts of a kind in one report; of more, the newest. */
    public static final int MAX_TEXTS = 16;

    /** Longest name or address, in bytes (RFC 5321, 4.5.3.1: 255 and 256); what is longer is cut. */
    public static final int MAX_BYTES = 256;

    public SmtpReport {
        greetings = List.copyOf(greetings);
        senders = List.copyOf(senders);
        refused = Map.copyOf(refused);
        replies = Map.copyOf(replies);
    }
}
