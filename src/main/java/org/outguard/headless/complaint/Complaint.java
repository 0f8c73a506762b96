package org.outguard.headless.complaint;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.flow.IpAddress;

/**
 * What a mail complains about. All text in it is a stranger's.
 *
 * @param kind what it is about
 * @param zone which time zone was taken, and why
 * @param rows what was seen, each once, in the order of the mail; bounded
 * @param message the message that is complained about
 * @param accused addresses that the mail names as ours, best first
 * @param sent when the mail was written, by its own header
 * @param detail the rate that it names, such as {@code 187Kpps/5Mbps}; empty where none
 * @param subject of the mail
 * @param notes what of the mail was not read, and why
 */
public record Complaint(
        Kind kind,
        String zone,
        List<Row> rows,
        Optional<Message> message,
        List<IpAddress> accused,
        Optional<Instant> sent,
        String detail,
        String subject,
        List<String> notes) {

    /** Rows that are kept; a mail has a sample. */
    public static final int MAX_ROWS = 10_000;

    public Complaint {
        rows = List.copyOf(rows);
        accused = List.copyOf(accused);
        notes = List.copyOf(notes);
    }

    /**
     * A message that somebody complains about.
     *
     * @param messageId its Message-ID without brackets; empty where it is not shown
     * @param queueId the queue id that OUR server gave it, by the Received line that our server wrote; empty where not shown
     * @param sender its envelope sender, or else its From address
     * @param recipient whom it was sent to
     * @param subject its subject
     * @param script what {@code X-PHP-Originating-Script} says
     * @param at when our server took it, or else when it arrived
     */
    public record Message(
            String messageId,
            String queueId,
            String sender,
            String recipient,
            String subject,
            String script,
            Optional<Instant> at) {}
}
