package org.outguard.guard.traffic;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.port.TrafficRecorder;

/** What was charged to whom since the last tick, for a {@link TrafficRecorder}; nothing is gathered while there is none. */
public final class TrafficChanges {

    /** Destinations that are told apart between two ticks; more are one sum for each talker and protocol. */
    static final int MAX_CHANGES = 32_768;

    private @Nullable TrafficRecorder recorder;
    private Map<Key, Change> changes = new HashMap<>();

    private record Key(TalkerState talker, Protocol protocol, Endpoint remote) {}

    private static final class Change {
        long packets;
        long bytes;
        long connects;

        boolean isNothing() {
            return packets == 0 && bytes == 0 && connects == 0;
        }
    }

    public void recordTo(TrafficRecorder newRecorder) {
        recorder = newRecorder;
    }

    /** Takes a charge; negative where it is reversed. */
    void add(TalkerState talker, Protocol protocol, Endpoint remote, long packets, long bytes, long connects) {
        if (recorder == null) {
            return;
        }
        Key key = new Key(talker, protocol, remote);
        Change change = changes.get(key);
        if (change == null) {
            boolean room = changes.size() < MAX_CHANGES;
            Key kept = room ? key : new Key(talker, protocol, Correlator.UNSEEN);
            change = changes.computeIfAbsent(kept, k -> new Change());
        }
        change.packets += packets;
        change.bytes += bytes;
        change.connects += connects;
    }

    /** Hands over what was charged, under who it is charged to by now. */
    public void handOver(Instant now) {
        if (recorder == null || changes.isEmpty()) {
            return;
        }
        List<TrafficRecorder.Count> counts = new ArrayList<>(changes.size());
        changes.forEach((key, change) -> {
            if (!change.isNothing()) {
                counts.add(count(key, change));
            }
        });
        changes = new HashMap<>();
        if (!counts.isEmpty()) {
            recorder.record(new TrafficRecorder.Batch(now, counts));
        }
    }

    private static TrafficRecorder.Count count(Key key, Change change) {
        TalkerState talker = key.talker.current();
        return new TrafficRecorder.Count(
                talker.attribution,
                Optional.ofNullable(talker.mail).map(sent -> sent.origin),
                key.protocol,
                Optional.of(key.remote).filter(remote -> !remote.equals(Correlator.UNSEEN)),
                change.packets,
                change.bytes,
                change.connects,
                talker.judgement.kind(),
                talker.judgement.verdict());
    }
}
