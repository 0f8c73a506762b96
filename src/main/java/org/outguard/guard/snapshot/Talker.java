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
 * @param kind what its traffic would be if it were abuse
 * @param verdict the policy's word
 * @param reason why, in one sentence with figures; never empty
 * @param score 0..100, how far over (100: ten times the limit or more) or near the limit
 * @param protocol transport protocol
 * @param attribution who sends, and how that was found
 * @param pids every process counted here, the attributed one first; empty where nobody can be named
 * @param remotes busiest destinations first, before them the one that the verdict is about, at most {@link #MAX_REMOTES}
 * @param remoteCount how many destinations there are in all
 * @param packets since first seen
 * @param bytes since first seen, IP header included
 * @param connects TCP connection attempts since first seen
 * @param rate over the last 1, 10 and 60 s
 * @param history packets a second for the last 60 s, oldest first
 * @param firstSeen capture time of its first packet
 * @param lastSeen capture time of its newest packet
 * @param blocks what is in force against it
 * @param mail whose mail it is, where the sender is a mail system and the submitter is known
 * @param smtp what it was heard to say to mail servers, where something was
 * @param eyes what each eye counted of it
 * @param status what stands against it, or that it has ended
 * @param limit packets a second from which traffic of its kind is OFFENDING; 0 where it is not judged by packets
 * @param servicePort the port of this machine that the verdict is about, where it is one
 */
public record Talker(
        String id,
        OffenceKind kind,
        Verdict verdict,
        String reason,
        int score,
        Protocol protocol,
        Attribution attribution,
        List<ProcessId> pids,
        List<RemoteTotal> remotes,
        int remoteCount,
        long packets,
        long bytes,
        long connects,
        Rates rate,
        List<Long> history,
        Instant firstSeen,
        Instant lastSeen,
        List<ActiveBlock> blocks,
        Optional<Mail> mail,
        Optional<SmtpSnapshot> smtp,
        SourceCounts eyes,
        RowStatus status,
        long limit,
        OptionalInt servicePort) {

    /** One that is about no service of this machine. */
    public Talker(
            String id,
            OffenceKind kind,
            Verdict verdict,
            String reason,
            int score,
            Protocol protocol,
            Attribution attribution,
            List<ProcessId> pids,
            List<RemoteTotal> remotes,
            int remoteCount,
            long packets,
            long bytes,
            long connects,
            Rates rate,
            List<Long> history,
            Instant firstSeen,
            Instant lastSeen,
            List<ActiveBlock> blocks,
            Optional<Mail> mail,
            Optional<SmtpSnapshot> smtp,
            SourceCounts eyes,
            RowStatus status,
            long limit) {
        this(
                id,
                kind,
                verdict,
                reason,
                score,
                protocol,
                attribution,
                pids,
                remotes,
                remoteCount,
                packets,
                bytes,
                connects,
                rate,
                history,
                firstSeen,
                lastSeen,
                blocks,
                mail,
                smtp,
                eyes,
                status,
                limit,
                OptionalInt.empty());
    }

    /** Most destinations that one talker lists. */
    public static final int MAX_REMOTES = 1024;

    public Talker {
        pids = List.copyOf(pids);
        remotes = List.copyOf(remotes);
        history = List.copyOf(history);
        blocks = List.copyOf(blocks);
    }

    /** One that is not judged by packets. */
    public Talker(
            String id,
            OffenceKind kind,
            Verdict verdict,
            String reason,
            int score,
            Protocol protocol,
            Attribution attribution,
            List<ProcessId> pids,
            List<RemoteTotal> remotes,
            int remoteCount,
            long packets,
            long bytes,
            long connects,
            Rates rate,
            List<Long> history,
            Instant firstSeen,
            Instant lastSeen,
            List<ActiveBlock> blocks,
            Optional<Mail> mail,
            Optional<SmtpSnapshot> smtp,
            SourceCounts eyes,
            RowStatus status) {
        this(
                id,
                kind,
                verdict,
                reason,
                score,
                protocol,
                attribution,
                pids,
                remotes,
                remoteCount,
                packets,
                bytes,
                connects,
                rate,
                history,
                firstSeen,
                lastSeen,
                blocks,
                mail,
                smtp,
                eyes,
                status,
                0);
    }

    /** The same with another status. */
    public Talker withStatus(RowStatus other) {
        return new Talker(
                id,
                kind,
                verdict,
                reason,
                score,
                protocol,
                attribution,
                pids,
                remotes,
                remoteCount,
                packets,
                bytes,
                connects,
                rate,
                history,
                firstSeen,
                lastSeen,
                blocks,
                mail,
                smtp,
                eyes,
                other,
                limit,
                servicePort);
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
}
