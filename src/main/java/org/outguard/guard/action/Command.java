package org.outguard.guard.action;

import java.time.Duration;
import org.outguard.guard.safety.GuardRails;
import org.outguard.guard.snapshot.Talker;

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
     * @param anyway whether that was confirmed a second time, after what would break was read, see {@link GuardRails}
     */
    record Block(String offenderId, BlockTarget target, Duration length, String by, boolean anyway) implements Command {

        /** One that was not confirmed a second time. */
        public Block(String offenderId, BlockTarget target, Duration length, String by) {
            this(offenderId, target, length, by, false);
        }
    }

    /**
     * Drop what an offender sends beyond a rate, for a while.
     *
     * @param offenderId which talker
     * @param limit what exactly, how much and how long
     * @param by who wants it
     * @param anyway see {@link Block#anyway}
     */
    record Limit(String offenderId, NetworkStep.Limit limit, String by, boolean anyway) implements Command {}

    /**
     * Do something whose identity stands in the step itself: a process with its start time, messages by id and arrival.
     *
     * @param step what, as it was shown
     * @param why for the journal: the offender's id and reason, or the origin of the mail
     * @param by who wants it
     * @param anyway see {@link Block#anyway}
     */
    record Perform(Step step, String why, String by, boolean anyway) implements Command {

        /** One that was not confirmed a second time. */
        public Perform(Step step, String why, String by) {
            this(step, why, by, false);
        }
    }

    /**
     * Put back what somebody else took out before its time, for the time that is left.
     *
     * @param actionId the action that made it; empty for all of them
     * @param by who wants it
     */
    record Reapply(String actionId, String by) implements Command {}

    /**
     * Take an action back.
     *
     * @param actionId see {@link Action#id()}
     * @param by who wants it
     */
    record Undo(String actionId, String by) implements Command {}
}
