package org.outguard.guard.traffic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;

/** The flows that are followed one by one, at most {@value #MAX_FLOWS}, and when the owner of each is asked for. */
public final class FollowedFlows {

    /** Most flows that are followed one by one. */
    static final int MAX_FLOWS = 65_536;

    static final long IDLE_NANOS = 60 * Nanos.PER_SECOND;

    private static final long ASK_KNOWN_AGAIN_NANOS = 10 * Nanos.PER_SECOND;
    private static final long ASK_UNKNOWN_FIRST_NANOS = Nanos.PER_SECOND / 2;
    private static final int ASK_UNKNOWN_DOUBLINGS = 4;

    private final Map<FlowKey, FlowState> flows = new HashMap<>();

    @Nullable
    FlowState get(FlowKey key) {
        return flows.get(key);
    }

    Collection<FlowState> all() {
        return flows.values();
    }

    boolean hasRoom() {
        return flows.size() < MAX_FLOWS;
    }

    /** Forged sources come once: those that nobody owns and that are silent make room for what goes on. */
    void makeRoom(long nowNanos) {
        if (flows.size() > MAX_FLOWS / 4 * 3) {
            flows.values()
                    .removeIf(flow -> flow.attribution instanceof Attribution.Unknown
                            && nowNanos - flow.lastSeenNanos > Nanos.PER_SECOND);
        }
    }

    FlowState follow(FlowKey key, TalkerState talker) {
        FlowState flow = new FlowState(key, Correlator.NOT_YET, talker);
        flows.put(key, flow);
        return flow;
    }

    void remove(FlowKey key) {
        flows.remove(key);
    }

    void forgetIdle(long nowNanos) {
        flows.values().removeIf(flow -> nowNanos - flow.toldNanos > IDLE_NANOS);
    }

    /** The talker that a flow is charged to, where it is followed. */
    public Optional<TalkerState> chargedWith(FlowKey key) {
        return Optional.ofNullable(flows.get(key)).map(FlowState::talker);
    }

    /* A full table merged the sources of these: there is no socket to look for. */
    static boolean merged(FlowKey key) {
        return key.local().port() == 0 && key.local().address().equals(IpAddress.ANY_V4);
    }

    /** Flows whose owner should be asked for now, busiest first. */
    public List<FlowKey> toAsk(long nowNanos, int most) {
        List<FlowState> due = new ArrayList<>();
        for (FlowState flow : flows.values()) {
            if (flow.packetsSinceAsked > 0 && flow.askAgainNanos <= nowNanos) {
                due.add(flow);
            }
        }
        due.sort(Comparator.comparingLong((FlowState f) -> -f.packetsSinceAsked));
        List<FlowKey> keys = new ArrayList<>(Math.min(most, due.size()));
        for (FlowState flow : due.subList(0, Math.min(most, due.size()))) {
            asked(flow, nowNanos);
            keys.add(flow.key);
        }
        return keys;
    }

    static void asked(FlowState flow, long nowNanos) {
        flow.asked++;
        flow.packetsSinceAsked = 0;
        flow.askAgainNanos = nowNanos + askAgainNanos(flow);
    }

    /** How long to wait before the owner of a flow is asked for again. */
    private static long askAgainNanos(FlowState flow) {
        if (flow.attribution instanceof Attribution.Unknown) {
            return ASK_UNKNOWN_FIRST_NANOS << Math.min(flow.asked - 1, ASK_UNKNOWN_DOUBLINGS);
        }
        return ASK_KNOWN_AGAIN_NANOS;
    }
}
