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
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.stats.DistinctCounter;
import org.outguard.guard.stats.HourlyDistinctCount;
import org.outguard.guard.stats.HourlyWindow;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.stats.TopKCounter;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;

/** What is known of one submitter; see {@link Submitter}. */
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

    final HourlyWindow recipients = new HourlyWindow();
    final HourlyWindow served = new HourlyWindow();
    final HourlyWindow failures = new HourlyWindow();
    final HourlyWindow bounces = new HourlyWindow();

    /** Replies that say spam, see {@link SpamReplies}. */
    final HourlyWindow spamReplies = new HourlyWindow();

    /** Complaints of receivers about its messages. */
    final HourlyWindow complaints = new HourlyWindow();
    /** What of it is proven by queue files, and not by lines that anybody may have written; see {@link SubmitterCounters}. */
    final HourlyWindow provenRecipients = new HourlyWindow();

    final HourlyWindow provenBounces = new HourlyWindow();
    final HourlyDistinctCount provenDistinct = new HourlyDistinctCount();
    final LoginHistory.Places provenLogins = new LoginHistory.Places(new LoginHistory.Guesses());
    long provenQueued;
    Judgement proven;
    long provenNanos = Long.MIN_VALUE / 2;

    final DistinctCounter distinct = new DistinctCounter();
    final HourlyDistinctCount distinctOfHour = new HourlyDistinctCount();
    final TopKCounter scripts = new TopKCounter();
    final TopKCounter senders = new TopKCounter();
    final TopKCounter domains = new TopKCounter();
    final TopKCounter deferrals = new TopKCounter();

    /** Its messages in the queue: those that wait to be delivered, and those on hold. */
    final NavigableSet<TrackedMessage> waiting = ArrivalOrder.set();

    final NavigableSet<TrackedMessage> onHold = ArrivalOrder.set();

    private final Map<Provenance.Evidence, Long> byEvidence = new EnumMap<>(Provenance.Evidence.class);

    /** Where it logged in, if it is a login. */
    final LoginHistory.Places logins;

    SubmitterState(String id, MailOrigin origin, LoginHistory.Places logins) {
        this.id = id;
        this.origin = origin;
        this.isUser = origin instanceof MailOrigin.LocalUser
                || origin instanceof MailOrigin.Login
                || origin instanceof MailOrigin.Client client && LoopbackConnections.cameByLoopback(client);
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

    private static Optional<Instant> oldest(NavigableSet<TrackedMessage> entries) {
        return entries.stream()
                .map(entry -> entry.placedAt)
                .filter(at -> at.isAfter(Instant.EPOCH))
                .findFirst();
    }

    /** The earlier of two times, of which each may be missing. */
    static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.isEmpty() || other.isPresent() && other.get().isBefore(one.get()) ? other : one;
    }

    MailSnapshot.Totals counts(Optional<Instant> oldest) {
        return new MailSnapshot.Totals(
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
    Submitter view(boolean wholeTrace, long nowNanos) {
        Judgement shown = shown(wholeTrace);
        return new Submitter(
                id,
                origin,
                evidence(),
                new Submitter.Assessment(
                        shown.kind(),
                        shown.verdict(),
                        shown.reason(),
                        shown.score(),
                        wholeTrace && shown.verdict() != Verdict.CLEAN ? Optional.of(worstAt) : Optional.empty(),
                        new Submitter.Proven(proven.verdict(), proven.reason())),
                counts(oldest()),
                new Submitter.Activity(
                        recipients.lastMinute(nowNanos),
                        recipients.lastHour(nowNanos),
                        distinct.count(),
                        logins.networks(nowNanos),
                        logins.failures(nowNanos),
                        first,
                        last),
                new Submitter.Examples(
                        scripts.most(MailSnapshot.MAX_LISTED),
                        senders.most(MailSnapshot.MAX_LISTED),
                        domains.most(MailSnapshot.MAX_LISTED),
                        deferrals.most(MailSnapshot.MAX_LISTED),
                        ArrivalOrder.newest(Stream.of(waiting, onHold), MailSnapshot.MAX_LISTED).stream()
                                .map(entry -> entry.id)
                                .toList()));
    }
}
