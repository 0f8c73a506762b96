package org.outguard.guard.detect;

import java.util.Locale;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.traffic.TalkerState;

/**
 * Holds protocols that carry others, and ICMP that carries more than a ping does, against the limits: kind
 * {@link OffenceKind#TUNNEL}. A tunnel that the kernel carries for a program looks the same, so a policy names the far ends of
 * those that are meant to be.
 */
final class TunnelJudge {

    private static final int SECONDS = 5;

    /** A ping has 84 bytes; one that tries a path's size is sent now and then. */
    private static final int LARGE_ICMP = 200;

    private static final Judgement NONE = Judgement.clean(OffenceKind.TUNNEL, "no tunnel", 0);

    private final Policy policy;

    TunnelJudge(Policy policy) {
        this.policy = policy;
    }

    /** Whether that is a talker of tunnels that the policy names, and nothing else. */
    boolean isMeantToBe(TalkerState talker) {
        return talker.traffic == TrafficClass.OTHER
                && talker.listedRemotes() > 0
                && talker.sendsOnlyTo(policy.traffic().tunnelPeers());
    }

    Judgement judge(TalkerState talker, long nowNanos) {
        double rate = talker.packetRate.perSecond(nowNanos, SECONDS);
        Pair pair = policy.traffic().of(Figure.TUNNEL_PACKETS_PER_SECOND);
        double bytes = talker.byteRate.perSecond(nowNanos, SECONDS);
        if (rate < pair.suspect() || !isTunnel(talker, rate, bytes)) {
            return NONE;
        }
        boolean icmp = talker.traffic == TrafficClass.ICMP;
        String what = talker.protocol.word().toUpperCase(Locale.ROOT)
                + (icmp ? " of " + Judge.whole(bytes / rate) + " bytes each" : ", which carries other protocols,");
        return Judge.limits(
                OffenceKind.TUNNEL,
                Judge.whole(rate) + " packets/s of " + what + " over " + SECONDS + " s",
                rate,
                pair.suspect(),
                // A large ping says less than a protocol of its own: the limits for floods hold.
                icmp ? Long.MAX_VALUE : pair.offending());
    }

    private static boolean isTunnel(TalkerState talker, double packets, double bytes) {
        return talker.traffic == TrafficClass.ICMP
                ? talker.owned && bytes >= LARGE_ICMP * packets
                : talker.traffic == TrafficClass.OTHER && talker.protocol.isTunnel();
    }
}
