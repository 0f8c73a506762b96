package org.outguard.guard.action;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/**
 * One kind of traffic that a lockdown lets out.
 *
 * @param kind what the port is
 * @param uid who may send it; empty where everybody may
 * @param address where to; empty where to everywhere
 * @param protocol {@link Protocol#UDP} or {@link Protocol#TCP}
 * @param port 1..65535
 * @param why for people: {@code "postfix delivers mail"}
 */
public record AllowRule(
        Kind kind, OptionalInt uid, Optional<IpAddress> address, Protocol protocol, int port, String why) {

    /** What the port of an allowance is. */
    public enum Kind {
        /** The destination's. */
        TO,
        /** The machine's own: answers of a service that others connect to. */
        FROM
    }

    public AllowRule {
        if (protocol != Protocol.UDP && protocol != Protocol.TCP) {
            throw new IllegalArgumentException("only udp and tcp have ports");
        }
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** What a user may send to a port anywhere. */
    public static AllowRule user(int uid, Protocol protocol, int port, String why) {
        return new AllowRule(Kind.TO, OptionalInt.of(uid), Optional.empty(), protocol, port, why);
    }

    /** What everybody may send to an address. */
    public static AllowRule address(IpAddress address, Protocol protocol, int port, String why) {
        return new AllowRule(Kind.TO, OptionalInt.empty(), Optional.of(address), protocol, port, why);
    }

    /** What a TCP service answers. */
    public static AllowRule answers(int port, String why) {
        return new AllowRule(Kind.FROM, OptionalInt.empty(), Optional.empty(), Protocol.TCP, port, why);
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", kind.name().toLowerCase(Locale.ROOT));
        uid.ifPresent(id -> fields.put("uid", Integer.toUnsignedLong(id)));
        address.ifPresent(to -> fields.put("address", to.toString()));
        fields.put("protocol", protocol.word());
        fields.put("port", (long) port);
        fields.put("why", why);
        return fields;
    }

    static AllowRule read(StepFields fields) {
        String address = fields.text("address", "");
        Optional<IpAddress> to = IpAddress.parse(address);
        if (to.isPresent() == address.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        return new AllowRule(
                Kind.valueOf(fields.text("kind").toUpperCase(Locale.ROOT)),
                fields.has("uid") ? OptionalInt.of(fields.uid()) : OptionalInt.empty(),
                to,
                Protocol.valueOf(fields.text("protocol").toUpperCase(Locale.ROOT)),
                fields.smallNumber("port"),
                fields.text("why"));
    }

    /** In words, for people: {@code "uid 106 to tcp port 25: postfix delivers mail"}. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder();
        words.append(uid.isPresent() ? "uid " + Integer.toUnsignedString(uid.getAsInt()) : "everybody");
        words.append(kind == Kind.FROM ? " from " : " to ");
        address.ifPresent(to -> words.append(to).append(' '));
        return words.append(protocol.word())
                .append(" port ")
                .append(port)
                .append(": ")
                .append(why)
                .toString();
    }
}
