package org.outguard.guard.traffic;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.flow.RateWindow;
import org.outguard.guard.mail.DeliveryBook;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.observation.OwnedCount;
import org.outguard.guard.observation.UserCount;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.reconcile.EyeTally;
import org.outguard.guard.reconcile.Reconciler;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * Turns counts into totals and rates a talker. Flows, destinations and talkers are bounded; what finds no room is
 * counted in sums, so the totals are exact whatever is sent.
 */
public final class Ledger {

    /** Most flows that are followed one by one. */
    static final int MAX_FLOWS = 65_536;

    /** Most destinations over all talkers. */
    static final int MAX_REMOTES = 131_072;

    /** Packets without a time of their own are no older than this. */
    private static final long MOST_LATE_NANOS = 60 * Nanos.PER_SECOND;

    /** Of a trace's clean talkers so many are told of at its end, however long ago they were. */
    private static final int BUSIEST_KEPT = 64;

    private static final long FLOW_IDLE_NANOS = 60 * Nanos.PER_SECOND;
    private static final long CLEAN_IDLE_NANOS = 120 * Nanos.PER_SECOND;
    private static final long OFFENDER_IDLE_NANOS = 900 * Nanos.PER_SECOND;

    private final Correlator correlator;
    private final UserShares users = new UserShares();
    public final TrafficChanges changes = new TrafficChanges();
    private final boolean asks;
    private final ContactBook contacts;
    private final Map<FlowKey, FlowState> flows = new HashMap<>();
    private final Set<TalkerState> emptied = new HashSet<>();
    private final Set<TalkerState> corrected = new HashSet<>();
    private int remotes;
    private long usersCountedNanos = Long.MIN_VALUE;

    /** When a replay forgot last, which has many seconds in one. */
    private long forgotNanos = Long.MIN_VALUE / 2;

    /** The time of the last tick, and whether something has come since that is older. */
    private long tickNanos = Long.MIN_VALUE;

    private boolean tookLate;

    private long packets;
    private long bytes;
    private long attributedPackets;
    private long firstNanos = Long.MAX_VALUE;
    private final RateWindow packetRate = new RateWindow(60);
    private final RateWindow byteRate = new RateWindow(60);

    /**
     * An empty ledger.
     *
     * @param correlator says which talker a flow belongs to
     * @param contacts is told who turns to whom
     * @param asks whether owners are asked for: a capture file has none, and its end tells of all of it, so only clean talkers
     *     are forgotten, and the busiest of them stay
     */
    public Ledger(Correlator correlator, ContactBook contacts, boolean asks) {
        this.correlator = correlator;
        this.contacts = contacts;
        this.asks = asks;
    }

