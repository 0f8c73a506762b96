package org.outguard.mta.panel;

import java.util.Map;
import java.util.Optional;

/** The hosting panel of a machine: it owns the configuration of the mail system and knows whose each domain is. */
public interface Panel {

    /** Its name, for people. */
    String name();

    /** The account of each domain, in lower case; empty where it keeps them in a database alone. */
    Map<String, String> accounts();

    /**
     * Its own switch for what an account or a login sends, which outlasts a rebuild of the mail system's configuration.
     *
     * @param user name of an account, or a login with its domain
     * @return empty where it has none for that user
     */
    Optional<OutgoingSwitch> outgoing(String user);

    /** A switch of a panel. Its methods may wait for programs. */
    interface OutgoingSwitch {

        /** The command that stops what the user sends, as a person would type it. */
        String stopping();

        /** The command that undoes that. */
        String resuming();

        /** What is to be known to undo it to the byte; empty where what the user sends is not stopped. */
        Optional<String> before();

        /** Whether what the user sends is stopped. */
        boolean isStopped();

        /** Stops it; why it could not, or empty. */
        Optional<String> stop();

        /**
         * Undoes that; why it could not, or empty.
         *
         * @param before what {@link #before} said
         */
        Optional<String> resume(Optional<String> before);
    }
}
