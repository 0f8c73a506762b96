package org.outguard.app.enforce;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.outguard.exec.Orphans;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.port.StepRunner;
import org.outguard.journal.Journal;
import org.outguard.journal.StandingByJournal;

/** Gives those actions an outcome that a crash or a damaged line of the journal left without one, by what the kernel says. */
final class Recovery {

    private static final String CAME_BEFORE = "Outguard ended before it was done";
    private static final String CAME_AFTER = "Outguard ended before it could say so";

    private static final String CAME_AMID = "Outguard ended in the midst of it; the same again does the rest";
    private static final String STANDS_IN_PART =
            "Outguard ended in the midst of it: undo reverts what was done, the same command again does the rest";

    private static final String STILL_THERE = "a damaged line of the journal names it; it is in effect";
    private static final String NOT_THERE = "a damaged line of the journal names it; it is not in effect";
    private static final String THERE_IN_PART = "a damaged line of the journal names it; it is in effect in part";

    private static final long ORPHAN_LOOK_NANOS = 20_000_000L;

    /* A program that hangs is nobody's to wait for. */
    private static final long ORPHAN_NANOS = 2_000_000_000L;

    private Recovery() {}

    /**
     * Writes the outcomes. What nobody can tell stays without one.
     *
     * @return the ids of those that a damaged line names
     * @throws IOException where the journal cannot be read, or the turn to act not be taken
     */
    @SuppressWarnings("try") // the turn is held, not used
    static List<String> settle(Journal journal, StepDispatcher stepDispatcher, Clock clock) throws IOException {
        // Mostly there is nothing to do, and no need to wait for whoever acts.
        if (journal.unsettled(clock.instant()).isEmpty()) {
            return List.of();
        }
        List<String> damaged = new ArrayList<>();
        try (Journal.Turn turn = journal.turn()) {
            awaitOrphans();
            for (StandingByJournal.Unsettled one : journal.unsettled(clock.instant())) {
                stepDispatcher
                        .happened(one.action().step())
                        .map(extent -> outcome(one, extent, clock.instant()))
                        .ifPresent(journal::after);
                if (one.byDamage()) {
                    damaged.add(one.action().id());
                }
            }
        }
        return damaged;
    }

    /* What the dead instance started goes on without it: an nft that is judged too early has done nothing yet. */
    private static void awaitOrphans() {
        long end = System.nanoTime() + ORPHAN_NANOS;
        while (!Orphans.running().isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(ORPHAN_LOOK_NANOS);
        }
    }

    /* What is half in force stands, so that it can be undone; what is half ended has not ended. */
    private static Outcome outcome(StandingByJournal.Unsettled one, StepRunner.Extent extent, Instant now) {
        boolean stands = one.action().step().effect() == Step.Effect.STANDS;
        Outcome.Result result = switch (extent) {
            case ALL -> Outcome.Result.DONE;
            case NOTHING -> Outcome.Result.FAILED;
            case PART -> stands ? Outcome.Result.DONE : Outcome.Result.FAILED;
        };
        String detail = switch (extent) {
            case ALL -> one.byDamage() ? STILL_THERE : CAME_AFTER;
            case NOTHING -> one.byDamage() ? NOT_THERE : CAME_BEFORE;
            case PART -> one.byDamage() ? THERE_IN_PART : stands ? STANDS_IN_PART : CAME_AMID;
        };
        return new Outcome(one.action().id(), now, result, detail);
    }
}
