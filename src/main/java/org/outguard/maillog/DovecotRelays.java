package org.outguard.maillog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.outguard.mail.MailOrigin;

/**
 * What Dovecot's submission service says that it relayed, and under which id the mail system took it. Where Dovecot has a log
 * file of its own, its line may be read before those of the message.
 */
public final class DovecotRelays {

    private static final int MAX_WAITING = 1_024;
    private static final int MAX_OF_ONE_ID = 4;

    /** The message was queued just before, and is relayed at once. */
    private static final long RELAY_MICROS = 60_000_000;

    private final Messages messages;

    /** By id, the newest last. */
    private final Map<String, List<Relay>> waiting = new Site.Newest<>(MAX_WAITING);

    /**
     * A line of the service.
     *
     * @param host of the line; empty in a file of its own, which names none
     * @param sender as it was given to the mail system
     * @param login who had logged in
     * @param address from where
     * @param micros when
     */
    public record Relay(String host, byte[] sender, String login, String address, long micros) {
        boolean isOf(MessageRecord message) {
            return (host.isEmpty() || message.site.host.equals(host))
                    && message.origin instanceof MailOrigin.Client client
                    && Reinjections.isLoopback(client.address())
                    && Math.abs(micros - message.firstMicros) <= RELAY_MICROS
                    && (!message.senderKnown || Arrays.equals(sender, message.sender));
        }
    }

    DovecotRelays(Messages messages) {
        this.messages = messages;
    }

    /** The mail system took a message with the id {@code from..to} of the line. */
    public void taken(Relay relay, byte[] line, int from, int to) {
        boolean found = false;
        for (Site site : messages.sites()) {
            MessageRecord message = messages.table.get(site, line, from, to);
            if (message != null && relay.isOf(message)) {
                found = true;
                messages.relayed(message, relay.login(), relay.address(), relay.micros());
            }
        }
        if (!found) {
            String id = new String(line, from, to - from, StandardCharsets.US_ASCII);
            List<Relay> known = waiting.computeIfAbsent(id, key -> new ArrayList<>(1));
            if (known.size() < MAX_OF_ONE_ID) {
                known.add(relay);
            }
        }
    }

    /** A message came from this machine. */
    void cameByLoopback(MessageRecord message) {
        if (waiting.isEmpty()) {
            return;
        }
        String id = new String(message.id, StandardCharsets.US_ASCII);
        List<Relay> known = waiting.get(id);
        if (known != null) {
            known.stream()
                    .filter(relay -> relay.isOf(message))
                    .forEach(relay -> messages.relayed(message, relay.login(), relay.address(), relay.micros()));
            known.removeIf(relay -> relay.isOf(message));
        }
    }
}
