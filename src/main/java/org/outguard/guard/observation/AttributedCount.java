package org.outguard.guard.observation;

import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.owner.Attribution;

/**
 * What one owner sent to one destination since the last count, as the kernel eye has it.
 *
 * @param attribution who sent it
 * @param protocol transport protocol; {@link Protocol#OTHER} where it was not seen
 * @param remote destination; empty where it was not seen, or the kernel's table had no room for it
 * @param elsewhere whether the sender is in another network namespace than the watched interfaces, so that its packets
 *     leave by them only where they are forwarded
 * @param packets IP packets as they leave
 * @param bytes their total length, IP headers included
 * @param connects TCP packets with SYN and without ACK
 * @param firstNanos time of the first, nanoseconds since the epoch
 * @param lastNanos time of the last, nanoseconds since the epoch
 * @param localPort from which port the first of them left; 0 where that is not known
 */
public record AttributedCount(
        Attribution attribution,
        Protocol protocol,
        Optional<Endpoint> remote,
        boolean elsewhere,
        long packets,
        long bytes,
        long connects,
        long firstNanos,
        long lastNanos,
        int localPort) {

    /** A count of which the local port is not known. */
    public AttributedCount(
            Attribution attribution,
            Protocol protocol,
            Optional<Endpoint> remote,
            boolean elsewhere,
            long packets,
            long bytes,
            long connects,
            long firstNanos,
            long lastNanos) {
        this(attribution, protocol, remote, elsewhere, packets, bytes, connects, firstNanos, lastNanos, 0);
    }
}
