package org.outguard.nft;

import java.util.Map;

/** One part of a set's key: its type, and the expression that takes it from a packet (nft(8), DATA TYPES and EXPRESSIONS). */
enum KeyPart {
    UID("uid", "meta", "skuid"),
    ADDRESS_V4("ipv4_addr", "ip", "daddr"),
    ADDRESS_V6("ipv6_addr", "ip6", "daddr"),
    PROTOCOL("inet_proto", "meta", "l4proto"),
    PORT("inet_service", "th", "dport");

    private final String type;
    private final String from;
    private final String field;

    KeyPart(String type, String from, String field) {
        this.type = type;
        this.from = from;
        this.field = field;
    }

    String type() {
        return type;
    }

    /** As a person types it: {@code ip daddr}. */
    String words() {
        return from + " " + field;
    }

    /** The same for libnftables-json(5). */
    Map<String, Object> json() {
        return from.equals("meta")
                ? Map.of("meta", Map.of("key", field))
                : Map.of("payload", Map.of("protocol", from, "field", field));
    }
}
