package org.outguard.guard.detect;

import org.jspecify.annotations.Nullable;
import org.outguard.guard.contact.Contacts;
import org.outguard.guard.contact.LoginConnections;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.traffic.TalkerState;

/**
 * Holds connections to ports at which one logs in against the limits: kind {@link OffenceKind#BRUTE_FORCE}. Who guesses comes
 * back to the same place again and again, and carries little each time; who turns to each place once is a scan or an
 * administrator of many hosts.
 */
final class LoginJudge {

    private static final Judgement NONE = Judgement.clean(OffenceKind.BRUTE_FORCE, "no guessing of passwords", 0);

    /** So often at least each place is turned to, on the average. */
    private static final int AGAIN = 2;

    /** A key exchange of SSH and three attempts are 5 kB; who is let in has more to say. */
    private static final int MOST_BYTES_EACH = 20_000;

    private final Policy policy;
    private final MailUsers mailUsers;

    LoginJudge(Policy policy, MailUsers mailUsers) {
        this.policy = policy;
        this.mailUsers = mailUsers;
    }

    Judgement judge(TalkerState talker, long nowNanos) {
        Contacts contacts = talker.contacts();
        boolean tcp = talker.traffic == TrafficClass.TCP || talker.traffic == TrafficClass.MAIL;
        if (contacts == null || !tcp || talker.mail != null || isMailSystem(talker)) {
            return NONE;
        }
        Judgement access = limits(contacts.logins, policy.traffic().of(Figure.LOGINS_PER_MINUTE), nowNanos);
        Judgement service =
                limits(contacts.serviceLogins, policy.traffic().of(Figure.SERVICE_LOGINS_PER_MINUTE), nowNanos);
        return service.verdict().compareTo(access.verdict()) > 0 ? service : access;
    }

    private boolean isMailSystem(TalkerState talker) {
        return talker.traffic == TrafficClass.MAIL && mailUsers.deliver(talker.attribution);
    }

    private static Judgement limits(@Nullable LoginConnections logins, Pair pair, long nowNanos) {
        long attempts = logins == null ? 0 : logins.ofMinute(nowNanos);
        if (logins == null || attempts < pair.suspect() || logins.bytesEach(nowNanos) > MOST_BYTES_EACH) {
            return NONE;
        }
        long targets = logins.targets(nowNanos);
        // Who gets no answer tries once more each time, which is a scan.
        return attempts < AGAIN * targets || AGAIN * logins.answered(nowNanos) < targets
                ? NONE
                : Judge.limits(
                        OffenceKind.BRUTE_FORCE,
                        Judge.whole((double) attempts) + " connections within a minute to "
                                + (logins.ports ? "ports for logins" : "port " + logins.port) + " of "
                                + (targets == 1 ? "one host" : Judge.whole((double) targets) + " hosts"),
                        (double) attempts,
                        pair.suspect(),
                        pair.offending());
    }
}
