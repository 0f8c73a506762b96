package org.outguard.capture.decode;

/**
 * Reads one frame at named offsets into its own fields: no object and no allocation per packet, and no exception
 * whatever the bytes are. One thread uses it.
 *
 * <p>A packet whose IP header cannot be right is {@link Reading#MALFORMED}. Where the IP header is right but what
 * follows is cut off or absurd, the datagram did leave and is counted, under port 0: a flood of such packets is a flood.
 */
public final class FrameDecoder extends PacketDecoder {

    private static final int MOST_TAGS = 8;

    /* IEEE 802 numbers (IANA registry "IEEE 802 Numbers"). */
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int ETHERTYPE_PPPOE_SESSION = 0x8864;
    private static final int ETHERTYPE_8021Q = 0x8100;
    private static final int ETHERTYPE_8021AD = 0x88a8;
    private static final int ETHERTYPE_QINQ_OLD = 0x9100;
    private static final int ETHERTYPE_QINQ_OLDER = 0x9200;
    private static final int ETHERTYPE_MPLS = 0x8847;
    private static final int ETHERTYPE_MPLS_MULTICAST = 0x8848;

    /** What is less is a length, and a header of IEEE 802.2 follows. */
    private static final int FIRST_ETHERTYPE = 0x0600;

    private static final int MOST_LABELS = 16;

    /* PPP protocol numbers (RFC 1332, RFC 5072). */
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;

    /* linux/if_packet.h */
    private static final int PACKET_OUTGOING = 4;

    private final boolean bothWays;
    private final LinkHeaders headers = new LinkHeaders();

    /** One that reads what was sent. */
    public FrameDecoder() {
        this(false);
    }

    /** @param bothWays whether the fields are to hold what was received, too */
    public FrameDecoder(boolean bothWays) {
        this.bothWays = bothWays;
    }

    /**
     * Reads a frame.
     *
     * @param frame bytes from the link header on
     * @param capturedLength how many of them are the frame's
     * @param originalLength length on the wire, not less than {@code capturedLength}
     * @param linkType one that {@link LinkTypes#known}
     * @param at capture time, nanoseconds since the epoch
     */
    public Reading decode(byte[] frame, int capturedLength, int originalLength, int linkType, long at) {
        use(frame, capturedLength, originalLength, at);
        return switch (linkType) {
            case LinkTypes.ETHERNET -> captured < 14 ? Reading.MALFORMED : etherType(12);
            case LinkTypes.LINUX_SLL -> cooked(16, 0, 14);
            case LinkTypes.LINUX_SLL2 -> cookedV2();
            case LinkTypes.DLT_RAW, LinkTypes.DLT_RAW_OPENBSD, LinkTypes.RAW -> ip(0);
            case LinkTypes.IPV4 -> ipv4(0);
            case LinkTypes.IPV6 -> ipv6(0);
            case LinkTypes.NULL, LinkTypes.LOOP -> family();
            case LinkTypes.PPP -> ppp(0);
            case LinkTypes.PPP_HDLC -> hdlc();
            case LinkTypes.PPP_ETHER -> pppoe(0);
            default -> ofFile(linkType);
        };
    }

    private Reading ofFile(int linkType) {
        if (!LinkHeaders.known(linkType)) {
            throw new IllegalArgumentException("link type " + linkType);
        }
        if (!headers.find(data, captured, linkType)) {
            return switch (headers.nothing) {
                case NOT_IP -> Reading.NOT_IP;
                case MALFORMED -> Reading.MALFORMED;
                case INBOUND -> Reading.INBOUND;
            };
        }
        return switch (headers.kind) {
            case IP -> ip(headers.at);
            case LLC -> llc(headers.at);
            case PPP -> ppp(headers.at);
            case ETHER_TYPE -> captured < headers.at + 2 ? Reading.MALFORMED : etherType(headers.at);
        };
    }

    private Reading cooked(int header, int typeAt, int protocolAt) {
        if (captured < header) {
            return Reading.MALFORMED;
        }
        return u16(typeAt) == PACKET_OUTGOING ? etherType(protocolAt) : inbound(u16(protocolAt), protocolAt + 2);
    }

    /* The ethertype comes first and the payload after 20 bytes, so tags are followed from there by hand. */
    private Reading cookedV2() {
        if (captured < 20) {
            return Reading.MALFORMED;
        }
        return u8(10) == PACKET_OUTGOING ? payload(u16(0), 20) : inbound(u16(0), 20);
    }

    /* The fields hold it all the same, if it is read: see transportAt. */
    private Reading inbound(int etherType, int at) {
        if (bothWays) {
            payload(etherType, at);
        }
        return Reading.INBOUND;
    }

    private Reading etherType(int at) {
        return payload(u16(at), at + 2);
    }

