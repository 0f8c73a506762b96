package org.outguard.guard.port;

import java.util.List;
import org.outguard.flow.FlowKey;
import org.outguard.guard.observation.TrafficObservation;

/** Port: finds out who sends. */
public interface OwnerFinder {

    /**
     * Asks for the owners of these flows, busiest first. Returns at once; each answer comes as an {@link
     * TrafficObservation.OwnerFound}, also where the sender is unknown.
     */
    void find(List<FlowKey> flows);
}
