package org.outguard.guard.observation;

import java.util.Optional;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.policy.NeverBlock;

/**
 * A destination that the policy's {@code never_block} is about.
 *
 * @param network that destination
 * @param protocol the only one that is meant; empty for all
 * @param what what it is, for people
 */
public record NeverBlocked(BlockTarget.Remote network, Optional<Protocol> protocol, String what) {

    /** One that the policy names itself. */
    public static NeverBlocked named(BlockTarget.Remote network) {
        return new NeverBlocked(network, Optional.empty(), "named there");
    }

    /** One that this machine was asked for. Who has mail sent chooses where it goes, so of deliveries only TCP is meant. */
    public static NeverBlocked found(BlockTarget.Remote network, NeverBlock.Source source) {
        return new NeverBlocked(
                network,
                source == NeverBlock.Source.DELIVERIES ? Optional.of(Protocol.TCP) : Optional.empty(),
                source.words());
    }

    /** Whether a block of this target would drop packets to it, or from it. */
    public boolean isHitBy(BlockTarget target) {
        boolean same = protocol.isEmpty() || target.protocol().isEmpty() || protocol.equals(target.protocol());
        return same
                && target.remote().or(target::client).filter(network::overlaps).isPresent();
    }
}
