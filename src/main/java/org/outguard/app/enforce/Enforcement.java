package org.outguard.app.enforce;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.port.Enforcer;
import org.outguard.journal.Journal;

/**
 * Carries actions out on one thread: journal first, then the kernel, then the journal again. What cannot be journaled is
 * not done. Counters are read on another thread, so that no action waits for a reading; what was read while an action was
 * under way is thrown away, so that a reading is never older than an outcome that came before.
 */
public final class Enforcement implements Enforcer {

    /** How often counters are read while something is blocked. */
    private static final long READ_EVERY_MILLIS = 1_000;

    /** What is needed of the journal; each answers why it could not write, empty where it could. */
    public interface ActionRecord {

        Optional<String> before(Action action);

        Optional<String> after(Outcome outcome);

        /** The step that stands on a key by what the journal says. */
        default Optional<Step> standing(String key) {
            return Optional.empty();
        }

        /**
         * Takes the turn to act, see {@link Journal#turn}.
         *
         * @throws IOException where that is not possible
         */
        default Journal.Turn turn() throws IOException {
            return () -> {};
        }
    }

    private final StepDispatcher stepDispatcher;
    private final Supplier<Optional<ActionObservation.BlocksSeen>> counters;
    private final ActionRecord journal;
    private final Clock clock;
    private final Consumer<Observation> sink;
    private final ExecutorService acting;
    private final ScheduledExecutorService readings;
    private @Nullable Future<?> reading;
    private Function<Action, Outcome> performer = action -> perform(whole(action));

    /** Guards what follows, and the order in which outcomes and readings are reported. */
    private final Object order = new Object();

    private long begun;
    private long ended;
    private boolean thrownAway;

    public Enforcement(
            StepDispatcher stepDispatcher,
            Supplier<Optional<ActionObservation.BlocksSeen>> counters,
            ActionRecord journal,
            Clock clock,
            Consumer<Observation> sink,
            ExecutorService acting,
            ScheduledExecutorService readings) {
        this.stepDispatcher = stepDispatcher;
        this.counters = counters;
        this.journal = journal;
        this.clock = clock;
        this.sink = sink;
        this.acting = acting;
        this.readings = readings;
    }

    /**
     * Has actions carried out, and journaled, by another process; from the start on.
     *
     * @param other may wait
     */
    public void carryOutBy(Function<Action, Outcome> other) {
        performer = other;
    }

    /**
     * Reads the counters of blocks now and then: at once, so that blocks of an earlier run are known, and while any stand.
     *
     * @param others what other programs did since the last call, which is told first: what they took out is then no riddle
     * @param anyBlocks whether something is blocked as far as the guard knows
     */
    public void readCounters(Supplier<List<Observation>> others, Supplier<Boolean> anyBlocks) {
        readings.execute(this::read);
        reading = readings.scheduleWithFixedDelay(
                () -> {
                    List<Observation> done = others.get();
                    done.forEach(this::hear);
                    if (!done.isEmpty() || anyBlocks.get() || wasThrownAway()) {
                        read();
                    }
                },
                READ_EVERY_MILLIS,
                READ_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void hear(Observation told) {
        if (told instanceof ActionObservation.ExternalAction other
                && other.outcome().tookEffect()) {
            stepDispatcher.doneElsewhere(other.action().step());
        }
        sink.accept(told);
    }

    /** Gives what a crash cut short, or a damaged line left open, an outcome, before anybody acts on what the journal says. */
    public void recover(Journal from) {
        try {
            List<String> damaged = Recovery.settle(from, stepDispatcher, clock);
            if (!damaged.isEmpty()) {
                sink.accept(new HostObservation.Degraded(
                        "damaged journal",
                        "damaged lines of the journal name " + String.join(", ", damaged)
                                + ": kernel and mail system were asked what is in effect"));
            }
        } catch (IOException e) {
            sink.accept(new HostObservation.Degraded("journal", "the journal cannot be read: " + e.getMessage()));
        }
    }

    /** Asks the kernel on this thread; for commands that do nothing else. */
    public Optional<ActionObservation.BlocksSeen> standing() {
        return counters.get();
    }

    /* A fault must not end the readings. */
    private void read() {
        try {
            long before = begunSoFar();
            Optional<ActionObservation.BlocksSeen> seen = counters.get();
            synchronized (order) {
                thrownAway = begun != before || ended != before;
                if (!thrownAway) {
                    seen.ifPresent(sink);
                }
            }
        } catch (RuntimeException e) {
            sink.accept(new HostObservation.Degraded("counters", "counters of blocks cannot be read: " + e));
        }
    }

    private long begunSoFar() {
        synchronized (order) {
            return begun;
        }
    }

    private boolean wasThrownAway() {
        synchronized (order) {
            return thrownAway;
        }
    }

    public void stop() {
        if (reading != null) {
            reading.cancel(false);
        }
        readings.shutdown();
        acting.shutdown();
        stepDispatcher.close();
    }

    @Override
    public Action.Plan plan(Step step) {
        return stepDispatcher.plan(step);
    }

    @Override
    public void carryOut(Action action) {
        synchronized (order) {
            begun++;
        }
        acting.execute(() -> {
            Outcome outcome = performer.apply(action);
            synchronized (order) {
                ended++;
                sink.accept(new ActionObservation.ActionCompleted(outcome));
            }
        });
    }

    /** Completes a step with what its undo needs, see {@link org.outguard.guard.port.StepRunner#prepare}. */
    public Step prepare(Step step) {
        Step whole = stepDispatcher.prepare(step);
        if (whole instanceof RestrictionStep.Impose impose) {
            return journal.standing(step.key())
                    .filter(RestrictionStep.class::isInstance)
                    .<Step>map(earlier -> impose.after((RestrictionStep) earlier))
                    .orElse(whole);
        }
        return whole;
    }

    private Action whole(Action action) {
        Step step = prepare(action.step());
        return step.equals(action.step())
                ? action
                : new Action(action.id(), action.at(), action.by(), action.why(), step, stepDispatcher.plan(step));
    }

    /** Journals and runs one action on this thread; for commands that do nothing else. */
    @SuppressWarnings("try")
    public // the turn is held, not used
    Outcome perform(Action action) {
        try (Journal.Turn turn = journal.turn()) {
            return performInTurn(action);
        } catch (IOException e) {
            return undone(action, "not done, since it could not be journaled: " + e);
        }
    }

    private Outcome undone(Action action, String reason) {
        return new Outcome(action.id(), clock.instant(), Outcome.Result.FAILED, reason);
    }

    private Outcome performInTurn(Action action) {
        Optional<String> unwritten = journal.before(action);
        if (unwritten.isPresent()) {
            return undone(action, "not done, since it could not be journaled: " + unwritten.get());
        }
        Outcome outcome = run(action);
        Optional<String> lost = journal.after(outcome);
        if (lost.isPresent()) {
            sink.accept(new HostObservation.Degraded("journal", "outcomes cannot be journaled: " + lost.get()));
        }
        return outcome;
    }

    /* A fault of ours must not leave the action without an outcome, nor stop the thread. */
    private Outcome run(Action action) {
        try {
            return stepDispatcher.run(action);
        } catch (RuntimeException e) {
            return new Outcome(action.id(), clock.instant(), Outcome.Result.FAILED, "internal error: " + e);
        }
    }
}
