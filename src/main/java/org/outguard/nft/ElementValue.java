package org.outguard.nft;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;

/** Reads the value of a set element as libnftables-json(5) has it. */
final class ElementValue {

    private static final long MOST_UID = 0xffff_ffffL;
    private static final int MOST_PORT = 0xffff;

    private final BlockSet set;
    private final List<?> parts;
    private final String comment;
    private Optional<BlockTarget.Remote> remote = Optional.empty();
    private OptionalInt port = OptionalInt.empty();
    /* Names of protocols(5) that are not ours, of Debian and of Red Hat. */
    private static final Map<String, Protocol> OTHER_NAMES = Map.of(
            "ipv6-icmp", Protocol.ICMPV6,
            "ipencap", Protocol.IPIP,
            "ipv4", Protocol.IPIP,
            "ospfigp", Protocol.OSPF,
            "comp", Protocol.IPCOMP);

    private Optional<Protocol> protocol = Optional.empty();
    private OptionalInt uid = OptionalInt.empty();
    private Optional<String> cgroup = Optional.empty();
    private Optional<BlockTarget.Remote> client = Optional.empty();

    private ElementValue(BlockSet set, List<?> parts, String comment) {
        this.set = set;
        this.parts = parts;
        this.comment = comment;
    }

    static Optional<BlockTarget> read(BlockSet set, Object value, String comment) {
        List<?> parts =
                value instanceof Map<?, ?> map && map.get("concat") instanceof List<?> list ? list : List.of(value);
        return new ElementValue(set, parts, comment).target();
    }

    private Optional<BlockTarget> target() {
        List<KeyPart> key = set.key();
        if (parts.size() != key.size()) {
            return Optional.empty();
        }
        for (int i = 0; i < key.size(); i++) {
            if (!take(key.get(i), parts.get(i))) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(new BlockTarget(remote, port, protocol, uid, cgroup, Optional.empty(), client));
        } catch (IllegalArgumentException e) {
            // Somebody else put an element there that we would not.
            return Optional.empty();
        }
    }

    private boolean take(KeyPart part, Object value) {
        switch (part) {
            case UID -> uid = number(value, MOST_UID);
            case CGROUP -> cgroup = cgroup(value);
            case ADDRESS_V4, ADDRESS_V6 -> remote = remote(value);
            case CLIENT_V4, CLIENT_V6 -> client = remote(value);
            case PROTOCOL -> protocol = protocol(value);
            case PORT -> port = number(value, MOST_PORT);
        }
        return switch (part) {
            case UID -> uid.isPresent();
            case CGROUP -> cgroup.isPresent();
            case ADDRESS_V4, ADDRESS_V6 -> remote.isPresent();
            case CLIENT_V4, CLIENT_V6 -> client.isPresent();
            case PROTOCOL -> protocol.isPresent();
            case PORT -> port.isPresent();
        };
    }

    /* The name that nft writes begins where cgroup2 is mounted, and levels are counted from there. */
    private Optional<String> cgroup(Object value) {
        if (BlockTarget.namesCgroup(comment)) {
            return Optional.of(comment);
        }
        if (!(value instanceof String path)) {
            return Optional.empty();
        }
        String[] names = path.split("/", -1);
        int above = names.length - set.level();
        return above < 0
                ? Optional.empty()
                : Optional.of(String.join("/", Arrays.asList(names).subList(above, names.length)));
    }

    private static OptionalInt number(Object value, long most) {
        return value instanceof Number number && number.longValue() >= 0 && number.longValue() <= most
                ? OptionalInt.of((int) number.longValue())
                : OptionalInt.empty();
    }

    private static Optional<BlockTarget.Remote> remote(Object value) {
        if (value instanceof String text) {
            return IpAddress.parse(text).map(BlockTarget.Remote::of);
        }
        if (value instanceof Map<?, ?> map
                && map.get("prefix") instanceof Map<?, ?> prefix
                && prefix.get("addr") instanceof String text
                && prefix.get("len") instanceof Number length) {
            return IpAddress.parse(text)
                    .filter(address -> length.intValue() >= 0 && length.intValue() <= (address.v6() ? 128 : 32))
                    .map(address -> new BlockTarget.Remote(address, length.intValue()));
        }
        return Optional.empty();
    }

    /* nft takes names from protocols(5), which calls it ipv6-icmp, and writes a number where that file is missing. */
    private static Optional<Protocol> protocol(Object value) {
        Protocol other = value instanceof String name ? OTHER_NAMES.get(name) : null;
        if (other != null) {
            return Optional.of(other);
        }
        return Arrays.stream(Protocol.values())
                .filter(known -> known != Protocol.OTHER)
                .filter(known -> known.word().equals(value)
                        || Integer.valueOf(known.number()).equals(value))
                .findFirst();
    }
}
