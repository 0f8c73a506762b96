package org.outguard.capture.decode;

/** Link types whose frames are understood: LINKTYPE_ values of tcpdump.org/linktypes.html, and DLT_ twins of RAW. */
public final class LinkTypes {

    static final int NULL = 0;
    public static final int ETHERNET = 1;
    static final int PPP = 9;
    /** DLT_RAW as libpcap has it on Linux. */
    public static final int DLT_RAW = 12;
    /** DLT_RAW as OpenBSD has it. */
    static final int DLT_RAW_OPENBSD = 14;

    static final int PPP_HDLC = 50;
    static final int PPP_ETHER = 51;
    static final int RAW = 101;
    static final int LOOP = 108;
    public static final int LINUX_SLL = 113;
    static final int IPV4 = 228;
    static final int IPV6 = 229;
    public static final int LINUX_SLL2 = 276;

    /* Of files alone, see LinkHeaders. */
    static final int ATM_RFC1483 = 100;
    static final int C_HDLC = 104;
    static final int WLAN = 105;
    static final int ENC = 109;
    static final int PFLOG = 117;
    static final int WLAN_PRISM = 119;
    static final int WLAN_RADIOTAP = 127;
    static final int PPP_WITH_DIR = 204;
    static final int NFLOG = 239;

    private LinkTypes() {}

    /** Whether frames of this type are understood in a file. */
    public static boolean known(int linkType) {
        return live(linkType) || LinkHeaders.known(linkType);
    }

    /** Whether frames of this type are understood on an interface. */
    public static boolean live(int linkType) {
        return switch (linkType) {
            case NULL,
                    ETHERNET,
                    PPP,
                    DLT_RAW,
                    DLT_RAW_OPENBSD,
                    PPP_HDLC,
                    PPP_ETHER,
                    RAW,
                    LOOP,
                    LINUX_SLL,
                    IPV4,
                    IPV6,
                    LINUX_SLL2 -> true;
            default -> false;
        };
    }

    /** Whether frames of this type say if they were sent or received. */
    public static boolean hasDirection(int linkType) {
        return switch (linkType) {
            case LINUX_SLL, LINUX_SLL2, PPP_WITH_DIR, NFLOG -> true;
            default -> false;
        };
    }

    /** The value for a file: DLT_RAW differs between systems, LINKTYPE_RAW does not. */
    public static int forFile(int linkType) {
        return linkType == DLT_RAW || linkType == DLT_RAW_OPENBSD ? RAW : linkType;
    }
}
