package org.outguard.guard.mail;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Stream;
import org.outguard.guard.detect.DecisionLog;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailPicture;
import org.outguard.guard.stats.DistinctCounter;
import org.outguard.guard.stats.DistinctHour;
import org.outguard.guard.stats.HourWindow;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.stats.TextCounts;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;

/** What is known of one submitter; see {@link MailPicture.Submitter}. */
final class SubmitterState {

    private static final Comparator<Judgement> BY_WEIGHT = Comparator.comparing(Judgement::verdict)
            .thenComparingInt(Judgement::score)
            .thenComparingDouble(Judgement::value);

    final String id;
    final MailOrigin origin;

    /** Whether it is somebody of this machine or with a login here, and no other host. */
    final boolean isUser;

    Judgement judgement;
    long judgedNanos = Long.MIN_VALUE / 2;

    /** The worst that was ever thought of it, and when: a replay tells of the whole trace. */
    Judgement worst;

    private Instant worstAt = Instant.EPOCH;

    long messages;
    long queued;
    long held;
    long deferred;
    long sent;
    long bounced;
    long backscatter;
    long disputed;
    Instant first = Instant.MAX;
    Instant last = Instant.EPOCH;

    final HourWindow recipients = new HourWindow();
    final HourWindow served = new HourWindow();
    final HourWindow failures = new HourWindow();
    final HourWindow bounces = new HourWindow();

    /** Replies that say spam, see {@link SpamReplies}. */
    final HourWindow spamReplies = new HourWindow();

    /** Complaints of receivers about its messages. */
    final HourWindow complaints = new HourWindow();
    /** What of it is proven by queue files, and not by lines that anybody may have written; see {@link MailTally}. */
    final HourWindow provenRecipients = new HourWindow();

    final HourWindow provenBounces = new HourWindow();
    final DistinctHour provenDistinct = new DistinctHour();
    final LoginBook.Places provenLogins = new LoginBook.Places(new LoginBook.Guesses());
    long provenQueued;
    Judgement proven;
    long provenNanos = Long.MIN_VALUE / 2;

    final DistinctCounter distinct = new DistinctCounter();
    final DistinctHour distinctOfHour = new DistinctHour();
    final TextCounts scripts = new TextCounts();
    final TextCounts senders = new TextCounts();
    final TextCounts domains = new TextCounts();
    final TextCounts deferrals = new TextCounts();

    /** Its messages in the queue: those that wait to be delivered, and those on hold. */
    final NavigableSet<MailEntry> waiting = QueueOrder.set();

    final NavigableSet<MailEntry> onHold = QueueOrder.set();

    private final Map<Provenance.Evidence, Long> byEvidence = new EnumMap<>(Provenance.Evidence.class);

    /** Where it logged in, if it is a login. */
    final LoginBook.Places logins;

    SubmitterState(String id, MailOrigin origin, LoginBook.Places logins) {
        this.id = id;
        this.origin = origin;
        this.isUser = origin instanceof MailOrigin.LocalUser
                || origin instanceof MailOrigin.Login
                || origin instanceof MailOrigin.Client client && LoopbackBook.cameByLoopback(client);
        this.logins = logins;
        this.judgement = Judgement.clean(OffenceKind.SUBMISSION_BURST, "nothing yet", 0);
        this.proven = judgement;
        this.worst = judgement;
    }

    /** What is thought of it now. */
    void judged(Judgement now, long nowNanos, DecisionLog log) {
        log.judges(id, judgement, now);
        judgement = now;
        if (BY_WEIGHT.compare(now, worst) > 0) {
            worst = now;
            worstAt = Nanos.instant(nowNanos);
        }
    }

    void rests(Provenance.Evidence evidence, int sign) {
        byEvidence.merge(evidence, (long) sign, Long::sum);
    }

    /**
     * The best that a tenth of its messages rest on. A single one does not make trustworthy what hundreds of lines say
     * that anybody may have written; and of mail that is delivered at once the queue shows but a part.
     */
    Provenance.Evidence evidence() {
        long asGood = 0;
        for (Map.Entry<Provenance.Evidence, Long> evidence : byEvidence.entrySet()) {
            asGood += evidence.getValue();
            if (asGood > 0 && asGood * 10 >= messages) {
                return evidence.getKey();
            }
        }
        return Provenance.Evidence.NONE;
    }

    /** Arrival of its oldest message in the queue whose arrival is known. */
    Optional<Instant> oldest() {
        return earlier(oldest(waiting), oldest(onHold));
    }

    /** The same of those that are not on hold. */
    Optional<Instant> oldestWaiting() {
        return oldest(waiting);
    }

    private static Optional<Instant> oldest(NavigableSet<MailEntry> entries) {
        return entries.stream()
                .map(entry -> entry.placedAt)
                .filter(at -> at.isAfter(Instant.EPOCH))
                .findFirst();
    }

    /** The earlier of two times, of which each may be missing. */
    static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.isEmpty() || other.isPresent() && other.get().isBefore(one.get()) ? other : one;
    }

    MailPicture.Totals counts(Optional<Instant> oldest) {
        return new MailPicture.Totals(
                queued, held, deferred, 0, messages, sent, bounced, backscatter, disputed, oldest);
    }

    Judgement shown(boolean wholeTrace) {
        return wholeTrace && worst.verdict() != Verdict.CLEAN ? worst : judgement;
    }

    /**
     * What is shown of it.
     *
     * @param wholeTrace whether it is the worst that was ever thought of it that counts, rather than what is thought now
     */
    MailPicture.Submitter view(boolean wholeTrace, long nowNanos) {
        Judgement shown = shown(wholeTrace);
        return new MailPicture.Submitter(
                id,
                origin,
                evidence(),
                shown.kind(),
                shown.verdict(),
                shown.reason(),
                shown.score(),
                wholeTrace && shown.verdict() != Verdict.CLEAN ? Optional.of(worstAt) : Optional.empty(),
                new MailPicture.Proven(proven.verdict(), proven.reason()),
                counts(oldest()),
                recipients.lastMinute(nowNanos),
                recipients.lastHour(nowNanos),
                distinct.count(),
                logins.networks(nowNanos),
                logins.failures(nowNanos),
                first,
                last,
                scripts.most(MailPicture.MAX_LISTED),
                senders.most(MailPicture.MAX_LISTED),
                domains.most(MailPicture.MAX_LISTED),
                deferrals.most(MailPicture.MAX_LISTED),
                QueueOrder.newest(Stream.of(waiting, onHold), MailPicture.MAX_LISTED).stream()
                        .map(entry -> entry.id)
                        .toList());
    }
}
