package org.outguard.mail;

import java.time.Instant;
import java.util.List;

/**
 * A message as the mail log tells of it. Each change gives a new one; {@code id} and {@code life} together name it.
 *
 * @param id which one
 * @param lifetime which use of its id a message is, and when
 * @param envelope what the log says of the message itself
 * @param delivery what became of a message
 * @param submission who handed a message in, and to which process
 */
public record LoggedMessage(
        QueueId id, Lifetime lifetime, Envelope envelope, Delivery delivery, Submission submission) {

    /** The same under another id. */
    public LoggedMessage with(QueueId other) {
        return new LoggedMessage(other, lifetime, envelope, delivery, submission);
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

    /**
     * Which use of its id a message is, and when.
     *
     * @param life 0 for the first message with this id, 1 for the next: short ids come back
     * @param first time of its first line
     * @param last time of its newest line
     */
    public record Lifetime(int life, Instant first, Instant last) {}

    /**
     * What the log says of the message itself.
     *
     * @param sender envelope sender, empty for the null sender or where no line says it
     * @param messageId Message-ID header, empty where no line says it
     * @param size bytes, 0 where no line says it
     * @param recipientCount how many recipients it had when it was queued, or as many as lines speak of
     */
    public record Envelope(String sender, String messageId, long size, int recipientCount) {}

    /**
     * What became of a message.
     *
     * @param state what became of the whole message
     * @param recipients what became of each, at most some; the counts are of all
     * @param sent recipients that it was delivered to
     * @param bounced recipients that refused it for good, or for whom it expired
     * @param deferred recipients that will be tried again
     */
    public record Delivery(State state, List<Fate> recipients, int sent, int bounced, int deferred) {
        public Delivery {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * Who handed a message in, and to which process.
     *
     * @param provenance who handed it in
     * @param root the first submitter behind a bounce, forward, requeue or filter; the same as {@code provenance} otherwise
     * @param server number of the mail system's process that received it by SMTP, 0 where no line says it
     */
    public record Submission(Provenance provenance, Provenance root, int server) {}

    /** {@link Lifetime#life}. */
    public int life() {
        return lifetime.life();
    }

    /** {@link Lifetime#first}. */
    public Instant first() {
        return lifetime.first();
    }

    /** {@link Lifetime#last}. */
    public Instant last() {
        return lifetime.last();
    }

    /** {@link Envelope#sender}. */
    public String sender() {
        return envelope.sender();
    }

    /** {@link Envelope#messageId}. */
    public String messageId() {
        return envelope.messageId();
    }

    /** {@link Envelope#size}. */
    public long size() {
        return envelope.size();
    }

    /** {@link Envelope#recipientCount}. */
    public int recipientCount() {
        return envelope.recipientCount();
    }

    /** {@link Delivery#state}. */
    public State state() {
        return delivery.state();
    }

    /** {@link Delivery#recipients}. */
    public List<Fate> recipients() {
        return delivery.recipients();
    }

    /** {@link Delivery#sent}. */
    public int sent() {
        return delivery.sent();
    }

    /** {@link Delivery#bounced}. */
    public int bounced() {
        return delivery.bounced();
    }

    /** {@link Delivery#deferred}. */
    public int deferred() {
        return delivery.deferred();
    }

    /** {@link Submission#provenance}. */
    public Provenance provenance() {
        return submission.provenance();
    }

    /** {@link Submission#root}. */
    public Provenance root() {
        return submission.root();
    }

    /** {@link Submission#server}. */
    public int server() {
        return submission.server();
    }
}
