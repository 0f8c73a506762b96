package org.outguard.guard.action;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * What a block drops: packets that fit every part that is given. At least one of remote, uid, cgroup and client is given.
 *
 * @param remote destination network, where the block is for one
 * @param port destination port, only with a protocol that has ports ({@link Protocol#hasPorts})
 * @param protocol transport protocol; all of them where it is empty
 * @param uid uid of whoever opened the socket ({@code meta skuid} of nft(8)), where the block is for one
 * @param cgroup control group in which the socket was made, as a path from the root of cgroup2 without the first slash
 *     ({@code socket cgroupv2} of nft(8)); those below it are meant too. Never with a uid
 * @param process the one process whose packets are meant, whatever it sends, where its user is too wide; with the uid that
 *     it has, and with nothing else
 * @param client who sends to this machine: packets that come from this network are dropped where they arrive, and on their way
 *     to a container; with nothing else
 */
public record BlockTarget(
        Optional<Remote> remote,
        OptionalInt port,
        Optional<Protocol> protocol,
        OptionalInt uid,
        Optional<String> cgroup,
        Optional<ProcessId> process,
        Optional<Remote> client) {

    /** Most levels of a control group that a block can name. */
    public static final int MOST_CGROUP_LEVELS = 8;

    /* What stands in quotes in nft's language as it is: there are no escapes, and an asterisk at the end is a wildcard. */
    private static final Pattern CGROUP = Pattern.compile("(?:[!#-)+-.0-~]{1,255}/){0,7}[!#-)+-.0-~]{1,255}");

    public BlockTarget {
        boolean outbound = remote.isPresent() || uid.isPresent() || cgroup.isPresent();
        if (outbound == client.isPresent()) {
            throw new IllegalArgumentException("a block needs a remote, a uid or a control group, or a client alone");
        }
        if (client.isPresent() && (protocol.isPresent() || port.isPresent())) {
            throw new IllegalArgumentException("a block of a client is of all that it sends here");
        }
        if (uid.isPresent() && cgroup.isPresent()) {
            throw new IllegalArgumentException("a block is of a uid or of a control group");
        }
        if (cgroup.isPresent() && !namesCgroup(cgroup.get())) {
            throw new IllegalArgumentException("no control group that can be blocked");
        }
        if (protocol.isPresent() && protocol.get() == Protocol.OTHER) {
            throw new IllegalArgumentException("a protocol has a name");
        }
        if (process.isPresent() && (uid.isEmpty() || remote.isPresent() || protocol.isPresent() || port.isPresent())) {
            throw new IllegalArgumentException("a block of one process is of all that it sends, and names its user");
        }
        if (port.isPresent() && protocol.filter(Protocol::hasPorts).isEmpty()) {
            throw new IllegalArgumentException("this protocol has no ports to block");
        }
    }

    /** A target that is of no single process. */
    public BlockTarget(
            Optional<Remote> remote,
            OptionalInt port,
            Optional<Protocol> protocol,
            OptionalInt uid,
            Optional<String> cgroup) {
        this(remote, port, protocol, uid, cgroup, Optional.empty(), Optional.empty());
    }

    /** All that a network sends to this machine. */
    public static BlockTarget ofClient(Remote client) {
        return new BlockTarget(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(client));
    }

    /** All that one process sends. */
    public static BlockTarget ofProcess(ProcessId process, int uid) {
        return new BlockTarget(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.of(uid),
                Optional.empty(),
                Optional.of(process),
                Optional.empty());
    }

    /** A target that is of no control group. */
    public BlockTarget(Optional<Remote> remote, OptionalInt port, Optional<Protocol> protocol, OptionalInt uid) {
        this(remote, port, protocol, uid, Optional.empty());
    }

    /** Whether that is the path of a control group which a block can name. */
    public static boolean namesCgroup(String path) {
        return CGROUP.matcher(path).matches() && Arrays.stream(path.split("/")).noneMatch(part -> part.matches("\\.+"));
    }

    /**
     * A target from its parts as text, as a journal or a command line has them; empty where they make none.
     *
     * @param remote see {@link Remote#parse}; empty where there is none
     * @param port -1 where there is none
     * @param protocol {@link Protocol#word()}; empty where there is none
     * @param uid -1 where there is none, otherwise 32 bits without a sign
     * @param cgroup empty where there is none
     */
    public static Optional<BlockTarget> parse(String remote, int port, String protocol, long uid, String cgroup) {
        Optional<Remote> to = Remote.parse(remote);
        Optional<Protocol> over = Arrays.stream(Protocol.values())
                .filter(known -> known.word().equals(protocol))
                .findFirst();
        boolean read = to.isPresent() != remote.isEmpty()
                && over.isPresent() != protocol.isEmpty()
                && port >= -1
                && port <= 0xffff
                && uid >= -1
                && uid <= 0xffff_ffffL;
        if (!read) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BlockTarget(
                    to,
                    port < 0 ? OptionalInt.empty() : OptionalInt.of(port),
                    over,
                    uid < 0 ? OptionalInt.empty() : OptionalInt.of((int) uid),
                    Optional.of(cgroup).filter(path -> !path.isEmpty())));
        } catch (IllegalArgumentException e) {
            // Parts that each are right and together make no target.
            return Optional.empty();
        }
    }

    /** The same without a control group. */
    public static Optional<BlockTarget> parse(String remote, int port, String protocol, long uid) {
        return parse(remote, port, protocol, uid, "");
    }

    /** Whether what this owner sends is in it, as far as that goes by the owner. */
    public boolean isOf(Owner owner) {
        // A process may change its user.
        return process.isPresent() ? process.get().equals(owner.id()) : isOf(owner.uid(), owner.cgroup());
    }

    private boolean isOf(int user, String group) {
        // A sender's path begins with the slash of the root.
        return (uid.isEmpty() || uid.getAsInt() == user)
                && (cgroup.isEmpty() || (group + "/").startsWith("/" + cgroup.get() + "/"));
    }

    /** Whether what is known of a sender says that it is meant. */
    public boolean isOf(Attribution sender) {
        if (sender instanceof Attribution.OfUser user) {
            return process.isEmpty() && isOf(user.opener().uid(), user.cgroup());
        }
        return sender.knownOwner().filter(this::isOf).isPresent();
    }

    /** Whether it is for some senders of this machine only, not for all. */
    public boolean ofSomeSender() {
        return uid.isPresent() || cgroup.isPresent();
    }

    /**
     * A network at the other end.
     *
     * @param address its address; the bits past the prefix are zero
     * @param prefix length in bits: 0..32, or 0..128 for IPv6
     */
    public record Remote(IpAddress address, int prefix) {
        public Remote {
            if (prefix < 0 || prefix > (address.v6() ? 128 : 32)) {
                throw new IllegalArgumentException("prefix length " + prefix);
            }
        }

        /** One address. */
        public static Remote of(IpAddress address) {
            return new Remote(address, address.v6() ? 128 : 32);
        }

        /** Whether the two have an address in common. */
        public boolean overlaps(Remote other) {
            return contains(other.address) || other.contains(address);
        }

        /** Whether that address is in this network. */
        public boolean contains(IpAddress other) {
            if (other.v6() != address.v6()) {
                return false;
            }
            long high = other.high() ^ address.high();
            long low = other.low() ^ address.low();
            int bits = address.v6() ? prefix : prefix + 96;
            if (bits <= 64) {
                return bits == 0 || high >>> 64 - bits == 0;
            }
            return high == 0 && low >>> 128 - bits == 0;
        }

        /** Reads {@code 192.0.2.1} or {@code 2001:db8::/32}; empty where it is neither, or has bits past the prefix. */
        public static Optional<Remote> parse(String text) {
            int slash = text.indexOf('/');
            Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
            if (slash < 0) {
                return address.map(Remote::of);
            }
            String length = text.substring(slash + 1);
            if (!length.matches("\\d{1,3}")) {
                return Optional.empty();
            }
            int prefix = Integer.parseInt(length);
            return address.filter(network -> prefix <= (network.v6() ? 128 : 32))
                    .map(network -> new Remote(network, prefix))
                    .filter(Remote::noBitsPastPrefix);
        }

        private boolean noBitsPastPrefix() {
            BigInteger bits = new BigInteger(1, address.bytes());
            int lowest = bits.getLowestSetBit();
            return lowest < 0 || lowest >= (address.v6() ? 128 : 32) - prefix;
        }

        /** Whether it is a single address. */
        public boolean single() {
            return prefix == (address.v6() ? 128 : 32);
        }

        @Override
        public String toString() {
            return single() ? address.toString() : address + "/" + prefix;
        }
    }

    /** {@link Protocol#word()} of the protocol; empty where it is for all. */
    public String protocolWord() {
        return protocol.map(Protocol::word).orElse("");
    }

    /** In words, for people: {@code "uid 33 to 192.0.2.1 udp port 80"}. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder();
        process.ifPresent(id -> words.append(" process ").append(id.pid()).append(" of"));
        uid.ifPresent(id -> words.append(" uid ").append(Integer.toUnsignedLong(id)));
        cgroup.ifPresent(path -> words.append(" cgroup ").append(path));
        remote.ifPresent(to -> words.append(" to ").append(to));
        client.ifPresent(from -> words.append(" from ").append(from));
        protocol.ifPresent(p -> words.append(' ').append(p.word()));
        port.ifPresent(p -> words.append(" port ").append(p));
        return words.substring(1);
    }
}
