package org.outguard.maillog;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.QueueIds;

/**
 * Sessions before whose queue a filter stands (SMTPD_PROXY_README of Postfix): who logged in says the line of the outer
 * smtpd(8), {@code NOQUEUE: client=…, sasl_username=…}; the message has the line of the inner one, to which the filter
 * connects. Which belongs to which says {@code proxy-accept: END-OF-MESSAGE: 250 … queued as ID}.
 */
final class ProxyFilters {

    private static final int MAX_SESSIONS = 4_096;
    private static final int MAX_WAITING = 1_024;
    private static final long WINDOW = 600_000_000L;
    private static final byte[] QUEUED_AS = LineCursor.ascii("queued as ");
    private static final byte[] FROM = LineCursor.ascii("; from=<");

    private final Messages messages;
    private final Reinjections reinjections;
    private final Map<String, MailOrigin> sessions = new Site.Newest<>(MAX_SESSIONS);
    private final Map<String, Accepted> waiting = new Site.Newest<>(MAX_WAITING);

    private record Accepted(MailOrigin origin, long micros) {}

    ProxyFilters(Messages messages, Reinjections reinjections) {
        this.messages = messages;
        this.reinjections = reinjections;
    }

    /** The outer process has a client; null where its line cannot be read. */
    void client(Site site, int pid, @Nullable MailOrigin origin) {
        if (origin == null) {
            sessions.remove(key(site, pid));
        } else {
            sessions.put(key(site, pid), origin);
        }
    }

    /** The session of the outer process begins or ends. */
    void over(Site site, int pid) {
        if (!sessions.isEmpty()) {
            sessions.remove(key(site, pid));
        }
    }

    /** The filter took a message of the outer process and passed it on; its words stand from the cursor on. */
    void accepted(Site site, int pid, LineCursor line, long micros) {
        MailOrigin origin = sessions.get(key(site, pid));
        int end = line.find(FROM);
        LineCursor reply = new LineCursor();
        reply.set(line.bytes, line.at, end < 0 ? line.end : end);
        int words = Reinjections.lastOf(reply, QUEUED_AS);
        int from = words + QUEUED_AS.length;
        if (origin == null || words < 0 || reply.holdsTag(reply.at, reply.end) || !QueueIds.is(line, from, reply.end)) {
            return;
        }
        MessageRecord message = reinjections.find(site, line, from, reply.end);
        if (message == null || message.ended() && micros - message.lastMicros > WINDOW) {
            String id = new String(line.copy(from, reply.end), StandardCharsets.US_ASCII);
            waiting.put(site.host + '/' + id, new Accepted(origin, micros));
        } else {
            join(message, origin, micros);
        }
    }

    /**
     * The inner process has a message, which came from a filter on this machine.
     *
     * @param original who the filter says it is from; null where it does not say
     */
    void arrived(MessageRecord message, MailOrigin.@Nullable Client original, long micros) {
        boolean known = message.origin instanceof MailOrigin.Client client && Reinjections.isLoopback(client.address());
        if (original != null && (known || !sessions.isEmpty())) {
            message.relayedFor = original;
            message.awaitsProxy = true;
        }
        Accepted accepted = waiting.isEmpty()
                ? null
                : waiting.remove(message.site.host + '/' + message.queueId().id());
        if (accepted != null && micros - accepted.micros() <= WINDOW) {
            join(message, accepted.origin(), micros);
        }
    }

    private void join(MessageRecord message, MailOrigin origin, long micros) {
        if (message.origin instanceof MailOrigin.Client) {
            boolean other = message.relayedFor instanceof MailOrigin.Client before
                    && !before.address().equals(address(origin));
            message.relayedForOthers |= other;
            message.relayedFor = origin;
            message.awaitsProxy = false;
            messages.table.changed(message, micros);
        }
    }

    private static String address(MailOrigin origin) {
        return origin instanceof MailOrigin.Login login ? login.client() : origin.who();
    }

    private static String key(Site site, int pid) {
        return site.index + "/" + pid;
    }
}