    public void add(FlowBatch batch, long nowNanos) {
        if (flows.size() > MAX_FLOWS / 4 * 3) {
            // Forged sources come once: those that nobody owns and that are silent make room for what goes on.
            flows.values()
                    .removeIf(flow -> flow.attribution instanceof Attribution.Unknown
                            && nowNanos - flow.lastSeenNanos > Nanos.PER_SECOND);
        }
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
        if (nobodys != null && flows.size() < MAX_FLOWS && !merged(count.key()) && isFollowed(nobodys)) {
            flow = new FlowState(count.key(), Correlator.NOT_YET, nobodys);
            flows.put(count.key(), flow);
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
        if (count.connects() > 0 || count.key().protocol() != Protocol.TCP) {
            if (ContactBook.isOfService(
                    count.key().protocol(),
                    count.key().local().port(),
                    count.key().remote())) {
                talker.addOfService(count.firstSeenNanos(), count.lastSeenNanos(), count.bytes());
            }
            contacts.met(
                    talker,
                    count.key().protocol(),
                    count.key().local().port(),
                    count.key().remote(),
                    flow == null ? count.firstSeenNanos() : flow.firstSeenNanos);
            if (flow == null || flow.connects == count.connects()) {
                // What it repeats until it is answered is no further attempt.
                contacts.logIn(
                        talker,
                        count.key().remote(),
                        Math.min(1, count.connects()),
                        true,
                        count.bytes(),
                        count.firstSeenNanos(),
                        count.lastSeenNanos());
            }
        }
        firstNanos = Math.min(firstNanos, count.firstSeenNanos());
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
    public TalkerState add(OwnedCount count, @Nullable EyeTally both) {
        Endpoint remote = count.remote().orElse(Correlator.UNSEEN);
        Attribution attribution = count.attribution();
        TalkerState talker;
        if (attribution.knownOwner().isPresent()) {
            talker = count.remote().isPresent()
                    ? correlator.owned(count.protocol(), remote, attribution)
                    : correlator.ownedSomewhere(count.protocol(), attribution);
            remotes -= correlator.takeMergedRemotes();
        } else if (attribution instanceof Attribution.Contested contested) {
            talker = correlator.contested(count.protocol(), remote, contested);
        } else {
            talker = correlator.unaccounted(count.protocol(), remote, attribution);
        }
        charge(talker, count.firstNanos(), count.lastNanos(), count.packets(), count.bytes(), count.connects());
        talker.seen(count.firstNanos(), count.lastNanos());
        firstNanos = Math.min(firstNanos, count.firstNanos());
        if (count.remote().isPresent()) {
            addRemote(talker, remote, count.firstNanos(), count.lastNanos(), count.packets(), count.bytes());
            talker.sentTo(remote, both);
            contacts.sent(talker, count, remote);
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

    /**
     * Charges so much more or less of a flow than the wire eye counted, as it turned out.
     *
     * @param sign 1 or -1
     */
    public void correct(FlowCount count, int sign) {
        FlowState flow = flows.get(count.key());
        TalkerState talker = flow == null ? correlator.unowned(count.key(), users) : flow.talker();
        long packetCount = sign * count.packets();
        long byteCount = sign * count.bytes();
        long connectCount = sign * count.connects();
        long first = count.firstSeenNanos();
        long last = count.lastSeenNanos();
        if (flow != null) {
            flow.add(first, last, packetCount, byteCount, connectCount);
        }
        charge(talker, first, last, packetCount, byteCount, connectCount);
        addRemote(talker, count.key().remote(), first, last, packetCount, byteCount);
        changes.add(talker, count.key().protocol(), count.key().remote(), packetCount, byteCount, connectCount);
        corrected.add(talker);
    }

    /** Drops talkers of which corrections left nothing, once none is to come. */
    public void forgetCorrected() {
        corrected.stream()
                .map(TalkerState::current)
                .filter(talker -> talker.packets <= 0)
                .forEach(emptied::add);
        corrected.clear();
    }

    /** Charges to a submitter what was charged to the mail system that sent it. */
    public void charge(DeliveryBook.Transfer transfer) {
        Delivery delivery = transfer.delivery();
        TalkerState from = transfer.from().current();
        TalkerState to = correlator.submitted(delivery.root().origin(), sender(from.attribution));
        attributedPackets += from.owned ? 0 : transfer.packets();
        from.add(
                transfer.firstNanos(),
                transfer.atNanos(),
                -transfer.packets(),
                -transfer.bytes(),
                -transfer.connects());
        to.add(transfer.firstNanos(), transfer.atNanos(), transfer.packets(), transfer.bytes(), transfer.connects());
        changes.add(
                from, Protocol.TCP, delivery.remote(), -transfer.packets(), -transfer.bytes(), -transfer.connects());
        changes.add(to, Protocol.TCP, delivery.remote(), transfer.packets(), transfer.bytes(), transfer.connects());
        from.addInKernel(-transfer.packets(), -transfer.bytes());
        to.addInKernel(transfer.packets(), transfer.bytes());
        to.seen(transfer.atNanos(), transfer.atNanos());
        if (to.mail != null) {
            to.mail.sends(delivery, transfer.atNanos());
        }
        if (transfer.packets() > 0) {
            moveRemote(
                    from,
                    to,
                    delivery.remote(),
                    transfer.firstNanos(),
                    transfer.atNanos(),
                    transfer.packets(),
                    transfer.bytes());
        }
    }

    /* Processes of one mail system that hand a connection on to each other are the same sender. */
    private static Attribution sender(Attribution attribution) {
        return attribution instanceof Attribution.Contested contested
                ? new Attribution.Probable(contested.candidates().get(0), contested.matchedBy())
                : attribution;
    }

    /** Charges a flow to the submitter whose mail it carries: all of it, if it has carried no other's before. */
    public void charge(Delivery delivery) {
        FlowState flow = flows.get(new FlowKey(Protocol.TCP, delivery.local(), delivery.remote()));
        if (flow == null) {
            return;
        }
        if (delivery.root().origin() instanceof MailOrigin.Unknown) {
            flow.carriesMail = true;
            return;
        }
        Optional<Attribution> sender = flow.attribution.knownOwner().isPresent()
                ? Optional.of(flow.attribution)
                : delivery.owner()
                        .map(owner -> new Attribution.Exact(owner, "has the message and the connection open"));
        if (sender.isEmpty()) {
            return;
        }
        TalkerState before = flow.talker();
        TalkerState after = correlator.submitted(delivery.root().origin(), sender.get());
        if (after.mail != null) {
            after.mail.sends(delivery, flow.lastSeenNanos);
        }
        if (after == before) {
            return;
        }
        if (flow.carriesMail) {
            flow.chargeTo(after);
            return;
        }
        flow.carriesMail = true;
        attributedPackets += before.owned ? 0 : flow.packets;
        move(flow, after);
        if (!before.owned) {
            // It was judged by what it turned out not to have sent.
            before.judgement = Judgement.clean(OffenceKind.SMTP_BURST, "not judged yet", 0);
        }
    }

    private void moveRemote(
            TalkerState from,
            TalkerState to,
            Endpoint remote,
            long firstNanos,
            long lastNanos,
            long packetCount,
            long byteCount) {
        EyeTally both = from.both(remote);
        if (from.removeRemote(remote, packetCount, byteCount)) {
            remotes--;
        }
        addRemote(to, remote, firstNanos, lastNanos, packetCount, byteCount);
        to.sentTo(remote, both);
        if (from.packets <= 0) {
            emptied.add(from);
        }
    }

    /** Takes in packets of which nothing but their number is known, and that they were sent since the last tick. */
    public void addBeyond(long packetCount, long byteCount, long nowNanos) {
        TalkerState many = correlator.beyondCount(Protocol.OTHER, TrafficClass.UDP);
        long since = tickNanos == Long.MIN_VALUE
                ? nowNanos
                : Math.min(nowNanos, Math.max(tickNanos, nowNanos - MOST_LATE_NANOS));
        charge(many, since, nowNanos, packetCount, byteCount, 0);
        many.seen(since, nowNanos);
        changes.add(many, Protocol.OTHER, Correlator.UNSEEN, packetCount, byteCount, 0);
    }

    /* A full table merged the sources of these: there is no socket to look for. */
    static boolean merged(FlowKey key) {
        return key.local().port() == 0 && key.local().address().equals(IpAddress.ANY_V4);
    }

    private void charge(
            TalkerState talker, long firstNanos, long lastNanos, long packetCount, long byteCount, long connectCount) {
        tookLate |= lastNanos + Nanos.PER_SECOND < tickNanos;
        talker.add(firstNanos, lastNanos, packetCount, byteCount, connectCount);
        packets += packetCount;
        bytes += byteCount;
        packetRate.add(firstNanos, lastNanos, packetCount);
        byteRate.add(firstNanos, lastNanos, byteCount);
        if (talker.owned) {
            attributedPackets += packetCount;
        }
    }

    private void addRemote(
            TalkerState talker, Endpoint remote, long firstNanos, long lastNanos, long packetCount, long byteCount) {
        if (talker.addRemote(remote, firstNanos, lastNanos, packetCount, byteCount, remotes < MAX_REMOTES)) {
            remotes++;
        }
    }

    /** The talker that a flow is charged to, where it is followed. */
    public Optional<TalkerState> chargedWith(FlowKey key) {
        return Optional.ofNullable(flows.get(key)).map(FlowState::talker);
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
            asked(flow, nowNanos);
        }
        if (attribution.knownOwner().isEmpty()) {
            if (before.attribution instanceof Attribution.Unknown && !correlator.standsForMany(before)) {
                before.attribution = attribution;
            }
            return;
        }
        if (flow.carriesMail) {
            return;
        }
        TalkerState after = correlator.owned(key.protocol(), key.remote(), attribution);
        remotes -= correlator.takeMergedRemotes();
        if (after == before) {
            return;
        }
        if (before.owned && !surer(attribution, before.attribution)) {
            // Another process has the socket now, or it may be another: what is sent from here on is that one's.
            flow.chargeTo(after);
            return;
        }
        attributedPackets += before.owned ? 0 : flow.packets;
        moveWithVerdict(flow, after);
    }

    /** Takes in whose sockets sent what; what nobody owns is charged to them. */
    public void usersCounted(List<UserCount> counts, long nowNanos) {
        if (users.counted(counts, nowNanos)) {
            putBackWhatIsNobodysAnyMore();
        }
        correlator.nameUsers(users);
        remotes -= correlator.takeMergedRemotes();
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
        for (FlowState flow : flows.values()) {
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

    private void move(FlowState flow, TalkerState after) {
        TalkerState before = flow.talker();
        contacts.moved(flow, before, after);
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

    /** Flows whose owner should be asked for now, busiest first. */
    public List<FlowKey> toAsk(long nowNanos, int most) {
        List<FlowState> due = new ArrayList<>();
        for (FlowState flow : flows.values()) {
            if (flow.packetsSinceAsked > 0 && flow.askAgainNanos <= nowNanos) {
                due.add(flow);
            }
        }
        due.sort(Comparator.comparingLong((FlowState f) -> -f.packetsSinceAsked));
        List<FlowKey> keys = new ArrayList<>(Math.min(most, due.size()));
        for (FlowState flow : due.subList(0, Math.min(most, due.size()))) {
            asked(flow, nowNanos);
            keys.add(flow.key);
        }
        return keys;
    }

    private static void asked(FlowState flow, long nowNanos) {
        flow.asked++;
        flow.packetsSinceAsked = 0;
        flow.askAgainNanos = nowNanos + Correlator.askAgainNanos(flow);
    }

    /** All that was taken in was judged. Whether some of it came so late that it was not when that was done last which is done once a second. */
    public boolean judged(long nowNanos) {
        boolean late = tookLate;
        tookLate = false;
        tickNanos = nowNanos;
        return late;
    }

    /** Makes one talker of those of a class that nobody owns and that are over the limits only together. */
    public void putTogetherScattered(Judge judge, long nowNanos) {
        for (TrafficClass traffic : TrafficClass.values()) {
            Set<TalkerState> scattered = correlator.scattered(traffic);
            if (scattered.size() > 1
                    && judge.judge(TalkerState.sumOf(scattered, correlator.awake()), nowNanos, false)
                                    .verdict()
                            != Verdict.CLEAN) {
                correlator.putTogether(traffic, scattered);
                remotes -= correlator.takeMergedRemotes();
            }
        }
    }

    /** Makes one talker of the processes of one program and user that are further over the limits together than each alone. */
    public void putTogetherPrograms(Judge judge, long nowNanos) {
        for (Set<TalkerState> few : correlator.apart()) {
            TalkerState first = few.iterator().next();
            Verdict worst = few.stream()
                    .map(talker -> talker.judgement.verdict())
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            if (first.traffic != TrafficClass.MAIL && worst != Verdict.OFFENDING) {
                TalkerState sum = TalkerState.sumOf(few).withRemotesOf(few);
                if (judge.judge(sum, nowNanos, false).verdict().compareTo(worst) > 0) {
                    correlator.putTogether(first);
                    remotes -= correlator.takeMergedRemotes();
                }
            }
        }
    }

    /** Drops talkers whose every flow turned out to be somebody else's. */
    public void forgetEmptied() {
        emptied.removeIf(talker -> talker.packets > 0);
        emptied.forEach(talker -> correlator.moved.add(talker, null));
        drop(emptied);
        emptied.clear();
    }

    /** Drops what has been idle for long; talkers with an id in {@code kept} stay. */
    public void forgetIdle(long nowNanos, Set<String> kept) {
        if (!asks && nowNanos - forgotNanos < FLOW_IDLE_NANOS / 6) {
            return;
        }
        forgotNanos = nowNanos;
        flows.values().removeIf(flow -> nowNanos - flow.toldNanos > FLOW_IDLE_NANOS);
        Set<TalkerState> idle = new HashSet<>();
        Collection<TalkerState> some = asks ? correlator.talkers() : correlator.forgettable(BUSIEST_KEPT);
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
            remotes -= talker.isVictim ? 0 : talker.listedRemotes();
        }
        correlator.forget(gone);
    }

    /** Totals of all that left, counted since {@code countingSince}, see {@link Snapshot.Totals#countingSince()}. */
    public Snapshot.Totals totals(long nowNanos, Optional<Instant> countingSince) {
        return new Snapshot.Totals(
                Nanos.instant(firstNanos == Long.MAX_VALUE ? nowNanos : firstNanos),
                packets,
                bytes,
                attributedPackets,
                TalkerState.rates(packetRate, byteRate, nowNanos),
                LongStream.of(packetRate.history(nowNanos, 60)).boxed().toList(),
                countingSince);
    }
}
