package org.outguard.app.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;

class EagerOwnerLookupTest {

    private final List<Object> happened = new ArrayList<>();
    private boolean wireCounts = true;
    private long nowNanos;
    private final EagerOwnerLookup eagerOwnerLookup =
            new EagerOwnerLookup(happened::add, happened::add, () -> wireCounts, () -> nowNanos);

    private static FlowKey flow(int port) {
        IpAddress here = IpAddress.parse("192.0.2.1").orElseThrow();
        return new FlowKey(Protocol.UDP, new Endpoint(here, port), new Endpoint(here, 80));
    }

    private static Observation flows(int... ports) {
        List<FlowCount> counts = new ArrayList<>();
        for (int port : ports) {
            counts.add(new FlowCount(flow(port), port, port, 0, 1, 1));
        }
        return new TrafficObservation.Flows("eth0", new FlowBatch(counts, 0, 0));
    }

    @Test
    void aNewFlowIsAskedForBehindItsCountsTheBusiestFirstAndOnce() {
        eagerOwnerLookup.accept(flows(1, 2));
        eagerOwnerLookup.accept(flows(2, 3));

        assertThat(happened).containsExactly(flows(1, 2), List.of(flow(2), flow(1)), flows(2, 3), List.of(flow(3)));
    }

    @Test
    void aFlowThatWasSilentForAMinuteIsNewAgain() {
        eagerOwnerLookup.accept(flows(1));
        nowNanos += Duration.ofSeconds(61).toNanos();
        eagerOwnerLookup.accept(flows(1));

        assertThat(happened).filteredOn(List.class::isInstance).hasSize(2);
    }

    @Test
    void nobodyIsAskedForWhileTheKernelEyeCounts() {
        wireCounts = false;
        eagerOwnerLookup.accept(flows(1));

        assertThat(happened).containsExactly(flows(1));
    }
}
