package org.outguard.app.counting;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.port.OwnerFinder;

/**
 * Asks who sends a flow as soon as it is seen, while its socket is most likely there, instead of with the guard's next
 * tick. The guard asks again for what stays open. For one capture thread or several.
 */
public final class EagerOwnerLookup implements Consumer<Observation> {

    /** Flows that are asked for with one batch; the guard asks for the rest. */
    private static final int MOST = 2_048;

    private static final int REMEMBERED = 65_536;

    /* A port that was silent for so long may be another socket's by now. */
    private static final Duration NEW_AGAIN = Duration.ofSeconds(60);

    private final Consumer<Observation> sink;
    private final OwnerFinder finder;
    private final BooleanSupplier wireCounts;
    private final Cache<FlowKey, Boolean> asked;

    /**
     * @param sink takes every observation first, so that the answer comes behind the question
     * @param finder who sends
     * @param wireCounts whether these flows are counts; else no owner is needed
     * @param ticker time in nanoseconds
     */
    public EagerOwnerLookup(Consumer<Observation> sink, OwnerFinder finder, BooleanSupplier wireCounts, Ticker ticker) {
        this.sink = sink;
        this.finder = finder;
        this.wireCounts = wireCounts;
        this.asked = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterAccess(NEW_AGAIN)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public void accept(Observation observation) {
        sink.accept(observation);
        if (observation instanceof TrafficObservation.Flows flows && wireCounts.getAsBoolean()) {
            List<FlowKey> fresh = flows.batch().flows().stream()
                    .filter(flow -> asked.getIfPresent(flow.key()) == null)
                    .sorted(Comparator.comparingLong(FlowCount::packets).reversed())
                    .map(FlowCount::key)
                    .limit(MOST)
                    .toList();
            fresh.forEach(key -> asked.put(key, true));
            if (!fresh.isEmpty()) {
                finder.find(fresh);
            }
        }
    }
}
