package org.outguard.capture;

/**
 * When a capture lets go of its interface for a while, and when it looks again.
 *
 * <p>What a filter leaves out still costs the sender: for every packet the kernel makes a copy for the socket (the buffer's
 * head, not its data) before the filter throws it away, which takes a fifth of what a veth device can send. Where somebody
 * else counts the flood, the socket is taken off the device, and put back for {@value #LOOK_NANOS} ns in each second. Only
 * while these looks see next to nothing: otherwise there is something that nobody else counts, and the capture stays.
 *
 * <p>Any thread allows; the capture thread does the rest.
 */
final class Rest {

    /** How long a look is. The kernel keeps a block of packets that is not full for 100 ms. */
    static final long LOOK_NANOS = 200_000_000L;

    /** How long nothing is seen after it. */
    static final long REST_NANOS = 800_000_000L;

    /** As many packets may pass the filter in a look: 500 a second, which costs nobody anything. */
    static final long FEW_PACKETS = 100;

    private volatile boolean allowed;
    private boolean resting;
    private long sinceNanos;
    private long packetsBefore;

    /** Says whether somebody else counts so much that a rest is worth it. */
    void allow(boolean worthIt) {
        allowed = worthIt;
    }

    /** Whether the capture has let go. */
    boolean resting() {
        return resting;
    }

    /**
     * The device is open, and captures.
     *
     * @param packets that it has given since it was opened
     */
    void lookFrom(long nowNanos, long packets) {
        resting = false;
        sinceNanos = nowNanos;
        packetsBefore = packets;
    }

    /** The device has been let go of. */
    void restFrom(long nowNanos) {
        resting = true;
        sinceNanos = nowNanos;
    }

    /**
     * Whether it is time to let go of the device, or to take it again.
     *
     * @param packets that it has given since it was opened
     */
    boolean changes(long nowNanos, long packets) {
        long since = nowNanos - sinceNanos;
        if (resting) {
            return !allowed || since >= REST_NANOS;
        }
        if (since < LOOK_NANOS) {
            return false;
        }
        boolean few = packets - packetsBefore <= FEW_PACKETS;
        lookFrom(nowNanos, packets);
        return allowed && few;
    }
}
