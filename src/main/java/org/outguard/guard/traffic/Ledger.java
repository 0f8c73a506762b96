package org.outguard.guard.traffic;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.UserPacketCount;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.reconcile.DestinationCounters;
import org.outguard.guard.reconcile.Reconciler;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * Turns counts into totals and rates a talker. Flows, destinations and talkers are bounded; what finds no room is
 * counted in sums, so the totals are exact whatever is sent.
 */
public final class Ledger {

    /** Packets without a time of their own are no older than this. */
    private static final long MOST_LATE_NANOS = 60 * Nanos.PER_SECOND;

    /** Of a trace's clean talkers so many are told of at its end, however long ago they were. */
    private static final int BUSIEST_KEPT = 64;

    private static final long CLEAN_IDLE_NANOS = 120 * Nanos.PER_SECOND;
    private static final long OFFENDER_IDLE_NANOS = 900 * Nanos.PER_SECOND;

    private final Correlator correlator;
    final UserAttribution users = new UserAttribution();
    public final TrafficChanges changes = new TrafficChanges();
    private final boolean asks;
    private final ContactBook contacts;
    public final Corrections corrections;
    public final FollowedFlows flows = new FollowedFlows();
    private final DealingBook dealings;
    final Set<TalkerState> emptied = new HashSet<>();
    private final RemoteBudget remotes;
    private long usersCountedNanos = Long.MIN_VALUE;

    /** When a replay forgot last, which has many seconds in one. */
    private long forgotNanos = Long.MIN_VALUE / 2;

    /** The time of the last tick, and whether something has come since that is older. */
    private long tickNanos = Long.MIN_VALUE;

    private boolean tookLate;

    public final TrafficTotals totals = new TrafficTotals();

    /**
     * An empty ledger.
     *
     * @param correlator says which talker a flow belongs to
     * @param contacts is told who turns to whom
     * @param dealings is told what is sent to single destinations
     * @param asks whether owners are asked for: a capture file has none, and its end tells of all of it, so only clean talkers
     *     are forgotten, and the busiest of them stay
     */
    public Ledger(Correlator correlator, ContactBook contacts, DealingBook dealings, boolean asks) {
        this.correlator = correlator;
        this.contacts = contacts;
        this.corrections = new Corrections(this, correlator);
        this.remotes = correlator.index.remotes;
        this.dealings = dealings;
        this.asks = asks;
    }

    public void add(FlowBatch batch, long nowNanos) {
        flows.makeRoom(nowNanos);
        for (FlowCount count : batch.flows()) {
            add(count, nowNanos);
        }
        if (batch.otherPackets() > 0) {
            addBeyond(batch.otherPackets(), batch.otherBytes(), nowNanos);
        }
    }

    private void add(FlowCount count, long nowNanos) {
        FlowState flow = flows.get(count.key());
        if (flow != null && flow.carriesMail && count.connects() > 0) {
            // Another connection from the same port may carry another's mail.
            flows.remove(count.key());
            flow = null;
        }
        TalkerState nobodys = flow == null ? correlator.unowned(count.key(), users) : null;
        if (nobodys != null && flows.hasRoom() && !FollowedFlows.merged(count.key()) && isFollowed(nobodys)) {
            flow = flows.follow(count.key(), nobodys);
        }
        if (flow != null && !stillOfUser(flow)) {
            flow.chargeTo(correlator.unowned(count.key(), users));
        }
        TalkerState talker = flow == null ? Objects.requireNonNull(nobodys) : flow.talker();
        if (asks && (flow == null || flow.attribution != Correlator.NOT_YET)) {
            users.captured(
                    count.key().protocol(),
                    count.key().remote(),
                    flow == null ? Correlator.NOT_YET : flow.attribution,
                    count.lastSeenNanos(),
                    count.packets());
        }
        if (flow != null) {
            flow.toldNanos = nowNanos;
            flow.add(count.firstSeenNanos(), count.lastSeenNanos(), count.packets(), count.bytes(), count.connects());
        }
        charge(talker, count.firstSeenNanos(), count.lastSeenNanos(), count.packets(), count.bytes(), count.connects());
        talker.seen(count.firstSeenNanos(), count.lastSeenNanos());
        contacts.captured(talker, count, flow);
        dealings.sent(
                talker,
                count.key().protocol(),
                count.key().local().port(),
                count.key().remote(),
                count.packets(),
                count.bytes(),
                count.connects(),
                count.firstSeenNanos(),
                count.lastSeenNanos());
        totals.since(count.firstSeenNanos());
        addRemote(
                talker,
                count.key().remote(),
                count.firstSeenNanos(),
                count.lastSeenNanos(),
                count.packets(),
                count.bytes());
        changes.add(
                talker, count.key().protocol(), count.key().remote(), count.packets(), count.bytes(), count.connects());
    }

