package org.outguard.guard.reconcile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Destination;
import org.outguard.flow.FlowCount;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.Ledger;

/**
 * From the wire eye's counts to those of the kernel eye, which begin at one moment, the cut: each packet counts once.
 *
 * <p>The wire eye tells of packets in batches of a tenth of a second, each flow with the times of its first and last
 * packet. What is before the cut is the wire eye's, what is behind it the kernel eye's; a batch over the cut is divided by
 * time, and what was charged already before the cut was known is taken out again. As that division is an estimate, both
 * eyes are compared behind the cut: once a destination is silent, they must have counted the same packets, and what they
 * differ by, as far as the estimate explains it, is put right. Where one goes on for {@value #MOST_SECONDS} s, or the
 * capture loses packets, the estimate stays.
 */
public final class HandOver {

    /** Most destinations that are compared. */
    static final int MOST = 16_384;

    /** So long both eyes are compared. */
    static final int MOST_SECONDS = 30;

    /** A batch of the wire eye comes at most so late, while the machine is not busy beyond measure. */
    private static final long REMEMBERED_NANOS = 2 * Nanos.PER_SECOND;

    private static final int MOST_REMEMBERED = 131_072;

    /** So long after the cut there are new destinations to compare; later ones are the kernel eye's alone. */
    private static final long BEGINNING_NANOS = 2 * Nanos.PER_SECOND;

    private static final long SILENT_NANOS = 3 * Nanos.PER_SECOND / 2;

    /** Between the two places where the eyes count a packet it takes less than this. */
    private static final long ON_THE_WAY_NANOS = 20_000_000L;

    private final Ledger ledger;
    private final Deque<TrafficObservation.Flows> charged = new ArrayDeque<>();
    private int remembered;
    private long cutNanos = Long.MAX_VALUE;
    private boolean active;
    private boolean beginning;
    private long droppedAtCut;
    private final Map<Destination, Both> compared = new HashMap<>();

