package org.outguard.guard.contact;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.RateWindow;

/** What a UDP service sends to each of {@value #ASKERS} addresses, those that it answered last. */
public final class Answers {

    public static final int ASKERS = 32;

    /** What asks, of all services. */
    public final Requests requests;

    private final Latest<Requests.Key, Answered> answered = new Latest<>(ASKERS);

    public Answers(Requests requests) {
        this.requests = requests;
    }

    private static final class Answered {
        final RateWindow bytes = new RateWindow(Requests.SECONDS);
        Endpoint last;

        Answered(Endpoint first) {
            last = first;
        }
    }

    /**
     * Who gets most.
     *
     * @param key service and address
     * @param remote where the last went
     * @param bytesPerSecond how much
     */
    public record Most(Requests.Key key, Endpoint remote, double bytesPerSecond) {}

    public void add(int service, Endpoint remote, long bytes, long firstNanos, long lastNanos) {
        Answered to = answered.at(new Requests.Key(service, remote.address()), () -> new Answered(remote));
        to.bytes.add(firstNanos, lastNanos, bytes);
        to.last = remote;
    }

    public void addAll(Answers other) {
        other.answered.forEach((key, theirs) -> {
            Answered to = answered.at(key, () -> new Answered(theirs.last));
            to.bytes.addAll(theirs.bytes);
            to.last = theirs.last;
        });
    }

    /** Null where nobody gets anything. */
    @Nullable
    public Most most(long nowNanos) {
        Most most = null;
        for (Map.Entry<Requests.Key, Answered> one : answered.entrySet()) {
            double rate = one.getValue().bytes.perSecond(nowNanos, Requests.SECONDS);
            if (rate > 0 && (most == null || rate > most.bytesPerSecond())) {
                most = new Most(one.getKey(), one.getValue().last, rate);
            }
        }
        return most;
    }
}
