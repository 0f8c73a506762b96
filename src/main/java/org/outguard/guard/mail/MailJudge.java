package org.outguard.guard.mail;

import java.util.Optional;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.HourlyDistinctCount;
import org.outguard.guard.stats.HourlyWindow;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.MailOrigin;

/** Holds a submitter's figures against the limits for mail. */
final class MailJudge {

    private static final int LEAST_SPAM_REPLIES = 3;

    /** Somebody complains about every newsletter. */
    private static final int LEAST_COMPLAINTS = 3;

    private static final String COMPLAINTS = "complaints of receivers within an hour";
    private static final String SPAM_REPLIES = "replies within an hour by which receivers call it spam";
    private static final int TAKEOVER_SCORE = 60;

    private final Policy policy;
    private final MailLimits limits;

    MailJudge(Policy policy) {
        this.policy = policy;
        this.limits = policy.mail();
    }

    /** The verdict at this moment; the worst one stays for the policy's quiet time, as of a {@link Talker}. */
    Judgement judge(SubmitterState submitter, long nowNanos) {
        Judgement now = current(submitter, nowNanos);
        Judgement before = submitter.judgement;
        int worse = now.verdict().compareTo(before.verdict());
        if (worse >= 0) {
            submitter.judgedNanos = nowNanos;
            boolean keepPeak = worse == 0 && now.value() < before.value() && now.verdict() != Verdict.CLEAN;
            return keepPeak ? before.peak() : now;
        }
        boolean quiet = nowNanos - submitter.judgedNanos > policy.quietAfterSeconds() * Nanos.PER_SECOND;
        return quiet ? now : before.peak();
    }

    /** The same by what is proven alone, and never worse than by everything. */
    Judgement judgeProven(SubmitterState submitter, long nowNanos) {
        Judgement now = proven(submitter, nowNanos);
        Judgement before = submitter.proven;
        if (now.verdict().compareTo(before.verdict()) >= 0) {
            submitter.provenNanos = nowNanos;
            return now;
        }
        boolean quiet = nowNanos - submitter.provenNanos > policy.quietAfterSeconds() * Nanos.PER_SECOND;
        return quiet ? now : before.peak();
    }

    /* Failures and replies of receivers stand in the log alone. */
    private Judgement proven(SubmitterState submitter, long nowNanos) {
        OffenceKind kind = kind(submitter);
        long factor = submitter.isUser ? 1 : limits.hostFactor();
        Worst worst = new Worst(kind);
        if (policy.exemptUsers().contains(submitter.origin.who())) {
            return Judgement.clean(kind, "exempt by the policy", 0);
        }
        long hour = submitter.provenRecipients.lastHour(nowNanos);
        recipients(worst, submitter.provenRecipients, submitter.provenDistinct, factor, Units.PROVEN, nowNanos);
        bounces(worst, submitter.provenBounces, factor, Units.PROVEN, nowNanos);
        worst.over(
                submitter.provenLogins.networks(nowNanos),
                limits.networks(),
                1,
                "networks of logins within an hour in queue files");
        worst.over(submitter.provenQueued, limits.queued(), factor, "messages in the queue");
        return worst.found(hour + " recipients/h in queue files");
    }

    /** What the figures of a reason are figures of. */
    private record Units(
            String recipientsPerMinute,
            String recipientsPerHour,
            String differentRecipients,
            String bouncesPerMinute,
            String bouncesPerHour) {

        /** By queue and log. */
        static final Units SEEN = new Units(
                "recipients/min", "recipients/h", "different recipients within an hour", "bounces/min", "bounces/h");

        /** By queue files alone. */
        static final Units PROVEN = new Units(
                "recipients/min in queue files",
                "recipients/h in queue files",
                "different recipients within an hour in queue files",
                "bounce files/min",
                "bounce files/h");
    }

    /* Whoever has few recipients has few different ones, which cost more to count. */
    private void recipients(
            Worst worst, HourlyWindow counted, HourlyDistinctCount different, long factor, Units units, long nowNanos) {
        long hour = counted.lastHour(nowNanos);
        worst.over(
                counted.lastMinute(nowNanos),
                limits.recipients().offending() * factor,
                Verdict.OFFENDING,
                units.recipientsPerMinute);
        worst.over(hour, limits.recipients().suspect() * factor, Verdict.SUSPECT, units.recipientsPerHour);
        if (hour >= limits.distinctRecipients().suspect() * factor) {
            worst.over(different.count(nowNanos), limits.distinctRecipients(), factor, units.differentRecipients);
        }
    }

    private void bounces(Worst worst, HourlyWindow counted, long factor, Units units, long nowNanos) {
        worst.over(
                counted.lastMinute(nowNanos),
                limits.bounces().offending() * factor,
                Verdict.OFFENDING,
                units.bouncesPerMinute);
        worst.over(
                counted.lastHour(nowNanos), limits.bounces().suspect() * factor, Verdict.SUSPECT, units.bouncesPerHour);
    }

