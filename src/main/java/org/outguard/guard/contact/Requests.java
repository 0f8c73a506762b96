package org.outguard.guard.contact;

import org.jspecify.annotations.Nullable;
import org.outguard.flow.FlowCount;
import org.outguard.flow.IpAddress;
import org.outguard.flow.RateWindow;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.stats.Nanos;

/** What asks the UDP services of this machine, by service and address: the latest {@value #ASKERS}, in about 500 kB. */
public final class Requests {

    public static final int ASKERS = 1_024;
    public static final int SECONDS = 5;

    private final Latest<Key, RateWindow> bytes = new Latest<>(ASKERS);
    private long countedNanos = Long.MIN_VALUE / 2;

    /**
     * Who asks, or is made to seem so.
     *
     * @param service UDP port of this machine
     */
    public record Key(int service, IpAddress address) {}

    public void add(TrafficObservation.RequestsCounted counted, long nowNanos) {
        countedNanos = nowNanos;
        for (FlowCount count : counted.batch().flows()) {
            Key key = new Key(count.key().local().port(), count.key().remote().address());
            bytes.at(key, () -> new RateWindow(SECONDS))
                    .add(count.firstSeenNanos(), count.lastSeenNanos(), Math.round(count.bytes() / counted.share()));
        }
    }

    /** Whether requests are counted, and were so long enough to be held against answers. */
    public boolean areCounted(long nowNanos) {
        return nowNanos - countedNanos <= SECONDS * Nanos.PER_SECOND;
    }

    /** Bytes a second that asked a service in the name of an address, over so many seconds. */
    public double bytesPerSecond(Key key, long nowNanos) {
        @Nullable RateWindow rate = bytes.get(key);
        return rate == null ? 0 : rate.perSecond(nowNanos, SECONDS);
    }
}
