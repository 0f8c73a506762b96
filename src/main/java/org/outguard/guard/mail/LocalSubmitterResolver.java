package org.outguard.guard.mail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;

/**
 * Finds the local user behind mail that came by SMTP from this machine. Queue and log may tell of a message before the
 * kernel has told of its session, so those that nobody is found for are asked about again for some seconds.
 */
final class LocalSubmitterResolver {

    private static final int MAX_WAITING = 4_096;
    private static final long WAIT_NANOS = 3 * Nanos.PER_SECOND;

    private final LoopbackConnections book;
    private final Map<QueueId, TrackedMessage> entries;
    private final Consumer<TrackedMessage> found;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long nowNanos;

    private record Waiting(TrackedMessage entry, long untilNanos) {}

    /**
     * Knows of no connection yet.
     *
     * @param entries all messages
     * @param found takes those whose user is found later
     * @param own learns from where connections come
     */
    LocalSubmitterResolver(Map<QueueId, TrackedMessage> entries, Consumer<TrackedMessage> found, OwnAddresses own) {
        this.book = new LoopbackConnections(own);
        this.entries = entries;
        this.found = found;
    }

    void seen(MailObservation.LocalClientsSampled look) {
        book.seen(look);
        again();
    }

    void told(MailObservation.SmtpSessionEvents news) {
        book.told(news);
        again();
    }

    void tick(long nanos) {
        nowNanos = nanos;
        while (!waiting.isEmpty() && waiting.peekFirst().untilNanos < nanos) {
            waiting.removeFirst().entry.asked = false;
        }
    }

    /** Says of a message who handed it in, if that is known. */
    void settle(TrackedMessage entry) {
        entry.handedIn = user(entry);
        boolean open = entry.handedIn == null && entry.provenance().origin() instanceof MailOrigin.Client;
        if (open && !entry.asked && waiting.size() < MAX_WAITING) {
            entry.asked = true;
            waiting.addLast(new Waiting(entry, nowNanos + WAIT_NANOS));
        }
    }

    private void again() {
        waiting.removeIf(one -> {
            if (entries.get(one.entry.id) != one.entry) {
                // Another message has its id by now.
                return true;
            }
            if (one.entry.handedIn == null) {
                one.entry.handedIn = user(one.entry);
            }
            if (one.entry.handedIn != null) {
                one.entry.asked = false;
                found.accept(one.entry);
            }
            return one.entry.handedIn != null;
        });
    }

    private @Nullable Provenance user(TrackedMessage entry) {
        Provenance known = entry.handedIn;
        if (known != null && known.evidence().trusted()) {
            return known;
        }
        Provenance own = entry.provenance();
        if (own.origin() instanceof MailOrigin.Derived derived) {
            return ofParent(entry, own, derived).orElse(known);
        }
        if (own.evidence() == Provenance.Evidence.QUEUE_FILE) {
            return book.submitter(own.origin(), entry.arrival()).orElse(null);
        }
        if (known != null || entry.inLog == null || own.isDisputed()) {
            return known;
        }
        return book.submitterByLog(entry.id, own.origin(), entry.inLog.server(), entry.inLog.first())
                .orElse(null);
    }

    /* What comes out of another message is its submitter's, who had the connection when that came and not now. */
    private Optional<Provenance> ofParent(TrackedMessage entry, Provenance own, MailOrigin.Derived derived) {
        return derived.parent()
                .map(entries::get)
                .filter(parent -> parent != entry && !parent.arrival().isAfter(entry.arrival()) && !own.isDisputed())
                .filter(parent -> parent.told().origin().isSame(entry.told().origin()))
                .map(parent -> parent.handedIn)
                .map(user -> own.evidence().trusted() ? user : Provenance.of(user.origin(), own.evidence()));
    }
}
