package org.outguard.app;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for another process to get somewhere: asks again until it is so, or the time is over. */
public final class Patience {

    private Patience() {}

    /** Waits until this is so; fails with the words where it is not in time. How long it took is handed back. */
    public static Duration until(String what, Duration limit, BooleanSupplier isSo) {
        return until(() -> what, limit, isSo);
    }

    /** Lets time pass in which something must not happen, or what is under way may come to its end. */
    public static void quiet(Duration length) {
        LockSupport.parkNanos(length.toNanos());
    }

    /** The same, with words that are made when they are needed. */
    public static Duration until(Supplier<String> what, Duration limit, BooleanSupplier isSo) {
        long start = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what.get());
            }
            LockSupport.parkNanos(5_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
