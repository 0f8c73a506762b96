package org.outguard.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;

/**
 * The shape of a target, and so the set in which elements for it stand.
 *
 * <p>Networks have sets of their own. A set that takes ranges refuses an element that overlaps another, so in a common
 * set a single address could not be blocked, with a time of its own, while its network is. Control groups have sets for
 * each level, since a rule takes the name of a socket's ancestor at one level.
 *
 * @param uid whether the key holds a uid
 * @param level how deep the control group in the key is, from 1; 0 where it holds none
 * @param inbound whether the address is the source of what arrives, not the destination of what is sent; then nothing else is in
 *     the key
 * @param destination what of that address it holds
 * @param transport what of the transport protocol it holds
 */
record BlockSet(boolean uid, int level, boolean inbound, Destination destination, Transport transport) {

    /** What of the address is in a key, narrowest first. */
    enum Destination {
        ADDRESS_V4("remote", "4"),
        ADDRESS_V6("remote", "6"),
        NETWORK_V4("net", "4"),
        NETWORK_V6("net", "6"),
        ANY("", "");

        private final String word;
        private final String version;

        Destination(String word, String version) {
            this.word = word;
            this.version = version;
        }

        boolean network() {
            return this == NETWORK_V4 || this == NETWORK_V6;
        }

        boolean v6() {
            return this == ADDRESS_V6 || this == NETWORK_V6;
        }

        private static Destination of(BlockTarget.Remote remote) {
            if (remote.single()) {
                return remote.address().v6() ? ADDRESS_V6 : ADDRESS_V4;
            }
            return remote.address().v6() ? NETWORK_V6 : NETWORK_V4;
        }
    }

    /** What of the transport protocol is in a key, narrowest first. */
    enum Transport {
        PORT("port"),
        PROTOCOL("proto"),
        ANY("");

        private final String word;

        Transport(String word) {
            this.word = word;
        }
    }

    /** The shape of a target. */
    static BlockSet of(BlockTarget target) {
        Transport transport = target.port().isPresent()
                ? Transport.PORT
                : target.protocol().isPresent() ? Transport.PROTOCOL : Transport.ANY;
        return new BlockSet(
                target.uid().isPresent(),
                target.cgroup().map(path -> path.split("/", -1).length).orElse(0),
                target.client().isPresent(),
                target.remote().or(target::client).map(Destination::of).orElse(Destination.ANY),
                transport);
    }

    /**
     * All shapes of one level, narrowest first, which is the order of the rules: a packet counts for the narrowest block
     * it fits.
     *
     * @param level of control groups; 0 for targets without one
     */
    static List<BlockSet> ofLevel(int level) {
        List<BlockSet> sets = new ArrayList<>();
        boolean[] users = level == 0 ? new boolean[] {true, false} : new boolean[] {false};
        for (Transport transport : Transport.values()) {
            for (boolean uid : users) {
                for (Destination destination : Destination.values()) {
                    if (uid || level > 0 || destination != Destination.ANY) {
                        sets.add(new BlockSet(uid, level, false, destination, transport));
                    }
                }
            }
        }
        return List.copyOf(sets);
    }

    /** All shapes of clients, narrowest first. */
    static List<BlockSet> ofClients() {
        return Stream.of(Destination.values())
                .filter(source -> source != Destination.ANY)
                .map(source -> new BlockSet(false, 0, true, source, Transport.ANY))
                .toList();
    }

    /** Whether packets that no socket of this machine sends can fit: such blocks stand in all hooks on the way out. */
    boolean forEverySender() {
        return !inbound && !uid && level == 0;
    }

    /** Whether it is for a user's connections to a port anywhere: the only shape that holds on loopback too. */
    boolean onLoopback() {
        return uid && destination == Destination.ANY && transport == Transport.PORT;
    }

