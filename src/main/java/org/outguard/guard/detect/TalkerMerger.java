package org.outguard.guard.detect;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.TalkerState;

/** Makes one talker of several that are over a limit only together. */
public final class TalkerMerger {

    private final Correlator correlator;
    private final Judge judge;

    public TalkerMerger(Correlator correlator, Judge judge) {
        this.correlator = correlator;
        this.judge = judge;
    }

    /** Makes one talker of those of a class that nobody owns and that are over the limits only together. */
    public void mergeUnattributed(long nowNanos) {
        Set<TrafficClass> awake = EnumSet.noneOf(TrafficClass.class);
        correlator.awake().forEach(talker -> awake.add(talker.traffic));
        // Of the others nobody has a rate.
        for (TrafficClass traffic : awake) {
            Set<TalkerState> scattered = correlator.scattered(traffic);
            if (scattered.size() > 1
                    && judge.judge(sumOf(scattered, correlator.awake()), nowNanos, false)
                                    .verdict()
                            != Verdict.CLEAN) {
                correlator.putTogether(traffic, scattered);
            }
        }
    }

    /** Makes one talker of the processes of one program and user that are further over the limits together than each alone. */
    public void mergePrograms(long nowNanos) {
        for (Set<TalkerState> few : correlator.apart()) {
            TalkerState first = few.iterator().next();
            Verdict worst = few.stream()
                    .map(talker -> talker.judgement.verdict())
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            if (first.traffic != TrafficClass.MAIL && worst != Verdict.OFFENDING) {
                TalkerState sum = sumOf(few, few);
                few.forEach(one -> sum.remotes.addAll(one.remotes));
                if (judge.judge(sum, nowNanos, false).verdict().compareTo(worst) > 0) {
                    correlator.putTogether(first);
                }
            }
        }
    }

    /* A talker with the rates of these, as far as they have any, to be judged; it has no destinations. */
    private static TalkerState sumOf(Set<TalkerState> all, Set<TalkerState> withRates) {
        TalkerState first = all.iterator().next();
        TalkerState sum = new TalkerState("", first.traffic, first.protocol, false, first.attribution, new HashSet<>());
        for (TalkerState one : all) {
            if (!withRates.contains(one)) {
                continue;
            }
            sum.packetRate.addAll(one.packetRate);
            sum.byteRate.addAll(one.byteRate);
            sum.connectRate.addAll(one.connectRate);
            sum.addContactsOf(one);
            sum.dealings.addAll(one.dealings, one.lastSeenNanos);
        }
        return sum;
    }
}