    /* Where nobody is asked for owners, only what is heard of SMTP is joined with a flow. */
    private boolean isFollowed(TalkerState talker) {
        return asks || talker.traffic == TrafficClass.MAIL;
    }

    /**
     * Takes in what the kernel eye counted for one owner.
     *
     * @param both what both eyes counted of its destination, where that is known
     * @return whom it is charged to
     */
    public TalkerState add(AttributedCount count, @Nullable DestinationCounters both) {
        Endpoint remote = count.remote().orElse(Correlator.UNSEEN);
        Attribution attribution = count.attribution();
        TalkerState talker;
        if (attribution.knownOwner().isPresent()) {
            talker = count.remote().isPresent()
                    ? correlator.owned(count.protocol(), remote, attribution)
                    : correlator.ownedSomewhere(count.protocol(), attribution);
            talker.sentAs(attribution, count.lastNanos());
        } else if (attribution instanceof Attribution.Contested contested) {
            talker = correlator.contested(count.protocol(), remote, contested);
        } else {
            talker = correlator.unaccounted(count.protocol(), remote, attribution);
        }
        charge(talker, count.firstNanos(), count.lastNanos(), count.packets(), count.bytes(), count.connects());
        talker.seen(count.firstNanos(), count.lastNanos());
        totals.since(count.firstNanos());
        if (count.remote().isPresent()) {
            addRemote(talker, remote, count.firstNanos(), count.lastNanos(), count.packets(), count.bytes());
            talker.sentTo(remote, both);
            contacts.sent(talker, count, remote);
            dealings.sent(
                    talker,
                    count.protocol(),
                    count.localPort(),
                    remote,
                    count.packets(),
                    count.bytes(),
                    count.connects(),
                    count.firstNanos(),
                    count.lastNanos());
            if (ContactBook.isOfService(count.protocol(), count.localPort(), remote)) {
                talker.addOfService(count.firstNanos(), count.lastNanos(), count.bytes());
            }
        }
        changes.add(talker, count.protocol(), remote, count.packets(), count.bytes(), count.connects());
        if (attribution == Reconciler.UNACCOUNTED) {
            talker.addUnaccounted(count.packets(), count.bytes());
        } else {
            talker.addInKernel(count.packets(), count.bytes());
        }
        return talker;
    }

    void moveRemote(
            TalkerState from,
            TalkerState to,
            Endpoint remote,
            long firstNanos,
            long lastNanos,
            long packetCount,
            long byteCount) {
        DestinationCounters both = from.both(remote);
        if (from.removeRemote(remote, packetCount, byteCount)) {
            remotes.release(1);
        }
        addRemote(to, remote, firstNanos, lastNanos, packetCount, byteCount);
        to.sentTo(remote, both);
        if (from.packets <= 0) {
            emptied.add(from);
        }
    }

    /** Takes in packets of which nothing but their number is known, and that they were sent since the last tick. */
    public void addBeyond(long packetCount, long byteCount, long nowNanos) {
        TalkerState many = correlator.index.overflow(Protocol.OTHER, TrafficClass.UDP);
        long since = tickNanos == Long.MIN_VALUE
                ? nowNanos
                : Math.min(nowNanos, Math.max(tickNanos, nowNanos - MOST_LATE_NANOS));
        charge(many, since, nowNanos, packetCount, byteCount, 0);
        many.seen(since, nowNanos);
        changes.add(many, Protocol.OTHER, Correlator.UNSEEN, packetCount, byteCount, 0);
    }

    void charge(
            TalkerState talker, long firstNanos, long lastNanos, long packetCount, long byteCount, long connectCount) {
        tookLate |= lastNanos + Nanos.PER_SECOND < tickNanos;
        talker.add(firstNanos, lastNanos, packetCount, byteCount, connectCount);
        totals.add(talker.owned, firstNanos, lastNanos, packetCount, byteCount);
    }

    void addRemote(
            TalkerState talker, Endpoint remote, long firstNanos, long lastNanos, long packetCount, long byteCount) {
        if (talker.addRemote(remote, firstNanos, lastNanos, packetCount, byteCount, remotes.hasRoom())) {
            remotes.add(1);
        }
    }

    /** Takes in who sends a flow; what was charged to nobody so far becomes that owner's. */
    public void attribute(FlowKey key, Attribution attribution, long nowNanos) {
        FlowState flow = flows.get(key);
        if (flow == null) {
            return;
        }
        TalkerState before = flow.talker();
        if (flow.attribution == Correlator.NOT_YET) {
            users.captured(key.protocol(), key.remote(), attribution, flow.lastSeenNanos, flow.packets);
        }
        flow.attribution = attribution;
        if (flow.asked == 0) {
            // It was asked for as soon as it was seen.
            FollowedFlows.asked(flow, nowNanos);
        }
        if (attribution.isOfKernel() && before.attribution instanceof Attribution.Unknown) {
            TalkerState kernels = correlator.unaccounted(key.protocol(), key.remote(), attribution);
            if (kernels != before) {
                moveWithVerdict(flow, kernels);
            }
            return;
        }
        if (attribution.knownOwner().isEmpty()) {
            if (before.attribution instanceof Attribution.Unknown && !correlator.index.isOverflow(before)) {
                before.attribution = attribution;
            }
            return;
        }
        if (flow.carriesMail) {
            return;
        }
        TalkerState after = correlator.owned(key.protocol(), key.remote(), attribution);
        if (after == before) {
            return;
        }
        if (before.owned && !surer(attribution, before.attribution)) {
            // Another process has the socket now, or it may be another: what is sent from here on is that one's.
            flow.chargeTo(after);
            return;
        }
        totals.attribute(before.owned ? 0 : flow.packets);
        moveWithVerdict(flow, after);
    }

