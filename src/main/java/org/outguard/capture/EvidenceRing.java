package org.outguard.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.port.EvidenceStore;

/**
 * The newest kept packets, in memory that is taken once: the oldest is overwritten. Capture offers only the first few
 * packets of a flow, so one flood cannot push all others out, and the lock is hardly ever waited for.
 */
public final class EvidenceRing implements EvidenceStore {

    /** Packets kept of one flow between two drains of its table. */
    public static final int PACKETS_OF_A_FLOW = 16;

    /** Bytes kept of each packet, from the link header on. */
    public static final int PACKET_BYTES = 128;

    private static final int PACKETS = 4096;

    private final int packets;
    private final byte[] bytes;
    private final int[] lengths;
    private final int[] originalLengths;
    private final int[] linkTypes;
    private final long[] atNanos;
    private final long[] remoteHigh;
    private final long[] remoteLow;
    private final boolean[] v6;
    private final int[] remotePorts;
    private final String[] sources;
    private long added;

    /** A ring for 4,096 packets: 640 kB. */
    public EvidenceRing() {
        this(PACKETS);
    }

    /** One that keeps nothing, for whoever wants no evidence. */
    public static EvidenceRing none() {
        return new EvidenceRing(0);
    }

    EvidenceRing(int packets) {
        this.packets = packets;
        bytes = new byte[packets * PACKET_BYTES];
        lengths = new int[packets];
        originalLengths = new int[packets];
        linkTypes = new int[packets];
        atNanos = new long[packets];
        remoteHigh = new long[packets];
        remoteLow = new long[packets];
        v6 = new boolean[packets];
        remotePorts = new int[packets];
        sources = new String[packets];
        Arrays.fill(sources, "");
    }

    /** Keeps the packet that {@code decoded} was read from. */
    public void add(
            String source, int linkType, long at, int originalLength, byte[] data, int captured, FrameDecoder decoded) {
        if (packets == 0) {
            return;
        }
        add(
                source,
                linkType,
                at,
                originalLength,
                data,
                captured,
                decoded.v6,
                decoded.remoteHigh,
                decoded.remoteLow,
                decoded.remotePort);
    }

    /** Keeps a packet to a remote endpoint, given as in {@link FrameDecoder}. */
    synchronized void add(
            String source,
            int linkType,
            long at,
            int originalLength,
            byte[] data,
            int captured,
            boolean remoteV6,
            long high,
            long low,
            int remotePort) {
        if (packets == 0) {
            return;
        }
        int slot = (int) (added++ % packets);
        lengths[slot] = Math.min(Math.min(captured, data.length), PACKET_BYTES);
        System.arraycopy(data, 0, bytes, slot * PACKET_BYTES, lengths[slot]);
        originalLengths[slot] = originalLength;
        linkTypes[slot] = LinkTypes.forFile(linkType);
        atNanos[slot] = at;
        remoteHigh[slot] = high;
        remoteLow[slot] = low;
        v6[slot] = remoteV6;
        remotePorts[slot] = remotePort;
        sources[slot] = source;
    }

    @Override
    public synchronized List<Packet> packetsTo(Set<Endpoint> remotes, int most) {
        List<Packet> found = new ArrayList<>();
        for (long index = Math.max(0, added - packets); index < added && found.size() < most; index++) {
            int slot = (int) (index % packets);
            IpAddress remote =
                    v6[slot] ? IpAddress.v6(remoteHigh[slot], remoteLow[slot]) : IpAddress.v4((int) remoteLow[slot]);
            if (remotes.contains(new Endpoint(remote, remotePorts[slot]))
                    || remotes.contains(new Endpoint(remote, 0))) {
                int from = slot * PACKET_BYTES;
                found.add(new Packet(
                        sources[slot],
                        linkTypes[slot],
                        atNanos[slot],
                        originalLengths[slot],
                        Arrays.copyOfRange(bytes, from, from + lengths[slot])));
            }
        }
        return found;
    }
}
