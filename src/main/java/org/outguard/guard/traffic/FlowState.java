package org.outguard.guard.traffic;

import org.outguard.flow.FlowKey;
import org.outguard.owner.Attribution;

/**
 * One flow that is being followed: whom it is charged to, and what was charged of late, so that it can be moved when its
 * owner becomes known.
 */
final class FlowState {

    /** The answer usually comes within a tick or two; older counts stay in the rates where they were. */
    private static final int RECENT = 16;

    final FlowKey key;
    Attribution attribution;

    /** Whether it is charged to whose mail it carries, and no more to the process that sends it. */
    boolean carriesMail;

    private TalkerState talker;

    long packets;
    long bytes;
    long connects;
    long firstSeenNanos;
    long lastSeenNanos;

    /** When it was told of last, however old that was: until then it may be asked whose it is. */
    long toldNanos;

    /** Packets since the owner was last asked for. */
    long packetsSinceAsked;

    long askAgainNanos;
    int asked;

    private final long[] recentAt = new long[RECENT];
    private final int[] recentMillis = new int[RECENT];
    private final long[] recentPackets = new long[RECENT];
    private final long[] recentBytes = new long[RECENT];
    private final long[] recentConnects = new long[RECENT];
    private int recent;

    FlowState(FlowKey key, Attribution attribution, TalkerState talker) {
        this.key = key;
        this.attribution = attribution;
        this.talker = talker;
    }

    void add(long firstNanos, long lastNanos, long packetCount, long byteCount, long connectCount) {
        if (packets == 0) {
            firstSeenNanos = firstNanos;
        }
        lastSeenNanos = Math.max(lastSeenNanos, lastNanos);
        packets += packetCount;
        bytes += byteCount;
        connects += connectCount;
        packetsSinceAsked += packetCount;
        int slot = recent++ % RECENT;
        recentAt[slot] = lastNanos;
        recentMillis[slot] = (int) Math.min(Integer.MAX_VALUE, (lastNanos - firstNanos) / 1_000_000);
        recentPackets[slot] = packetCount;
        recentBytes[slot] = byteCount;
        recentConnects[slot] = connectCount;
    }

    /** Whom it is charged to. */
    TalkerState talker() {
        talker = talker.current();
        return talker;
    }

    /** What comes from here on is another's; what was charged stays where it is. */
    void chargeTo(TalkerState other) {
        talker = other;
        packets = 0;
        bytes = 0;
        connects = 0;
        recent = 0;
    }

    /** Moves all that was charged to the present talker to another. */
    void moveTo(TalkerState to) {
        talker = talker.current();
        boolean ofService = ContactBook.isOfService(key.protocol(), key.local().port(), key.remote());
        long oldPackets = packets;
        long oldBytes = bytes;
        long oldConnects = connects;
        for (int slot = 0; slot < Math.min(recent, RECENT); slot++) {
            long first = recentAt[slot] - recentMillis[slot] * 1_000_000L;
            talker.add(first, recentAt[slot], -recentPackets[slot], -recentBytes[slot], -recentConnects[slot]);
            to.add(first, recentAt[slot], recentPackets[slot], recentBytes[slot], recentConnects[slot]);
            if (ofService) {
                talker.addOfService(first, recentAt[slot], -recentBytes[slot]);
                to.addOfService(first, recentAt[slot], recentBytes[slot]);
            }
            oldPackets -= recentPackets[slot];
            oldBytes -= recentBytes[slot];
            oldConnects -= recentConnects[slot];
        }
        // What is older than the rates reach counts in the totals alone.
        talker.packets -= oldPackets;
        talker.bytes -= oldBytes;
        talker.connects -= oldConnects;
        to.packets += oldPackets;
        to.bytes += oldBytes;
        to.connects += oldConnects;
        to.seen(firstSeenNanos, lastSeenNanos);
        talker = to;
    }
}
