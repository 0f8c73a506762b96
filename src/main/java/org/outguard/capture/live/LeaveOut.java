package org.outguard.capture.live;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.smtp.SmtpTap;
import org.outguard.flow.Destination;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;

/**
 * Which packets the kernel's filter leaves out, and when it has to be made anew: at most once a second, for at most
 * {@value #MOST} remotes, and for none of which there is no evidence yet. Any thread asks; the capture thread does the
 * rest.
 */
final class LeaveOut {

    /**
     * Each takes about ten instructions, which every packet may have to pass. Where the kernel has no room for so many
     * (net.core.optmem_max, which has to hold the old filter and the new one at once), half as many are tried.
     */
    static final int MOST = 32;

    /** Packets of each that must have been seen, as many as are kept as evidence. */
    static final int EVIDENCE_PACKETS = EvidenceRing.PACKETS_OF_A_FLOW;

    static final long BETWEEN_NANOS = 1_000_000_000L;

    private volatile Set<Destination> asked = Set.of();
    private volatile Set<Destination> inForce = Set.of();
    private final Map<Destination, Long> seen = new HashMap<>();
    private int room = MOST;
    private boolean changedBefore;
    private long lastChange;

    /** Wishes for these, instead of those before; of more than {@value #MOST} the first. */
    void ask(Collection<Destination> wanted) {
        asked = wanted.stream()
                .filter(DestinationFilter::canTell)
                .limit(MOST)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Those that the filter leaves out now. */
    Set<Destination> inForce() {
        return inForce;
    }

    /** Whether there are connections to mail servers among them. */
    boolean leavesOutMail() {
        return inForce.stream().anyMatch(SmtpTap::reads);
    }

    /** Takes note of what the capture saw, which is where evidence comes from. */
    void seen(FlowBatch batch) {
        Set<Destination> wanted = asked;
        seen.keySet().retainAll(wanted);
        if (wanted.isEmpty() || inForce.containsAll(wanted)) {
            return;
        }
        for (FlowCount flow : batch.flows()) {
            Destination key = new Destination(flow.key().protocol(), flow.key().remote());
            if (wanted.contains(key)) {
                seen.merge(key, flow.packets(), Long::sum);
            }
        }
    }

    /** What the filter is to leave out, where that differs from what it does and a second has passed since the last time. */
    Optional<Set<Destination>> due(long nowNanos) {
        if (changedBefore && nowNanos - lastChange < BETWEEN_NANOS) {
            return Optional.empty();
        }
        Set<Destination> next = asked.stream()
                .filter(one -> inForce.contains(one) || seen.getOrDefault(one, 0L) >= EVIDENCE_PACKETS)
                .limit(room)
                .collect(Collectors.toUnmodifiableSet());
        return next.equals(inForce) ? Optional.empty() : Optional.of(next);
    }

    /** A filter that leaves these out is in force. */
    void changed(Set<Destination> now, long nowNanos) {
        Set<Destination> before = inForce;
        seen.keySet().removeIf(one -> before.contains(one) && !now.contains(one));
        inForce = now;
        changedBefore = true;
        lastChange = nowNanos;
    }

    /**
     * The kernel did not take that filter, and the one before is still in force.
     *
     * @return whether a shorter one is worth trying
     */
    boolean refused(Set<Destination> next, long nowNanos) {
        room = next.size() / 2;
        changedBefore = true;
        lastChange = nowNanos;
        return room > 0;
    }

    /** The device is another one, with a filter that leaves nothing out; evidence stays. */
    void startAgain() {
        inForce = Set.of();
        changedBefore = false;
    }
}
