package org.outguard.guard.reconcile;

import java.util.Optional;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.snapshot.SourceCounts.Sight;
import org.outguard.guard.snapshot.SourceCounts.Wire;

/** Adds up what both eyes counted of the destinations of one talker. */
public final class CounterAggregate {

    private DestinationCounters.Totals totals = DestinationCounters.Totals.NONE;
    private long own;
    private int destinations;
    private int leftOut;

    /**
     * Adds a destination.
     *
     * @param packets that the talker was charged with for it
     */
    public void add(DestinationCounters tally, long packets) {
        totals = totals.plus(tally.totals());
        own += packets;
        destinations++;
        leftOut += tally.leftOut() ? 1 : 0;
    }

    /**
     * What that is in all; empty where there was no destination.
     *
     * @param unaccounted packets among the talker's own that the kernel eye did not count
     */
    public Optional<Wire> wire(TrafficClass traffic, long unaccounted) {
        if (destinations == 0) {
            return Optional.empty();
        }
        long others = Math.max(0, totals.counted().packets() - (own - unaccounted));
        return Optional.of(new Wire(
                totals.seen(), totals.counted(), others, totals.nobodys(), sight(traffic), destinations, leftOut));
    }

    private Sight sight(TrafficClass traffic) {
        if (traffic == TrafficClass.OTHER) {
            return Sight.NOTHING;
        }
        if (leftOut > 0) {
            return Sight.LEFT_OUT;
        }
        if (totals.wasLeftOut()) {
            return Sight.LEFT_OUT_BEFORE;
        }
        if (totals.glanced()) {
            return Sight.GLANCES;
        }
        return traffic == TrafficClass.TCP ? Sight.CONNECTS : Sight.ALL;
    }
}
