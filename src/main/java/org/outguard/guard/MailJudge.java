package org.outguard.guard;

import org.outguard.mail.MailOrigin;

/** Holds a submitter's figures against the limits for mail. */
final class MailJudge {

    /** Hosts that hand in mail for many have so many times the room of a user. */
    private static final int HOST_FACTOR = 10;

    private final Policy policy;
    private final MailLimits limits;

    MailJudge(Policy policy, MailLimits limits) {
        this.policy = policy;
        this.limits = limits;
    }

    /** The verdict at this moment; the worst one stays for the policy's quiet time, as of a {@link Talker}. */
    Judgement judge(SubmitterState submitter, long nowNanos) {
        Judgement now = current(submitter, nowNanos);
        Judgement before = submitter.judgement;
        int worse = now.verdict().compareTo(before.verdict());
        if (worse >= 0) {
            submitter.judgedNanos = nowNanos;
            return worse == 0 && now.value() < before.value() && now.verdict() != Verdict.CLEAN ? before : now;
        }
        boolean quiet = nowNanos - submitter.judgedNanos > policy.quietAfterSeconds() * Nanos.PER_SECOND;
        return quiet ? now : before;
    }

    private Judgement current(SubmitterState submitter, long nowNanos) {
        OffenceKind kind = kind(submitter.origin);
        if (policy.exemptUsers().contains(submitter.origin.who())) {
            return Judgement.clean(kind, "exempt by the policy", 0);
        }
        long factor = isUser(submitter.origin) ? 1 : HOST_FACTOR;
        Worst worst = new Worst(kind);
        long minute = submitter.recipients.lastMinute(nowNanos);
        long hour = submitter.recipients.lastHour(nowNanos);
        worst.over(minute, limits.offendingRecipientsPerMinute() * factor, Verdict.OFFENDING, "recipients/min");
        worst.over(hour, limits.suspectRecipientsPerHour() * factor, Verdict.SUSPECT, "recipients/h");
        failures(worst, submitter, nowNanos);
        worst.over(
                submitter.bounces.lastMinute(nowNanos),
                limits.offendingBouncesPerMinute() * factor,
                Verdict.OFFENDING,
                "bounces/min");
        worst.over(
                submitter.bounces.lastHour(nowNanos),
                limits.suspectBouncesPerHour() * factor,
                Verdict.SUSPECT,
                "bounces/h");
        int networks = submitter.networks(nowNanos);
        worst.over(networks, limits.offendingNetworks(), Verdict.OFFENDING, "networks that logged in within an hour");
        worst.over(networks, limits.suspectNetworks(), Verdict.SUSPECT, "networks that logged in within an hour");
        worst.over(submitter.queued, limits.offendingQueued() * factor, Verdict.OFFENDING, "messages in the queue");
        worst.over(submitter.queued, limits.suspectQueued() * factor, Verdict.SUSPECT, "messages in the queue");
        if (submitter.disputed * 2 > submitter.messages) {
            return worst.atMostSuspect("; most of its lines in the log contradict each other");
        }
        return worst.found(hour + " recipients/h");
    }

    private void failures(Worst worst, SubmitterState submitter, long nowNanos) {
        long failed = submitter.failures.lastHour(nowNanos);
        long served = submitter.served.lastHour(nowNanos);
        long percent = served == 0 ? 0 : 100 * failed / served;
        String words = "recipients failed within an hour, " + percent + " %";
        if (percent >= limits.offendingFailurePercent()) {
            worst.over(failed, limits.offendingFailures(), Verdict.OFFENDING, words);
        }
        if (percent >= limits.suspectFailurePercent()) {
            worst.over(failed, limits.suspectFailures(), Verdict.SUSPECT, words);
        }
    }

    /** Mail that comes back for what other hosts or nobody known handed in goes to senders that were forged. */
    private static OffenceKind kind(MailOrigin origin) {
        return isUser(origin) ? OffenceKind.SUBMISSION_BURST : OffenceKind.BACKSCATTER;
    }

    private static boolean isUser(MailOrigin origin) {
        return origin instanceof MailOrigin.LocalUser
                || origin instanceof MailOrigin.Login
                || origin instanceof MailOrigin.Client client
                        && (client.address().startsWith("127.")
                                || client.address().equals("::1"));
    }

    /** The worst that was found, by verdict and by how far it is over its limit. */
    private static final class Worst {
        private final OffenceKind kind;
        private Verdict verdict = Verdict.CLEAN;
        private double factor;
        private String reason = "";

        Worst(OffenceKind kind) {
            this.kind = kind;
        }

        void over(long value, long limit, Verdict then, String words) {
            double over = (double) value / Math.max(1, limit);
            boolean worse = then.compareTo(verdict) > 0 || then == verdict && over > factor;
            if (value >= limit && worse) {
                verdict = then;
                factor = over;
                reason = value + " " + words + (then == Verdict.OFFENDING ? ", limit " : ", suspect from ") + limit;
            }
        }

        Judgement found(String otherwise) {
            return switch (verdict) {
                case CLEAN -> Judgement.clean(kind, otherwise, 0);
                case SUSPECT -> new Judgement(kind, verdict, reason, score(50, 79), factor);
                case OFFENDING -> new Judgement(kind, verdict, reason, score(80, 100), factor);
            };
        }

        Judgement atMostSuspect(String why) {
            return verdict == Verdict.OFFENDING
                    ? new Judgement(kind, Verdict.SUSPECT, reason + why, 79, factor)
                    : found("disputed");
        }

        private int score(int from, int to) {
            return (int) Math.min(to, from + (to - from) * Math.log10(Math.max(1, factor)));
        }
    }
}
