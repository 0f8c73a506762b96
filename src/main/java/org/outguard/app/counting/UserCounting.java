package org.outguard.app.counting;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.nft.Accounting;
import org.outguard.nft.NftAccounting;
import org.outguard.nft.UserCounterAggregator;

/**
 * Where no kernel eye counts: has nft count by user and tells the guard, on the thread that calls {@link
 * #countUntil}.
 */
public final class UserCounting {

    private static final String ABOUT = "users";
    private static final long EVERY_NANOS = 500_000_000L;

    /** Reading may take this part of the time at most: one in 25. */
    private static final long PAUSE_PER_COST = 24;

    private final NftAccounting accounting;
    private final IntFunction<String> names;
    private final BooleanSupplier worth;
    private final Ticker ticker;
    private final Consumer<Observation> sink;
    private boolean standing;

    /**
     * @param accounting counts
     * @param names the name of a user by its id
     * @param worth whether there is anything to be learned; while there is not, nft does not count
     * @param ticker time in nanoseconds
     * @param sink takes what was counted
     */
    public UserCounting(
            NftAccounting accounting,
            IntFunction<String> names,
            BooleanSupplier worth,
            Ticker ticker,
            Consumer<Observation> sink) {
        this.accounting = accounting;
        this.names = names;
        this.worth = worth;
        this.ticker = ticker;
        this.sink = sink;
    }

    /** Takes out what runs have left that were killed; another one that runs goes on counting. */
    void takeOut() {
        accounting.takeOutLeft();
    }

    /** Counts until that is zero, once more at the end, and leaves nothing behind. */
    void countUntil(CountDownLatch stopping) {
        try (accounting) {
            boolean goesOn = open();
            long pause = EVERY_NANOS;
            boolean last = false;
            while (goesOn && !last) {
                last = stopping.await(pause, TimeUnit.NANOSECONDS);
                long from = ticker.read();
                goesOn = look();
                pause = Math.max(EVERY_NANOS, (ticker.read() - from) * PAUSE_PER_COST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the counts, ends them or begins anew, as it is worth it; whether it goes on. */
    boolean look() {
        boolean goesOn = true;
        if (standing) {
            goesOn = read();
        }
        if (goesOn && standing != worth.getAsBoolean()) {
            if (!standing) {
                return open();
            }
            accounting.close();
            standing = false;
        }
        return goesOn;
    }

    /** Begins to count; whether that works. */
    boolean open() {
        NftAccounting.Begun begun = accounting.open();
        Optional<String> reason = begun.problem().map(problem -> "packets are not counted by user: " + problem);
        sink.accept(new HostObservation.Degraded(ABOUT, reason.or(begun::limit).orElse("")));
        standing = reason.isEmpty();
        return standing;
    }

    /* Whether it goes on. A table that somebody else took out is made again; what was sent meanwhile is nobody's. */
    private boolean read() {
        if (accounting.read() instanceof Accounting.Seen seen) {
            sink.accept(new TrafficObservation.UserCountersRead(UserCounterAggregator.of(seen, names)));
            return true;
        }
        sink.accept(new TrafficObservation.UserCountersRead(List.of()));
        return open();
    }
}
