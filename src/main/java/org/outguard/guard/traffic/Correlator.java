package org.outguard.guard.traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.detect.Victims;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.reconcile.Reconciler;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * Says which talker a flow belongs to.
 *
 * <p>With an owner, that is the process; from the {@value #PROCESSES_APART}th process of one program and user on, the
 * program, so that a flooder that forks for each packet is one talker: what stood apart becomes one. Without an owner, flows that share their local
 * endpoint (one socket that sprays) or their remote one (many forged sources, one victim) are one talker.
 */
public final class Correlator {

    /** Processes of one program and user that stand for themselves, less one. */
    static final int PROCESSES_APART = 5;

    /** Stands for a destination that was not seen; it is not listed. */
    static final Endpoint UNSEEN = new Endpoint(IpAddress.ANY_V4, 0);

    /** The attribution of a flow that was not looked up yet. */
    public static final Attribution NOT_YET = new Attribution.Unknown("not looked up yet");

    private static final Attribution SCATTERED = new Attribution.Unknown(
            "many sources and destinations, each below the limits; no process is known for any of them");

    private final Policy policy;
    private final Attribution unasked;
    final TalkerIndex index;

    private final Map<TalkerState, TalkerKey.OfProgram> programs = new HashMap<>();

    /** Talkers of one process each, by their program, while there are few enough of them to stand apart. */
    private final Map<TalkerKey.OfProgram, List<TalkerState>> apart = new HashMap<>();

    /**
     * A correlator without talkers.
     *
     * @param policy says which services are known
     * @param ids makes talker ids
     * @param unasked the attribution of flows that nobody was asked for
     */
    public Correlator(Policy policy, Supplier<String> ids, Attribution unasked) {
        this.policy = policy;
        this.index = new TalkerIndex(ids);
        this.unasked = unasked;
    }

    public Set<TalkerState> talkers() {
        return index.talkers();
    }

    /** Talkers whose judgement may change: the others are clean and silent. */
    public Set<TalkerState> awake() {
        return index.awake();
    }

    /** Talkers that became part of others, oldest first. */
    public List<Snapshot.Moved> merged() {
        return index.moved.newest();
    }

    TalkerState owned(Protocol protocol, Endpoint remote, Attribution attribution) {
        Owner owner = attribution.knownOwner().orElseThrow();
        TrafficClass traffic = TrafficClass.of(protocol, remote, attribution, policy);
        TalkerKey.OfProcess process = new TalkerKey.OfProcess(traffic, owner.id(), attribution.quality());
        TalkerState talker = index.find(process);
        if (talker == null) {
            talker = newProcess(process, protocol, attribution, owner);
        }
        talker.addPid(owner.id());
        boolean program = programs.containsKey(talker) && !isApart(talker);
        if (!program && !knowsMore(talker.attribution, owner)) {
            talker.attribution = attribution;
        }
        return talker;
    }

    /* Of a process that is about to end no more is to be had than its name. */
    private static boolean knowsMore(Attribution before, Owner now) {
        return now.exe().isEmpty()
                && before.knownOwner()
                        .filter(owner ->
                                owner.id().equals(now.id()) && !owner.exe().isEmpty())
                        .isPresent();
    }

    /** The talker of an owner's traffic, where it has one, however sure its match is. */
    public Optional<TalkerState> known(Protocol protocol, Endpoint remote, Attribution attribution) {
        TrafficClass traffic = TrafficClass.of(protocol, remote, attribution, policy);
        return attribution
                .knownOwner()
                .flatMap(owner -> Stream.of(MatchQuality.values())
                        .map(quality -> new TalkerKey.OfProcess(traffic, owner.id(), quality))
                        .map(process -> find(process, owner))
                        .filter(Objects::nonNull)
                        .findFirst());
    }

    private @Nullable TalkerState find(TalkerKey.OfProcess process, Owner owner) {
        TalkerState talker = index.find(process);
        return talker == null ? index.find(TalkerKey.OfProgram.of(process, owner)) : talker;
    }

    /** The talker of a submitter's mail, where it has one. */
    public Optional<TalkerState> known(MailOrigin submitter) {
        return Optional.ofNullable(index.find(new TalkerKey.OfSubmitter(submitter.key())));
    }

    /**
     * The talker of traffic whose destination was not seen: the busiest that the owner has, or one of the flood kind, which
     * such traffic is judged by.
     */
    TalkerState ownedSomewhere(Protocol protocol, Attribution attribution) {
        ProcessId owner = attribution.knownOwner().orElseThrow().id();
        return Stream.of(TrafficClass.values())
                .map(traffic -> index.find(new TalkerKey.OfProcess(traffic, owner, attribution.quality())))
                .filter(Objects::nonNull)
                .max(Comparator.comparingLong(talker -> talker.packets))
                .orElseGet(() -> owned(protocol == Protocol.OTHER ? Protocol.UDP : protocol, UNSEEN, attribution));
    }

    private TalkerState newProcess(
            TalkerKey.OfProcess process, Protocol protocol, Attribution attribution, Owner owner) {
        TalkerKey.OfProgram program = TalkerKey.OfProgram.of(process, owner);
        TalkerState together = index.find(program);
        if (together != null) {
            return together;
        }
        if (index.isFull()) {
            return index.overflow(protocol, process.traffic());
        }
        List<TalkerState> few = apart.computeIfAbsent(program, p -> new ArrayList<>());
        if (few.size() + 1 >= PROCESSES_APART) {
            return merge(program, few);
        }
        TalkerState talker = index.create(process, process.traffic(), protocol, true, attribution);
        programs.put(talker, program);
        few.add(talker);
        return talker;
    }

    /**
     * The talker of a submitter's mail that a mail system sends.
     *
     * @param sender who sends it
     */
    TalkerState submitted(MailOrigin submitter, Attribution sender) {
        TalkerKey.OfSubmitter key = new TalkerKey.OfSubmitter(submitter.key());
        TalkerState talker = index.find(key);
        if (talker == null) {
            if (index.isFull()) {
                return index.overflow(Protocol.TCP, TrafficClass.MAIL);
            }
            talker = index.create(key, TrafficClass.MAIL, Protocol.TCP, true, sender);
            talker.mail = new SubmitterTraffic(submitter.submitter());
        }
        sender.knownOwner().map(Owner::id).ifPresent(talker::addPid);
        return talker;
    }

    /** Talkers of processes that have their program and user in common, where there are several. */
    public List<Set<TalkerState>> apart() {
        List<Set<TalkerState>> all = new ArrayList<>();
        for (List<TalkerState> few : apart.values()) {
            if (few.size() > 1) {
                all.add(new LinkedHashSet<>(few));
            }
        }
        return all;
    }

    /** Makes one talker of all of its program and user. */
    public void putTogether(TalkerState one) {
        TalkerKey.OfProgram program = Objects.requireNonNull(programs.get(one));
        merge(program, apart.getOrDefault(program, List.of()));
    }

    private boolean isApart(TalkerState talker) {
        return apart.getOrDefault(programs.get(talker), List.of()).contains(talker);
    }

    /** The oldest of a program's talkers takes the others in and stands for the program, under the id it had. */
    private TalkerState merge(TalkerKey.OfProgram program, List<TalkerState> few) {
        TalkerState eldest = few.get(0);
        few.stream().skip(1).forEach(programs::remove);
        index.merge(eldest, few);
        apart.remove(program);
        index.put(program, eldest);
        eldest.attribution = ofProgram(eldest.attribution);
        return eldest;
    }

    /*
     * A program that forks is stopped at the process that forks: the nearest ancestor of the same name stands for all.
     * An ancestor of another name (a shell, a service manager) is no part of it.
     */
    private static Attribution ofProgram(Attribution attribution) {
        if (!(attribution instanceof Attribution.Exact exact)) {
            return attribution;
        }
        Owner owner = exact.owner();
        return owner.parents().stream()
                .findFirst()
                .filter(parent -> parent.command().equals(owner.command()))
                .map(parent -> (Attribution) new Attribution.Exact(owner.withId(parent.id()), exact.matchedBy()))
                .orElse(attribution);
    }

    /** The talker of those that are charged with traffic of which it cannot be settled who sent it. */
    TalkerState contested(Protocol protocol, Endpoint remote, Attribution.Contested attribution) {
        TrafficClass traffic = TrafficClass.of(protocol, remote, attribution, policy);
        Set<ProcessId> candidates = new HashSet<>();
        attribution.candidates().forEach(owner -> candidates.add(owner.id()));
        return index.unowned(new TalkerKey.Contested(traffic, candidates), traffic, protocol, attribution);
    }

    /**
     * The talker of traffic that has no owner for a known reason: one for each destination where the
     * wire alone tells of it, one for all that the kernel sends itself.
     */
    TalkerState unaccounted(Protocol protocol, Endpoint remote, Attribution attribution) {
        TrafficClass traffic = TrafficClass.of(protocol, remote, attribution, policy);
        Optional<Endpoint> apart = attribution == Reconciler.UNACCOUNTED ? Optional.of(remote) : Optional.empty();
        TalkerKey.Unaccounted key = new TalkerKey.Unaccounted(traffic, apart, attribution.matchedBy());
        TalkerState before = index.find(new TalkerKey.OfRemote(traffic, remote));
        if (apart.isPresent() && index.find(key) == null && before != null && isAllOf(before, remote)) {
            // Counted by the wire eye before the kernel eye was open: the same sender, and the same row.
            before.attribution = attribution;
            index.put(key, before);
        }
        return index.unowned(key, traffic, protocol, attribution);
    }

    /* Whether nobody is known for it and it sends nowhere else. */
    private boolean isAllOf(TalkerState talker, Endpoint remote) {
        return !talker.owned
                && talker.attribution instanceof Attribution.Unknown
                && !index.isOverflow(talker)
                && talker.listedRemotes() == 1
                && talker.hasRemote(remote);
    }

    /** The talker of what many send to one address; see {@link Victims}. */
    public TalkerState victim(IpAddress address, TrafficClass traffic, Protocol protocol, Attribution senders) {
        TalkerState talker = index.create(new TalkerKey.OfVictim(address), traffic, protocol, true, senders);
        talker.isVictim = true;
        return talker;
    }

    TalkerState unowned(FlowKey flow, UserAttribution shares) {
        TrafficClass traffic = TrafficClass.of(flow.protocol(), flow.remote(), NOT_YET, policy);
        Optional<Attribution.OfUser> user = shares.of(flow.protocol(), flow.remote());
        if (user.isPresent()) {
            return ofUser(flow.protocol(), traffic, user.get());
        }
        TalkerKey local = new TalkerKey.OfLocal(traffic, flow.local());
        TalkerKey remote = new TalkerKey.OfRemote(traffic, flow.remote());
        boolean merged = FollowedFlows.merged(flow);
        TalkerState talker = merged ? null : index.find(local);
        if (talker == null) {
            talker = index.find(remote);
        }
        if (talker == null) {
            talker = index.unowned(remote, traffic, flow.protocol(), unasked);
            if (index.isOverflow(talker)) {
                return talker;
            }
        }
        index.alias(remote, talker);
        if (!merged) {
            index.alias(local, talker);
        }
        return talker;
    }

    /**
     * Talkers that nobody owns, that were asked for, and that no limit has met: each for itself a few packets, together
     * perhaps one sender that uses a socket and a destination once. With what was put together of them before.
     */
    public Set<TalkerState> scattered(TrafficClass traffic) {
        Set<TalkerState> found = new LinkedHashSet<>();
        TalkerState together = index.find(new TalkerKey.Overflow(traffic));
        if (together != null) {
            found.add(together);
        }
        for (TalkerState talker : index.talkers()) {
            if (talker.traffic == traffic
                    && !talker.owned
                    && isUnknown(talker)
                    && talker.judgement.verdict() == Verdict.CLEAN) {
                found.add(talker);
            }
        }
        return found;
    }

    /** Makes one talker of these. */
    public void putTogether(TrafficClass traffic, Set<TalkerState> scattered) {
        TalkerState together = index.overflow(scattered.iterator().next().protocol, traffic);
        together.attribution = SCATTERED;
        index.merge(together, scattered);
    }

    /** Whether it was asked who it is, and the answer was nobody. */
    private static boolean isUnknown(TalkerState talker) {
        return talker.attribution instanceof Attribution.Unknown && talker.attribution != NOT_YET;
    }

    /** What nobody owns becomes the talker of whoever opened the sockets that sent it, where all of it is one user's. */
    void nameUsers(UserAttribution shares) {
        Map<TalkerKey.OfUser, Set<TalkerState>> found = new HashMap<>();
        for (TalkerState talker : index.talkers()) {
            if (!talker.owned && isUnknown(talker)) {
                shares.soleUser(talker)
                        .ifPresent(user -> found.computeIfAbsent(
                                        new TalkerKey.OfUser(talker.traffic, user.opener(), user.cgroup()),
                                        k -> new HashSet<>())
                                .add(talker));
            }
        }
        found.forEach((key, senders) -> {
            TalkerState first = senders.iterator().next();
            Attribution.OfUser user = shares.soleUser(first).orElseThrow();
            TalkerState talker = Objects.requireNonNullElse(index.find(key), first);
            talker.attribution = user;
            index.merge(talker, senders);
            // What is sent from here on is the user's only while the counts say so.
            index.rename(talker, key);
        });
    }

    /** The talker of what a user's sockets sent and no process is known for. */
    private TalkerState ofUser(Protocol protocol, TrafficClass traffic, Attribution.OfUser user) {
        return index.unowned(new TalkerKey.OfUser(traffic, user.opener(), user.cgroup()), traffic, protocol, user);
    }

    public void forget(Set<TalkerState> gone) {
        for (TalkerState talker : gone) {
            TalkerKey.OfProgram program = programs.remove(talker);
            List<TalkerState> few = program == null ? null : apart.get(program);
            if (few != null && few.remove(talker) && few.isEmpty()) {
                apart.remove(program);
            }
        }
        index.forget(gone);
    }
}
