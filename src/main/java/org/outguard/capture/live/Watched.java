package org.outguard.capture.live;

import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.flow.Destination;
import org.outguard.flow.Protocol;

/**
 * What is watched on a live interface: every protocol but TCP, attempts to connect by TCP, and everything to the
 * mail ports. The rest of TCP stays in the kernel.
 *
 * <p>The kernel's filter takes a little more than that: fragments, and IPv6 with extension headers, which BPF cannot
 * follow. {@link #wants} settles those.
 */
public final class Watched {

    /* Size of the IPv6 header plus offsets in TCP: destination port 2, flags 13. libpcap's tcp[] is for IPv4 only. */
    private static final String TCP_OVER_IPV6 =
            "(ip6[6] = 6 and (ip6[53] & 0x12 = 2 or ip6[42:2] = 25 or ip6[42:2] = 465 or ip6[42:2] = 587))";

    private static final String PACKETS = "((ip and (ip[9] != 6 or ip[6:2] & 0x1fff != 0 or tcp[13] & 0x12 = 2"
            + " or tcp[2:2] = 25 or tcp[2:2] = 465 or tcp[2:2] = 587))"
            + " or (ip6 and (ip6[6] != 6 or " + TCP_OVER_IPV6 + ")))";

    private static final String PPPOE = "ether proto 0x8864";

    private Watched() {}

    /**
     * The filter in the language of pcap-filter(7), without the direction.
     *
     * @param linkType of the open device: only Ethernet's code can look behind VLAN tags
     */
    static String packets(int linkType) {
        return switch (linkType) {
            // Each "vlan" moves the offsets of all that follows, so the deeper case stands inside and last.
            case LinkTypes.ETHERNET ->
                "(" + PACKETS + " or " + PPPOE + " or (vlan and (" + PACKETS + " or " + PPPOE + " or (vlan and ("
                        + PACKETS + " or " + PPPOE + " or vlan)))))";
            // No code for "vlan" there: tagged frames are sorted out after decoding.
            case LinkTypes.LINUX_SLL, LinkTypes.LINUX_SLL2 ->
                "(" + PACKETS + " or " + PPPOE + " or ether proto 0x8100 or ether proto 0x88a8 or ether proto 0x9100)";
            default -> PACKETS;
        };
    }

    /** That, but for packets that need not be seen. */
    static String packetsBut(int linkType, Set<Destination> leftOut) {
        if (leftOut.isEmpty()) {
            return packets(linkType);
        }
        // First, since it is what a flood meets; "vlan" stands later and would move its offsets.
        return "not ("
                + leftOut.stream().map(DestinationFilter::expression).sorted().collect(Collectors.joining(" or "))
                + ") and " + packets(linkType);
    }

    /** The filter with the direction: on the loopback interface libpcap hides the outgoing one of each packet's two passes. */
    static String leaving(int linkType, boolean loopback, Set<Destination> leftOut) {
        return (loopback ? "inbound and " : "outbound and ") + packetsBut(linkType, leftOut);
    }

    /**
     * The filter for all interfaces but loopback, whose index is 1 in every network namespace (LOOPBACK_IFINDEX in
     * net/flow.h).
     */
    static String leavingTheMachine(int linkType, Set<Destination> leftOut) {
        return "outbound and not ifindex 1 and " + packetsBut(linkType, leftOut);
    }

    /** Whether a decoded packet is one of those. */
    public static boolean wants(FrameDecoder packet) {
        return switch (Protocol.of(packet.protocol)) {
            case TCP -> packet.connects != 0 || mailPort(packet.remotePort);
            // What hides behind more extension headers than anybody needs is counted all the same.
            default -> true;
        };
    }

    private static boolean mailPort(int port) {
        return port == 25 || port == 465 || port == 587;
    }
}
