package org.outguard.guard.reconcile;

import org.jspecify.annotations.Nullable;
import org.outguard.flow.Protocol;
import org.outguard.flow.RateWindow;

/** What both eyes counted of one destination of late, and in all. */
final class Pair {
    final DestinationCounters both;
    final RateWindow owned = new RateWindow(6);
    long seenNanos = Long.MIN_VALUE;
    long comparedNanos = Long.MIN_VALUE;
    final ExcessWindows windows = new ExcessWindows();
    boolean onWire;

    /* In connects of TCP, of which the wire eye hears little else, else in bytes: a large send is one packet to it. */
    long accounted;
    long onWireInAll;

    @Nullable
    Passage passage;

    /** Packets and bytes that the capture saw; null while it saw none, as of a spray that it leaves out. */
    private @Nullable RateWindow wire;

    private @Nullable RateWindow wireBytes;

    Pair(DestinationCounters both) {
        this.both = both;
    }

    /** The capture saw so much. */
    void seen(long firstNanos, long lastNanos, long packets, long bytes) {
        if (wire == null || wireBytes == null) {
            wire = new RateWindow(6);
            wireBytes = new RateWindow(6);
        }
        wire.add(firstNanos, lastNanos, packets);
        wireBytes.add(firstNanos, lastNanos, bytes);
    }

    /** Packets that the capture saw, see {@link RateWindow#sum}. */
    long wire(long nowNanos, int seconds) {
        return wire == null ? 0 : wire.sum(nowNanos, seconds);
    }

    /** Bytes that it saw. */
    long wireBytes(long nowNanos, int seconds) {
        return wireBytes == null ? 0 : wireBytes.sum(nowNanos, seconds);
    }

    /** What is compared of a count: see {@link #accounted}. */
    static long amount(Protocol protocol, long bytes, long connects) {
        return protocol == Protocol.TCP ? connects : bytes;
    }
}
