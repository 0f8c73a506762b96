package org.outguard.notify;

import java.io.IOException;

/** Hands a message to whoever is told. */
interface MessageSender {

    /**
     * Tries once.
     *
     * @throws IOException where it was not taken, but may be later
     * @throws Refused where trying again is of no use
     */
    void send(Message message) throws IOException, Refused, InterruptedException;

    /** It will never be taken as it is. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String reason) {
            super(reason);
        }
    }
}
