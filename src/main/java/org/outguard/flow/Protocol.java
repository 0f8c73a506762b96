package org.outguard.flow;

import java.util.Arrays;
import java.util.Locale;

/** Transport protocol of a packet, by its number in the IANA registry "Assigned Internet Protocol Numbers". */
public enum Protocol {
    ICMP(1),
    IGMP(2),
    /** IPv4 in IP, RFC 2003. */
    IPIP(4),
    TCP(6),
    UDP(17),
    DCCP(33),
    /** IPv6 in IP, RFC 4213. */
    IPV6(41),
    /** RFC 2784. */
    GRE(47),
    /** IPsec, RFC 4303. */
    ESP(50),
    /** IPsec, RFC 4302. */
    AH(51),
    ICMPV6(58),
    OSPF(89),
    /** Ethernet in IP, RFC 3378. */
    ETHERIP(97),
    PIM(103),
    /** RFC 3173. */
    IPCOMP(108),
    VRRP(112),
    /** RFC 3931. */
    L2TP(115),
    SCTP(132),
    UDPLITE(136),
    /** Anything else; counted, never judged by port. */
    OTHER(255);

    private static final Protocol[] BY_NUMBER = new Protocol[256];

    static {
        Arrays.fill(BY_NUMBER, OTHER);
        for (Protocol one : values()) {
            BY_NUMBER[one.number] = one;
        }
    }

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The protocol number, 0..255; 255 (reserved by IANA) for {@link #OTHER}. */
    public int number() {
        return number;
    }

    /** The constant for a protocol number; {@link #OTHER} where there is none. */
    public static Protocol of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : OTHER;
    }

    /** Whether it carries packets of other protocols from one host to another. */
    public boolean isTunnel() {
        return switch (this) {
            case IPIP, IPV6, GRE, ESP, AH, ETHERIP, IPCOMP, L2TP -> true;
            default -> false;
        };
    }

    /** Whether packets of this protocol carry port numbers. */
    public boolean hasPorts() {
        return this == TCP || this == UDP || this == UDPLITE;
    }

    /** Lower-case name as in NDJSON and nft: {@code udp}, {@code icmpv6}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
