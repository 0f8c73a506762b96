package org.outguard.guard;

import java.time.Duration;

/** Something that a person or a policy wants. It names identities, never rows. */
public sealed interface Command {

    /** Who wants it, for the journal: {@code "root on pts/0"}, {@code "policy"}. */
    String by();

    /**
     * Drop an offender's packets for a while.
     *
     * @param offenderId which talker, see {@link Talker#id()}
     * @param target what exactly, as it was shown; the guard checks that it still fits that talker
     * @param length how long; the kernel forgets the block afterwards
     * @param by who wants it
     */
    record Block(String offenderId, BlockTarget target, Duration length, String by) implements Command {}

    /**
     * Take an action back.
     *
     * @param actionId see {@link Action#id()}
     * @param by who wants it
     */
    record Undo(String actionId, String by) implements Command {}
}
