package org.outguard.guard.action;

import java.time.Instant;

/**
 * Something decided, complete enough to be journaled, shown, run and undone.
 *
 * @param id unique, {@code "a-…"}
 * @param at when it was decided
 * @param by who wanted it
 * @param why the offender's id and reason, or the undone action's id; text from outside may be in it
 * @param step what to do
 * @param plan the exact commands
 */
public record Action(String id, Instant at, String by, String why, Step step, Plan plan) {

    /**
     * Exactly what will be run, as a person would type it, and what undoes it.
     *
     * @param command the command with its input, one line
     * @param undo the command that undoes it, one line
     */
    public record Plan(String command, String undo) {

        /** The same, undone by what another one runs. */
        public Plan undoneBy(Plan again) {
            return new Plan(command, again.command());
        }
    }
}
