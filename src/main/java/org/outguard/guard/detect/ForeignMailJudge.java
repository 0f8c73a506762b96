package org.outguard.guard.detect;

import java.util.Optional;
import org.outguard.guard.contact.ForeignMail;
import org.outguard.guard.contact.LongContacts;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Account;

/**
 * Holds what a program that is no mail server sends to other hosts' mail ports against the limits: kind
 * {@link OffenceKind#FOREIGN_SMTP}. Who sends by stolen logins does so at many hosts; a site that hands its mail to its relay
 * does so at one, and says little.
 */
final class ForeignMailJudge {

    private static final Judgement NONE = Judgement.clean(OffenceKind.FOREIGN_SMTP, "no mail by other hosts", 0);

    /** What keeps a connection (NOOP, TCP keepalive) is less. */
    private static final long LEAST_BYTES_PER_SECOND = 200;

    private final Policy policy;
    private final MailUsers mailUsers;

    ForeignMailJudge(Policy policy, MailUsers mailUsers) {
        this.policy = policy;
        this.mailUsers = mailUsers;
    }

    Judgement judge(TalkerState talker, long nowNanos) {
        ForeignMail mail = talker.dealings.mail;
        Optional<Account> account = talker.attribution.account();
        if (mail == null || talker.mail != null || account.isEmpty() || mailUsers.deliver(talker.attribution)) {
            return NONE;
        }
        long hosts = mail.hosts(nowNanos);
        String who = "no mail server (user " + account.map(Account::user).orElse("?") + "): ";
        Judgement worst = limits(
                Figure.FOREIGN_SMTP_HOSTS_PER_HOUR,
                who + Judge.whole((double) hosts) + " hosts' mail ports within an hour",
                (double) hosts);
        long sessions = mail.sessions(nowNanos);
        worst = worse(
                worst,
                limits(
                        Figure.FOREIGN_SMTP_SESSIONS_PER_HOUR,
                        who + Judge.whole((double) sessions) + " connections to other hosts' mail ports within an hour",
                        (double) sessions));
        double megabytes = mail.megabytes(nowNanos);
        worst = worse(
                worst,
                limits(
                        Figure.FOREIGN_SMTP_MEGABYTES_PER_HOUR,
                        who + Judge.whole(megabytes) + " MB to other hosts' mail ports within an hour",
                        megabytes));
        LongContacts.Longest longest = mail.contacts().longestConnection(nowNanos, LEAST_BYTES_PER_SECOND);
        if (longest != null) {
            double minutes = longest.nanos() / (60.0 * Nanos.PER_SECOND);
            worst = worse(
                    worst,
                    limits(
                                    Figure.FOREIGN_SMTP_SESSION_MINUTES,
                                    who + Judge.whole(Math.floor(minutes)) + " min and "
                                            + Judge.whole(longest.bytes() / 1e3) + " kB on one connection to port "
                                            + longest.remote().port(),
                                    minutes)
                            .about(longest.remote()));
        }
        // Root is whoever runs a script of its own for its reports, as for direct delivery.
        boolean root = account.filter(one -> one.uid() == 0).isPresent();
        return root && worst.verdict() == Verdict.OFFENDING
                ? new Judgement(worst.kind(), Verdict.SUSPECT, worst.figures(), worst.limit(), 79, worst.value())
                : worst;
    }

    private Judgement limits(Figure figure, String words, double value) {
        Pair pair = policy.traffic().of(figure);
        return value < pair.suspect()
                ? NONE
                : Judge.limits(OffenceKind.FOREIGN_SMTP, words, value, pair.suspect(), pair.offending());
    }

    private static Judgement worse(Judgement one, Judgement other) {
        return other.verdict().compareTo(one.verdict()) > 0 ? other : one;
    }
}
