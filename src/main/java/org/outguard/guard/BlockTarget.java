package org.outguard.guard;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/**
 * What a block drops: packets that fit every part that is given. At least one of remote and uid is given.
 *
 * @param remote destination network, where the block is for one
 * @param port destination port, only with a remote and a protocol
 * @param protocol {@link Protocol#UDP} or {@link Protocol#TCP} with a port; otherwise all protocols
 * @param uid uid of whoever opened the socket ({@code meta skuid} of nft(8)), where the block is for one
 */
public record BlockTarget(Optional<Remote> remote, OptionalInt port, Optional<Protocol> protocol, OptionalInt uid) {

    public BlockTarget {
        if (remote.isEmpty() && uid.isEmpty()) {
            throw new IllegalArgumentException("a block needs a remote or a uid");
        }
        if (port.isPresent() && (remote.isEmpty() || protocol.isEmpty())) {
            throw new IllegalArgumentException("a port needs a remote and a protocol");
        }
        if (protocol.isPresent() && port.isEmpty()) {
            throw new IllegalArgumentException("a protocol needs a port");
        }
        if (protocol.isPresent() && protocol.get() != Protocol.UDP && protocol.get() != Protocol.TCP) {
            throw new IllegalArgumentException("only udp and tcp have ports to block");
        }
    }

    /**
     * A target from its parts as text, as a journal or a command line has them; empty where they make none.
     *
     * @param remote see {@link Remote#parse}; empty where there is none
     * @param port -1 where there is none
     * @param protocol {@link Protocol#word()}; empty where there is none
     * @param uid -1 where there is none, otherwise 32 bits without a sign
     */
    public static Optional<BlockTarget> parse(String remote, int port, String protocol, long uid) {
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
                    uid < 0 ? OptionalInt.empty() : OptionalInt.of((int) uid)));
        } catch (IllegalArgumentException e) {
            // Parts that each are right and together make no target.
            return Optional.empty();
        }
    }

    /**
     * A destination network.
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
        uid.ifPresent(id -> words.append("uid ").append(Integer.toUnsignedLong(id)));
        remote.ifPresent(to -> words.append(words.isEmpty() ? "to " : " to ").append(to));
        protocol.ifPresent(p -> words.append(' ').append(p.word()));
        port.ifPresent(p -> words.append(" port ").append(p));
        return words.toString();
    }
}
