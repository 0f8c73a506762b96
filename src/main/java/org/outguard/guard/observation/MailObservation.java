package org.outguard.guard.observation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.MailRunner;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.SeenLogin;

/** What was seen of the mail systems: queues, logs, deliveries, local clients. */
public sealed interface MailObservation extends Observation {

    /**
     * What changed in a mail queue since the look before. A message is known by its id and arrival; one that was seen
     * before and is seen again has changed.
     *
     * @param at when it was looked at
     * @param instance mail system, see {@link QueueId#instance()}
     * @param seen messages that are new or have changed
     * @param gone messages that left it: delivered, deleted, or taken in anew
     * @param unread messages in it that were not read yet
     * @param uncounted messages in it beyond those that are followed
     */
    record QueueSeen(
            Instant at, String instance, List<QueuedMessage> seen, List<QueueId> gone, int unread, int uncounted)
            implements MailObservation {

        public QueueSeen {
            seen = List.copyOf(seen);
            gone = List.copyOf(gone);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.queueSeen(this);
        }
    }

    /**
     * What the mail log says of messages that are new in it or have changed.
     *
     * @param messages at most some thousand at a time
     */
    record MailLogged(List<LoggedMessage> messages) implements MailObservation {

        public MailLogged {
            messages = List.copyOf(messages);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.mailLogged(this);
        }
    }

    /**
     * How much of the mail logs was read so far.
     *
     * @param reading all of it
     */
    record LogRead(LogReading reading) implements MailObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.logRead(this);
        }
    }

    /**
     * Logins at services beside the mail system itself, such as IMAP, by the mail log.
     *
     * @param logins at most some thousand at a time
     */
    record LoginsSeen(List<SeenLogin> logins) implements MailObservation {

        public LoginsSeen {
            logins = List.copyOf(logins);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.loginsSeen(this);
        }
    }

    /**
     * Which messages the mail systems' processes have in hand at one moment; those that are missing are not, or no longer.
     * Handed in at each look, also where there is none.
     *
     * @param at when it was looked
     * @param deliveries one for each process, message and connection
     */
    record DeliveriesSeen(Instant at, List<Delivery> deliveries) implements MailObservation {

        public DeliveriesSeen {
            deliveries = List.copyOf(deliveries);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.deliveriesSeen(this);
        }
    }

    /**
     * Clients of the mail system on this machine at one moment.
     *
     * @param at when it was looked
     * @param clients one for each connection
     */
    record LocalClientsSampled(Instant at, List<LocalClient> clients) implements MailObservation {

        public LocalClientsSampled {
            clients = List.copyOf(clients);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.localClientsSampled(this);
        }
    }

    /**
     * A connection to a mail port from an address of this machine to that same one, or over loopback.
     *
     * @param local the client's end
     * @param inode number of the client's socket
     * @param user the user whose process has it, and what that process runs
     */
    record LocalClient(Endpoint local, long inode, MailOrigin.LocalUser user) {}

    /**
     * What the kernel told of SMTP sessions between processes of this machine since the time before, also where it was
     * nothing.
     *
     * @param sessions one for each word, in order of time
     * @param complete whether nothing was lost on the way
     * @param untilNanos whatever was before this time has been told, nanoseconds since the epoch
     */
    record SmtpSessionEvents(List<LocalSession> sessions, boolean complete, long untilNanos)
            implements MailObservation {

        public SmtpSessionEvents {
            sessions = List.copyOf(sessions);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.smtpSessionEvents(this);
        }
    }

    /**
     * Receivers complained about messages from here (RFC 5965).
     *
     * @param at when that arrived
     * @param about which messages
     */
    record Complained(Instant at, List<About> about) implements MailObservation {

        public Complained {
            about = List.copyOf(about);
        }

        /**
         * A message as the complaint shows it. All of it is a stranger's text.
         *
         * @param messageId its Message-ID header, empty where not shown
         * @param queueId the id that the mail system here gave it, empty where not shown
         */
        public record About(String messageId, String queueId) {}

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.complained(this);
        }
    }

    /**
     * Whose the domains of this machine are, by its hosting panel.
     *
     * @param accounts account by domain, in lower case
     */
    record AccountsKnown(Map<String, String> accounts) implements MailObservation {

        public AccountsKnown {
            accounts = Map.copyOf(accounts);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.accountsKnown(this);
        }
    }

    /**
     * The users as which the mail systems of this machine and of its containers run.
     *
     * @param runners all that are known now
     */
    record MailUsersKnown(Set<MailRunner> runners) implements MailObservation {

        public MailUsersKnown {
            runners = Set.copyOf(runners);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.mailUsersKnown(this);
        }
    }

    /**
     * A queue is not there any more, since the container in which its mail system ran has ended.
     *
     * @param at when that was seen
     * @param instance mail system, see {@link QueueId#instance()}
     * @param why in words
     */
    record QueueEnded(Instant at, String instance, String why) implements MailObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.queueEnded(this);
        }
    }

    /**
     * There is no mail system to be watched.
     *
     * @param why the reason, and what to do about it, a sentence each
     */
    record MailUnavailable(List<String> why) implements MailObservation {

        public MailUnavailable {
            why = List.copyOf(why);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.mailUnavailable(this);
        }
    }

    /** One method for each kind. */
    interface Visitor {
        void queueSeen(QueueSeen observation);

        void mailLogged(MailLogged observation);

        void logRead(LogRead observation);

        void loginsSeen(LoginsSeen observation);

        void deliveriesSeen(DeliveriesSeen observation);

        void localClientsSampled(LocalClientsSampled observation);

        void smtpSessionEvents(SmtpSessionEvents observation);

        void complained(Complained observation);

        void accountsKnown(AccountsKnown observation);

        void mailUsersKnown(MailUsersKnown observation);

        void queueEnded(QueueEnded observation);

        void mailUnavailable(MailUnavailable observation);
    }
}
