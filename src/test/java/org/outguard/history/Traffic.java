package org.outguard.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.TrafficRecorder.Batch;
import org.outguard.guard.port.TrafficRecorder.Count;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Traffic of invented owners, for the tests of history. */
final class Traffic {

    static final HistoryLines LINES = new HistoryLines() {
        @Override
        public String owner(Attribution attribution) {
            return "{\"match\":\"" + attribution.quality() + "\"}";
        }

        @Override
        public String offender(Instant at, Talker talker) {
            return "{\"type\":\"offender\",\"id\":\"" + talker.id() + "\"}";
        }
    };

    private final List<Count> counts = new ArrayList<>();

    static Attribution process(int pid, String exe, int uid, String user) {
        return new Attribution.Exact(
                new Owner(
                        new ProcessId(pid, 1),
                        new Owner.Program("x", exe, false, Optional.empty(), "/", List.of(exe), ""),
                        new Owner.Credentials(uid, user, OptionalInt.empty()),
                        new Owner.Placement("/", "", "", 1),
                        List.of()),
                "test");
    }

    Traffic add(Attribution who, Protocol protocol, String address, int port, long packets) {
        return add(who, protocol, IpAddress.parse(address).orElseThrow(), port, packets, Verdict.CLEAN);
    }

    Traffic add(Attribution who, Protocol protocol, IpAddress address, int port, long packets, Verdict verdict) {
        counts.add(new Count(
                who,
                Optional.empty(),
                protocol,
                Optional.of(new Endpoint(address, port)),
                packets,
                packets * 100,
                0,
                OffenceKind.UDP_FLOOD,
                verdict));
        return this;
    }

    Batch at(Instant at) {
        Batch batch = new Batch(at, counts);
        counts.clear();
        return batch;
    }
}
