package org.outguard.guard.detect;

import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.traffic.TalkerState;

/**
 * Holds the bits a second of what no receiver asks to slow down against the limits: kind {@link OffenceKind#BYTE_FLOOD}. TCP is
 * slowed down, and so no flood however much it is: a backup or a download.
 */
final class ByteJudge {

    /** Over so many seconds: less is a burst. */
    private static final int SECONDS = 5;

    private static final double MEGABIT = 125_000;
    private static final Judgement NONE = Judgement.clean(OffenceKind.BYTE_FLOOD, "no flood of bytes", 0);

    private final Policy policy;

    ByteJudge(Policy policy) {
        this.policy = policy;
    }

    Judgement judge(TalkerState talker, long nowNanos) {
        String what = switch (talker.traffic) {
            case UDP -> "UDP";
            case UDP_SERVICE -> "UDP of a known service";
            case ICMP -> "ICMP";
            case OTHER -> Judge.unusual(talker);
            case TCP, MAIL -> "";
        };
        if (what.isEmpty()) {
            return NONE;
        }
        int factor = talker.traffic == TrafficClass.UDP_SERVICE ? policy.knownServiceFactor() : 1;
        double ofServices = talker.serviceBytes(nowNanos, SECONDS) / MEGABIT;
        double all = talker.byteRate.perSecond(nowNanos, SECONDS) / MEGABIT - ofServices;
        Judgement worst = limits(
                ofServices,
                what + " from ports of services",
                policy.traffic().of(Figure.BYTES_IN_ALL_MBIT_PER_SECOND),
                policy.knownServiceFactor());
        Judgement inAll = limits(all, what, policy.traffic().of(Figure.BYTES_IN_ALL_MBIT_PER_SECOND), factor);
        worst = inAll.verdict().compareTo(worst.verdict()) > 0 ? inAll : worst;
        Pair one = policy.traffic().of(Figure.BYTES_TO_ONE_MBIT_PER_SECOND);
        if (all >= one.suspect() * factor) {
            // No destination has more than all of them, so the list is looked at for few talkers only.
            double busiest = Math.min(all, talker.busiestRemoteBytes(nowNanos) / MEGABIT);
            Judgement toOne = limits(busiest, what + " to one address", one, factor);
            worst = toOne.verdict().compareTo(worst.verdict()) > 0 ? toOne : worst;
        }
        return worst;
    }

    private static Judgement limits(double value, String what, Pair pair, int factor) {
        return value < pair.suspect() * factor
                ? NONE
                : Judge.limits(
                        OffenceKind.BYTE_FLOOD,
                        Judge.whole(value) + " Mbit/s of " + what + " over " + SECONDS + " s",
                        value,
                        pair.suspect() * factor,
                        pair.offending() * factor);
    }
}
