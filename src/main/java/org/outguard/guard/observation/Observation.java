package org.outguard.guard.observation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowKey;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.port.OwnerFinder;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.SeenLogin;
import org.outguard.owner.Attribution;
import org.outguard.owner.ProcessId;

/** Something that was seen. Everything the guard knows of the world comes to it as one of these. */
public sealed interface Observation {

    /**
     * Packets that left.
     *
     * @param source who counted them: an interface name, or a capture file
     * @param batch the counts
     */
    record Flows(String source, FlowBatch batch) implements Observation {}

    /**
     * Packets that left, with their owners: the kernel eye's counts. Of what was sent since {@link EyeInForce#sinceNanos},
     * flows of the wire eye are no counts but a check of these. Handed in after each look at the kernel, also where nothing
     * was sent.
     *
     * @param counts what was sent
     * @param lostPackets packets that were counted without owner or destination, for want of room
     * @param lostBytes bytes of those packets
     */
    record OwnedFlows(List<OwnedCount> counts, long lostPackets, long lostBytes) implements Observation {
        public OwnedFlows {
            counts = List.copyOf(counts);
        }
    }

    /**
     * What left by the sockets of each user since the time before, also where nothing did: it says whose the packets are
     * that no process is known for. It is no count of its own beside that of the wire eye.
     *
     * @param counts one for each user and destination
     */
    record UsersCounted(List<UserCount> counts) implements Observation {
        public UsersCounted {
            counts = List.copyOf(counts);
        }
    }

    /**
     * Which eye counts from here on.
     *
     * @param eye which
     * @param whyNotKernel why the kernel eye does not; empty where it does
     * @param sinceNanos the kernel eye's counts are of what was sent from this time on, nanoseconds since the epoch, and all
     *     of that; empty where only what was handed in before is the wire eye's
     */
    record EyeInForce(Snapshot.Eye eye, String whyNotKernel, OptionalLong sinceNanos) implements Observation {

        /** What limits the view until one of these comes. */
        public static final String OPENING = "eBPF is opening; libpcap counts meanwhile";

        /** The kernel eye, from now on. */
        public static final EyeInForce KERNEL = new EyeInForce(Snapshot.Eye.KERNEL, "", OptionalLong.empty());

        /** The kernel eye, from that time on. */
        public static EyeInForce kernelSince(long nanos) {
            return new EyeInForce(Snapshot.Eye.KERNEL, "", OptionalLong.of(nanos));
        }

        /** The wire eye, as the kernel eye cannot be had, or is not wanted. */
        public static EyeInForce wire(String whyNotKernel) {
            return new EyeInForce(Snapshot.Eye.WIRE, whyNotKernel, OptionalLong.empty());
        }
    }

    /**
     * What a source of packets does not see, because the kernel eye counts it; told whenever that changes.
     *
     * @param source interface name
     * @param destinations those that are left out
     * @param glances whether it has let go of the interface, and sees but moments
     */
    record NotCaptured(String source, Set<Destination> destinations, boolean glances) implements Observation {
        public NotCaptured {
            destinations = Set.copyOf(destinations);
        }
    }

    /**
     * State of one source of packets, sent with each batch and whenever it changes. Counters run from the start of the
     * source and never go back.
     *
     * @param source interface name or capture file
     * @param state what it does now
     * @param reason why it does not run, empty while it does
     * @param received packets the kernel gave to the capture, the dropped included (libpcap's ps_recv)
     * @param dropped packets the kernel had no room for
     * @param malformed packets that could not be read
     */
    record SourceHealth(String source, SourceState state, String reason, long received, long dropped, long malformed)
            implements Observation {

        /** Which source it is and why it does not run; a reader of files says which file in its reason. */
        public String words() {
            return reason.startsWith(source) ? reason : source + ": " + reason;
        }

        /** Name of the source that is all interfaces at once. */
        public static final String ANY = "any";
    }

    /** What a source of packets does. */
    enum SourceState {
        RUNNING,
        /** The interface is not there (yet, or any more); it is taken up again when it is back. */
        WAITING,
        /** It cannot go on. */
        FAILED,
        /** End of the capture file. */
        ENDED
    }

    /**
     * Answer to a question put to {@link OwnerFinder}.
     *
     * @param flow the flow asked for
     * @param attribution who sends it
     */
    record OwnerFound(FlowKey flow, Attribution attribution) implements Observation {}

    /**
     * The blocks as the kernel has them now. A block that the guard knows and that is missing here has expired or was
     * taken out by somebody else.
     *
     * @param at when they were read
     * @param blocks every element of our sets
     * @param lockdown the lockdown, where one is in force
     */
    record BlocksSeen(Instant at, List<BlockCounter> blocks, Optional<LockdownCounter> lockdown)
            implements Observation {
        public BlocksSeen {
            blocks = List.copyOf(blocks);
        }

        /** Blocks alone. */
        public BlocksSeen(Instant at, List<BlockCounter> blocks) {
            this(at, blocks, Optional.empty());
        }
    }

    /**
     * A lockdown as the kernel has it.
     *
     * @param packets packets that it has kept in
     * @param expires when it ends by itself; empty where it is confirmed
     */
    record LockdownCounter(long packets, Optional<Instant> expires) {}

