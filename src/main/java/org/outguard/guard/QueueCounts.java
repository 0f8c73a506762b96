package org.outguard.guard;

import java.time.Instant;
import java.util.Optional;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Status;

/** Sums over messages of a queue. */
final class QueueCounts {

    long queued;
    long held;
    long deferred;
    long messages;
    long backscatter;
    long disputed;

    /** Counts a message in (1) or out (-1); {@link #messages} is counted by others. */
    void add(QueuedMessage message, int sign) {
        queued += sign;
        held += message.status() == Status.HOLD ? sign : 0;
        deferred += message.status() == Status.DEFERRED ? sign : 0;
        disputed += message.root().isDisputed() ? sign : 0;
        boolean bounce = message.provenance().origin() instanceof MailOrigin.Derived derived
                && derived.link() == MailOrigin.Link.BOUNCE;
        backscatter += bounce ? sign : 0;
    }

    MailPicture.Totals totals(long unread, Optional<Instant> oldest) {
        return new MailPicture.Totals(
                queued + unread, held, deferred, unread, messages, 0, 0, backscatter, disputed, oldest);
    }
}
