package org.outguard.capture.live;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;

/**
 * A flood is mostly one flow of datagrams that are all of one length. Once the capture has seen {@value #MANY} of them in a turn,
 * the kernel counts them ({@link FlowCounter}), and what it counted is added to the turn's batch. When there are next to none of
 * them any more, or another flow is the larger one, the capture has them back. One open device; the capture thread uses it.
 */
final class OffloadedFlow implements AutoCloseable {

    /** Packets in a turn of about a tenth of a second, from which on the kernel's counting is worth it. */
    static final long MANY = 1_000;

    /** Fewer are better captured, with their heads as evidence. */
    static final long FEW = 100;

    private final @Nullable FlowCounter counter;
    private @Nullable Counted counted;
    /* One of which the kernel counted nothing: its packets are not as they seemed. */
    private @Nullable FlowKey unlike;
    private long packets;

    /**
     * What the kernel counts.
     *
     * @param bytes of each datagram
     * @param epochNanos what makes the capture thread's clock nanoseconds since the epoch
     * @param readNanos when it was read last, by that clock
     * @param before packets in all
     */
    private record Counted(FlowKey key, int bytes, long epochNanos, long readNanos, long before) {}

    OffloadedFlow(Optional<FlowCounter> counter) {
        this.counter = counter.orElse(null);
    }

    /**
     * Adds what the kernel counted since the last turn, and decides what it counts in the next one.
     *
     * @param captured in this turn
     */
    FlowBatch turn(FlowBatch captured, long nowNanos) {
        if (counter == null) {
            return captured;
        }
        Optional<FlowCount> largest = captured.flows().stream()
                .filter(flow -> flow.packets() >= MANY && isOfOneLength(flow))
                .max(Comparator.comparingLong(FlowCount::packets));
        if (counted == null) {
            largest.ifPresent(flow -> begin(counter, flow, nowNanos));
            return captured;
        }
        long now = counter.read();
        boolean another = largest.isPresent()
                && now < largest.get().packets()
                && !largest.get().key().equals(counted.key());
        if (now >= FEW && !another) {
            return with(captured, now, nowNanos);
        }
        FlowBatch whole = with(captured, now, nowNanos);
        return end(counter, whole, nowNanos);
    }

    /** Ends it for good: the capture sees everything from here on. What the kernel had counted. */
    FlowBatch last(long nowNanos) {
        return counter == null ? FlowBatch.EMPTY : end(counter, FlowBatch.EMPTY, nowNanos);
    }

    /** Packets that the kernel counted on this device. */
    long packets() {
        return packets;
    }

    private boolean isOfOneLength(FlowCount flow) {
        return flow.bytes() % flow.packets() == 0
                && FlowProgram.tells(flow.key(), flow.bytes() / flow.packets())
                && !flow.key().equals(unlike);
    }

    private void begin(FlowCounter by, FlowCount flow, long nowNanos) {
        int bytes = (int) (flow.bytes() / flow.packets());
        if (by.count(flow.key(), bytes)) {
            counted = new Counted(flow.key(), bytes, flow.lastSeenNanos() - nowNanos, nowNanos, packets);
        } else {
            unlike = flow.key();
        }
    }

    private FlowBatch end(FlowCounter by, FlowBatch batch, long nowNanos) {
        Counted was = counted;
        if (was == null || !by.countNothing()) {
            return batch;
        }
        FlowBatch whole = with(batch, by.read(), nowNanos);
        if (packets == was.before()) {
            unlike = was.key();
        }
        counted = null;
        return whole;
    }

    private FlowBatch with(FlowBatch batch, long more, long nowNanos) {
        Counted now = counted;
        if (now == null || more == 0) {
            return batch;
        }
        packets += more;
        List<FlowCount> flows = new ArrayList<>(batch.flows());
        flows.add(new FlowCount(
                now.key(),
                more,
                more * now.bytes(),
                0,
                now.readNanos() + now.epochNanos(),
                nowNanos + now.epochNanos()));
        counted = new Counted(now.key(), now.bytes(), now.epochNanos(), nowNanos, now.before());
        return new FlowBatch(flows, batch.otherPackets(), batch.otherBytes());
    }

    @Override
    public void close() {
        if (counter != null) {
            counter.close();
        }
    }
}
