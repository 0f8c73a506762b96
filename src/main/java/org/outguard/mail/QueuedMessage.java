package org.outguard.mail;

import java.time.Instant;
import java.util.List;

/**
 * One message in a queue.
 *
 * @param id which one
 * @param status where in the queue it is
 * @param arrival when it came, by the queue; two messages with one id differ in this
 * @param size its size in bytes, 0 where not read
 * @param sender envelope sender, empty for the null sender of a bounce (RFC 5321, 4.5.5)
 * @param recipients those still to be served, at most some; see {@code recipientCount}
 * @param recipientCount how many recipients are still to be served
 * @param provenance who handed it in
 * @param root the first submitter behind a bounce, forward or requeue; the same as {@code provenance} otherwise
 * @param attributes what else its queue file says: message id, subject, script header, HELO name
 */
public record QueuedMessage(
        QueueId id,
        Status status,
        Instant arrival,
        long size,
        String sender,
        List<Recipient> recipients,
        int recipientCount,
        Provenance provenance,
        Provenance root,
        Attributes attributes) {

    public QueuedMessage {
        recipients = List.copyOf(recipients);
    }

    /** Where a message is. Exim's frozen is {@link #HOLD}; its other undelivered mail is {@link #DEFERRED}. */
    public enum Status {
        MAILDROP,
        INCOMING,
        ACTIVE,
        DEFERRED,
        HOLD;

        /** Lower-case name, as in NDJSON and {@code --status}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One recipient.
     *
     * @param address envelope recipient
     * @param reason why it was put off, empty where it was not tried
     */
    public record Recipient(String address, String reason) {}

    /**
     * Headers that help to recognise a message; never its body.
     *
     * @param messageId Message-ID header, empty where none
     * @param subject Subject header as it stands, empty where none
     * @param scriptHeader X-PHP-Originating-Script, empty where none; its sender may have forged it
     */
    public record Attributes(String messageId, String subject, String scriptHeader) {
        public static final Attributes NONE = new Attributes("", "", "");
    }
}
