package org.outguard.kernel;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.port.OwnerFinder;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.kernel.socket.AttributionRules;
import org.outguard.kernel.socket.SocketHolderIndex;
import org.outguard.kernel.socket.SocketMatch;
import org.outguard.kernel.socket.SocketMatcher;
import org.outguard.kernel.socket.SocketTable;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * Finds owners by the sockets that are open now. Any thread may ask; one thread that stands in the network namespace
 * in question {@linkplain #run() runs} it. Each look at the sockets and at /proc answers all that is waiting, and a
 * pause follows that keeps the cost low, however much is asked. In that pause a flow that a socket of the last look may well
 * have sent is answered from that, as one more of a spray is; what it cannot tell waits for the next look.
 */
public final class OwnerLookup implements OwnerFinder, Runnable {

    /** Flows that may wait; what comes later is dropped, and asked for again. */
    static final int MAX_WAITING = 8_192;

    private static final int MAX_CACHED = 65_536;
    private static final Duration KEEP_OWNER = Duration.ofSeconds(10);
    private static final Duration KEEP_NOBODY = Duration.ofSeconds(1);
    private static final long MIN_PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    /** So long a look may answer. */
    private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

    /** A look may take this part of the time at most: one in five. */
    private static final long PAUSE_PER_COST = 4;

    private final SocketTable sockets;
    private final SocketHolderIndex holders;
    private final ProcessReader processes;
    private final int ownPid;
    private final Ticker ticker;
    private final Consumer<Observation> sink;

    private final Cache<FlowKey, Attribution> owners;
    private final Cache<FlowKey, Attribution> nobody;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<FlowKey> waiting = new LinkedHashSet<>();
    private boolean stopped;
    private long faults;

    private long nextLookNanos;
    private Look last = new Look(new SocketMatcher(List.of()), Map.of(), Long.MIN_VALUE / 2);
    private String problems = "";

    /**
     * @param sockets the kernel's list
     * @param holders who has a socket open
     * @param processes what a process is
     * @param ownPid this process
     * @param ticker time in nanoseconds, for caches and pauses
     * @param sink takes the answers, on the thread that runs this; also a {@link HostObservation.Degraded} about
     *     {@code owners} where sockets cannot be listed
     */
    public OwnerLookup(
            SocketTable sockets,
            SocketHolderIndex holders,
            ProcessReader processes,
            int ownPid,
            Ticker ticker,
            Consumer<Observation> sink) {
        this.sockets = sockets;
        this.holders = holders;
        this.processes = processes;
        this.ownPid = ownPid;
        this.ticker = ticker;
        this.sink = sink;
        this.owners = cache(KEEP_OWNER, ticker);
        this.nobody = cache(KEEP_NOBODY, ticker);
        this.nextLookNanos = ticker.read();
    }

    private record Look(SocketMatcher sockets, Map<Long, List<ProcessId>> holders, long atNanos) {}

    private static Cache<FlowKey, Attribution> cache(Duration keep, Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_CACHED)
                .expireAfterWrite(keep)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public void find(List<FlowKey> flows) {
        lock.lock();
        try {
            for (FlowKey flow : flows) {
                if (waiting.size() == MAX_WAITING) {
                    break;
                }
                waiting.add(flow);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Answers until it is stopped or interrupted. */
    @Override
    public void run() {
        try {
            while (awaitFlows()) {
                long pauseNanos = guarded();
                if (pauseNanos > 0 && !pause(pauseNanos)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /* A fault must not end the looking: what a process says of itself in /proc is its own doing. */
    @ReadsForeign
    private long guarded() {
        try {
            return doWork();
        } catch (RuntimeException e) {
            failed(e);
            return MIN_PAUSE_NANOS;
        }
    }

    /* What one process writes must not hide the others. */
    @ReadsForeign
    private Optional<Owner> process(int pid) {
        try {
            return processes.read(pid);
        } catch (RuntimeException e) {
            failed(e);
            return Optional.empty();
        }
    }

    private void failed(RuntimeException e) {
        faults++;
        sink.accept(new HostObservation.Degraded(
                "owners", "owners could not be looked up " + faults + " times; last: " + e));
    }

    /** Lets {@link #run()} return soon, from any thread. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitFlows() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !stopped) {
                changed.await();
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private boolean pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Answers what waits: from memory at once, the rest by one look if it is time for one.
     *
     * @return nanoseconds until what is still waiting can be answered, 0 where nothing is
     */
    long doWork() {
        Map<Integer, Optional<Owner>> read = new HashMap<>();
        Function<ProcessId, Optional<Owner>> alive = id -> read.computeIfAbsent(id.pid(), this::process)
                .filter(owner -> owner.id().equals(id));
        List<FlowKey> open = new ArrayList<>();
        for (FlowKey flow : take()) {
            Optional<Attribution> known = remembered(flow, alive);
            known.ifPresentOrElse(attribution -> answer(flow, attribution), () -> open.add(flow));
        }
        if (open.isEmpty()) {
            return 0;
        }
        long startNanos = ticker.read();
        if (nextLookNanos - startNanos > 0) {
            List<FlowKey> waits = answerFromLast(open, alive, startNanos);
            find(waits);
            return waits.isEmpty() ? 0 : nextLookNanos - startNanos;
        }
        look(open, alive);
        long endNanos = ticker.read();
        nextLookNanos = endNanos + Math.max(MIN_PAUSE_NANOS, (endNanos - startNanos) * PAUSE_PER_COST);
        return 0;
    }

    private List<FlowKey> take() {
        lock.lock();
        try {
            List<FlowKey> taken = List.copyOf(waiting);
            waiting.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Attribution> remembered(FlowKey flow, Function<ProcessId, Optional<Owner>> alive) {
        Attribution found = owners.getIfPresent(flow);
        if (found != null) {
            if (found.knownOwner().flatMap(owner -> alive.apply(owner.id())).isPresent()) {
                return Optional.of(found);
            }
            owners.invalidate(flow);
            return Optional.empty();
        }
        return Optional.ofNullable(nobody.getIfPresent(flow));
    }

    /* What is left. */
    private List<FlowKey> answerFromLast(
            List<FlowKey> flows, Function<ProcessId, Optional<Owner>> alive, long nowNanos) {
        if (nowNanos - last.atNanos > FRESH_NANOS) {
            return flows;
        }
        AttributionRules rules = new AttributionRules(last.holders, alive, ownPid);
        List<FlowKey> left = new ArrayList<>();
        for (FlowKey flow : flows) {
            Attribution attribution = rules.attribute(flow, last.sockets.match(flow));
            if (attribution.knownOwner().isPresent()) {
                answer(flow, attribution);
            } else {
                left.add(flow);
            }
        }
        return left;
    }

    private void look(List<FlowKey> flows, Function<ProcessId, Optional<Owner>> alive) {
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        flows.forEach(flow -> protocols.add(flow.protocol()));
        SocketTable.Listing listing = sockets.list(protocols);
        String missing = String.join("; ", listing.problems());
        tellProblems(missing);
        if (listing.sockets().isEmpty() && !missing.isEmpty()) {
            flows.forEach(flow -> answer(flow, new Attribution.Unknown(missing)));
            return;
        }
        SocketMatcher matcher = new SocketMatcher(listing.sockets());
        Map<FlowKey, SocketMatch> matches = new LinkedHashMap<>();
        Set<Long> inodes = new HashSet<>();
        for (FlowKey flow : flows) {
            SocketMatch match = matcher.match(flow);
            matches.put(flow, match);
            match.sockets().forEach(socket -> inodes.add(socket.inode()));
        }
        matcher.allForgers().forEach(socket -> inodes.add(socket.inode()));
        inodes.remove(0L);
        Map<Long, List<ProcessId>> held = inodes.isEmpty() ? Map.of() : holders.holdersOf(inodes);
        last = new Look(matcher, held, ticker.read());
        AttributionRules rules = new AttributionRules(held, alive, ownPid);
        matches.forEach((flow, match) -> {
            Attribution attribution = rules.attribute(flow, match);
            (attribution.knownOwner().isPresent() ? owners : nobody).put(flow, attribution);
            answer(flow, attribution);
        });
    }

    private void answer(FlowKey flow, Attribution attribution) {
        sink.accept(new TrafficObservation.OwnerFound(flow, attribution));
    }

    private void tellProblems(String now) {
        if (!now.equals(problems)) {
            problems = now;
            sink.accept(new HostObservation.Degraded("owners", now));
        }
    }
}
