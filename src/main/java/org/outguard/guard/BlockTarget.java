package org.outguard.guard;

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

        /** Whether it is a single address. */
        public boolean single() {
            return prefix == (address.v6() ? 128 : 32);
        }

        @Override
        public String toString() {
            return single() ? address.toString() : address + "/" + prefix;
        }
    }

    /** In words, for people: {@code "uid 33 to 192.0.2.1 udp port 80"}. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder();
        uid.ifPresent(id -> words.append("uid ").append(id));
        remote.ifPresent(to -> words.append(words.isEmpty() ? "to " : " to ").append(to));
        protocol.ifPresent(p -> words.append(' ').append(p.word()));
        port.ifPresent(p -> words.append(" port ").append(p));
        return words.toString();
    }
}
