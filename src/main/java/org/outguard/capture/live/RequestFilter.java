package org.outguard.capture.live;

import java.util.stream.Collectors;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.guard.policy.ReflectorPort;

/** Kernel filters for what asks the services of this machine that answer by UDP: {@link ReflectorPort}. */
final class RequestFilter {

    private static final String REQUESTS = "(udp and ("
            + ReflectorPort.all().stream().map(one -> "dst port " + one.port()).collect(Collectors.joining(" or "))
            + "))";

    private RequestFilter() {}

    /** Without the direction; only Ethernet's code can look behind a VLAN tag. */
    static String packets(int linkType) {
        return linkType == LinkTypes.ETHERNET ? "(" + REQUESTS + " or (vlan and " + REQUESTS + "))" : REQUESTS;
    }

    static String whole(int linkType, boolean any) {
        return (any ? "inbound and not ifindex 1 and " : "inbound and ") + packets(linkType);
    }
}
