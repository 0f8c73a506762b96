package org.outguard.mta;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Reads many small files on the caller's thread and, where there are enough of them, on others beside it. */
public final class ParallelHeaderReader {

    /* Each time all wait for the slowest one, so the parts grow. */
    private static final int FIRST_PART = 512;
    private static final int LARGEST_PART = 4_096;
    private static final int WORTH_MORE = 64;

    private final Helpers helpers;
    private final LongSupplier ticker;

    /**
     * Threads beside the caller's.
     *
     * @param threads runs them, best daemons
     * @param count how many there are: one less than there are processors
     */
    public record Helpers(Executor threads, int count) {}

    /**
     * Readers.
     *
     * @param helpers read beside the caller
     * @param ticker nanoseconds from anywhere
     */
    public ParallelHeaderReader(Helpers helpers, LongSupplier ticker) {
        this.helpers = helpers;
        this.ticker = ticker;
    }

    /**
     * Takes from the front and reads, until all are read or it is time to stop; at least some are read each time.
     *
     * @param waiting what to read
     * @param until when to stop, by the ticker
     * @param read called by any of the threads
     * @param take called by the caller's thread only, in the order of {@code waiting}
     */
    <T, R> void run(Deque<T> waiting, long until, Function<T, R> read, BiConsumer<T, R> take) {
        int part = FIRST_PART;
        do {
            List<T> some = new ArrayList<>(part);
            for (T one = waiting.pollFirst(); one != null; one = some.size() < part ? waiting.pollFirst() : null) {
                some.add(one);
            }
            if (some.isEmpty()) {
                return;
            }
            List<R> results = readAll(some, read);
            for (int i = 0; i < some.size(); i++) {
                take.accept(some.get(i), results.get(i));
            }
            part = Math.min(LARGEST_PART, 2 * part);
        } while (ticker.getAsLong() < until);
    }

    private <T, R> List<R> readAll(List<T> some, Function<T, R> read) {
        List<R> results = new ArrayList<>(some.size());
        if (some.size() < WORTH_MORE) {
            some.forEach(one -> results.add(read.apply(one)));
            return results;
        }
        AtomicInteger next = new AtomicInteger();
        Object[] slots = new Object[some.size()];
        Runnable work = () -> {
            for (int i = next.getAndIncrement(); i < slots.length; i = next.getAndIncrement()) {
                slots[i] = read.apply(some.get(i));
            }
        };
        List<FutureTask<Boolean>> others = new ArrayList<>();
        for (int i = 0; i < helpers.count(); i++) {
            FutureTask<Boolean> other = new FutureTask<>(work, true);
            helpers.threads().execute(other);
            others.add(other);
        }
        work.run();
        others.forEach(ParallelHeaderReader::join);
        for (Object slot : slots) {
            @SuppressWarnings("unchecked") // written by work, which has only results
            R result = (R) slot;
            results.add(result);
        }
        return results;
    }

    private static void join(FutureTask<Boolean> other) {
        boolean interrupted = false;
        while (true) {
            try {
                other.get();
                break;
            } catch (InterruptedException e) {
                // Its files are few and small: what it has begun is waited for, or results would be lost.
                interrupted = true;
            } catch (ExecutionException e) {
                // The program ends with an Error, whichever thread it was in.
                if (e.getCause() instanceof Error fault) {
                    throw fault;
                }
                throw new IllegalStateException("a queue file's reader broke", e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
