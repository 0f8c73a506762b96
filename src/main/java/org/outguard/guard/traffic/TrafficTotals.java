package org.outguard.guard.traffic;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.LongStream;
import org.outguard.flow.RateWindow;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.stats.Nanos;

/** Sums and rates of all that left, exact whatever finds room elsewhere. */
public final class TrafficTotals {

    private long packets;
    private long bytes;
    private long attributedPackets;
    private long firstNanos = Long.MAX_VALUE;
    private final RateWindow packetRate = new RateWindow(60);
    private final RateWindow byteRate = new RateWindow(60);

    /** Counts traffic; negative amounts take it out again. */
    void add(boolean attributed, long fromNanos, long toNanos, long packetCount, long byteCount) {
        packets += packetCount;
        bytes += byteCount;
        packetRate.add(fromNanos, toNanos, packetCount);
        byteRate.add(fromNanos, toNanos, byteCount);
        attributedPackets += attributed ? packetCount : 0;
    }

    /** An owner became known of so many packets that were counted without one. */
    void attribute(long packetCount) {
        attributedPackets += packetCount;
    }

    /** The first of what was counted was sent at this time, or earlier. */
    void since(long nanos) {
        firstNanos = Math.min(firstNanos, nanos);
    }

    /** Totals of all that left, counted since {@code countingSince}, see {@link Snapshot.Totals#countingSince()}. */
    public Snapshot.Totals view(long nowNanos, Optional<Instant> countingSince) {
        return new Snapshot.Totals(
                Nanos.instant(firstNanos == Long.MAX_VALUE ? nowNanos : firstNanos),
                packets,
                bytes,
                attributedPackets,
                TalkerState.rates(packetRate, byteRate, nowNanos),
                LongStream.of(packetRate.history(nowNanos, 60)).boxed().toList(),
                countingSince);
    }
}
