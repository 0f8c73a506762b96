package org.outguard.app.counting;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.outguard.capture.live.WireEye;
import org.outguard.flow.Destination;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.MatchQuality;

/**
 * Chooses what the capture need not see, because the kernel eye counts it with its owner: busy destinations of talkers that
 * are matched exactly. What was chosen stays while it is busy, so that the filter is not made anew for a change of order.
 */
public final class CaptureExclusionPolicy {

    /** As many as a filter has room for. */
    static final int MOST = WireEye.MOST_LEFT_OUT;

    /** A talker slower than this, over 10 s, costs the capture next to nothing. Packets a second. */
    static final double BUSY = 500;

    /** A destination that had fewer packets in all is still worth a look. */
    static final long JUDGED = 1_000;

    /** Of a slower flood the way to the filter, half a microsecond a packet, is less than a hundredth of a core. */
    static final double FLOOD = 20_000;

    private Set<Destination> chosen = Set.of();
    private double packets10s;

    /** What to leave out by this snapshot. */
    public List<Destination> choose(Snapshot snapshot) {
        Set<Destination> candidates = new LinkedHashSet<>();
        packets10s = 0;
        if (snapshot.eye() == Snapshot.Eye.KERNEL) {
            for (Talker talker : snapshot.talkers()) {
                if (talker.attribution().quality() == MatchQuality.EXACT
                        && talker.rate().packets10s() >= BUSY) {
                    packets10s += talker.rate().packets10s();
                    addBusy(candidates, talker);
                }
            }
        }
        Set<Destination> next = new LinkedHashSet<>(chosen);
        next.retainAll(candidates);
        for (Destination candidate : candidates) {
            if (next.size() >= MOST) {
                break;
            }
            next.add(candidate);
        }
        chosen = next;
        return List.copyOf(next);
    }

    /** Whether the talkers of the last choice send so much that the capture had better not hear of it at all. */
    public boolean flood() {
        return packets10s >= FLOOD;
    }

    private static void addBusy(Set<Destination> candidates, Talker talker) {
        for (Talker.RemoteTotal total : talker.remotes()) {
            if (total.packets() < JUDGED) {
                return;
            }
            candidates.add(new Destination(talker.protocol(), total.remote()));
        }
    }
}
