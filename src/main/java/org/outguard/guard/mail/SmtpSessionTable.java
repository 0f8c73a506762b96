package org.outguard.guard.mail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.LocalSession;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.MailOrigin;

/**
 * SMTP sessions between processes of this machine and its mail system, as the kernel told of them: who was at the client's
 * end, from when to when, and which process served it. A port and a process are used again, so a session is only meant
 * together with a time; where a time leaves several users open, it is nobody's.
 */
final class SmtpSessionTable {

    private static final int MAX_SESSIONS = 16_384;
    private static final long KEEP_NANOS = 600 * Nanos.PER_SECOND;

    /** What is known of the user behind a message. */
    enum Known {
        /** No session was told of that it may have come by. */
        NOTHING,
        /** Those that it may have come by are of different users, or one of them is of no certain user. */
        NOBODY,
        USER
    }

    /**
     * Who may have handed a message in.
     *
     * @param user only where it is known
     */
    record Answer(Known known, Optional<MailOrigin.LocalUser> user) {
        static final Answer NOTHING = new Answer(Known.NOTHING, Optional.empty());
        static final Answer NOBODY = new Answer(Known.NOBODY, Optional.empty());
    }

    private static final class Session {
        final Key key;
        final MailOrigin.LocalUser user;
        final long begunNanos;
        final Set<Integer> servers = new HashSet<>(2);
        long overNanos = Long.MAX_VALUE;
        long toldNanos;
        boolean mixed;

        Session(Key key, LocalSession word) {
            this.key = key;
            this.user = LocalSession.userOf(word.owner());
            this.begunNanos = word.begunNanos();
            this.mixed = LocalSession.isRelay(word.owner());
        }

        boolean isOpen() {
            return overNanos == Long.MAX_VALUE;
        }

        boolean within(long fromNanos, long toNanos) {
            return begunNanos <= toNanos && overNanos >= fromNanos;
        }
    }

    private record Key(Endpoint client, Endpoint server, long connected) {}

    /** In the order in which they were first told. */
    private final Map<Key, Session> sessions = new LinkedHashMap<>();

    private final Map<Endpoint, ArrayDeque<Session>> byClient = new HashMap<>();
    private final Map<Integer, ArrayDeque<Session>> byServer = new HashMap<>();
    private long newestNanos;
    private long untilNanos = Long.MIN_VALUE;

    /** Takes in what was told since the time before. */
    void told(MailObservation.SmtpSessionEvents told) {
        if (!told.complete()) {
            // That one of these is over may be among what was lost; then its port and process are others' by now.
            sessions.values().stream()
                    .filter(Session::isOpen)
                    .forEach(session -> session.overNanos = session.toldNanos);
        }
        told.sessions().forEach(this::told);
        untilNanos = Math.max(untilNanos, told.untilNanos());
        forget();
    }

    private void told(LocalSession word) {
        newestNanos = Math.max(newestNanos, word.atNanos());
        Key key = new Key(word.client(), word.server(), word.connected());
        Session session = sessions.get(key);
        if (session == null) {
            session = new Session(key, word);
            sessions.put(key, session);
            ArrayDeque<Session> ofPort = byClient.computeIfAbsent(key.client, port -> new ArrayDeque<>(1));
            for (Session before : ofPort) {
                if (before.key.server.equals(key.server) && before.isOpen()) {
                    before.overNanos = session.begunNanos;
                }
            }
            ofPort.addLast(session);
        }
        session.toldNanos = word.atNanos();
        switch (word.word()) {
            case SERVED -> {
                if (word.serverPid() != 0 && session.servers.add(word.serverPid())) {
                    endOneBefore(word);
                    byServer.computeIfAbsent(word.serverPid(), pid -> new ArrayDeque<>(1))
                            .addLast(session);
                }
            }
            case OVER -> session.overNanos = word.atNanos();
            case MIXED -> session.mixed = true;
        }
    }

    /* A process of Postfix or of Exim serves one session at a time. */
    private void endOneBefore(LocalSession word) {
        ArrayDeque<Session> served = byServer.get(word.serverPid());
        Session before = served == null ? null : served.peekLast();
        if (before != null) {
            before.overNanos = Math.min(before.overNanos, word.atNanos());
        }
    }

    private void forget() {
        var oldest = sessions.values().iterator();
        while (oldest.hasNext()) {
            Session session = oldest.next();
            boolean old = !session.isOpen() && newestNanos - session.overNanos > KEEP_NANOS;
            if (sessions.size() <= MAX_SESSIONS && !old) {
                // One that stays open holds up those behind it, until there is no more room.
                return;
            }
            oldest.remove();
            remove(byClient, session.key.client, session);
            session.servers.forEach(pid -> remove(byServer, pid, session));
        }
    }

    private static <K> void remove(Map<K, ArrayDeque<Session>> index, K key, Session session) {
        index.computeIfPresent(key, (k, all) -> {
            all.remove(session);
            return all.isEmpty() ? null : all;
        });
    }

    /** Whether the kernel tells of sessions, and not yet of that time. */
    boolean isBehind(long nanos) {
        return untilNanos != Long.MIN_VALUE && untilNanos < nanos;
    }

    /** Whether all that was before a time has been told. */
    boolean isCompleteUntil(long nanos) {
        return untilNanos >= nanos;
    }

    /**
     * Who was at a client's end.
     *
     * @param client address and port
     * @param fromNanos when the message came at the earliest
     * @param toNanos at the latest
     */
    Answer byClient(Endpoint client, long fromNanos, long toNanos) {
        return answer(byClient.getOrDefault(client, new ArrayDeque<>()).stream()
                .filter(session -> session.within(fromNanos, toNanos))
                .toList());
    }

    /**
     * Whose session a process served.
     *
     * @param serverPid as its logs call it
     * @param client address of the client
     */
    Answer byServer(int serverPid, IpAddress client, long fromNanos, long toNanos) {
        return answer(byServer.getOrDefault(serverPid, new ArrayDeque<>()).stream()
                .filter(session -> session.key.client.address().equals(client) && session.within(fromNanos, toNanos))
                .toList());
    }

    private static Answer answer(List<Session> candidates) {
        if (candidates.isEmpty()) {
            return Answer.NOTHING;
        }
        List<MailOrigin.LocalUser> users = new ArrayList<>();
        for (Session session : candidates) {
            if (session.mixed) {
                return Answer.NOBODY;
            }
            users.add(session.user);
        }
        MailOrigin.LocalUser first = users.get(0);
        if (!users.stream().allMatch(first::isSame)) {
            return Answer.NOBODY;
        }
        boolean sameScript = users.stream().distinct().count() == 1;
        return new Answer(
                Known.USER, Optional.of(sameScript ? first : new MailOrigin.LocalUser(first.uid(), first.user(), "")));
    }
}
