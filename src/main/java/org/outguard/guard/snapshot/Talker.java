package org.outguard.guard.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.owner.Attribution;
import org.outguard.owner.ProcessId;

/**
 * Flows grouped by owner and kind, with a verdict. An <em>offender</em> is a talker judged {@link Verdict#OFFENDING}.
 *
 * @param id stable as long as the talker is remembered, {@code "o-…"}
 * @param assessment what the policy says of it
 * @param sender who sends, and how that was found
 * @param flows what it sends, and where
 * @param counts how much, and when
 * @param mail whose mail it is, where the sender is a mail system and the submitter is known
 * @param blocks what is in force against it
 * @param status what stands against it, or that it has ended
 */
public record Talker(
        String id,
        Assessment assessment,
        Sender sender,
        Flows flows,
        Counts counts,
        Optional<Mail> mail,
        List<ActiveBlock> blocks,
        RowStatus status) {

    /** Most destinations that one talker lists. */
    public static final int MAX_REMOTES = 1024;

    public Talker {
        blocks = List.copyOf(blocks);
    }

    /** The same with another status. */
    public Talker withStatus(RowStatus other) {
        return new Talker(id, assessment, sender, flows, counts, mail, blocks, other);
    }

    /**
     * What the policy says of a talker.
     *
     * @param kind what its traffic would be if it were abuse
     * @param verdict the policy's word
     * @param reason why, in one sentence with figures; never empty
     * @param score 0..100, how far over (100: ten times the limit or more) or near the limit
     * @param limit packets a second from which traffic of its kind is OFFENDING; 0 where it is not judged by packets
     * @param servicePort the port of this machine that the verdict is about, where it is one
     */
    public record Assessment(
            OffenceKind kind, Verdict verdict, String reason, int score, long limit, OptionalInt servicePort) {}

    /**
     * Who sends.
     *
     * @param attribution the owner, and how it was found
     * @param pids every process counted here, the attributed one first; empty where the sender is unknown
     */
    public record Sender(Attribution attribution, List<ProcessId> pids) {
        public Sender {
            pids = List.copyOf(pids);
        }
    }

    /**
     * What is sent, and where.
     *
     * @param protocol transport protocol
     * @param remotes busiest destinations first, before them the one that the verdict is about, at most {@link #MAX_REMOTES}
     * @param remoteCount how many destinations there are in all
     * @param smtp what was heard to be said to mail servers, where something was
     */
    public record Flows(Protocol protocol, List<RemoteTotal> remotes, int remoteCount, Optional<SmtpSnapshot> smtp) {
        public Flows {
            remotes = List.copyOf(remotes);
        }
    }

    /**
     * How much, and when.
     *
     * @param packets since first seen
     * @param bytes since first seen, IP header included
     * @param connects TCP connection attempts since first seen
     * @param rate over the last 1, 10 and 60 s
     * @param history packets a second for the last 60 s, oldest first
     * @param firstSeen capture time of the first packet
     * @param lastSeen capture time of the newest packet
     * @param eyes what each eye counted of it
     */
    public record Counts(
            long packets,
            long bytes,
            long connects,
            Rates rate,
            List<Long> history,
            Instant firstSeen,
            Instant lastSeen,
            SourceCounts eyes) {
        public Counts {
            history = List.copyOf(history);
        }
    }

    /**
     * Whose mail a mail system sent.
     *
     * @param origin the submitter: a user without script, a login, a client
     * @param script what handed most of it in, empty where unknown
     * @param evidence the best that names the submitter
     * @param queueIds its newest messages that were seen on a connection, at most {@link MailSnapshot#MAX_LISTED}
     * @param counts all mail of the submitter, by queue and log
     */
    public record Mail(
            MailOrigin origin,
            String script,
            Provenance.Evidence evidence,
            List<QueueId> queueIds,
            MailSnapshot.Totals counts) {
        public Mail {
            queueIds = List.copyOf(queueIds);
        }
    }

    /**
     * Totals for one destination.
     *
     * @param remote address and port
     * @param packets since first seen
     * @param bytes since first seen
     */
    public record RemoteTotal(Endpoint remote, long packets, long bytes) {}

    /**
     * Rates over three spans.
     *
     * @param packets1s packets a second over the last second
     * @param packets10s packets a second over the last 10 s
     * @param packets60s packets a second over the last 60 s
     * @param bits1s bits a second over the last second
     */
    public record Rates(double packets1s, double packets10s, double packets60s, double bits1s) {}

    /** {@link Assessment#kind}. */
    public OffenceKind kind() {
        return assessment.kind();
    }

    /** {@link Assessment#verdict}. */
    public Verdict verdict() {
        return assessment.verdict();
    }

    /** {@link Assessment#reason}. */
    public String reason() {
        return assessment.reason();
    }

    /** {@link Assessment#score}. */
    public int score() {
        return assessment.score();
    }

    /** {@link Assessment#limit}. */
    public long limit() {
        return assessment.limit();
    }

    /** {@link Assessment#servicePort}. */
    public OptionalInt servicePort() {
        return assessment.servicePort();
    }

    /** {@link Sender#attribution}. */
    public Attribution attribution() {
        return sender.attribution();
    }

    /** {@link Sender#pids}. */
    public List<ProcessId> pids() {
        return sender.pids();
    }

    /** {@link Flows#protocol}. */
    public Protocol protocol() {
        return flows.protocol();
    }

    /** {@link Flows#remotes}. */
    public List<RemoteTotal> remotes() {
        return flows.remotes();
    }

    /** {@link Flows#remoteCount}. */
    public int remoteCount() {
        return flows.remoteCount();
    }

    /** {@link Flows#smtp}. */
    public Optional<SmtpSnapshot> smtp() {
        return flows.smtp();
    }

    /** {@link Counts#packets}. */
    public long packets() {
        return counts.packets();
    }

    /** {@link Counts#bytes}. */
    public long bytes() {
        return counts.bytes();
    }

    /** {@link Counts#connects}. */
    public long connects() {
        return counts.connects();
    }

    /** {@link Counts#rate}. */
    public Rates rate() {
        return counts.rate();
    }

    /** {@link Counts#history}. */
    public List<Long> history() {
        return counts.history();
    }

    /** {@link Counts#firstSeen}. */
    public Instant firstSeen() {
        return counts.firstSeen();
    }

    /** {@link Counts#lastSeen}. */
    public Instant lastSeen() {
        return counts.lastSeen();
    }

    /** {@link Counts#eyes}. */
    public SourceCounts eyes() {
        return counts.eyes();
    }
}
