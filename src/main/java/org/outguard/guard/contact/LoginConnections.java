package org.outguard.guard.contact;

import org.outguard.flow.RateWindow;
import org.outguard.guard.stats.Reach;

/** Connections to ports at which one logs in: what guessing of passwords is told by. */
public final class LoginConnections {

    static final int MOST_BYTES = 4_500 + 2 * Reach.MOST_BYTES;

    private final RateWindow connects = new RateWindow(60);
    private final RateWindow bytes = new RateWindow(60);
    private final Reach targets = new Reach();
    private final Reach answered = new Reach();

    /** The port that was met last, and whether there was another. */
    public int port;

    public boolean ports;

    /**
     * Counts attempts to connect, negative to take them out again.
     *
     * @param target hash of the address and port
     * @param toPort which port that is
     * @param isAnswered whether there was more than the attempt
     */
    void add(
            long target,
            int toPort,
            long attempts,
            boolean isAnswered,
            long byteCount,
            long firstNanos,
            long lastNanos) {
        connects.add(firstNanos, lastNanos, attempts);
        bytes.add(firstNanos, lastNanos, byteCount);
        if (isAnswered) {
            answered.add(target, lastNanos);
        }
        if (attempts > 0) {
            targets.add(target, lastNanos);
            ports |= port != 0 && port != toPort;
            port = toPort;
        }
    }

    void addAll(LoginConnections other, long nowNanos) {
        connects.addAll(other.connects);
        bytes.addAll(other.bytes);
        targets.addAll(other.targets, nowNanos);
        answered.addAll(other.answered, nowNanos);
        ports |= other.ports || port != 0 && other.port != port;
        port = other.port == 0 ? port : other.port;
    }

    /** Attempts to connect within the last minute. */
    public long ofMinute(long nowNanos) {
        return connects.sum(nowNanos, 60);
    }

    /** Bytes of the last minute for each of them. */
    public long bytesEach(long nowNanos) {
        return bytes.sum(nowNanos, 60) / Math.max(1, ofMinute(nowNanos));
    }

    /** Addresses and ports within the hour. */
    public long targets(long nowNanos) {
        return targets.ofHour(nowNanos);
    }

    /** How many of them have answered. */
    public long answered(long nowNanos) {
        return answered.ofHour(nowNanos);
    }

    int bytes() {
        return 4_500 + targets.bytes() + answered.bytes();
    }
}
