package org.outguard.app;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.Action;
import org.outguard.guard.Outcome;
import org.outguard.journal.Journal;

/** Gives those actions an outcome that a crash left without one, by what the kernel says. */
final class Recovery {

    private static final String CAME_BEFORE = "Outguard ended before it was done";
    private static final String CAME_AFTER = "Outguard ended before it could say so";

    private Recovery() {}

    /**
     * Writes the outcomes. What nobody can tell stays without one.
     *
     * @return how many were given
     * @throws IOException where the journal cannot be read, or the turn to act not be taken
     */
    @SuppressWarnings("try") // the turn is held, not used
    static int settle(Journal journal, Runners runners, Clock clock) throws IOException {
        // Mostly there is nothing to do, and no need to wait for whoever acts.
        if (journal.open().isEmpty()) {
            return 0;
        }
        int given = 0;
        try (Journal.Turn turn = journal.turn()) {
            List<Action> open = journal.open();
            for (Action action : open) {
                Optional<Boolean> happened = runners.happened(action.step());
                if (happened.isPresent()) {
                    Outcome outcome = new Outcome(
                            action.id(),
                            clock.instant(),
                            happened.get() ? Outcome.Result.DONE : Outcome.Result.FAILED,
                            happened.get() ? CAME_AFTER : CAME_BEFORE);
                    given += journal.after(outcome).isEmpty() ? 1 : 0;
                }
            }
        }
        return given;
    }
}
