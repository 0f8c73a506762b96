package org.outguard.app.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.port.StepRunner;

/** The order in which an action is journaled, done and reported. */
class EnforcementTest implements StepRunner<NetworkStep>, Enforcement.ActionRecord {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Action ACTION = new Action(
            "a-1",
            NOW,
            "test",
            "o-1",
            new NetworkStep.Block(
                    new BlockTarget(Optional.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(33)),
                    Duration.ofMinutes(10)),
            new Action.Plan("do", "undo"));

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService readings = Executors.newSingleThreadScheduledExecutor();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch readingBegan = new CountDownLatch(1);
    private final CountDownLatch readingMayEnd = new CountDownLatch(1);
    private Optional<String> journalFault = Optional.empty();
    private boolean kernelBreaks;
    private final Enforcement enforcement = new Enforcement(
            new StepDispatcher(
                    this,
                    new UnsupportedStepRunner<>("processes", CLOCK),
                    new UnsupportedStepRunner<>("mail", CLOCK),
                    new UnsupportedStepRunner<>("files", CLOCK),
                    new UnsupportedStepRunner<>("single processes", CLOCK)),
            this::read,
            this,
            CLOCK,
            o -> events.add(o.getClass().getSimpleName()),
            thread,
            readings);

    @AfterEach
    void stop() {
        thread.shutdownNow();
        readings.shutdownNow();
    }

    private Optional<ActionObservation.BlocksSeen> read() {
        readingBegan.countDown();
        try {
            readingMayEnd.await();
        } catch (InterruptedException e) {
            return Optional.empty();
        }
        return Optional.of(new ActionObservation.BlocksSeen(NOW, List.of()));
    }

    @Override
    public Action.Plan plan(NetworkStep step) {
        return ACTION.plan();
    }

    @Override
    public Outcome run(Action action, NetworkStep step) {
        if (kernelBreaks) {
            throw new IllegalStateException("broken");
        }
        events.add("kernel");
        return new Outcome(action.id(), NOW, Outcome.Result.DONE, "");
    }

    @Override
    public Optional<String> before(Action action) {
        events.add("before");
        return journalFault;
    }

    @Override
    public Optional<String> after(Outcome outcome) {
        events.add("after " + outcome.result());
        return journalFault;
    }

    @Test
    void theJournalHasItFirst() throws InterruptedException {
        enforcement.carryOut(ACTION);
        thread.shutdown();
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(events).containsExactly("before", "kernel", "after DONE", "ActionCompleted");
    }

    @Test
    void whatCannotBeJournaledIsNotDone() {
        journalFault = Optional.of("no space left on device");
        Outcome outcome = enforcement.perform(ACTION);
        assertThat(events).containsExactly("before");
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).contains("could not be journaled: no space left on device");
    }

    @Test
    void aFaultOfOursStillHasAnOutcome() {
        kernelBreaks = true;
        assertThat(enforcement.perform(ACTION).result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(events).containsExactly("before", "after FAILED");
    }

    @Test
    void anActionDoesNotWaitForAReadingWhichIsThenOutOfDate() throws InterruptedException {
        enforcement.readCounters(List::of, () -> false);
        readingBegan.await();
        enforcement.carryOut(ACTION);
        thread.shutdown();
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(events).containsExactly("before", "kernel", "after DONE", "ActionCompleted");
        enforcement.stop();
        readingMayEnd.countDown();
        assertThat(readings.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(events).endsWith("ActionCompleted");
    }

    @Test
    void aReadingOfItsOwnIsReported() throws InterruptedException {
        readingMayEnd.countDown();
        enforcement.readCounters(List::of, () -> false);
        enforcement.stop();
        assertThat(readings.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(events).containsExactly("BlocksSeen");
    }
}
