package org.outguard.guard.reconcile;

import org.jspecify.annotations.Nullable;
import org.outguard.flow.Protocol;
import org.outguard.flow.RateWindow;

/** What both eyes counted of one destination of late, and in all. */
final class Pair {
    final EyeTally both;
    final RateWindow owned = new RateWindow(6);
    final RateWindow wire = new RateWindow(6);
    final RateWindow wireBytes = new RateWindow(6);
    long seenNanos = Long.MIN_VALUE;
    long comparedNanos = Long.MIN_VALUE;
    final ExcessWindows windows = new ExcessWindows();
    boolean onWire;

    /* In connects of TCP, of which the wire eye hears little else, else in bytes: a large send is one packet to it. */
    long accounted;
    long onWireInAll;

    @Nullable
    Passage passage;

    Pair(EyeTally both) {
        this.both = both;
    }

    /** What is compared of a count: see {@link #accounted}. */
    static long amount(Protocol protocol, long bytes, long connects) {
        return protocol == Protocol.TCP ? connects : bytes;
    }
}
