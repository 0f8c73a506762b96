package org.outguard.guard.observation;

import java.time.Instant;
import java.util.Set;
import org.outguard.guard.policy.Listings;
import org.outguard.owner.ProcessId;

/** What changed on this host besides traffic, mail and actions. */
public sealed interface HostObservation extends Observation {

    /**
     * Processes that have exited.
     *
     * @param at when it was noticed
     * @param processes which
     */
    record ProcessesExited(Instant at, Set<ProcessId> processes) implements HostObservation {
        public ProcessesExited {
            processes = Set.copyOf(processes);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.processesExited(this);
        }
    }

    /**
     * What of this machine must not be cut off; a later one replaces it.
     *
     * @param around what is known
     */
    record ProtectedResourcesUpdated(ProtectedResources around) implements HostObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.protectedResourcesUpdated(this);
        }
    }

    /**
     * What feeds list; a later one replaces it.
     *
     * @param listings all of it
     */
    record FeedsRead(Listings listings) implements HostObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.feedsRead(this);
        }
    }

    /**
     * Something that limits what can be seen, for the screen and the summary.
     *
     * @param about short key; a later one with the same key replaces it
     * @param reason the limit in words; empty where it is over
     */
    record Degraded(String about, String reason) implements HostObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.degraded(this);
        }
    }

    /** One method for each kind. */
    interface Visitor {
        void processesExited(ProcessesExited observation);

        void protectedResourcesUpdated(ProtectedResourcesUpdated observation);

        void feedsRead(FeedsRead observation);

        void degraded(Degraded observation);
    }
}
