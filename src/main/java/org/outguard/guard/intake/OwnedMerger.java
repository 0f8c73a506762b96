package org.outguard.guard.intake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Makes one of many counts by sender: by destination, then by sender alone, then in one sum. */
final class OwnedMerger {

    static final int MOST_PATHS = 16_384;
    static final int MOST_SENDERS = 8_192;

    /** A sender as far as it makes a difference to whom its packets are charged. */
    private record Sender(@Nullable Object who, int uid, String matchedBy) {
        static Sender of(Attribution attribution) {
            if (attribution instanceof Attribution.Contested contested) {
                List<ProcessId> all =
                        contested.candidates().stream().map(Owner::id).toList();
                return new Sender(all, 0, attribution.matchedBy());
            }
            Owner owner = attribution.knownOwner().orElse(null);
            return owner == null
                    ? new Sender(null, 0, attribution.matchedBy())
                    : new Sender(owner.id(), owner.uid(), attribution.matchedBy());
        }
    }

    private record Path(Sender sender, Protocol protocol, Optional<Endpoint> remote, boolean elsewhere) {}

    private final Map<Path, AttributedCount> counts = new LinkedHashMap<>();
    private long lostPackets;
    private long lostBytes;

    boolean isEmpty() {
        return counts.isEmpty() && lostPackets == 0;
    }

    void add(TrafficObservation.OwnedFlows more) {
        more.counts().forEach(this::add);
        lostPackets += more.lostPackets();
        lostBytes += more.lostBytes();
    }

    private void add(AttributedCount count) {
        Path path = new Path(Sender.of(count.attribution()), count.protocol(), count.remote(), count.elsewhere());
        if (counts.size() >= MOST_PATHS && !counts.containsKey(path)) {
            path = new Path(path.sender, path.protocol, Optional.empty(), path.elsewhere);
            if (counts.size() >= MOST_PATHS + MOST_SENDERS && !counts.containsKey(path)) {
                lostPackets += count.packets();
                lostBytes += count.bytes();
                return;
            }
        }
        AttributedCount before = counts.get(path);
        counts.put(path, sum(before == null ? count : before, path.remote, before == null ? null : count));
    }

    private static AttributedCount sum(
            AttributedCount one, Optional<Endpoint> remote, @Nullable AttributedCount other) {
        return new AttributedCount(
                one.attribution(),
                one.protocol(),
                remote,
                one.elsewhere(),
                one.packets() + (other == null ? 0 : other.packets()),
                one.bytes() + (other == null ? 0 : other.bytes()),
                one.connects() + (other == null ? 0 : other.connects()),
                other == null ? one.firstNanos() : Math.min(one.firstNanos(), other.firstNanos()),
                other == null ? one.lastNanos() : Math.max(one.lastNanos(), other.lastNanos()));
    }

    TrafficObservation.OwnedFlows drain() {
        return new TrafficObservation.OwnedFlows(List.copyOf(counts.values()), lostPackets, lostBytes);
    }
}
