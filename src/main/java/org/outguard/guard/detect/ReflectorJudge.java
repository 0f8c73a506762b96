package org.outguard.guard.detect;

import org.outguard.guard.contact.Answers;
import org.outguard.guard.contact.Requests;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ReflectorPort;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.traffic.TalkerState;

/**
 * Holds what a UDP service answers to one address against what asks in its name: kind {@link OffenceKind#REFLECTOR}. Who answers
 * much and is asked much serves somebody; who answers many times what it is asked is used to attack the address.
 */
final class ReflectorJudge {

    private static final Judgement NONE = Judgement.clean(OffenceKind.REFLECTOR, "no service is used to attack", 0);
    private static final double MEGABIT = 125_000;

    /** Who asks must be seen at all: what is answered to nobody's question is a flood of another kind. */
    private static final double LEAST_ASKED = 1;

    private final Policy policy;

    ReflectorJudge(Policy policy) {
        this.policy = policy;
    }

    Judgement judge(TalkerState talker, long nowNanos) {
        Answers answers = talker.dealings.answers;
        Answers.Most most = answers == null ? null : answers.most(nowNanos);
        Pair megabits = policy.traffic().of(Figure.REFLECTOR_MBIT_PER_SECOND);
        if (answers == null || most == null || most.bytesPerSecond() < megabits.suspect() * MEGABIT) {
            return NONE;
        }
        double rate = most.bytesPerSecond() / MEGABIT;
        int port = most.key().service();
        String what = ReflectorPort.of(port).map(ReflectorPort::service).orElse("a service") + " at port " + port
                + " answers " + most.key().address() + " with " + tenths(rate) + " Mbit/s";
        if (!answers.requests.areCounted(nowNanos)) {
            // What the wire alone could say is not known, and no figure is held against nothing.
            return of(most, what + "; what asks for it is not counted", rate, megabits.offending(), Long.MAX_VALUE);
        }
        double asked = answers.requests.bytesPerSecond(most.key(), nowNanos);
        Pair factor = policy.traffic().of(Figure.REFLECTOR_FACTOR);
        double times = most.bytesPerSecond() / Math.max(LEAST_ASKED, asked);
        return asked < LEAST_ASKED || times < factor.suspect()
                ? NONE
                : of(
                        most,
                        what + ", " + Judge.whole(times) + " times what asks in its name, over " + Requests.SECONDS
                                + " s",
                        rate,
                        megabits.suspect(),
                        times < factor.offending() ? Long.MAX_VALUE : megabits.offending());
    }

    private static Judgement of(Answers.Most most, String words, double rate, long suspect, long offending) {
        return rate < suspect
                ? NONE
                : Judge.limits(OffenceKind.REFLECTOR, words, rate, suspect, offending)
                        .about(most.remote())
                        .ofService(most.key().service());
    }

    private static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }
}
