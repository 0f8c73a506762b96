package org.outguard.console;

import java.util.List;

/** Port: the things that can be named in a command, as they are at this moment. */
public interface CompletionSource {

    /** What is named. */
    enum Kind {
        /** An offender, {@code "o-…"}. */
        OFFENDER,
        PID,
        USER,
        /** A message in a mail queue. */
        QUEUE_ID,
        /** Something that was done, {@code "a-…"}. */
        ACTION
    }

    /**
     * One of them.
     *
     * @param name as it is typed; text from outside may be in it
     * @param about what it is, in a few words; text from outside may be in it
     */
    record Suggestion(String name, String about) {}

    /** All of a kind, the likeliest first; a few hundred at most. */
    List<Suggestion> of(Kind kind);
}
