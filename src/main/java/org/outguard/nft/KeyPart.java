package org.outguard.nft;

/** One part of a set's key: its type, and the expression that takes it from a packet (nft(8), DATA TYPES and EXPRESSIONS). */
enum KeyPart {
    UID("uid", "meta skuid"),
    /** The expression lacks the level, which is a number behind it. */
    CGROUP("cgroupsv2", "socket cgroupv2 level"),
    ADDRESS_V4("ipv4_addr", "ip daddr"),
    ADDRESS_V6("ipv6_addr", "ip6 daddr"),
    CLIENT_V4("ipv4_addr", "ip saddr"),
    CLIENT_V6("ipv6_addr", "ip6 saddr"),
    PROTOCOL("inet_proto", "meta l4proto"),
    PORT("inet_service", "th dport");

    private final String type;
    private final String expression;

    KeyPart(String type, String expression) {
        this.type = type;
        this.expression = expression;
    }

    String type() {
        return type;
    }

    /** In nft's language: {@code ip daddr}. */
    String expression() {
        return expression;
    }
}
