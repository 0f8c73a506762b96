package org.outguard.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.BlockTarget;

/**
 * The set in which the blocks of one shape stand.
 *
 * <p>Networks have sets of their own. A set that takes ranges refuses an element that overlaps another, so in a common
 * set a single address could not be blocked, with a time of its own, while its network is.
 *
 * @param uid whether the key holds a uid
 * @param remote whether it holds a destination
 * @param port whether it holds protocol and port
 * @param network whether the destination is a network
 * @param v6 whether the destination is IPv6
 */
record BlockSet(boolean uid, boolean remote, boolean port, boolean network, boolean v6) {

    /** All sets, narrowest first, which is the order of the rules: a packet counts for the narrowest block it fits. */
    static final List<BlockSet> ALL = all();

    /** The shape of a target. */
    static BlockSet of(BlockTarget target) {
        Optional<BlockTarget.Remote> remote = target.remote();
        return new BlockSet(
                target.uid().isPresent(),
                remote.isPresent(),
                target.port().isPresent(),
                remote.isPresent() && !remote.get().single(),
                remote.isPresent() && remote.get().address().v6());
    }

    private static List<BlockSet> all() {
        List<BlockSet> sets = new ArrayList<>();
        boolean[] narrowFirst = {true, false};
        boolean[] singleFirst = {false, true};
        for (boolean port : narrowFirst) {
            for (boolean uid : narrowFirst) {
                for (boolean network : singleFirst) {
                    sets.add(new BlockSet(uid, true, port, network, false));
                    sets.add(new BlockSet(uid, true, port, network, true));
                }
            }
        }
        sets.add(new BlockSet(true, false, false, false, false));
        return List.copyOf(sets);
    }

    /** {@code uid_remote_port4}, {@code net6}, {@code uid}. */
    String name() {
        List<String> parts = new ArrayList<>();
        if (uid) {
            parts.add("uid");
        }
        if (remote) {
            parts.add(network ? "net" : "remote");
        }
        if (port) {
            parts.add("port");
        }
        return String.join("_", parts) + (remote ? v6 ? "6" : "4" : "");
    }

    /** The parts of the key in order. */
    List<KeyPart> key() {
        List<KeyPart> parts = new ArrayList<>();
        if (uid) {
            parts.add(KeyPart.UID);
        }
        if (remote) {
            parts.add(v6 ? KeyPart.ADDRESS_V6 : KeyPart.ADDRESS_V4);
        }
        if (port) {
            parts.add(KeyPart.PROTOCOL);
            parts.add(KeyPart.PORT);
        }
        return parts;
    }

    /** The element for a target of this shape as a person types it: {@code 33 . 192.0.2.1 . udp . 80}. */
    String words(BlockTarget target) {
        return key().stream().map(part -> word(part, target)).collect(Collectors.joining(" . "));
    }

    private static String word(KeyPart part, BlockTarget target) {
        return switch (part) {
            case UID -> Long.toString(uidOf(target));
            case ADDRESS_V4, ADDRESS_V6 -> target.remote().orElseThrow().toString();
            case PROTOCOL -> target.protocol().orElseThrow().word();
            case PORT -> Integer.toString(target.port().orElseThrow());
        };
    }

    /** The same for libnftables-json(5). */
    Object json(BlockTarget target) {
        List<Object> parts = key().stream().map(part -> json(part, target)).toList();
        return parts.size() == 1 ? parts.get(0) : Map.of("concat", parts);
    }

    private static Object json(KeyPart part, BlockTarget target) {
        return switch (part) {
            case UID -> uidOf(target);
            case ADDRESS_V4, ADDRESS_V6 -> json(target.remote().orElseThrow());
            case PROTOCOL -> target.protocol().orElseThrow().word();
            case PORT -> target.port().orElseThrow();
        };
    }

    private static Object json(BlockTarget.Remote remote) {
        String address = remote.address().toString();
        return remote.single() ? address : Map.of("prefix", Map.of("addr", address, "len", remote.prefix()));
    }

    /* A uid has 32 bits without a sign. */
    private static long uidOf(BlockTarget target) {
        return Integer.toUnsignedLong(target.uid().orElseThrow());
    }

    /** The target that an element of this set stands for; empty where it is none of ours. */
    Optional<BlockTarget> target(Object value) {
        List<?> parts =
                value instanceof Map<?, ?> map && map.get("concat") instanceof List<?> list ? list : List.of(value);
        if (parts.size() != key().size()) {
            return Optional.empty();
        }
        int at = 0;
        OptionalInt user = uid ? number(parts.get(at++), 0xffff_ffffL) : OptionalInt.empty();
        Optional<BlockTarget.Remote> to = remote ? remote(parts.get(at++)) : Optional.empty();
        Optional<Protocol> protocol = port ? protocol(parts.get(at++)) : Optional.empty();
        OptionalInt toPort = port ? number(parts.get(at), 0xffff) : OptionalInt.empty();
        boolean whole = user.isPresent() == uid
                && to.isPresent() == remote
                && protocol.isPresent() == port
                && toPort.isPresent() == port;
        return whole
                ? Optional.of(new BlockTarget(to, toPort, protocol, user))
                        .filter(found -> of(found).equals(this))
                : Optional.empty();
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

    private static Optional<Protocol> protocol(Object value) {
        if (Protocol.UDP.word().equals(value)) {
            return Optional.of(Protocol.UDP);
        }
        return Protocol.TCP.word().equals(value) ? Optional.of(Protocol.TCP) : Optional.empty();
    }
}
