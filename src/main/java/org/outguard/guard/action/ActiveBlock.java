package org.outguard.guard.action;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * A block that stands, or is being made or taken out.
 *
 * @param actionId the action that made it; undo names this
 * @param target what it drops
 * @param rate packets a second that it lets pass, where it is a limit
 * @param state how far it is
 * @param expires when the kernel forgets it
 * @param packets packets dropped so far, by the kernel's counter
 * @param packetsPerSecond dropped in the last second
 * @param plan its commands and undo
 * @param detail why it failed, empty otherwise
 */
public record ActiveBlock(
        String actionId,
        BlockTarget target,
        OptionalLong rate,
        State state,
        Instant expires,
        long packets,
        double packetsPerSecond,
        Action.Plan plan,
        String detail) {

    /** One that lets nothing pass. */
    public ActiveBlock(
            String actionId,
            BlockTarget target,
            State state,
            Instant expires,
            long packets,
            double packetsPerSecond,
            Action.Plan plan,
            String detail) {
        this(actionId, target, OptionalLong.empty(), state, expires, packets, packetsPerSecond, plan, detail);
    }

    /** Whether it lets a number of packets pass. */
    public boolean limits() {
        return rate.isPresent();
    }

    /** {@link Step#word()} of what made it. */
    public String word() {
        return limits() ? "limit" : "block";
    }

    /** {@link Step#named()} of what made it. */
    public String named() {
        return Step.named(word(), target.toString());
    }

    /** How far a block is. */
    public enum State {
        STARTING,
        STANDING,
        ENDING,
        FAILED
    }
}
