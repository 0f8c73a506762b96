package org.outguard.guard.observation;

/**
 * Something that was seen. Everything the guard knows of the world comes to it as one of these. Whoever handles them is a
 * {@link Visitor}, so a kind that somebody forgets to handle does not compile.
 */
public sealed interface Observation permits TrafficObservation, MailObservation, ActionObservation, HostObservation {

    /** Calls the visitor's method for this kind. */
    void accept(Visitor visitor);

    /** Handles every kind of observation. */
    interface Visitor
            extends TrafficObservation.Visitor,
                    MailObservation.Visitor,
                    ActionObservation.Visitor,
                    HostObservation.Visitor {}
}
