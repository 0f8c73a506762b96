package org.outguard.mail;

import java.time.Instant;
import java.util.List;

/**
 * A message as the mail log tells of it. Each change gives a new one; {@code id} and {@code life} together name it.
 *
 * @param id which one
 * @param life 0 for the first message with this id, 1 for the next: short ids come back
 * @param first time of its first line
 * @param last time of its newest line
 * @param state what became of the whole message
 * @param sender envelope sender, empty for the null sender or where no line says it
 * @param messageId Message-ID header, empty where no line says it
 * @param size bytes, 0 where no line says it
 * @param recipients what became of each, at most some; the counts are of all
 * @param recipientCount how many recipients it had when it was queued, or as many as lines speak of
 * @param sent recipients that it was delivered to
 * @param bounced recipients that refused it for good, or for whom it expired
 * @param deferred recipients that will be tried again
 * @param provenance who handed it in
 * @param root the first submitter behind a bounce, forward, requeue or filter; the same as {@code provenance} otherwise
 * @param server number of the mail system's process that received it by SMTP, 0 where no line says it
 */
public record LoggedMessage(
        QueueId id,
        int life,
        Instant first,
        Instant last,
        State state,
        String sender,
        String messageId,
        long size,
        List<Fate> recipients,
        int recipientCount,
        int sent,
        int bounced,
        int deferred,
        Provenance provenance,
        Provenance root,
        int server) {

    public LoggedMessage {
        recipients = List.copyOf(recipients);
    }

    /** The same under another id. */
    public LoggedMessage with(QueueId other) {
        return new LoggedMessage(
                other,
                life,
                first,
                last,
                state,
                sender,
                messageId,
                size,
                recipients,
                recipientCount,
                sent,
                bounced,
                deferred,
                provenance,
                root,
                server);
    }

    /** What became of a message. */
    public enum State {
        /** In the queue, or still being received. */
        OPEN,
        /** On hold, or frozen. */
        HELD,
        /** Out of the queue, every recipient served or given up. */
        DONE,
        /** Taken out by a person. */
        DELETED,
        /** Goes on under a new id. */
        REQUEUED,
        /** Refused or thrown away before it was queued. */
        REFUSED;

        /** Lower-case name. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What became of it for one recipient. */
    public enum Status {
        SENT,
        /** Refused for good by whoever it was sent to. */
        BOUNCED,
        /** Will be tried again. */
        DEFERRED,
        /** Tried in vain until it was too old, or given up by command. */
        EXPIRED,
        /** Refused by this machine before it was queued, or thrown away. */
        REJECTED;

        /** Lower-case name. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One recipient.
     *
     * @param address as the log has it
     * @param status by the newest line
     * @param reason what the other side said, shortened; text from outside
     */
    public record Fate(String address, Status status, String reason) {}
}
