package org.outguard.capture.decode;

/**
 * Headers of link types that are met in capture files alone: where behind them the packet begins, and what kind it is. See
 * tcpdump.org/linktypes.html.
 */
final class LinkHeaders {

    /** What {@link #find} says where no packet is behind the header. */
    enum Nothing {
        NOT_IP,
        MALFORMED,
        INBOUND
    }

    /** What the bytes at {@link #at} are. */
    enum Kind {
        /** An IP packet of either version. */
        IP,
        /** A header of IEEE 802.2 (LLC), mostly with SNAP. */
        LLC,
        /** PPP. */
        PPP,
        /** Two bytes of ethertype, then what they say. */
        ETHER_TYPE
    }

    /* Management and control frames of IEEE 802.11 have other types. */
    private static final int WLAN_DATA = 2;
    private static final int WLAN_NO_DATA = 0x4;
    private static final int WLAN_QOS = 0x8;
    private static final int WLAN_PROTECTED = 0x40;
    private static final int WLAN_ORDER = 0x80;
    private static final int AMSDU = 0x80;

    /* linux/netfilter/nfnetlink_log.h */
    private static final int NFULA_PACKET_HDR = 1;
    private static final int NFULA_PAYLOAD = 9;

    /* linux/netfilter.h */
    private static final int NF_INET_LOCAL_IN = 1;

    private static final int PRISM_BYTES = 144;
    private static final int ENC_BYTES = 12;

    int at;
    Kind kind = Kind.IP;
    Nothing nothing = Nothing.NOT_IP;

    private byte[] data = {};
    private int captured;

    /** Whether a link type is one of these. */
    static boolean known(int linkType) {
        return switch (linkType) {
            case LinkTypes.ATM_RFC1483,
                    LinkTypes.C_HDLC,
                    LinkTypes.WLAN,
                    LinkTypes.ENC,
                    LinkTypes.PFLOG,
                    LinkTypes.WLAN_PRISM,
                    LinkTypes.WLAN_RADIOTAP,
                    LinkTypes.PPP_WITH_DIR,
                    LinkTypes.NFLOG -> true;
            default -> false;
        };
    }

    /**
     * Finds the packet of a frame.
     *
     * @return whether there is one; else {@link #nothing} says why not
     */
    boolean find(byte[] frame, int capturedLength, int linkType) {
        data = frame;
        captured = capturedLength;
        nothing = Nothing.MALFORMED;
        return switch (linkType) {
            case LinkTypes.ATM_RFC1483 -> found(0, Kind.LLC);
            case LinkTypes.C_HDLC -> found(2, Kind.ETHER_TYPE);
            case LinkTypes.WLAN -> wlan(0);
            case LinkTypes.WLAN_PRISM -> wlan(PRISM_BYTES);
            case LinkTypes.WLAN_RADIOTAP -> captured >= 4 && wlan(u8(2) | u8(3) << 8);
            case LinkTypes.ENC -> found(ENC_BYTES, Kind.IP);
            // Its first byte is the header's length, which is filled up to four.
            case LinkTypes.PFLOG -> captured >= 1 && found(u8(0) + 3 & ~3, Kind.IP);
            // A byte that is 0 for what was received, then PPP.
            case LinkTypes.PPP_WITH_DIR ->
                captured >= 1 && (u8(0) == 0 ? nothing(Nothing.INBOUND) : found(1, Kind.PPP));
            case LinkTypes.NFLOG -> nflog();
            default -> nothing(Nothing.NOT_IP);
        };
    }

    private boolean found(int where, Kind what) {
        at = where;
        kind = what;
        return captured > where;
    }

    private boolean nothing(Nothing why) {
        nothing = why;
        return false;
    }

    /* IEEE 802.11-2020, 9.2.3 and 9.3.2.1. */
    private boolean wlan(int from) {
        if (captured < from + 24) {
            return false;
        }
        int control = u8(from);
        int flags = u8(from + 1);
        int subtype = control >>> 4;
        if ((control >>> 2 & 3) != WLAN_DATA || (subtype & WLAN_NO_DATA) != 0 || (flags & WLAN_PROTECTED) != 0) {
            return nothing(Nothing.NOT_IP);
        }
        int length = (flags & 3) == 3 ? 30 : 24;
        if ((subtype & WLAN_QOS) != 0) {
            if (captured < from + length + 2) {
                return false;
            }
            if ((u8(from + length) & AMSDU) != 0) {
                return nothing(Nothing.NOT_IP);
            }
            length += (flags & WLAN_ORDER) != 0 ? 6 : 2;
        }
        return found(from + length, Kind.LLC);
    }

    /* Four bytes, then attributes in the byte order of whoever captured: length, type, value, filled up to four. */
    private boolean nflog() {
        if (captured < 8) {
            return false;
        }
        int where = 4;
        boolean little = u8(where + 1) == 0;
        while (captured >= where + 4) {
            int length = little ? u8(where) | u8(where + 1) << 8 : u8(where) << 8 | u8(where + 1);
            int type = little ? u8(where + 2) | u8(where + 3) << 8 : u8(where + 2) << 8 | u8(where + 3);
            if (length < 4) {
                return false;
            }
            if (type == NFULA_PAYLOAD) {
                return found(where + 4, Kind.IP);
            }
            if (type == NFULA_PACKET_HDR && captured >= where + 7 && u8(where + 6) <= NF_INET_LOCAL_IN) {
                return nothing(Nothing.INBOUND);
            }
            where += length + 3 & ~3;
        }
        return false;
    }

    private int u8(int where) {
        return data[where] & 0xff;
    }
}