    private Reading payload(int etherType, int at) {
        for (int tags = 0; tags <= MOST_TAGS; tags++) {
            switch (etherType) {
                case ETHERTYPE_IPV4 -> {
                    return ipv4(at);
                }
                case ETHERTYPE_IPV6 -> {
                    return ipv6(at);
                }
                case ETHERTYPE_PPPOE_SESSION -> {
                    return pppoe(at);
                }
                case ETHERTYPE_8021Q, ETHERTYPE_8021AD, ETHERTYPE_QINQ_OLD, ETHERTYPE_QINQ_OLDER -> {
                    if (captured < at + 4) {
                        return Reading.MALFORMED;
                    }
                    etherType = u16(at + 2);
                    at += 4;
                }
                case ETHERTYPE_MPLS, ETHERTYPE_MPLS_MULTICAST -> {
                    return mpls(at);
                }
                default -> {
                    return etherType < FIRST_ETHERTYPE ? llc(at) : Reading.NOT_IP;
                }
            }
        }
        return Reading.MALFORMED;
    }

    /* RFC 1042: SNAP with the organisation 0, then an ethertype. 6 is what IP itself has. */
    private Reading llc(int at) {
        if (captured < at + 3) {
            return Reading.MALFORMED;
        }
        if (u8(at) == 6 && u8(at + 1) == 6) {
            return ip(at + 3);
        }
        if (captured < at + 8 || u16(at) != 0xaaaa || u8(at + 2) != 3 || u16(at + 3) != 0 || u8(at + 5) != 0) {
            return Reading.NOT_IP;
        }
        // Nothing that could lead here again.
        return switch (u16(at + 6)) {
            case ETHERTYPE_IPV4 -> ipv4(at + 8);
            case ETHERTYPE_IPV6 -> ipv6(at + 8);
            default -> Reading.NOT_IP;
        };
    }

    /* RFC 3032: labels of four bytes, the last of which has a bit that says so. What is behind is told by its first half byte. */
    private Reading mpls(int at) {
        for (int labels = 0; labels < MOST_LABELS; labels++) {
            if (captured < at + 5) {
                return Reading.MALFORMED;
            }
            at += 4;
            if ((u8(at - 2) & 1) != 0) {
                int version = u8(at) >>> 4;
                return version == 4 || version == 6 ? ip(at) : Reading.NOT_IP;
            }
        }
        return Reading.MALFORMED;
    }

    /* RFC 2516: version and type 1, code 0 in the session stage, then session, length, PPP protocol. */
    private Reading pppoe(int at) {
        if (captured < at + 8 || u8(at) != 0x11) {
            return Reading.MALFORMED;
        }
        return u8(at + 1) != 0 ? Reading.NOT_IP : pppProtocol(at + 6);
    }

    /* RFC 1662: address 0xff and control 0x03 may have been left out. */
    private Reading ppp(int at) {
        if (captured < at + 2) {
            return Reading.MALFORMED;
        }
        if ((u8(at) == 0x0f || u8(at) == 0x8f) && u8(at + 1) == 0 && captured >= at + 4) {
            // Cisco's framing, RFC 1547.
            return etherType(at + 2);
        }
        return pppProtocol(u8(at) == 0xff && u8(at + 1) == 0x03 ? at + 2 : at);
    }

    /* RFC 1547, 4.3.1 for Cisco's framing, which has an ethertype. */
    private Reading hdlc() {
        if (captured < 4) {
            return Reading.MALFORMED;
        }
        boolean cisco = u8(0) == 0x0f || u8(0) == 0x8f;
        return cisco ? etherType(2) : ppp(0);
    }

    /* RFC 1661, 2 and 6.5: a compressed protocol field is one odd byte. */
    private Reading pppProtocol(int at) {
        if (captured < at + 2) {
            return Reading.MALFORMED;
        }
        boolean compressed = (u8(at) & 1) != 0;
        int protocolNumber = compressed ? u8(at) : u16(at);
        int next = compressed ? at + 1 : at + 2;
        return switch (protocolNumber) {
            case PPP_IPV4 -> ipv4(next);
            case PPP_IPV6 -> ipv6(next);
            default -> Reading.NOT_IP;
        };
    }

    /* The address family of the machine that captured, in its byte order for NULL, in network order for LOOP. */
    private Reading family() {
        if (captured < 4) {
            return Reading.MALFORMED;
        }
        int value = u16(0) << 16 | u16(2);
        int family = value >>> 16 == 0 ? value : Integer.reverseBytes(value);
        return switch (family) {
            case 2 -> ipv4(4);
            case 10, 24, 28, 30 -> ipv6(4);
            default -> Reading.NOT_IP;
        };
    }
}
