package org.outguard.guard.observation;

import java.util.List;
import java.util.Set;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;

/**
 * The way to the rest of the world, as the routes have it.
 *
 * @param addresses this machine's on the device of the default route, but link-local ones
 * @param routed networks that another route than a default one leads to
 * @param gateways next hops of the default routes
 */
public record Uplink(Set<IpAddress> addresses, List<BlockTarget.Remote> routed, Set<IpAddress> gateways) {

    public Uplink {
        addresses = Set.copyOf(addresses);
        routed = List.copyOf(routed);
        gateways = Set.copyOf(gateways);
    }
}