    /** {@code uid_remote_port4}, {@code net6}, {@code cgroup2_remote_proto4}, {@code client_remote4}. */
    String name() {
        List<String> parts = new ArrayList<>();
        if (inbound) {
            parts.add("client");
        }
        if (uid) {
            parts.add("uid");
        }
        if (level > 0) {
            parts.add("cgroup" + level);
        }
        if (destination != Destination.ANY) {
            parts.add(destination.word);
        }
        if (transport != Transport.ANY) {
            parts.add(transport.word);
        }
        return String.join("_", parts) + destination.version;
    }

    /** The parts of the key in order. */
    List<KeyPart> key() {
        List<KeyPart> parts = new ArrayList<>();
        if (uid) {
            parts.add(KeyPart.UID);
        }
        if (level > 0) {
            parts.add(KeyPart.CGROUP);
        }
        if (inbound) {
            parts.add(destination.v6() ? KeyPart.CLIENT_V6 : KeyPart.CLIENT_V4);
        } else if (destination != Destination.ANY) {
            parts.add(destination.v6() ? KeyPart.ADDRESS_V6 : KeyPart.ADDRESS_V4);
        }
        if (transport != Transport.ANY) {
            parts.add(KeyPart.PROTOCOL);
        }
        if (transport == Transport.PORT) {
            parts.add(KeyPart.PORT);
        }
        return parts;
    }

    /** {@code uid . ipv4_addr}. */
    String type() {
        return key().stream().map(KeyPart::type).collect(Collectors.joining(" . "));
    }

    /**
     * What takes the key from a packet: {@code meta skuid . ip daddr}.
     *
     * @param byHeader whether networks take the protocol from the IP header, see {@link #missesExtensions}
     */
    String expression(boolean byHeader) {
        return key().stream()
                .map(part -> part == KeyPart.CGROUP
                        ? part.expression() + " " + level
                        : part == KeyPart.PROTOCOL && byHeader && destination.network()
                                ? destination.v6() ? "ip6 nexthdr" : "ip protocol"
                                : part.expression())
                .collect(Collectors.joining(" . "));
    }

    /**
     * Whether packets with IPv6 extension headers pass where the protocol is taken from the IP header. That is done where the kernel
     * refuses {@code meta l4proto} in a key with a network, as Linux 6.12.117 does with the rules of nft 1.0.6.
     */
    boolean missesExtensions() {
        return transport != Transport.ANY && destination.network() && destination.v6();
    }

    /**
     * The element for a target of this shape: {@code 33 . 192.0.2.1 . udp . 80}.
     *
     * @param cgroups where cgroup2 is mounted below /sys/fs/cgroup, with a slash at the end; empty where it is there itself
     */
    String element(BlockTarget target, String cgroups) {
        return key().stream().map(part -> word(part, target, cgroups)).collect(Collectors.joining(" . "));
    }

    private static String word(KeyPart part, BlockTarget target, String cgroups) {
        return switch (part) {
            case UID -> Integer.toUnsignedString(target.uid().orElseThrow());
            case CGROUP -> '"' + cgroups + target.cgroup().orElseThrow() + '"';
            case ADDRESS_V4, ADDRESS_V6 -> target.remote().orElseThrow().toString();
            case CLIENT_V4, CLIENT_V6 -> target.client().orElseThrow().toString();
            case PROTOCOL -> word(target.protocol().orElseThrow());
            case PORT -> Integer.toString(target.port().orElseThrow());
        };
    }

    /* protocols(5), from which nft takes names, has others for some, and is missing on some machines. */
    private static String word(Protocol protocol) {
        return switch (protocol) {
            case UDP, TCP, ICMP, ICMPV6, UDPLITE -> protocol.word();
            default -> Integer.toString(protocol.number());
        };
    }

    /**
     * The target that an element of this set stands for; empty where it is none of ours.
     *
     * @param value as libnftables-json(5) has it
     * @param comment the element's, which for a control group is its path: nft writes a number where it is gone
     */
    Optional<BlockTarget> target(Object value, String comment) {
        return ElementValue.read(this, value, comment)
                .filter(target -> of(target).equals(this));
    }
}
