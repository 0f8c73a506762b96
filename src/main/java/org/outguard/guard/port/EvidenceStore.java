package org.outguard.guard.port;

import java.util.List;
import java.util.Set;
import org.outguard.flow.Endpoint;

/** Port: keeps a bounded sample of the newest flows' packets. Safe from any thread. */
public interface EvidenceStore {

    /**
     * The kept packets that went to one of these remotes, oldest first.
     *
     * @param remotes destinations; port 0 stands for every port
     * @param most how many at most
     */
    List<Packet> packetsTo(Set<Endpoint> remotes, int most);

    /**
     * One packet as it was captured.
     *
     * @param source interface or capture file
     * @param linkType LINKTYPE_ value (tcpdump.org/linktypes.html)
     * @param atNanos capture time, nanoseconds since the epoch
     * @param originalLength length on the wire in bytes
     * @param data its first bytes, from the link header on
     */
    record Packet(String source, int linkType, long atNanos, int originalLength, byte[] data) {}
}
