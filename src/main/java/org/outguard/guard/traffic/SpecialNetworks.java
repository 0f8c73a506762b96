package org.outguard.guard.traffic;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.observation.Uplink;

/**
 * Addresses that no packet should leave for by the default route: private, shared and reserved ones (IANA's registries of
 * special-purpose addresses, RFC 6890), unless a route of this machine leads there. While the routes are not known, or this
 * machine has no public address itself, none is.
 */
final class SpecialNetworks {

    private static final List<BlockTarget.Remote> SPECIAL = Stream.of(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // RFC 1918
                    "100.64.0.0/10", // RFC 6598, behind carriers' address translation
                    "172.16.0.0/12", // RFC 1918
                    "192.0.2.0/24", // RFC 5737, documentation
                    "192.168.0.0/16", // RFC 1918
                    "198.18.0.0/15", // RFC 2544, benchmarks
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "240.0.0.0/4", // reserved
                    "2001:db8::/32", // RFC 3849, documentation
                    "100::/64", // RFC 6666, discard
                    "fc00::/7") // RFC 4193, private
            .map(BlockTarget.Remote::parse)
            .map(Optional::orElseThrow)
            .toList();

    private List<BlockTarget.Remote> routed = List.of();

    /* Whether the machine has a public address of its own, without which somebody else translates and may lead there. */
    private boolean publicV4;
    private boolean publicV6;

    /** Takes note of where the routes lead; empty where that is not known. */
    void knows(Optional<Uplink> uplink) {
        routed = uplink.map(Uplink::routed).orElse(List.of());
        List<IpAddress> own = uplink.map(Uplink::addresses).orElse(Set.of()).stream()
                .filter(address -> !contains(SPECIAL, address))
                .toList();
        publicV4 = own.stream().anyMatch(address -> !address.v6());
        publicV6 = own.stream().anyMatch(IpAddress::v6);
    }

    /** Whether that address is private, shared or reserved. */
    static boolean isSpecial(IpAddress address) {
        return contains(SPECIAL, address);
    }

    /** Whether a packet to that address is lost behind the default route. */
    boolean isUnrouted(IpAddress address) {
        return (address.v6() ? publicV6 : publicV4)
                && !address.loopback()
                && contains(SPECIAL, address)
                && !contains(routed, address);
    }

    private static boolean contains(List<BlockTarget.Remote> networks, IpAddress address) {
        for (BlockTarget.Remote network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
