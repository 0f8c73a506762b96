package org.outguard.fuzz;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Feeds one target for a time. Ends at the first finding: something that is thrown, or an input that takes too long. */
final class FuzzLoop {

    /** Of a core. What an attacker writes must not keep a reader busy. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** After which a parser that does not come back is given up, however busy the machine is. */
    private static final Duration STUCK = Duration.ofSeconds(60);

    private final FuzzTarget target;
    private final Mutator mutator;
    private volatile byte @Nullable [] current;
    private volatile long begunNanos;
    private volatile boolean over;
    private long inputs;

    /**
     * What was found.
     *
     * @param input the input that did it
     * @param thrown what was thrown, or why else it is a finding
     */
    record Finding(byte[] input, Throwable thrown) {}

    FuzzLoop(FuzzTarget target, long seed) throws Exception {
        this.target = target;
        this.mutator = new Mutator(seed * 31 + target.name().hashCode(), target.seeds(), target.words());
    }

    /** How many inputs were fed. */
    long inputs() {
        return inputs;
    }

    Optional<Finding> run(Duration length) throws InterruptedException {
        FutureTask<Optional<Finding>> task = new FutureTask<>(() -> feed(System.nanoTime() + length.toNanos()));
        begunNanos = System.nanoTime();
        Thread thread = new Thread(task, "fuzz");
        thread.setDaemon(true);
        thread.start();
        while (true) {
            try {
                return task.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                byte[] input = current;
                if (input != null && System.nanoTime() - begunNanos > STUCK.toNanos()) {
                    over = true;
                    return Optional.of(new Finding(input, new IllegalStateException("it does not come back")));
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private Optional<Finding> feed(long end) {
        // One at least, however short the time.
        for (boolean first = true; !over && (first || System.nanoTime() < end); first = false) {
            byte[] input = mutator.next();
            inputs++;
            Optional<Finding> finding = one(input);
            if (finding.isPresent()) {
                return finding;
            }
        }
        return Optional.empty();
    }

    /** Feeds one input. */
    Optional<Finding> one(byte[] input) {
        current = input;
        begunNanos = System.nanoTime();
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try {
            target.feed(input.clone());
        } catch (Throwable e) {
            return Optional.of(new Finding(input, e));
        }
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        return took > LONGEST.toNanos()
                ? Optional.of(
                        new Finding(input, new IllegalStateException("it took " + took / 1_000_000 + " ms of a core")))
                : Optional.empty();
    }
}
