package org.outguard.guard.intake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;

/** Makes one batch of many: by flow, then by destination as a full {@link org.outguard.flow.FlowTable} does, then in one sum. */
final class FlowMerger {

    static final int MOST_FLOWS = 16_384;
    static final int MOST_DESTINATIONS = 16_384;

    private static final Endpoint ANY = new Endpoint(IpAddress.ANY_V4, 0);

    private final Map<FlowKey, FlowCount> flows = new LinkedHashMap<>();
    private long otherPackets;
    private long otherBytes;

    void add(FlowBatch batch) {
        batch.flows().forEach(this::add);
        otherPackets += batch.otherPackets();
        otherBytes += batch.otherBytes();
    }

    private void add(FlowCount count) {
        FlowKey key = count.key();
        if (flows.size() >= MOST_FLOWS && !flows.containsKey(key)) {
            key = new FlowKey(key.protocol(), ANY, key.remote());
            if (flows.size() >= MOST_FLOWS + MOST_DESTINATIONS && !flows.containsKey(key)) {
                otherPackets += count.packets();
                otherBytes += count.bytes();
                return;
            }
        }
        FlowKey merged = key;
        flows.merge(
                merged,
                new FlowCount(
                        merged,
                        count.packets(),
                        count.bytes(),
                        count.connects(),
                        count.firstSeenNanos(),
                        count.lastSeenNanos()),
                FlowMerger::sum);
    }

    private static FlowCount sum(FlowCount one, FlowCount other) {
        return new FlowCount(
                one.key(),
                one.packets() + other.packets(),
                one.bytes() + other.bytes(),
                one.connects() + other.connects(),
                Math.min(one.firstSeenNanos(), other.firstSeenNanos()),
                Math.max(one.lastSeenNanos(), other.lastSeenNanos()));
    }

    FlowBatch drain() {
        List<FlowCount> all = new ArrayList<>(flows.values());
        return new FlowBatch(all, otherPackets, otherBytes);
    }
}
