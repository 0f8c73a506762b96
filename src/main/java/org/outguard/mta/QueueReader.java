package org.outguard.mta;

import java.time.Duration;

/** Follows the queue of one mail system. One thread at a time uses it, which is never the guard's. */
public interface QueueReader {

    /** Name of the mail system in a {@link org.outguard.mail.QueueId}: {@code "postfix"}, {@code "exim"} … */
    String instance();

    /** What is looked at, for people: {@code "queue files in /var/spool/postfix"}. */
    String method();

    /**
     * Looks once.
     *
     * @param budget how long it may go on reading what is new; listing folders comes on top
     */
    QueueChange look(Duration budget);
}