    /** Takes in whose sockets sent what; what nobody owns is charged to them. */
    public void usersCounted(List<UserPacketCount> counts, long nowNanos) {
        if (users.counted(counts, nowNanos)) {
            putBackWhatIsNobodysAnyMore();
        }
        correlator.nameUsers(users);
        usersCountedNanos = nowNanos;
    }

    /* Whether it is charged to nobody's user, or to the one that the counts say. */
    private boolean stillOfUser(FlowState flow) {
        Attribution charged = flow.talker().attribution;
        return !(charged instanceof Attribution.OfUser)
                || users.of(flow.key.protocol(), flow.key.remote())
                        .filter(charged::equals)
                        .isPresent();
    }

    /* What came since the count before was charged by that one. */
    private void putBackWhatIsNobodysAnyMore() {
        for (FlowState flow : flows.all()) {
            if (flow.firstSeenNanos < usersCountedNanos || flow.packets == 0 || stillOfUser(flow)) {
                continue;
            }
            TalkerState before = flow.talker();
            TalkerState after = correlator.unowned(flow.key, users);
            if (after == before) {
                continue;
            }
            if (after.attribution == Correlator.NOT_YET) {
                after.attribution = flow.attribution;
            }
            moveWithVerdict(flow, after);
        }
    }

    /* What was thought of whoever had it goes with it, if it was all that there was. */
    private void moveWithVerdict(FlowState flow, TalkerState after) {
        TalkerState before = flow.talker();
        move(flow, after);
        if (before.packets <= 0) {
            after.inherit(before);
        }
    }

    void move(FlowState flow, TalkerState after) {
        TalkerState before = flow.talker();
        contacts.moved(flow, before, after);
        dealings.moved(flow, before, after);
        flow.moveTo(after);
        changes.add(before, flow.key.protocol(), flow.key.remote(), -flow.packets, -flow.bytes, -flow.connects);
        changes.add(after, flow.key.protocol(), flow.key.remote(), flow.packets, flow.bytes, flow.connects);
        moveRemote(before, after, flow.key.remote(), flow.firstSeenNanos, flow.lastSeenNanos, flow.packets, flow.bytes);
    }

    /* Of the same process. */
    private static boolean surer(Attribution now, Attribution before) {
        return now.quality().compareTo(before.quality()) < 0
                && now.knownOwner().map(Owner::id).equals(before.knownOwner().map(Owner::id));
    }

    /** All that was taken in was judged. Whether some of it came so late that it was not when that was done last which is done once a second. */
    public boolean judged(long nowNanos) {
        boolean late = tookLate;
        tookLate = false;
        tickNanos = nowNanos;
        return late;
    }

    /** Drops talkers whose every flow turned out to be somebody else's. */
    public void forgetEmptied() {
        emptied.removeIf(talker -> talker.packets > 0);
        emptied.forEach(talker -> correlator.index.moved.add(talker, null));
        drop(emptied);
        emptied.clear();
    }

    /** Drops what has been idle for long; talkers with an id in {@code kept} stay. */
    public void forgetIdle(long nowNanos, Set<String> kept) {
        if (!asks && nowNanos - forgotNanos < FollowedFlows.IDLE_NANOS / 6) {
            return;
        }
        forgotNanos = nowNanos;
        flows.forgetIdle(nowNanos);
        Set<TalkerState> idle = new HashSet<>();
        Collection<TalkerState> some = asks ? correlator.talkers() : correlator.index.forgettable(BUSIEST_KEPT);
        for (TalkerState talker : some) {
            boolean clean = talker.judgement.verdict() == Verdict.CLEAN;
            long limit = clean ? CLEAN_IDLE_NANOS : OFFENDER_IDLE_NANOS;
            if (nowNanos - talker.lastSeenNanos > limit && !kept.contains(talker.id)) {
                idle.add(talker);
            }
        }
        drop(idle);
    }

    private void drop(Set<TalkerState> gone) {
        if (gone.isEmpty()) {
            return;
        }
        for (TalkerState talker : gone) {
            remotes.release(talker.isVictim ? 0 : talker.listedRemotes());
        }
        correlator.forget(gone);
    }
}
