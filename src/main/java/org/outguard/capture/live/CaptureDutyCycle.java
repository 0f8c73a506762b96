package org.outguard.capture.live;

/**
 * When a capture lets go of its interface for a while, and when it looks again.
 *
 * <p>What a filter leaves out still costs the sender: for every packet the kernel makes a copy for the socket (the buffer's
 * head, not its data) before the filter throws it away, which takes a sixth of what a veth device can send. Where somebody
 * else counts the flood, the socket is taken off the device, after a look of {@value #LOOK_NANOS} ns that saw next to
 * nothing, and put back for a glance of {@value #GLANCE_NANOS} ns about once a second. Only while these see next to nothing
 * either: otherwise there is something that nobody else counts, and the capture stays.
 *
 * <p>Any thread allows; the capture thread does the rest.
 */
final class CaptureDutyCycle {

    /** How long a look is. The kernel keeps a block of packets that is not full for 100 ms. */
    static final long LOOK_NANOS = 200_000_000L;

    /** How long nothing is seen after it, and after a glance. */
    static final long REST_NANOS = 960_000_000L;

    /** How long a glance is. */
    static final long GLANCE_NANOS = 40_000_000L;

    /** How long after a glance all that it saw has come: the age of a block, and the pause of who reads it. */
    static final long SETTLED_NANOS = 250_000_000L;

    /** As many packets may pass the filter in a look: 500 a second, which costs nobody anything. */
    static final long FEW_PACKETS = 100;

    /** As many may in a glance, the same rate. */
    static final long FEW_IN_A_GLANCE = FEW_PACKETS * GLANCE_NANOS / LOOK_NANOS;

    private enum State {
        LOOKS,
        RESTS,
        GLANCES
    }

    private volatile boolean allowed;
    private State state = State.LOOKS;
    /* Whether it was a glance that came before the rest; a look is judged at its end. */
    private boolean afterGlance;
    private long sinceNanos;
    private long packetsBefore;

    /** Says whether somebody else counts so much that a rest is worth it. */
    void allow(boolean worthIt) {
        allowed = worthIt;
    }

    /** Whether the capture has let go. */
    boolean resting() {
        return state == State.RESTS;
    }

    /** Whether the capture sees but moments: it has let go, or glances. */
    boolean glances() {
        return state != State.LOOKS;
    }

    /**
     * The device is open, and captures.
     *
     * @param packets that it has given since it was opened
     */
    void lookFrom(long nowNanos, long packets) {
        state = State.LOOKS;
        sinceNanos = nowNanos;
        packetsBefore = packets;
    }

    /**
     * The device has been taken again, as {@link #changes} said.
     *
     * @param packets that it has given since it was opened
     */
    void takenAt(long nowNanos, long packets) {
        State next = allowed && fewInGlance(packets) ? State.GLANCES : State.LOOKS;
        lookFrom(nowNanos, packets);
        state = next;
    }

    /** The device has been let go of. */
    void restFrom(long nowNanos) {
        afterGlance = state == State.GLANCES;
        state = State.RESTS;
        sinceNanos = nowNanos;
    }

    /**
     * Whether it is time to let go of the device, or to take it again.
     *
     * @param packets that it has given since it was opened
     */
    boolean changes(long nowNanos, long packets) {
        long since = nowNanos - sinceNanos;
        return switch (state) {
            case RESTS -> !allowed || since >= REST_NANOS || (since >= SETTLED_NANOS && !fewInGlance(packets));
            case GLANCES -> glanced(nowNanos, packets);
            case LOOKS -> since >= LOOK_NANOS && looked(nowNanos, packets);
        };
    }

    private boolean glanced(long nowNanos, long packets) {
        if (!allowed) {
            lookFrom(nowNanos, packets);
        }
        return allowed && nowNanos - sinceNanos >= GLANCE_NANOS;
    }

    private boolean looked(long nowNanos, long packets) {
        boolean few = packets - packetsBefore <= FEW_PACKETS;
        lookFrom(nowNanos, packets);
        return allowed && few;
    }

    private boolean fewInGlance(long packets) {
        return !afterGlance || packets - packetsBefore <= FEW_IN_A_GLANCE;
    }

    /**
     * How long the capture may pause before it asks again, at most.
     *
     * @param nanos for which it would pause otherwise
     */
    long pause(long nanos) {
        return state == State.GLANCES ? Math.min(nanos, GLANCE_NANOS) : nanos;
    }
}