    /**
     * One block as the kernel counts it.
     *
     * @param target what it drops
     * @param packets packets dropped since it was made
     * @param bytes bytes of those packets
     * @param expires when the kernel will forget it
     * @param rate packets a second that it lets pass, where it is a limit
     */
    record BlockCounter(BlockTarget target, long packets, long bytes, Instant expires, OptionalLong rate) {

        /** One that lets nothing pass. */
        public BlockCounter(BlockTarget target, long packets, long bytes, Instant expires) {
            this(target, packets, bytes, expires, OptionalLong.empty());
        }
    }

    /**
     * An action of an earlier run, by the journal. Whether a block still stands the next {@link BlocksSeen} says.
     *
     * @param action what was decided
     * @param state what became of it
     * @param expires when what stands ends by itself
     * @param detail what is worth knowing about it, mostly empty
     */
    record ActionRemembered(Action action, ActionRow.State state, Optional<Instant> expires, String detail)
            implements Observation {}

    /**
     * An action that another program carried out by the same journal, as a command by word does. One that the guard knows
     * is its own, and is passed over.
     *
     * @param action what was done
     * @param outcome what became of it
     */
    record DoneElsewhere(Action action, Outcome outcome) implements Observation {}

    /**
     * A program that was ended runs again.
     *
     * @param actionId the action that ended it
     * @param at when it was noticed
     * @param back its new process
     * @param startedBy who started it, for people: a process, a unit, a line of a crontab
     * @param parent that process, where it is one
     * @param advice what to stop next, as a person would type it
     */
    record Respawned(
            String actionId,
            Instant at,
            Attribution.Exact back,
            String startedBy,
            Optional<Attribution.Exact> parent,
            String advice)
            implements Observation {}

    /**
     * What became of an action.
     *
     * @param outcome success, failure or refusal
     */
    record Happened(Outcome outcome) implements Observation {}

    /**
     * Processes that have exited.
     *
     * @param at when it was noticed
     * @param processes which
     */
    record ProcessesExited(Instant at, Set<ProcessId> processes) implements Observation {
        public ProcessesExited {
            processes = Set.copyOf(processes);
        }
    }

    /**
     * What of this machine must not be cut off; a later one replaces it.
     *
     * @param around what is known
     */
    record AroundSeen(Surroundings around) implements Observation {}

    /**
     * Whether commands are carried out.
     *
     * @param reason why they are not, as another instance acts; empty where they are
     */
    record ReadOnly(String reason) implements Observation {}

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
            implements Observation {

        public QueueSeen {
            seen = List.copyOf(seen);
            gone = List.copyOf(gone);
        }
    }

    /**
     * What the mail log says of messages that are new in it or have changed.
     *
     * @param messages at most some thousand at a time
     */
    record MailLogged(List<LoggedMessage> messages) implements Observation {

        public MailLogged {
            messages = List.copyOf(messages);
        }
    }

    /**
     * How much of the mail logs was read so far.
     *
     * @param reading all of it
     */
    record LogRead(LogReading reading) implements Observation {}

    /**
     * Logins at services beside the mail system itself, such as IMAP, by the mail log.
     *
     * @param logins at most some thousand at a time
     */
    record LoginsSeen(List<SeenLogin> logins) implements Observation {

        public LoginsSeen {
            logins = List.copyOf(logins);
        }
    }

    /**
     * Which messages the mail systems' processes have in hand at one moment; those that are missing are not, or no longer.
     * Handed in at each look, also where there is none.
     *
     * @param at when it was looked
     * @param deliveries one for each process, message and connection
     */
    record DeliveriesSeen(Instant at, List<Delivery> deliveries) implements Observation {

        public DeliveriesSeen {
            deliveries = List.copyOf(deliveries);
        }
    }

    /**
     * What was heard in the clear on connections to mail servers, best effort.
     *
     * @param reports at most some thousand at a time
     * @param unread packets with SMTP that were not read since the time before, because more came than are read
     */
    record SmtpHeard(List<SmtpReport> reports, long unread) implements Observation {

        public SmtpHeard {
            reports = List.copyOf(reports);
        }
    }

    /**
     * Clients of the mail system on this machine at one moment.
     *
     * @param at when it was looked
     * @param clients one for each connection
     */
    record HandedIn(Instant at, List<LocalClient> clients) implements Observation {

        public HandedIn {
            clients = List.copyOf(clients);
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
    record SessionsTold(List<LocalSession> sessions, boolean complete, long untilNanos) implements Observation {

        public SessionsTold {
            sessions = List.copyOf(sessions);
        }
    }

    /**
     * Receivers complained about messages from here (RFC 5965).
     *
     * @param at when that arrived
     * @param about which messages
     */
    record Complained(Instant at, List<About> about) implements Observation {

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
    }

    /**
     * Whose the domains of this machine are, by its hosting panel.
     *
     * @param accounts account by domain, in lower case
     */
    record AccountsKnown(Map<String, String> accounts) implements Observation {

        public AccountsKnown {
            accounts = Map.copyOf(accounts);
        }
    }

    /**
     * There is no mail system to be watched.
     *
     * @param why the reason, and what to do about it, a sentence each
     */
    record NoMail(List<String> why) implements Observation {

        public NoMail {
            why = List.copyOf(why);
        }
    }

    /**
     * Something that limits what can be seen, for the screen and the summary.
     *
     * @param about short key; a later one with the same key replaces it
     * @param reason the limit in words; empty where it is over
     */
    record Degraded(String about, String reason) implements Observation {}
}
