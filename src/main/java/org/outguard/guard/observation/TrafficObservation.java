package org.outguard.guard.observation;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.outguard.flow.Destination;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowKey;
import org.outguard.guard.port.OwnerFinder;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.owner.Attribution;

/** What was counted and read of the traffic that leaves, by whom, and how much of it is seen. */
public sealed interface TrafficObservation extends Observation {

    /**
     * Packets that left.
     *
     * @param source who counted them: an interface name, or a capture file
     * @param batch the counts
     */
    record Flows(String source, FlowBatch batch) implements TrafficObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.flows(this);
        }
    }

    /**
     * Packets that left, with their owners: the kernel eye's counts. Of what was sent since {@link SourceSelected#sinceNanos},
     * flows of the wire eye are no counts but a check of these. Handed in after each look at the kernel, also where nothing
     * was sent.
     *
     * @param counts what was sent
     * @param lostPackets packets that were counted without owner or destination, for want of room
     * @param lostBytes bytes of those packets
     */
    record OwnedFlows(List<AttributedCount> counts, long lostPackets, long lostBytes) implements TrafficObservation {
        public OwnedFlows {
            counts = List.copyOf(counts);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.ownedFlows(this);
        }
    }

    /**
     * What left by the sockets of each user since the time before, also where nothing did: it says whose the packets are
     * that no process is known for. It is no count of its own beside that of the wire eye.
     *
     * @param counts one for each user and destination
     */
    record UserCountersRead(List<UserPacketCount> counts) implements TrafficObservation {
        public UserCountersRead {
            counts = List.copyOf(counts);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.userCountersRead(this);
        }
    }

    /**
     * Which eye counts from here on.
     *
     * @param eye which
     * @param whyNotKernel why the kernel eye does not; empty where it does
     * @param sinceNanos the kernel eye's counts are of what was sent from this time on, nanoseconds since the epoch, and all
     *     of that; empty where only what was handed in before is the wire eye's
     */
    record SourceSelected(Snapshot.Eye eye, String whyNotKernel, OptionalLong sinceNanos)
            implements TrafficObservation {

        /** What limits the view until one of these comes. */
        public static final String OPENING = "eBPF is opening; libpcap counts meanwhile";

        /** The kernel eye, from now on. */
        public static final SourceSelected KERNEL = new SourceSelected(Snapshot.Eye.KERNEL, "", OptionalLong.empty());

        /** The kernel eye, from that time on. */
        public static SourceSelected kernelSince(long nanos) {
            return new SourceSelected(Snapshot.Eye.KERNEL, "", OptionalLong.of(nanos));
        }

        /** The wire eye, as the kernel eye cannot be had, or is not wanted. */
        public static SourceSelected wire(String whyNotKernel) {
            return new SourceSelected(Snapshot.Eye.WIRE, whyNotKernel, OptionalLong.empty());
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.sourceSelected(this);
        }
    }

    /**
     * What a source of packets does not see, because the kernel eye counts it; told whenever that changes.
     *
     * @param source interface name
     * @param destinations those that are left out
     * @param glances whether it has let go of the interface, and sees but moments
     */
    record CaptureExclusions(String source, Set<Destination> destinations, boolean glances)
            implements TrafficObservation {
        public CaptureExclusions {
            destinations = Set.copyOf(destinations);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.captureExclusions(this);
        }
    }

    /**
     * State of one source of packets, sent with each batch and whenever it changes. Counters run from the start of the
     * source and never go back.
     *
     * @param source interface name or capture file
     * @param state what it does now
     * @param reason why it does not run, empty while it does
     * @param received packets the kernel gave to the capture, the dropped included (libpcap's ps_recv)
     * @param dropped packets the kernel had no room for
     * @param malformed packets that could not be read
     */
    record SourceHealth(String source, SourceState state, String reason, long received, long dropped, long malformed)
            implements TrafficObservation {

        /** Which source it is and why it does not run; a reader of files says which file in its reason. */
        public String words() {
            return reason.startsWith(source) ? reason : source + ": " + reason;
        }

        /** Name of the source that is all interfaces at once. */
        public static final String ANY = "any";

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.sourceHealth(this);
        }
    }

    /** What a source of packets does. */
    enum SourceState {
        RUNNING,
        /** The interface is not there (yet, or any more); it is taken up again when it is back. */
        WAITING,
        /** It cannot go on. */
        FAILED,
        /** End of the capture file. */
        ENDED
    }

    /**
     * Answer to a question put to {@link OwnerFinder}.
     *
     * @param flow the flow asked for
     * @param attribution who sends it
     */
    record OwnerFound(FlowKey flow, Attribution attribution) implements TrafficObservation {
        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.ownerFound(this);
        }
    }

    /**
     * What was heard in the clear on connections to mail servers, best effort.
     *
     * @param reports at most some thousand at a time
     * @param unread packets with SMTP that were not read since the time before, because more came than are read
     */
    record SmtpParsed(List<SmtpReport> reports, long unread) implements TrafficObservation {

        public SmtpParsed {
            reports = List.copyOf(reports);
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.smtpParsed(this);
        }
    }

    /**
     * What asked the UDP services of this machine since the time before, also where nothing did. It is told only while they answer
     * much.
     *
     * @param source interface name
     * @param batch the counts: of each key the local port is the service's, the remote is who asks or is made to seem so
     * @param share which part of the requests was counted, above 0 up to 1
     */
    record RequestsCounted(String source, FlowBatch batch, double share) implements TrafficObservation {
        public RequestsCounted {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("share " + share);
            }
        }

        @Override
        public void accept(Observation.Visitor visitor) {
            visitor.requestsCounted(this);
        }
    }

    /** One method for each kind. */
    interface Visitor {
        void flows(Flows observation);

        void ownedFlows(OwnedFlows observation);

        void userCountersRead(UserCountersRead observation);

        void sourceSelected(SourceSelected observation);

        void captureExclusions(CaptureExclusions observation);

        void sourceHealth(SourceHealth observation);

        void ownerFound(OwnerFound observation);

        void smtpParsed(SmtpParsed observation);

        void requestsCounted(RequestsCounted observation);
    }
}
