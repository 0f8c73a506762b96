package org.outguard.capture;

import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;

/**
 * Packets that a capture need not see any more, because somebody else counts them and enough are kept as evidence.
 *
 * @param protocol UDP, TCP, ICMP or ICMPv6; others are always seen
 * @param remote where they go; of UDP and TCP with its port, of others with port 0
 */
public record LeftOut(Protocol protocol, Endpoint remote) {

    /** As many as one filter leaves out. */
    public static final int MOST = 32;

    /** Whether the kernel's filter can tell just these packets from all others. */
    boolean tellable() {
        boolean v6 = remote.address().v6();
        return switch (protocol) {
            case UDP, TCP -> remote.port() != 0;
            case ICMP -> !v6;
            case ICMPV6 -> v6;
            case UDPLITE, OTHER -> false;
        };
    }

    Destination destination() {
        return new Destination(protocol, remote);
    }

    /** As pcap-filter(7) has it. Later fragments, and IPv6 with extension headers, do not match and are seen. */
    String expression() {
        String to = "dst host " + remote.address();
        return switch (protocol) {
            case UDP, TCP -> "(" + to + " and " + protocol.word() + " dst port " + remote.port() + ")";
            case ICMP -> "(" + to + " and icmp)";
            case ICMPV6 -> "(" + to + " and icmp6)";
            case UDPLITE, OTHER -> throw new IllegalStateException(protocol + " cannot be told");
        };
    }
}
