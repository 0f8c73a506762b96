package org.outguard.guard.reconcile;

/**
 * What the wire had more than was accounted for, in one window of time.
 *
 * @param packets negative where it had less
 * @param wire packets that it had
 * @param bytes of the packets that it had more
 * @param firstNanos begin of the window, nanoseconds since the epoch
 * @param lastNanos its end
 */
record Excess(long packets, long wire, long bytes, long firstNanos, long lastNanos) {

    /** As much of it, and no more. */
    Excess atMost(long most) {
        return packets <= most
                ? this
                : new Excess(most, wire, (long) (bytes * ((double) most / packets)), firstNanos, lastNanos);
    }
}
