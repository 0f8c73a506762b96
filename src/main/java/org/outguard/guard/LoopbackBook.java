package org.outguard.guard;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;

/**
 * Which local users had connections to the mail system over loopback, by the client's port: what the mail system knows of
 * such mail is no more than that it came from this machine.
 */
final class LoopbackBook {

    private static final int MAX_SESSIONS = 8_192;
    private static final long KEEP_NANOS = 600 * Nanos.PER_SECOND;

    /**
     * A client's port is not taken again within a second of its last use (tcp_tw_reuse of ip-sysctl), so a message that came
     * this shortly before the first or after the last sight of a connection came by that one.
     */
    private static final long SLACK_NANOS = 900_000_000L;

    /** A connection, from the first to the last look that saw it. */
    private static final class Session {
        final Observation.LocalClient client;
        final long firstNanos;
        long lastNanos;

        Session(Observation.LocalClient client, long atNanos) {
            this.client = client;
            this.firstNanos = atNanos;
            this.lastNanos = atNanos;
        }
    }

    private record Key(Endpoint local, long inode) {}

    private final Map<Key, Session> sessions = new LinkedHashMap<>();
    private final Map<Endpoint, ArrayDeque<Session>> byPort = new HashMap<>();

    void seen(Observation.HandedIn look) {
        long at = Nanos.of(look.at());
        for (Observation.LocalClient client : look.clients()) {
            Key key = new Key(client.local(), client.inode());
            Session session = sessions.get(key);
            if (session == null) {
                session = new Session(client, at);
                sessions.put(key, session);
                byPort.computeIfAbsent(client.local(), port -> new ArrayDeque<>(1))
                        .addLast(session);
            }
            session.lastNanos = at;
        }
        var oldest = sessions.entrySet().iterator();
        while (oldest.hasNext()) {
            Session session = oldest.next().getValue();
            if (sessions.size() <= MAX_SESSIONS && at - session.lastNanos < KEEP_NANOS) {
                return;
            }
            oldest.remove();
            byPort.computeIfPresent(session.client.local(), (port, all) -> {
                all.remove(session);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** Whether this says no more than that a message came from this machine. */
    static boolean isLoopback(MailOrigin origin) {
        return origin instanceof MailOrigin.Client client && local(client).isPresent();
    }

    private static Optional<Endpoint> local(MailOrigin.Client client) {
        return client.port().isEmpty()
                ? Optional.empty()
                : IpAddress.parse(client.address())
                        .filter(IpAddress::loopback)
                        .map(address -> new Endpoint(address, client.port().getAsInt()));
    }

    /**
     * Who handed a message in; empty where no connection was seen then, or more than one user's.
     *
     * @param client as the mail system has it
     * @param atNanos when the message came, to the microsecond
     */
    Optional<Provenance> submitter(MailOrigin client, long atNanos) {
        if (!(client instanceof MailOrigin.Client local)) {
            return Optional.empty();
        }
        Set<MailOrigin.LocalUser> users =
                local(local)
                        .map(port -> byPort.getOrDefault(port, new ArrayDeque<>()))
                        .orElseGet(ArrayDeque::new)
                        .stream()
                        .filter(session -> atNanos >= session.firstNanos - SLACK_NANOS
                                && atNanos <= session.lastNanos + SLACK_NANOS)
                        .map(session -> session.client.user())
                        .collect(Collectors.toSet());
        return users.size() == 1
                ? Optional.of(Provenance.of(users.iterator().next(), Provenance.Evidence.PROCESS))
                : Optional.empty();
    }
}
