package org.outguard.guard.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.MessageStep;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/**
 * The mail of this machine, by who sends it: what is in the queue, and what the log tells. Part of a {@link Snapshot}.
 *
 * @param watched whether a queue or a log is read at all
 * @param unwatched why not, and what to do about it, a sentence each; empty where nobody knows of a reason
 * @param totals over all submitters
 * @param submitters worst first: verdict, score, then messages in the queue; at most {@link #MAX_SUBMITTERS}
 * @param submitterCount how many there are in all
 * @param messages newest first, those in the queue before those that have left it; at most {@link #MAX_MESSAGES}
 * @param news all messages that are new or have changed of late, however many there are
 * @param reading how much of the logs was read and understood
 * @param accounts whose a domain is, by the machine's hosting panel; shared, not copied
 */
public record MailSnapshot(
        boolean watched,
        List<String> unwatched,
        Totals totals,
        List<Submitter> submitters,
        int submitterCount,
        List<Message> messages,
        News news,
        LogReading reading,
        Map<String, String> accounts) {

    public static final int MAX_SUBMITTERS = 256;
    public static final int MAX_MESSAGES = 512;

    /** Most domains, reasons, scripts and queue ids that a submitter lists. */
    public static final int MAX_LISTED = 16;

    /** No mail is watched. */
    public static final MailSnapshot NONE = none(List.of());

    /** No mail is watched, and why. */
    public static MailSnapshot none(List<String> why) {
        Totals totals = new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, Optional.empty());
        return new MailSnapshot(false, why, totals, List.of(), 0, List.of(), News.NONE, LogReading.NONE, Map.of());
    }

    /** Without a hosting panel. */
    public MailSnapshot(
            boolean watched,
            List<String> unwatched,
            Totals totals,
            List<Submitter> submitters,
            int submitterCount,
            List<Message> messages,
            News news,
            LogReading reading) {
        this(watched, unwatched, totals, submitters, submitterCount, messages, news, reading, Map.of());
    }

    /** The account to which a submitter belongs, by the domain of its login; empty where none is known or it is one. */
    public Optional<String> account(MailOrigin origin) {
        return accountOf(origin, accounts);
    }

    /**
     * The same by a list of accounts.
     *
     * @param accounts by domain, in lower case
     */
    public static Optional<String> accountOf(MailOrigin origin, Map<String, String> accounts) {
        String who = origin.who().toLowerCase(Locale.ROOT);
        return origin instanceof MailOrigin.Login
                ? Optional.ofNullable(accounts.get(who.substring(who.lastIndexOf('@') + 1)))
                : Optional.empty();
    }

    public MailSnapshot {
        unwatched = List.copyOf(unwatched);
        submitters = List.copyOf(submitters);
        messages = List.copyOf(messages);
    }

    /**
     * Sums. Messages in the queue are of this moment, the others since Outguard began to read.
     *
     * @param queued messages in the queue, those on hold included
     * @param held messages on hold
     * @param deferred messages in the queue that were tried in vain
     * @param unread messages in the queue of which only the name is known yet
     * @param messages messages seen
     * @param sent recipients delivered to
     * @param bounced recipients that failed for good
     * @param backscatter bounces to senders, made by this machine
     * @param disputed messages whose lines contradict each other
     * @param oldest arrival of the oldest message in the queue
     */
    public record Totals(
            long queued,
            long held,
            long deferred,
            long unread,
            long messages,
            long sent,
            long bounced,
            long backscatter,
            long disputed,
            Optional<Instant> oldest) {}

    /**
     * Messages that are new or have changed, for whoever writes each of them down: a reader that remembers the count of the
     * last picture knows which are new to it, and how many it has missed.
     *
     * @param count how many there were since the start
     * @param newest the newest of them, oldest first, a list for each picture that was drawn
     */
    public record News(long count, List<List<Message>> newest) {

        /** Nothing has changed yet. */
        public static final News NONE = new News(0, List.of());

        public News {
            newest = List.copyOf(newest);
        }

        /** Those that came after so many, oldest first; fewer than there were where older ones are not kept any more. */
        public List<Message> since(long before) {
            List<Message> fresh = new ArrayList<>();
            long number = count;
            for (int i = newest.size() - 1; i >= 0 && number > before; i--) {
                List<Message> chunk = newest.get(i);
                int from = (int) Math.max(0, chunk.size() - (number - before));
                fresh.addAll(0, chunk.subList(from, chunk.size()));
                number -= chunk.size();
            }
            return fresh;
        }
    }

    /**
     * A text and how often it came.
     *
     * @param text from outside
     * @param count how often
     */
    public record Counted(String text, long count) {}

    /**
     * One message.
     *
     * @param id which one
     * @param arrival when it came, by the queue where that is read
     * @param submission who handed a message in
     * @param envelope from whom to whom, by SMTP
     * @param size bytes, 0 where unknown
     * @param attributes Message-ID, and subject and script header where the queue file was read
     * @param delivery what became of a message
     */
    public record Message(
            QueueId id,
            Instant arrival,
            Submission submission,
            Envelope envelope,
            long size,
            QueuedMessage.Attributes attributes,
            Delivery delivery) {
        /** Whether it is in the queue, as far as is known. */
        public boolean inQueue() {
            return queue().isPresent() || state() == LoggedMessage.State.OPEN || state() == LoggedMessage.State.HELD;
        }

        /** {@code hold}, {@code active}, {@code deferred} … where it is in the queue, else what became of it. */
        public String status() {
            return queue().map(QueuedMessage.Status::word).orElse(state().word());
        }

        /** Names it so that a later message with the same id is not meant. */
        public MessageStep.MessageRef ref() {
            return new MessageStep.MessageRef(id, arrival, sender());
        }

        /**
         * Who handed a message in.
         *
         * @param submitterId whose it is
         * @param provenance who handed it in
         * @param root the first submitter behind it
         */
        public record Submission(String submitterId, Provenance provenance, Provenance root) {}

        /**
         * From whom to whom, by SMTP.
         *
         * @param sender envelope sender, empty for the null sender
         * @param recipients first of its recipients
         * @param recipientCount how many it has
         */
        public record Envelope(String sender, List<String> recipients, int recipientCount) {
            public Envelope {
                recipients = List.copyOf(recipients);
            }
        }

        /**
         * What became of a message.
         *
         * @param queue where in the queue it is, empty where it has left it or the queue is not read
         * @param state what the log says became of it
         * @param sent recipients delivered to
         * @param bounced recipients that failed
         * @param deferred recipients put off
         * @param reason why it was put off or failed last, empty where it was not
         * @param fates what became of it for each recipient, as far as the log lists them; shared, not copied
         */
        public record Delivery(
                Optional<QueuedMessage.Status> queue,
                LoggedMessage.State state,
                int sent,
                int bounced,
                int deferred,
                String reason,
                List<LoggedMessage.Fate> fates) {
            public Delivery {
                fates = List.copyOf(fates);
            }
        }

        /** {@link Submission#submitterId}. */
        public String submitterId() {
            return submission.submitterId();
        }

        /** {@link Submission#provenance}. */
        public Provenance provenance() {
            return submission.provenance();
        }

        /** {@link Submission#root}. */
        public Provenance root() {
            return submission.root();
        }

        /** {@link Envelope#sender}. */
        public String sender() {
            return envelope.sender();
        }

        /** {@link Envelope#recipients}. */
        public List<String> recipients() {
            return envelope.recipients();
        }

        /** {@link Envelope#recipientCount}. */
        public int recipientCount() {
            return envelope.recipientCount();
        }

        /** {@link Delivery#queue}. */
        public Optional<QueuedMessage.Status> queue() {
            return delivery.queue();
        }

        /** {@link Delivery#state}. */
        public LoggedMessage.State state() {
            return delivery.state();
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

        /** {@link Delivery#reason}. */
        public String reason() {
            return delivery.reason();
        }

        /** {@link Delivery#fates}. */
        public List<LoggedMessage.Fate> fates() {
            return delivery.fates();
        }
    }
}
