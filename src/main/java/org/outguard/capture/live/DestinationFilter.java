package org.outguard.capture.live;

import org.outguard.flow.Destination;

/** How pcap-filter(7) names packets to one destination. */
final class DestinationFilter {

    private DestinationFilter() {}

    /** Whether the kernel's filter can tell just these packets from all others; of ICMP there is no port. */
    static boolean canTell(Destination packets) {
        boolean v6 = packets.remote().address().v6();
        return switch (packets.protocol()) {
            case UDP, TCP -> packets.remote().port() != 0;
            case ICMP -> !v6;
            case ICMPV6 -> v6;
            default -> false;
        };
    }

    /** Of one that can be told. Later fragments, and IPv6 with extension headers, do not match and are seen. */
    static String expression(Destination packets) {
        String to = "dst host " + packets.remote().address();
        return switch (packets.protocol()) {
            case UDP, TCP ->
                "(" + to + " and " + packets.protocol().word() + " dst port "
                        + packets.remote().port() + ")";
            case ICMP -> "(" + to + " and icmp)";
            case ICMPV6 -> "(" + to + " and icmp6)";
            default -> throw new IllegalStateException(packets.protocol() + " cannot be told");
        };
    }
}
