package org.outguard.app.actor;

import org.outguard.guard.observation.ProtectedResources;

/**
 * What requests are held against, by the policy in force.
 *
 * @param bounds of clients other than root
 * @param protectedResources looks up what must not be cut off
 */
public record ActorBasis(RuleBounds bounds, Lookup protectedResources) {

    /** A look at this machine. */
    public interface Lookup {

        /**
         * What must not be cut off.
         *
         * @param destinations whether those that are never blocked are wanted, which takes up to a second
         */
        ProtectedResources look(boolean destinations);
    }
}