    public HandOver(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What both eyes counted of one destination behind the cut. */
    private static final class Both {
        long wire;
        long kernel;

        /** Packets of the flows that were divided, or might have been. */
        long doubtful;

        /** The largest of these flows. */
        @Nullable
        FlowCount divided;

        long lastNanos = Long.MIN_VALUE;
    }

    /** Whether both eyes are still compared, so that the wire eye should go on to see everything. */
    public boolean active() {
        return active;
    }

    /** Takes note of what was charged by the wire eye while it counts alone. */
    public void charged(TrafficObservation.Flows flows, long nowNanos) {
        charged.addLast(flows);
        remembered += flows.batch().flows().size();
        while (!charged.isEmpty()
                && (remembered > MOST_REMEMBERED || nowNanos - newest(charged.getFirst()) > REMEMBERED_NANOS)) {
            remembered -= charged.removeFirst().batch().flows().size();
        }
    }

    private static long newest(TrafficObservation.Flows flows) {
        return flows.batch().flows().stream()
                .mapToLong(FlowCount::lastSeenNanos)
                .max()
                .orElse(Long.MIN_VALUE / 2);
    }

    /**
     * The kernel eye counts from the cut on.
     *
     * @param dropped packets that the capture has lost so far
     * @param seenBehind takes what the wire eye saw behind the cut and is no count of it any more
     */
    public void begin(long newCutNanos, long dropped, Behind seenBehind) {
        cutNanos = newCutNanos;
        droppedAtCut = dropped;
        active = true;
        beginning = true;
        for (TrafficObservation.Flows flows : charged) {
            for (FlowCount flow : flows.batch().flows()) {
                FlowCount behind = divide(flow, seenBehind);
                if (behind.packets() > 0) {
                    ledger.corrections.correct(behind, -1);
                }
            }
        }
        charged.clear();
        remembered = 0;
    }

    /** Takes what is only seen. */
    public interface Behind {
        void seen(FlowCount count);
    }

    /**
     * Takes in what the wire eye saw after the kernel eye was in force.
     *
     * @return those of the flows, or parts of them, that left before the cut and so are counts
     */
    public List<FlowCount> wire(List<FlowCount> flows, Behind seenBehind) {
        if (!active) {
            flows.forEach(seenBehind::seen);
            return List.of();
        }
        List<FlowCount> before = new ArrayList<>();
        for (FlowCount flow : flows) {
            FlowCount behind = divide(flow, seenBehind);
            if (behind.packets() < flow.packets()) {
                before.add(minus(flow, behind));
            }
        }
        return before;
    }

    /* The part behind the cut, which is noted. */
    private FlowCount divide(FlowCount flow, Behind seenBehind) {
        FlowCount behind = behind(flow);
        if (behind.packets() > 0) {
            seenBehind.seen(behind);
        }
        Both both = both(new Destination(flow.key().protocol(), flow.key().remote()), flow.lastSeenNanos());
        if (both != null) {
            both.wire += behind.packets();
            // Of TCP the wire eye does not see the same packets.
            if (flow.key().protocol() != Protocol.TCP
                    && flow.firstSeenNanos() <= cutNanos + ON_THE_WAY_NANOS
                    && flow.lastSeenNanos() >= cutNanos - ON_THE_WAY_NANOS) {
                both.doubtful += flow.packets();
                if (both.divided == null || both.divided.packets() < flow.packets()) {
                    both.divided = flow;
                }
            }
        }
        return behind;
    }

    /** Takes in what the kernel eye counted, or found to have no sender, and what is charged. */
    public void kernel(AttributedCount count) {
        if (active && count.remote().isPresent()) {
            Both both = both(new Destination(count.protocol(), count.remote().get()), count.lastNanos());
            if (both != null) {
                both.kernel += count.packets();
            }
        }
    }

    private @Nullable Both both(Destination destination, long lastNanos) {
        Both both = compared.get(destination);
        if (both == null && beginning && compared.size() < MOST) {
            both = new Both();
            compared.put(destination, both);
        }
        if (both != null) {
            both.lastNanos = Math.max(both.lastNanos, lastNanos);
        }
        return both;
    }

    /**
     * Puts right what can be told by now.
     *
     * @param drainedNanos the kernel eye has told all that it had at this time
     * @param dropped packets that the capture has lost so far
     */
    public void tick(long nowNanos, long drainedNanos, long dropped) {
        if (!active) {
            return;
        }
        boolean over = nowNanos - cutNanos > MOST_SECONDS * Nanos.PER_SECOND;
        beginning = nowNanos - cutNanos < BEGINNING_NANOS;
        for (Iterator<Map.Entry<Destination, Both>> all = compared.entrySet().iterator(); all.hasNext(); ) {
            Both both = all.next().getValue();
            boolean silent = Math.min(nowNanos, drainedNanos) - both.lastNanos > SILENT_NANOS;
            if (silent && dropped == droppedAtCut) {
                putRight(both);
            }
            if (over || silent && !beginning || !beginning && both.doubtful == 0) {
                all.remove();
            }
        }
        if (!beginning && compared.isEmpty()) {
            active = false;
            ledger.corrections.forgetEmptied();
        }
    }

    private void putRight(Both both) {
        long difference = both.wire - both.kernel;
        FlowCount flow = both.divided;
        // More than was divided is none of the estimate's: the eyes do not see the same, as with segments or queues.
        if (flow == null || difference == 0 || Math.abs(difference) > both.doubtful) {
            return;
        }
        both.kernel = both.wire;
        long bytes = Math.abs(difference) * flow.bytes() / flow.packets();
        FlowCount correction = new FlowCount(flow.key(), Math.abs(difference), bytes, 0, cutNanos - 1, cutNanos - 1);
        ledger.corrections.correct(correction, difference > 0 ? 1 : -1);
    }

    private FlowCount behind(FlowCount flow) {
        if (flow.firstSeenNanos() >= cutNanos || flow.packets() == 0) {
            return flow;
        }
        if (flow.lastSeenNanos() < cutNanos) {
            return part(flow, 0);
        }
        double share = (double) (flow.lastSeenNanos() - cutNanos) / (flow.lastSeenNanos() - flow.firstSeenNanos());
        // The first is before it and the last behind it.
        long packets = Math.max(1, Math.min(flow.packets() - 1, Math.round(share * flow.packets())));
        return part(flow, packets);
    }

    private FlowCount part(FlowCount flow, long packets) {
        return new FlowCount(
                flow.key(),
                packets,
                flow.bytes() * packets / flow.packets(),
                flow.connects() * packets / flow.packets(),
                cutNanos,
                flow.lastSeenNanos());
    }

    private FlowCount minus(FlowCount flow, FlowCount behind) {
        return new FlowCount(
                flow.key(),
                flow.packets() - behind.packets(),
                flow.bytes() - behind.bytes(),
                flow.connects() - behind.connects(),
                flow.firstSeenNanos(),
                behind.packets() == 0 ? flow.lastSeenNanos() : cutNanos - 1);
    }
}
