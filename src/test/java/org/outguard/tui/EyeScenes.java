package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.Talkers;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.SourceCounts.Sight;
import org.outguard.guard.snapshot.SourceCounts.Sum;
import org.outguard.guard.snapshot.SourceCounts.Wire;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;

/** What the screen has to show of two eyes, or of one where there should be two. */
final class EyeScenes {

    static final String WHY_NOT =
            "programs may not be loaded (CAP_BPF, CAP_PERFMON, lockdown): Operation not permitted";

    private EyeScenes() {}

    /** The flood, known and left out, beside a hidden sender to another address. */
    static Snapshot both(Snapshot flood) {
        List<Talker> talkers = new ArrayList<>();
        for (Talker talker : flood.talkers()) {
            Sum own = new Sum(talker.packets(), talker.bytes());
            Optional<Wire> wire = switch (talker.id()) {
                case Scenes.FLOOD -> Optional.of(wire(new Sum(4_096, 233_472), own, 0, Sight.LEFT_OUT, 1, 1));
                case Scenes.SLOW -> Optional.of(wire(new Sum(18_902, 1), own, 82, Sight.ALL, 214, 0));
                default -> Optional.of(wire(own, own, 0, Sight.ALL, 1, 0));
            };
            SourceCounts eyes = talker.attribution() instanceof Attribution.Unknown
                    ? hidden(own)
                    : new SourceCounts(Optional.of(own), wire, Sum.NONE);
            talkers.add(Talkers.with(talker, byKernel(talker), talker.pids(), talker.smtp(), eyes));
        }
        return with(flood, Snapshot.Eye.KERNEL, "", talkers);
    }

    /** With the wire eye alone, because of this. */
    static Snapshot wireAlone(Snapshot of, String why) {
        return with(of, Snapshot.Eye.WIRE, why, of.talkers());
    }

    private static SourceCounts hidden(Sum own) {
        Sum seen = new Sum(own.packets() + 3_200, own.bytes() + 204_800);
        Wire there = new Wire(seen, new Sum(2_800, 179_200), 2_800, own.packets(), Sight.ALL, 1, 0);
        return new SourceCounts(Optional.of(Sum.NONE), Optional.of(there), own);
    }

    private static Wire wire(Sum seen, Sum own, long others, Sight sight, int destinations, int leftOut) {
        Sum all = new Sum(own.packets() + others, own.bytes());
        return new Wire(seen, all, others, 0, sight, destinations, leftOut);
    }

    /* The slow one is in a container. */
    private static Attribution byKernel(Talker talker) {
        Attribution attribution = talker.attribution();
        if (attribution instanceof Attribution.Unknown) {
            return new Attribution.Unknown(
                    "on the wire, but no process of any network namespace sent it: forwarded for a"
                            + " virtual machine, or sent by a way that the kernel eye cannot see");
        }
        return new Attribution.Exact(
                attribution.knownOwner().orElseThrow(),
                "counted in the kernel as it was sent (cgroup_skb)"
                        + (talker.id().equals(Scenes.SLOW)
                                ? "; sent in another network namespace than the watched one"
                                : ""));
    }

    private static Snapshot with(Snapshot s, Snapshot.Eye eye, String why, List<Talker> talkers) {
        return new Snapshot(
                s.tick(),
                new Snapshot.Counting(eye, why, s.degraded(), s.sources()),
                s.totals(),
                talkers,
                s.enforcement(),
                s.mail(),
                s.deliveries(),
                s.events());
    }
}
