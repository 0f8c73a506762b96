package org.outguard.guard.action;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of what was done, with how it stands.
 *
 * @param action what was decided
 * @param state how far it is
 * @param expires when it ends by itself; empty where it does not
 * @param detail why it failed, or what is worth knowing; mostly empty
 * @param whyNoUndo why it cannot be undone; empty where it can
 */
public record ActionRow(
        Action action, State state, Optional<Instant> expires, String detail, Optional<String> whyNoUndo) {

    /** How far an action is. */
    public enum State {
        /** Being carried out. */
        RUNNING,
        /** Done, and in force. */
        STANDING,
        /** Done, with nothing left in force. */
        DONE,
        /** It was done, and was undone. */
        UNDONE,
        /** It was in force, and its time is over. */
        EXPIRED,
        /** It was in force, and somebody else took it out. */
        GONE,
        FAILED;

        /** Lower-case name. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Whether it can be undone. */
    public boolean undoable() {
        return whyNoUndo.isEmpty();
    }
}
