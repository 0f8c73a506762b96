package org.outguard.app;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.Action;
import org.outguard.guard.Enforcer;
import org.outguard.guard.Observation;
import org.outguard.guard.Outcome;

/**
 * Carries actions out on one thread: journal first, then the kernel, then the journal again. What cannot be journaled is
 * not done. Readings of the counters take the same thread, so a reading is never older than an outcome that came before.
 */
final class Enforcement implements Enforcer {

    /** How often counters are read while something is blocked. */
    private static final long READ_EVERY_MILLIS = 1_000;

    /** What is needed of the nft room. */
    interface Blocks {

        Action.Plan plan(Action.Step step);

        Outcome run(Action action);

        /** Empty where the kernel cannot be asked. */
        Optional<Observation.BlocksSeen> list();
    }

    /** What is needed of the journal room; each answers why it could not write, empty where it could. */
    interface ActionRecord {

        Optional<String> before(Action action);

        Optional<String> after(Outcome outcome);
    }

    private final Blocks blocks;
    private final ActionRecord journal;
    private final Clock clock;
    private final Consumer<Observation> sink;
    private final ScheduledExecutorService thread;
    private @Nullable Future<?> reading;

    Enforcement(
            Blocks blocks,
            ActionRecord journal,
            Clock clock,
            Consumer<Observation> sink,
            ScheduledExecutorService thread) {
        this.blocks = blocks;
        this.journal = journal;
        this.clock = clock;
        this.sink = sink;
        this.thread = thread;
    }

    /**
     * Reads the counters now and then: at once, so that blocks of an earlier run are known, and while any stand.
     *
     * @param anyBlocks whether something is blocked as far as the guard knows
     */
    void readCounters(Supplier<Boolean> anyBlocks) {
        thread.execute(this::read);
        reading = thread.scheduleWithFixedDelay(
                () -> {
                    if (anyBlocks.get()) {
                        read();
                    }
                },
                READ_EVERY_MILLIS,
                READ_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /* A fault must not end the readings. */
    private void read() {
        try {
            blocks.list().ifPresent(sink);
        } catch (RuntimeException e) {
            sink.accept(new Observation.Degraded("counters", "counters of blocks cannot be read: " + e));
        }
    }

    void stop() {
        if (reading != null) {
            reading.cancel(false);
        }
        thread.shutdown();
    }

    @Override
    public Action.Plan plan(Action.Step step) {
        return blocks.plan(step);
    }

    @Override
    public void carryOut(Action action) {
        thread.execute(() -> sink.accept(new Observation.Happened(perform(action))));
    }

    /** Journals and runs one action on this thread; for commands that do nothing else. */
    Outcome perform(Action action) {
        Optional<String> unwritten = journal.before(action);
        if (unwritten.isPresent()) {
            return new Outcome(
                    action.id(),
                    clock.instant(),
                    Outcome.Result.FAILED,
                    "not done, since it could not be journaled: " + unwritten.get());
        }
        Outcome outcome = run(action);
        Optional<String> lost = journal.after(outcome);
        if (lost.isPresent()) {
            sink.accept(new Observation.Degraded("journal", "outcomes cannot be journaled: " + lost.get()));
        }
        return outcome;
    }

    /* A fault of ours must not leave the action without an outcome, nor stop the thread. */
    private Outcome run(Action action) {
        try {
            return blocks.run(action);
        } catch (RuntimeException e) {
            return new Outcome(action.id(), clock.instant(), Outcome.Result.FAILED, "internal error: " + e);
        }
    }
}
