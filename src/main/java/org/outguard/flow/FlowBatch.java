package org.outguard.flow;

import java.util.List;

/**
 * All that was counted since the last batch. The sum of {@code flows} and of the {@code other} fields is exact.
 *
 * @param flows one entry a flow
 * @param otherPackets packets of flows for which the table had no room
 * @param otherBytes bytes of those packets
 */
public record FlowBatch(List<FlowCount> flows, long otherPackets, long otherBytes) {

    /** Nothing counted. */
    public static final FlowBatch EMPTY = new FlowBatch(List.of(), 0, 0);

    public FlowBatch {
        flows = List.copyOf(flows);
    }

    /** Whether nothing was counted. */
    public boolean isEmpty() {
        return flows.isEmpty() && otherPackets == 0;
    }

    /** All packets, those without room included. */
    public long packets() {
        return otherPackets + flows.stream().mapToLong(FlowCount::packets).sum();
    }

    /** All bytes, those without room included. */
    public long bytes() {
        return otherBytes + flows.stream().mapToLong(FlowCount::bytes).sum();
    }
}