    private Judgement current(SubmitterState submitter, long nowNanos) {
        OffenceKind kind = kind(submitter);
        if (policy.exemptUsers().contains(submitter.origin.who())) {
            return Judgement.clean(kind, "exempt by the policy", 0);
        }
        long factor = submitter.isUser ? 1 : limits.hostFactor();
        Worst worst = new Worst(kind);
        long hour = submitter.recipients.lastHour(nowNanos);
        recipients(worst, submitter.recipients, submitter.distinctOfHour, factor, Units.SEEN, nowNanos);
        failures(worst, submitter, nowNanos);
        bounces(worst, submitter.bounces, factor, Units.SEEN, nowNanos);
        worst.over(submitter.logins.networks(nowNanos), limits.networks(), 1, "networks that logged in within an hour");
        worst.over(submitter.queued, limits.queued(), factor, "messages in the queue");
        long spamReplies = submitter.spamReplies.lastHour(nowNanos);
        long complaints = submitter.complaints.lastHour(nowNanos);
        if (worst.isClean() && submitter.origin instanceof MailOrigin.Login) {
            Optional<Judgement> sign = takeover(complaints, LEAST_COMPLAINTS, COMPLAINTS)
                    .or(() -> takeover(spamReplies, LEAST_SPAM_REPLIES, SPAM_REPLIES));
            if (sign.isPresent()) {
                return sign.get();
            }
        }
        worst.over(spamReplies, LEAST_SPAM_REPLIES, Verdict.SUSPECT, SPAM_REPLIES);
        worst.over(complaints, LEAST_COMPLAINTS, Verdict.SUSPECT, COMPLAINTS);
        if (submitter.disputed * 2 > submitter.messages) {
            return worst.atMostSuspect("; most of its lines in the log contradict each other");
        }
        Optional<String> takeover = submitter.logins.takeover(nowNanos);
        if (takeover.isPresent() && worst.isClean()) {
            return new Judgement(OffenceKind.ACCOUNT_TAKEOVER, Verdict.SUSPECT, takeover.get(), "", TAKEOVER_SCORE, 1);
        }
        return worst.found(hour + " recipients/h");
    }

    /* What receivers say of a login that is within all limits: somebody else may use it. */
    private static Optional<Judgement> takeover(long count, long least, String words) {
        return count < least
                ? Optional.empty()
                : Optional.of(new Judgement(
                        OffenceKind.ACCOUNT_TAKEOVER,
                        Verdict.SUSPECT,
                        count + " " + words,
                        ", suspect from " + least,
                        TAKEOVER_SCORE,
                        count));
    }

    private void failures(Worst worst, SubmitterState submitter, long nowNanos) {
        long failed = submitter.failures.lastHour(nowNanos);
        long served = submitter.served.lastHour(nowNanos);
        long percent = served == 0 ? 0 : 100 * failed / served;
        String words = "recipients failed within an hour, " + percent + " %";
        if (percent >= limits.failurePercent().offending()) {
            worst.over(failed, limits.failures().offending(), Verdict.OFFENDING, words);
        }
        if (percent >= limits.failurePercent().suspect()) {
            worst.over(failed, limits.failures().suspect(), Verdict.SUSPECT, words);
        }
    }

    /** Mail that comes back for what other hosts or nobody known handed in goes to senders that were forged. */
    private static OffenceKind kind(SubmitterState submitter) {
        return submitter.isUser ? OffenceKind.SUBMISSION_BURST : OffenceKind.BACKSCATTER;
    }

    /** The worst that was found, by verdict and by how far it is over its limit. */
    private static final class Worst {
        private final OffenceKind kind;
        private Verdict verdict = Verdict.CLEAN;
        private double factor;
        private String figures = "";
        private String limit = "";

        Worst(OffenceKind kind) {
            this.kind = kind;
        }

        boolean isClean() {
            return verdict == Verdict.CLEAN;
        }

        void over(long value, long most, Verdict then, String words) {
            double over = (double) value / Math.max(1, most);
            boolean worse = then.compareTo(verdict) > 0 || then == verdict && over > factor;
            if (value >= most && worse) {
                verdict = then;
                factor = over;
                figures = value + " " + words;
                limit = (then == Verdict.OFFENDING ? ", limit " : ", suspect from ") + most;
            }
        }

        void over(long value, MailLimits.Pair limit, long factor, String words) {
            over(value, limit.offending() * factor, Verdict.OFFENDING, words);
            over(value, limit.suspect() * factor, Verdict.SUSPECT, words);
        }

        Judgement found(String otherwise) {
            return switch (verdict) {
                case CLEAN -> Judgement.clean(kind, otherwise, 0);
                case SUSPECT -> new Judgement(kind, verdict, figures, limit, score(50, 79), factor);
                case OFFENDING -> new Judgement(kind, verdict, figures, limit, score(80, 100), factor);
            };
        }

        Judgement atMostSuspect(String why) {
            return verdict == Verdict.OFFENDING
                    ? new Judgement(kind, Verdict.SUSPECT, figures, limit + why, 79, factor)
                    : found("disputed");
        }

        private int score(int from, int to) {
            return (int) Math.min(to, from + (to - from) * Math.log10(Math.max(1, factor)));
        }
    }
}
