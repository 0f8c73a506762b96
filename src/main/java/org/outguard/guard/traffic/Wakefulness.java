package org.outguard.guard.traffic;

import java.util.Set;
import org.outguard.flow.RateWindow;
import org.outguard.guard.mail.DeliveryAttribution;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.stats.Nanos;

/**
 * Whether the next verdict on a talker may be another than its last. One that is clean and silent is not judged again until it
 * sends.
 */
public final class Wakefulness {

    private final TalkerState talker;

    /** All talkers that are awake. */
    private final Set<TalkerState> awake;

    private boolean isAwake;

    /** Whether it was charged since it was judged last, and until when its rates may change by that. */
    private boolean charged;

    private long awakeNanos = Long.MIN_VALUE;
    private long decayedNanos = Long.MIN_VALUE;

    Wakefulness(TalkerState talker, Set<TalkerState> awake) {
        this.talker = talker;
        this.awake = awake;
    }

    /** Its rates have changed, so that it is judged. */
    void charged() {
        charged = true;
        if (!isAwake) {
            isAwake = true;
            awake.add(talker);
        }
    }

    /**
     * Takes note that it was judged.
     *
     * @return whether the same will be thought of it until it is charged again: it is clean, and what it sent is out of every window
     */
    public boolean judged(long nowNanos) {
        if (talker.judgement.verdict().compareTo(talker.worst.verdict()) > 0
                || talker.judgement.verdict() == talker.worst.verdict()
                        && talker.judgement.score() >= talker.worst.score()) {
            talker.worst = talker.judgement;
        }
        if (charged) {
            charged = false;
            awakeNanos = nowNanos + span();
            decayedNanos = nowNanos + rateSpan();
        }
        isAwake = talker.judgement.verdict() != Verdict.CLEAN || nowNanos <= awakeNanos;
        return !isAwake;
    }

    /**
     * Whether its next verdict may be another than its last, but by the quiet time: of one that is clean what it was charged with is in
     * no bucket that is over yet, of another it is still in a window.
     */
    public boolean mayChange(long nowNanos) {
        if (charged || talker.judgement.verdict() != Verdict.CLEAN) {
            return charged || nowNanos <= decayedNanos;
        }
        long settled = talker.traffic == TrafficClass.MAIL ? DeliveryAttribution.SETTLE_NANOS : 0;
        return nowNanos <= decayedNanos - rateSpan() + settled + 2 * RateWindow.BUCKET_NANOS;
    }

    /* The longest window that it is judged by, and some buckets more. */
    private long span() {
        return talker.heard().isEmpty() ? rateSpan() : 3_600 * Nanos.PER_SECOND;
    }

    private long rateSpan() {
        return switch (talker.traffic) {
            case MAIL -> 62 * Nanos.PER_SECOND + DeliveryAttribution.SETTLE_NANOS;
            case TCP -> 12 * Nanos.PER_SECOND;
            case UDP, UDP_SERVICE, ICMP, OTHER -> 8 * Nanos.PER_SECOND;
        };
    }
}
