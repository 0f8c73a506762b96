package org.outguard.maillog.file;

import java.util.Optional;

/** Where lines come from: a file that is followed, or the journal. One thread uses it. */
public interface LogInput extends AutoCloseable {

    /** Its name, for people. */
    String name();

    /** Reads some of what is there, and does not wait: the number of bytes, 0 where there is nothing new. */
    int read();

    /** Why it cannot be read at this moment; a later {@link #read} tries again. */
    Optional<String> problem();

    @Override
    void close();
}
