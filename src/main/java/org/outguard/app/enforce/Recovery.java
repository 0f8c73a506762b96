package org.outguard.app.enforce;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.outguard.exec.Orphans;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.port.StepRunner;
import org.outguard.journal.Journal;

/** Gives those actions an outcome that a crash left without one, by what the kernel says. */
final class Recovery {

    private static final String CAME_BEFORE = "Outguard ended before it was done";
    private static final String CAME_AFTER = "Outguard ended before it could say so";

    private static final String CAME_AMID = "Outguard ended in the midst of it; the same again does the rest";
    private static final String STANDS_IN_PART =
            "Outguard ended in the midst of it: undo takes back what was done, the same again does the rest";

    private static final long ORPHAN_LOOK_NANOS = 20_000_000L;

    /* A program that hangs is nobody's to wait for. */
    private static final long ORPHAN_NANOS = 2_000_000_000L;

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
            awaitOrphans();
            List<Action> open = journal.open();
            for (Action action : open) {
                Optional<Outcome> outcome = runners.happened(action.step())
                        .map(extent -> outcome(action.id(), action.step(), extent, clock.instant()));
                if (outcome.isPresent()) {
                    given += journal.after(outcome.get()).isEmpty() ? 1 : 0;
                }
            }
        }
        return given;
    }

    /* What the dead instance started goes on without it: an nft that is judged too early has done nothing yet. */
    private static void awaitOrphans() {
        long end = System.nanoTime() + ORPHAN_NANOS;
        while (!Orphans.running().isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(ORPHAN_LOOK_NANOS);
        }
    }

    /* What is half in force stands, so that it can be taken back; what is half ended has not ended. */
    private static Outcome outcome(String id, Step step, StepRunner.Extent extent, Instant now) {
        boolean stands = step.effect() == Step.Effect.STANDS;
        return switch (extent) {
            case ALL -> new Outcome(id, now, Outcome.Result.DONE, CAME_AFTER);
            case NOTHING -> new Outcome(id, now, Outcome.Result.FAILED, CAME_BEFORE);
            case PART ->
                new Outcome(
                        id,
                        now,
                        stands ? Outcome.Result.DONE : Outcome.Result.FAILED,
                        stands ? STANDS_IN_PART : CAME_AMID);
        };
    }
}
