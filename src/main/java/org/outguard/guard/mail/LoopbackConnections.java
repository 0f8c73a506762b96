package org.outguard.guard.mail;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;

/**
 * Which local users had connections to the mail system: what the mail system knows of such mail is no more than that it
 * came from this machine. Where the kernel told of the session, that is the answer. Else it is what looks at the connections
 * within this machine saw, by the client's address and port.
 */
final class LoopbackConnections {

    private static final int MAX_SESSIONS = 8_192;
    private static final long KEEP_NANOS = 600 * Nanos.PER_SECOND;

    /**
     * A client's port is not taken again within a second of its last use (tcp_tw_reuse of ip-sysctl), so a message that came
     * this shortly before the first or after the last sight of a connection came by that one.
     */
    private static final long SLACK_NANOS = 900_000_000L;

    /** A connection, from the first to the last look that saw it. */
    private static final class Session {
        final MailObservation.LocalClient client;
        final long firstNanos;
        long lastNanos;

        Session(MailObservation.LocalClient client, long atNanos) {
            this.client = client;
            this.firstNanos = atNanos;
            this.lastNanos = atNanos;
        }
    }

    private record Key(Endpoint local, long inode) {}

    /** Two clocks of the kernel agree on a moment within this. */
    private static final long CLOCK_NANOS = 1_000_000L;

    /** The clock that a line is stamped by may be so far behind: time(2) goes by the kernel's tick. */
    private static final long COARSE_NANOS = 20_000_000L;

    /** A line of a log may be stamped so long after what it tells of. */
    private static final long LATE_NANOS = 250_000_000L;

    private final OwnAddresses own;
    private final SmtpSessionTable told = new SmtpSessionTable();
    private final Map<Key, Session> sessions = new LinkedHashMap<>();
    private final Map<Endpoint, ArrayDeque<Session>> byPort = new HashMap<>();

    /** @param own learns of what is seen here */
    LoopbackConnections(OwnAddresses own) {
        this.own = own;
    }

    void told(MailObservation.SmtpSessionEvents news) {
        told.told(news);
        news.sessions().forEach(session -> own.add(session.client().address()));
    }

    void seen(MailObservation.LocalClientsSampled look) {
        long at = Nanos.of(look.at());
        for (MailObservation.LocalClient client : look.clients()) {
            own.add(client.local().address());
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

    /** Whether a client connected over loopback. */
    static boolean cameByLoopback(MailOrigin.Client client) {
        return IpAddress.parse(client.address()).filter(IpAddress::loopback).isPresent();
    }

    /**
     * Who handed a message in, by the mail system's own record of it.
     *
     * @param origin as the queue has it
     * @param arrival when it came; one of whole seconds is any time of that second
     * @return empty where no connection was seen then, or more than one user's
     */
    Optional<Provenance> submitter(MailOrigin origin, Instant arrival) {
        Optional<Endpoint> client = origin instanceof MailOrigin.Client at ? endpoint(at) : Optional.empty();
        if (client.isEmpty()) {
            return Optional.empty();
        }
        long from = Nanos.of(arrival);
        long latest = latest(arrival) + CLOCK_NANOS;
        SmtpSessionTable.Answer answer = told.byClient(client.get(), from - CLOCK_NANOS, latest);
        if (answer.known() == SmtpSessionTable.Known.NOTHING && told.isBehind(latest)) {
            // A look may show who had the port a moment before.
            return Optional.empty();
        }
        Optional<MailOrigin.LocalUser> user =
                answer.known() == SmtpSessionTable.Known.NOTHING ? byLooks(client.get(), from) : answer.user();
        return user.map(one -> Provenance.of(one, Provenance.Evidence.PROCESS));
    }

    /**
     * Who handed a message in, by the log: by the port where the line has it, else by the process that wrote the line. A
     * line may be forged, so this is no better evidence than the line. Nobody, until all is told of the time that is meant.
     *
     * @param id of the message, which may tell when it came
     * @param origin as the log has it
     * @param server process that wrote the line, 0 where unknown
     * @param stamp of the line
     */
    Optional<Provenance> submitterByLog(QueueId id, MailOrigin origin, int server, Instant stamp) {
        if (!(origin instanceof MailOrigin.Client client) || !told.isCompleteUntil(latest(stamp) + COARSE_NANOS)) {
            return Optional.empty();
        }
        Optional<IpAddress> address = IpAddress.parse(client.address());
        int process = server == 0 ? id.eximProcess() : server;
        Set<MailOrigin.LocalUser> users = new HashSet<>();
        for (Span span : spans(id, stamp)) {
            SmtpSessionTable.Answer answer = endpoint(client)
                    .map(port -> told.byClient(port, span.fromNanos, span.toNanos))
                    .or(() -> address.map(from -> told.byServer(process, from, span.fromNanos, span.toNanos)))
                    .orElse(SmtpSessionTable.Answer.NOTHING);
            if (answer.known() == SmtpSessionTable.Known.NOBODY) {
                return Optional.empty();
            }
            answer.user().ifPresent(users::add);
        }
        return users.size() == 1
                ? Optional.of(Provenance.of(users.iterator().next(), Provenance.Evidence.LOG))
                : Optional.empty();
    }

    private record Span(long fromNanos, long toNanos) {}

    /* When it may have come: a stamp of whole seconds leaves open in which second the microseconds of the id were. */
    private static List<Span> spans(QueueId id, Instant stamp) {
        long latest = latest(stamp) + COARSE_NANOS;
        OptionalLong fraction = id.postfixNanos();
        if (fraction.isEmpty()) {
            return List.of(new Span(Nanos.of(stamp) - LATE_NANOS, latest));
        }
        List<Span> spans = new ArrayList<>();
        long at = latest - Math.floorMod(latest - fraction.getAsLong(), Nanos.PER_SECOND);
        while (at >= Nanos.of(stamp) - LATE_NANOS) {
            spans.add(new Span(at - CLOCK_NANOS, at + CLOCK_NANOS));
            at -= Nanos.PER_SECOND;
        }
        return spans;
    }

    private static long latest(Instant stamp) {
        long nanos = Nanos.of(stamp);
        return nanos % Nanos.PER_SECOND == 0 ? nanos + Nanos.PER_SECOND - 1 : nanos;
    }

    private static Optional<Endpoint> endpoint(MailOrigin.Client client) {
        return client.port().isEmpty()
                ? Optional.empty()
                : IpAddress.parse(client.address())
                        .map(address -> new Endpoint(address, client.port().getAsInt()));
    }

    private Optional<MailOrigin.LocalUser> byLooks(Endpoint client, long atNanos) {
        Set<MailOrigin.LocalUser> users = byPort.getOrDefault(client, new ArrayDeque<>()).stream()
                .filter(session ->
                        atNanos >= session.firstNanos - SLACK_NANOS && atNanos <= session.lastNanos + SLACK_NANOS)
                .map(session -> session.client.user())
                .collect(Collectors.toSet());
        return users.size() == 1 ? Optional.of(users.iterator().next()) : Optional.empty();
    }
}
