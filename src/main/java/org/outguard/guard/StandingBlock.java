package org.outguard.guard;

import java.time.Instant;

/**
 * A block that stands, or is being made or taken out.
 *
 * @param actionId the action that made it; undo names this
 * @param target what it drops
 * @param state how far it is
 * @param expires when the kernel forgets it
 * @param packets packets dropped so far, by the kernel's counter
 * @param packetsPerSecond dropped in the last second
 * @param plan its commands and undo
 * @param detail why it failed, empty otherwise
 */
public record StandingBlock(
        String actionId,
        BlockTarget target,
        State state,
        Instant expires,
        long packets,
        double packetsPerSecond,
        Action.Plan plan,
        String detail) {

    /** How far a block is. */
    public enum State {
        STARTING,
        STANDING,
        ENDING,
        FAILED
    }
}
