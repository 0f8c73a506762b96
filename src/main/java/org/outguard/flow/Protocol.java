package org.outguard.flow;

import java.util.Locale;

/** Transport protocol of a packet, by its number in the IANA registry "Assigned Internet Protocol Numbers". */
public enum Protocol {
    ICMP(1),
    TCP(6),
    UDP(17),
    ICMPV6(58),
    UDPLITE(136),
    /** Anything else; counted, never judged by port. */
    OTHER(255);

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
        return switch (number) {
            case 1 -> ICMP;
            case 6 -> TCP;
            case 17 -> UDP;
            case 58 -> ICMPV6;
            case 136 -> UDPLITE;
            default -> OTHER;
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
