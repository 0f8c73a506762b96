package org.outguard.guard.reconcile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Destination;
import org.outguard.flow.FlowCount;
import org.outguard.flow.Protocol;
import org.outguard.flow.RateWindow;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * Holds the two eyes against each other while the kernel eye counts.
 *
 * <p>What is sent in another network namespace is ours only where it is forwarded, which the wire eye tells: such counts
 * wait for a sighting of their destination, and where others send there too, for one that is theirs ({@link Passage}).
 * What the wire eye sees and no owner accounts for is a finding: it is charged to
 * nobody, after the time that a count may be late. Bounded; beyond the bounds no finding is made, and what is sent in
 * another namespace is ours where anything of the same owner is.
 */
public final class Reconciler {

    /** Most destinations that are compared, and most counts that wait. */
    static final int MOST = 65_536;

    /** So long a count of another namespace waits for its destination to be seen on the wire. */
    static final long WAIT_NANOS = 5 * Nanos.PER_SECOND;

    /** It is waited for at least so long from when it was told. */
    private static final long HELD_UP_NANOS = 2 * Nanos.PER_SECOND;

    /** So much later than the wire's the kernel's count of the same packets may come. */
    static final long LATE_NANOS = Nanos.PER_SECOND;

    private static final long FORGET_NANOS = 60 * Nanos.PER_SECOND;

    public static final Attribution UNACCOUNTED = new Attribution.Unknown(
            "on the wire, but no process of any network namespace sent it: forwarded for a virtual"
                    + " machine, or sent by a way that the kernel eye cannot see");

    private final Map<Destination, Pair> pairs = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Set<ProcessId> forwarded = new HashSet<>();

    /** Other network namespaces of which packets were seen on the wire, by inode. */
    private final Set<Long> passing = new HashSet<>();

    private long tickNanos = Long.MIN_VALUE;
    private long look;
    private boolean everything;

    /** Counts without destination: what the wire has may be any of these. */
    private final RateWindow unseen = new RateWindow(6);

    private final Differences differences = new Differences(pairs, unseen);

    /** What the wire has from before this time, the kernel eye may not have been there to see. */
    private long comparedFromNanos = Long.MIN_VALUE;

    /** The wire's counts from before this time are nothing to show beside the kernel eye's. */
    private long startedNanos = Long.MIN_VALUE;

    /* What each source of packets says that it does not see, and all of it. */
    private final Map<String, TrafficObservation.CaptureExclusions> notCaptured = new HashMap<>();
    private Set<Destination> leftOut = Set.of();
    private boolean glances;

    /** When the kernel eye last told what it had; it may be held up, and what it will tell is no finding before. */
    private long drainedNanos = Long.MIN_VALUE;

    /** A count of another namespace, and by when its destination must be seen on the wire; 0 before the first tick. */
    private static final class Waiting {
        final AttributedCount count;
        long untilNanos;

        Waiting(AttributedCount count) {
            this.count = count;
        }
    }

    /** The kernel eye has told all that it had at this time. */
    public void drained(long nowNanos) {
        if (drainedNanos != Long.MIN_VALUE && nowNanos - drainedNanos > LATE_NANOS) {
            differences.heldUp(nowNanos);
        }
        drainedNanos = nowNanos;
    }

    /** When the kernel eye last told what it had. */
    public long drainedNanos() {
        return drainedNanos;
    }

    /**
     * The kernel eye counts.
     *
     * @param since from this time on; where that is not known, it may have begun a little later than now
     */
    public void start(OptionalLong since, long nowNanos) {
        startedNanos = since.orElse(nowNanos);
        comparedFromNanos = since.orElse(nowNanos + LATE_NANOS);
    }

    /** Takes what is ours. */
    public interface Charge {

        /**
         * Takes a count.
         *
         * @param both what both eyes counted of its destination; null where that is not known or not compared
         */
        void charge(AttributedCount count, @Nullable DestinationCounters both);
    }

    /**
     * Says whether every count is ours: all interfaces are watched, or none can be, so that there is nothing to compare
     * with.
     */
    public void takeEverything(boolean all) {
        everything = all;
    }

    /** Takes in a kernel count; hands it on where it is ours, at once or with a later tick. */
    public void owned(AttributedCount count, Charge ours) {
        if (count.remote().isEmpty()) {
            unseen.add(count.firstNanos(), count.lastNanos(), count.packets());
        }
        Pair pair = count.remote()
                .map(remote -> pair(new Destination(count.protocol(), remote), count.lastNanos()))
                .orElse(null);
        if (pair != null) {
            pair.owned.add(count.firstNanos(), count.lastNanos(), count.packets());
            pair.seenNanos = Math.max(pair.seenNanos, count.lastNanos());
        }
        if (isOurs(count, pair)) {
            charge(count, pair, ours);
        } else if (waiting.size() < MOST) {
            waiting.addLast(new Waiting(count));
        } else if (isForwarded(count)) {
            charge(count, pair, ours);
        }
    }

    private void charge(AttributedCount count, @Nullable Pair pair, Charge ours) {
        remember(count);
        if (pair != null) {
            pair.accounted += Pair.amount(count.protocol(), count.bytes(), count.connects());
            pair.both.counted(count.packets(), count.bytes(), glances);
        }
        ours.charge(count, pair == null ? null : pair.both);
    }

