package org.outguard.capture.smtp;

import org.outguard.capture.decode.LinkTypes;

/**
 * Kernel filters for what is said on connections to mail servers: data of the client that leave, data of the server that come in,
 * the server's first packet, by which a connection's begin is known, and the last one of each side, which counts as a byte
 * (RFC 9293, 3.4). Not what comes to a mail server of this machine.
 */
public final class SmtpFilter {

    /* Total length less both headers: ip[2:2], and of IPv6 the payload length ip6[4:2], are those of RFC 791 and RFC 8200. */
    private static final String DATA_V4 = "ip[2:2] - ((ip[0] & 15) << 2) - ((tcp[12] & 240) >> 2) != 0";
    private static final String DATA_V6 = "ip6[4:2] - ((ip6[52] & 240) >> 2) != 0";
    private static final String TO = "(tcp dst port 25 or tcp dst port 587)";
    private static final String FROM = "(tcp src port 25 or tcp src port 587)";

    /* "and" and "or" bind equally tight there, so each has its brackets. */
    private static final String COMMANDS = "((ip and " + TO + " and (tcp[13] & 1 != 0 or " + DATA_V4 + ")) or (ip6 and "
            + TO + " and (ip6[53] & 1 != 0 or " + DATA_V6 + ")))";

    private static final String REPLIES = "((ip and " + FROM + " and (tcp[13] & 3 != 0 or " + DATA_V4
            + ")) or (ip6 and " + FROM + " and (ip6[53] & 3 != 0 or " + DATA_V6 + ")))";

    private SmtpFilter() {}

    /** Without the direction. */
    public static String packets(int linkType) {
        return tagged(linkType, "(" + COMMANDS + " or " + REPLIES + ")");
    }

    /** With it; see {@code Watched#leaving} for the loopback interface. */
    public static String whole(int linkType, boolean any, boolean loopback) {
        if (loopback) {
            return "inbound and " + packets(linkType);
        }
        String both = tagged(linkType, "((outbound and " + COMMANDS + ") or (inbound and " + REPLIES + "))");
        return any ? "not ifindex 1 and " + both : both;
    }

    /* Only Ethernet's code can look behind a VLAN tag. */
    private static String tagged(int linkType, String packets) {
        return linkType == LinkTypes.ETHERNET ? "(" + packets + " or (vlan and " + packets + "))" : packets;
    }
}
