package org.outguard.guard.traffic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.outguard.flow.RateWindow;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.TopKCounter;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;

/** Whose mail a talker's traffic is. */
public final class SubmitterTraffic {

    private static final int MAX_REMEMBERED = 256;

    public final MailOrigin origin;
    private final TopKCounter scripts = new TopKCounter();
    private final Deque<QueueId> newest = new ArrayDeque<>();

    /** Messages by when they were first seen on a connection; one that is tried again later counts again. */
    public final RateWindow messages = new RateWindow(60);

    private Provenance.Evidence evidence = Provenance.Evidence.NONE;

    SubmitterTraffic(MailOrigin submitter) {
        this.origin = submitter;
    }

    void sends(Delivery delivery, long atNanos) {
        Provenance root = delivery.root();
        if (root.evidence().compareTo(evidence) < 0) {
            evidence = root.evidence();
        }
        if (!newest.contains(delivery.id())) {
            newest.addFirst(delivery.id());
            messages.add(atNanos, 1);
            scripts.add(root.origin().script(), 1);
            if (newest.size() > MAX_REMEMBERED) {
                newest.removeLast();
            }
        }
    }

    private String script() {
        return scripts.most(1).stream()
                .map(MailSnapshot.Counted::text)
                .findFirst()
                .orElse("");
    }

    /** For a reason: {@code "user www-data, script x7.php"}. */
    public String words() {
        String who = origin instanceof MailOrigin.LocalUser
                ? "user " + origin.who()
                : origin instanceof MailOrigin.Login ? "login " + origin.who() : origin.kind() + " " + origin.who();
        return script().isEmpty() ? who : who + ", script " + script();
    }

    Talker.Mail view(Optional<MailSnapshot.Totals> counts) {
        List<QueueId> ids = newest.stream().limit(MailSnapshot.MAX_LISTED).toList();
        return new Talker.Mail(origin, script(), evidence, ids, counts.orElse(MailSnapshot.NONE.totals()));
    }
}
