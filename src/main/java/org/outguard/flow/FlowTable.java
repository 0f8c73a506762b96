package org.outguard.flow;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts packets by 5-tuple in primitive arrays: open addressing with linear probing, no object and no allocation per
 * packet. One thread uses it.
 *
 * <p>It is bounded, whatever is sent. A flood with a new source port or address for each packet would fill it with
 * flows of one packet, so once it is half full, new flows are counted under their remote endpoint alone (local
 * endpoint {@link IpAddress#ANY_V4}, port 0). Once it is {@value #FULL_PER_MILLE} per mille full, what is new is
 * counted in one sum. Either way nothing is lost from the totals.
 */
public final class FlowTable {

    private static final int FULL_PER_MILLE = 800;

    /* Layout of one slot: six longs of key (addresses, then ports and flags), five of counts. */
    private static final int SOURCE_HIGH = 0;
    private static final int SOURCE_LOW = 1;
    private static final int REMOTE_HIGH = 2;
    private static final int REMOTE_LOW = 3;
    private static final int REST = 4;
    private static final int PACKETS = 5;
    private static final int BYTES = 6;
    private static final int CONNECTS = 7;
    private static final int FIRST = 8;
    private static final int LAST = 9;
    private static final int SLOT_LONGS = 10;

    private static final long V6_FLAG = 1L << 41;

    private final long[] slots;
    /* Offsets of the slots in use, so that a drain costs what was counted and not what there is room for. */
    private final int[] inUse;
    private final int mask;
    private final int mergeFrom;
    private final int fullFrom;
    private int used;
    private long otherPackets;
    private long otherBytes;

    /**
     * A table with room for this many slots.
     *
     * @param slots a power of two, 16 or more; 80 bytes each
     */
    public FlowTable(int slots) {
        if (slots < 16 || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("slots must be a power of two of at least 16, not " + slots);
        }
        this.slots = new long[slots * SLOT_LONGS];
        this.mask = slots - 1;
        this.mergeFrom = slots / 2;
        this.fullFrom = (int) ((long) slots * FULL_PER_MILLE / 1000);
        this.inUse = new int[fullFrom];
    }

    /**
     * Counts packets of one flow.
     *
     * @param protocolNumber 0..255
     * @param v6 whether the addresses are IPv6
     * @param sourceHigh see {@link IpAddress#high()}
     * @param sourceLow see {@link IpAddress#low()}
     * @param sourcePort 0..65535
     * @param remoteHigh see {@link IpAddress#high()}
     * @param remoteLow see {@link IpAddress#low()}
     * @param remotePort 0..65535
     * @param bytes length of the IP datagram
     * @param connects 1 for a TCP SYN without ACK, else 0
     * @param atNanos capture time, nanoseconds since the epoch
     * @return how many packets the flow (or what it was merged into) has since the last drain, this one included; 0
     *     where it went into the one sum
     */
    public long add(
            int protocolNumber,
            boolean v6,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            long bytes,
            long connects,
            long atNanos) {
        long rest = (v6 ? V6_FLAG : 0) | (long) protocolNumber << 32 | (long) sourcePort << 16 | remotePort;
        int at = find(sourceHigh, sourceLow, remoteHigh, remoteLow, rest);
        if (slots[at + PACKETS] == 0 && used >= mergeFrom) {
            sourceHigh = 0;
            sourceLow = 0;
            rest &= ~0xffff_0000L;
            at = find(sourceHigh, sourceLow, remoteHigh, remoteLow, rest);
            if (slots[at + PACKETS] == 0 && used >= fullFrom) {
                otherPackets++;
                otherBytes += bytes;
                return 0;
            }
        }
        if (slots[at + PACKETS] == 0) {
            inUse[used++] = at;
            slots[at + SOURCE_HIGH] = sourceHigh;
            slots[at + SOURCE_LOW] = sourceLow;
            slots[at + REMOTE_HIGH] = remoteHigh;
            slots[at + REMOTE_LOW] = remoteLow;
            slots[at + REST] = rest;
            slots[at + FIRST] = atNanos;
        }
        slots[at + PACKETS]++;
        slots[at + BYTES] += bytes;
        slots[at + CONNECTS] += connects;
        slots[at + LAST] = atNanos;
        return slots[at + PACKETS];
    }

    private int find(long sourceHigh, long sourceLow, long remoteHigh, long remoteLow, long rest) {
        int slot = hash(sourceHigh, sourceLow, remoteHigh, remoteLow, rest) & mask;
        while (true) {
            int at = slot * SLOT_LONGS;
            if (slots[at + PACKETS] == 0
                    || slots[at + REST] == rest
                            && slots[at + REMOTE_LOW] == remoteLow
                            && slots[at + REMOTE_HIGH] == remoteHigh
                            && slots[at + SOURCE_LOW] == sourceLow
                            && slots[at + SOURCE_HIGH] == sourceHigh) {
                return at;
            }
            slot = slot + 1 & mask;
        }
    }

    /* Multiply and fold each part: cheap, and good enough that chosen addresses do not line up in one chain. */
    private static int hash(long a, long b, long c, long d, long e) {
        long h = a * 0x9E3779B97F4A7C15L;
        h = (h ^ b ^ h >>> 29) * 0xBF58476D1CE4E5B9L;
        h = (h ^ c ^ h >>> 32) * 0x94D049BB133111EBL;
        h = (h ^ d ^ h >>> 29) * 0x9E3779B97F4A7C15L;
        h = (h ^ e ^ h >>> 32) * 0xBF58476D1CE4E5B9L;
        return (int) (h ^ h >>> 31);
    }

    /** Whether nothing was counted since the last {@link #drain()}. */
    public boolean isEmpty() {
        return used == 0 && otherPackets == 0;
    }

    /** Hands over all counts and starts again from nothing. */
    public FlowBatch drain() {
        if (isEmpty()) {
            return FlowBatch.EMPTY;
        }
        List<FlowCount> flows = new ArrayList<>(used);
        for (int i = 0; i < used; i++) {
            flows.add(count(inUse[i]));
            slots[inUse[i] + PACKETS] = 0;
            slots[inUse[i] + BYTES] = 0;
            slots[inUse[i] + CONNECTS] = 0;
        }
        FlowBatch batch = new FlowBatch(flows, otherPackets, otherBytes);
        used = 0;
        otherPackets = 0;
        otherBytes = 0;
        return batch;
    }

    private FlowCount count(int at) {
        return count(
                slots[at + SOURCE_HIGH],
                slots[at + SOURCE_LOW],
                slots[at + REMOTE_HIGH],
                slots[at + REMOTE_LOW],
                slots[at + REST],
                slots[at + PACKETS],
                slots[at + BYTES],
                slots[at + CONNECTS],
                slots[at + FIRST],
                slots[at + LAST]);
    }

    /**
     * What a slot says; also of a table that is kept outside of Java with the same slots.
     *
     * @param sourceHigh see {@link IpAddress#high()}; with {@code sourceLow} 0 where sources were merged
     * @param sourceLow see {@link IpAddress#low()}
     * @param remoteHigh see {@link IpAddress#high()}
     * @param remoteLow see {@link IpAddress#low()}
     * @param rest bit 41 for IPv6, bits 32 to 39 protocol number, 16 to 31 source port, 0 to 15 remote port
     * @param packets see {@link FlowCount}
     * @param bytes see {@link FlowCount}
     * @param connects see {@link FlowCount}
     * @param firstNanos see {@link FlowCount}
     * @param lastNanos see {@link FlowCount}
     */
    public static FlowCount count(
            long sourceHigh,
            long sourceLow,
            long remoteHigh,
            long remoteLow,
            long rest,
            long packets,
            long bytes,
            long connects,
            long firstNanos,
            long lastNanos) {
        boolean v6 = (rest & V6_FLAG) != 0;
        int sourcePort = (int) (rest >>> 16 & 0xffff);
        IpAddress source = sourceHigh == 0 && sourceLow == 0 ? IpAddress.ANY_V4 : address(sourceHigh, sourceLow, v6);
        FlowKey key = new FlowKey(
                Protocol.of((int) (rest >>> 32 & 0xff)),
                new Endpoint(source, sourcePort),
                new Endpoint(address(remoteHigh, remoteLow, v6), (int) (rest & 0xffff)));
        return new FlowCount(key, packets, bytes, connects, firstNanos, lastNanos);
    }

    private static IpAddress address(long high, long low, boolean v6) {
        return v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }
}