    private boolean isOurs(AttributedCount count, @Nullable Pair pair) {
        if (!count.elsewhere() || everything) {
            return true;
        }
        // Beyond the bounds a destination is not compared.
        if (pair == null) {
            return isForwarded(count);
        }
        // Of a TCP connection that is there already the wire eye may see nothing more.
        boolean connected = count.protocol() == Protocol.TCP && count.connects() == 0;
        return pair.onWire && (connected || passing.contains(namespaceOf(count)));
    }

    /* 0 where no process is known. */
    private static long namespaceOf(AttributedCount count) {
        return count.attribution() instanceof Attribution.Contested contested
                ? contested.candidates().get(0).netns()
                : count.attribution().knownOwner().map(Owner::netns).orElse(0L);
    }

    /* Of what has no destination to look for, its owner tells. */
    private boolean isForwarded(AttributedCount count) {
        return count.attribution()
                .knownOwner()
                .filter(owner -> forwarded.contains(owner.id()))
                .isPresent();
    }

    private void remember(AttributedCount count) {
        if (count.elsewhere() && forwarded.size() < MOST) {
            count.attribution().knownOwner().ifPresent(owner -> forwarded.add(owner.id()));
        }
    }

    /** Takes in what the wire eye saw. */
    public void wire(FlowCount count) {
        Pair pair = pair(new Destination(count.key().protocol(), count.key().remote()), count.lastSeenNanos());
        if (pair != null) {
            pair.onWire = true;
            pair.onWireInAll += Pair.amount(count.key().protocol(), count.bytes(), count.connects());
            if (count.lastSeenNanos() >= startedNanos) {
                pair.both.seen(count.packets(), count.bytes());
            }
            if (count.lastSeenNanos() >= comparedFromNanos) {
                pair.seen(count.firstSeenNanos(), count.lastSeenNanos(), count.packets(), count.bytes());
            }
            pair.seenNanos = Math.max(pair.seenNanos, count.lastSeenNanos());
        }
    }

    private @Nullable Pair pair(Destination destination, long nowNanos) {
        Pair pair = pairs.get(destination);
        if (pair == null && pairs.size() < MOST) {
            pair = new Pair(new DestinationCounters(nowNanos));
            pair.both.leaveOut(leftOut.contains(destination));
            pairs.put(destination, pair);
        }
        return pair;
    }

    /** Takes in what the wire eye does not see, because the kernel eye counts it. */
    public void notCaptured(TrafficObservation.CaptureExclusions told) {
        notCaptured.put(told.source(), told);
        glances = notCaptured.values().stream().anyMatch(TrafficObservation.CaptureExclusions::glances);
        Set<Destination> before = leftOut;
        leftOut = notCaptured.values().stream()
                .flatMap(one -> one.destinations().stream())
                .collect(Collectors.toUnmodifiableSet());
        before.forEach(destination -> leaveOut(destination, leftOut.contains(destination)));
        leftOut.forEach(destination -> leaveOut(destination, true));
    }

    private void leaveOut(Destination destination, boolean now) {
        Pair pair = pairs.get(destination);
        if (pair != null) {
            pair.both.leaveOut(now);
        }
    }

    /** Hands on what waited and is ours, and what the wire saw and nobody accounts for. */
    public void tick(long nowNanos, Charge ours) {
        boolean told = drainedNanos > tickNanos;
        tickNanos = nowNanos;
        if (told) {
            lookForPassages();
        }
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            AttributedCount count = one.count;
            if (one.untilNanos == 0) {
                // Of its own time nothing may be left where the program was held up.
                one.untilNanos = Math.max(count.lastNanos() + WAIT_NANOS, nowNanos + HELD_UP_NANOS);
            }
            Pair pair = count.remote()
                    .map(remote -> pairs.get(new Destination(count.protocol(), remote)))
                    .orElse(null);
            if (isOurs(count, pair)) {
                all.remove();
                charge(count, pair, ours);
            } else if (nowNanos > one.untilNanos) {
                all.remove();
            }
        }
        for (Iterator<Map.Entry<Destination, Pair>> all = pairs.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Destination, Pair> entry = all.next();
            Pair pair = entry.getValue();
            if (pair.onWire && !everything && drainedNanos != Long.MIN_VALUE) {
                differences
                        .compare(entry.getKey(), pair, drainedNanos)
                        .ifPresent(found -> ours.charge(found, pair.both));
            }
            if (nowNanos - pair.seenNanos > FORGET_NANOS) {
                all.remove();
            }
        }
        if (pairs.isEmpty()) {
            forwarded.clear();
            passing.clear();
        }
    }

    /* Whose packets are seen on the wire, of the namespaces of which counts wait. */
    private void lookForPassages() {
        look++;
        Set<Pair> waitedFor = new HashSet<>();
        for (Waiting one : waiting) {
            Pair pair = one.count
                    .remote()
                    .map(remote -> pairs.get(new Destination(one.count.protocol(), remote)))
                    .orElse(null);
            if (pair == null) {
                continue;
            }
            Passage passage = pair.passage;
            if (passage == null || !passage.isOf(look)) {
                passage = new Passage(pair.accounted, pair.onWireInAll, pair.onWire);
                pair.passage = passage;
            }
            passage.waits(
                    look,
                    Pair.amount(one.count.protocol(), one.count.bytes(), one.count.connects()),
                    namespaceOf(one.count));
            waitedFor.add(pair);
        }
        for (Pair pair : waitedFor) {
            Passage passage = pair.passage;
            if (passage != null
                    && passage.isSeen(pair.accounted, pair.onWireInAll, pair.onWire)
                    && passing.size() < MOST) {
                passing.addAll(passage.namespaces());
                pair.passage = null;
            }
        }
    }
}
