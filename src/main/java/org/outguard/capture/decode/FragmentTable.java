package org.outguard.capture.decode;

/**
 * Remembers the ports of first fragments, since later ones carry none (RFC 791, 2.3; RFC 8200, 4.5).
 *
 * <p>Of fixed size, one place for each hash value: a new datagram overwrites what has the same place, so nothing that is
 * sent can make it grow. A datagram that lost its place is counted under port 0.
 */
final class FragmentTable {

    /** Returned where the first fragment is not known. */
    static final int UNKNOWN = -1;

    /* Systems give up reassembly after 30 s (Linux: ipfrag_time), and the 16-bit id of IPv4 comes round again. */
    private static final long LIFE_NANOS = 30_000_000_000L;

    private static final int SOURCE_HIGH = 0;
    private static final int SOURCE_LOW = 1;
    private static final int REMOTE_HIGH = 2;
    private static final int REMOTE_LOW = 3;
    private static final int ID_AND_PROTOCOL = 4;
    private static final int PORTS = 5;
    private static final int AT = 6;
    private static final int SLOT_LONGS = 8;

    /* Set in PORTS of a place that is in use: both ports may be 0. */
    private static final long USED = 1L << 40;

    private final long[] slots;
    private final int mask;

    /**
     * A table with this many places.
     *
     * @param places a power of two; 64 bytes each
     */
    FragmentTable(int places) {
        if (Integer.bitCount(places) != 1) {
            throw new IllegalArgumentException("places must be a power of two, not " + places);
        }
        slots = new long[places * SLOT_LONGS];
        mask = places - 1;
    }

    void put(
            long sourceHigh,
            long sourceLow,
            long remoteHigh,
            long remoteLow,
            int id,
            int protocol,
            int sourcePort,
            int remotePort,
            long atNanos) {
        int at = place(sourceHigh, sourceLow, remoteHigh, remoteLow, id, protocol);
        slots[at + SOURCE_HIGH] = sourceHigh;
        slots[at + SOURCE_LOW] = sourceLow;
        slots[at + REMOTE_HIGH] = remoteHigh;
        slots[at + REMOTE_LOW] = remoteLow;
        slots[at + ID_AND_PROTOCOL] = idAndProtocol(id, protocol);
        slots[at + PORTS] = USED | (long) sourcePort << 16 | remotePort;
        slots[at + AT] = atNanos;
    }

    /** Source port in the upper half, remote port in the lower; {@link #UNKNOWN}. */
    long find(long sourceHigh, long sourceLow, long remoteHigh, long remoteLow, int id, int protocol, long atNanos) {
        int at = place(sourceHigh, sourceLow, remoteHigh, remoteLow, id, protocol);
        boolean same = slots[at + PORTS] != 0
                && slots[at + ID_AND_PROTOCOL] == idAndProtocol(id, protocol)
                && slots[at + REMOTE_LOW] == remoteLow
                && slots[at + REMOTE_HIGH] == remoteHigh
                && slots[at + SOURCE_LOW] == sourceLow
                && slots[at + SOURCE_HIGH] == sourceHigh;
        return same && Math.abs(atNanos - slots[at + AT]) <= LIFE_NANOS ? slots[at + PORTS] & ~USED : UNKNOWN;
    }

    private static long idAndProtocol(int id, int protocol) {
        return (id & 0xffff_ffffL) << 8 | protocol;
    }

    private int place(long a, long b, long c, long d, int id, int protocol) {
        long h = (a ^ Long.rotateLeft(b, 17) ^ Long.rotateLeft(c, 31) ^ Long.rotateLeft(d, 47)) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 29 ^ idAndProtocol(id, protocol)) * 0xBF58476D1CE4E5B9L;
        return (int) (h >>> 33 & mask) * SLOT_LONGS;
    }
}
