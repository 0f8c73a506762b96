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
 */
public record Uplink(Set<IpAddress> addresses, List<BlockTarget.Remote> routed) {

    public Uplink {
        addresses = Set.copyOf(addresses);
        routed = List.copyOf(routed);
    }
}
