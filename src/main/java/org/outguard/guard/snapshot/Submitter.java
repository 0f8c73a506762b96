package org.outguard.guard.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;

/**
 * All mail of one origin; bounces, forwards and what filters hand back count for whom they come from.
 *
 * @param id stable as long as the submitter is remembered, {@code "o-…"}; no talker has the same
 * @param origin who: a user without script, a login without address, a client, or nobody
 * @param evidence the best that at least a tenth of its messages rest on
 * @param assessment what the policy says of a submitter
 * @param counts its share of the {@link MailSnapshot.Totals}
 * @param activity how busy a submitter is, and since when
 * @param examples what its mail has in common, at most {@link MailSnapshot#MAX_LISTED} each
 */
public record Submitter(
        String id,
        MailOrigin origin,
        Provenance.Evidence evidence,
        Assessment assessment,
        MailSnapshot.Totals counts,
        Activity activity,
        Examples examples) {
    /**
     * What the policy says of a submitter.
     *
     * @param kind what it would be if it were abuse: SUBMISSION_BURST or BACKSCATTER
     * @param verdict the policy's word
     * @param reason why, in one sentence with figures; never empty
     * @param score 0..100, as of a {@link Talker}
     * @param peakAt when that was so, where a whole trace is looked back on and it may not be so at its end
     * @param proven what it would be by what is proven alone
     */
    public record Assessment(
            OffenceKind kind, Verdict verdict, String reason, int score, Optional<Instant> peakAt, Proven proven) {}

    /**
     * How busy a submitter is, and since when.
     *
     * @param recipientsPerMinute recipients handed in during the last minute
     * @param recipientsPerHour recipients handed in during the last hour
     * @param distinctRecipients different addresses, counted to about two in a hundred
     * @param networks different networks that a login came from in the last hour, with mail or to read it: /24 or /48
     * @param failedLogins how often a login of that name was refused in the last hour
     * @param firstSeen its first message
     * @param lastSeen its newest message
     */
    public record Activity(
            long recipientsPerMinute,
            long recipientsPerHour,
            long distinctRecipients,
            int networks,
            long failedLogins,
            Instant firstSeen,
            Instant lastSeen) {}

    /**
     * What its mail has in common, at most {@link MailSnapshot#MAX_LISTED} each.
     *
     * @param scripts what handed it in: file, folder or header, most messages first
     * @param senders envelope senders, most messages first
     * @param domains domains of recipients, most recipients first
     * @param deferrals why recipients are deferred, most first; queue ids and addresses left out of the text
     * @param queueIds some of its messages that are in the queue, at most {@link MailSnapshot#MAX_LISTED}
     */
    public record Examples(
            List<MailSnapshot.Counted> scripts,
            List<MailSnapshot.Counted> senders,
            List<MailSnapshot.Counted> domains,
            List<MailSnapshot.Counted> deferrals,
            List<QueueId> queueIds) {
        public Examples {
            scripts = List.copyOf(scripts);
            senders = List.copyOf(senders);
            domains = List.copyOf(domains);
            deferrals = List.copyOf(deferrals);
            queueIds = List.copyOf(queueIds);
        }
    }

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

    /** {@link Assessment#peakAt}. */
    public Optional<Instant> peakAt() {
        return assessment.peakAt();
    }

    /** {@link Assessment#proven}. */
    public Proven proven() {
        return assessment.proven();
    }

    /** {@link Activity#recipientsPerMinute}. */
    public long recipientsPerMinute() {
        return activity.recipientsPerMinute();
    }

    /** {@link Activity#recipientsPerHour}. */
    public long recipientsPerHour() {
        return activity.recipientsPerHour();
    }

    /** {@link Activity#distinctRecipients}. */
    public long distinctRecipients() {
        return activity.distinctRecipients();
    }

    /** {@link Activity#networks}. */
    public int networks() {
        return activity.networks();
    }

    /** {@link Activity#failedLogins}. */
    public long failedLogins() {
        return activity.failedLogins();
    }

    /** {@link Activity#firstSeen}. */
    public Instant firstSeen() {
        return activity.firstSeen();
    }

    /** {@link Activity#lastSeen}. */
    public Instant lastSeen() {
        return activity.lastSeen();
    }

    /** {@link Examples#scripts}. */
    public List<MailSnapshot.Counted> scripts() {
        return examples.scripts();
    }

    /** {@link Examples#senders}. */
    public List<MailSnapshot.Counted> senders() {
        return examples.senders();
    }

    /** {@link Examples#domains}. */
    public List<MailSnapshot.Counted> domains() {
        return examples.domains();
    }

    /** {@link Examples#deferrals}. */
    public List<MailSnapshot.Counted> deferrals() {
        return examples.deferrals();
    }

    /** {@link Examples#queueIds}. */
    public List<QueueId> queueIds() {
        return examples.queueIds();
    }

    /**
     * The policy's word about a submitter by queue files alone: their recipients, bounces and logins. The log may say more, but
     * whoever may call logger(1) or postlog(1) can write it; what a rule does rests on this.
     *
     * @param verdict never worse than that of everything
     * @param reason with figures
     */
    public record Proven(Verdict verdict, String reason) {}
}
