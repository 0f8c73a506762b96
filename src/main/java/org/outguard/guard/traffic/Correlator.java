package org.outguard.guard.traffic;

import java.util.ArrayList;
import java.util.Collections;
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
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.reconcile.Reconciler;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Account;
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

    /** Most talkers; what comes later is counted in one talker a traffic class. */
    static final int MAX_TALKERS = 4_096;

    /** Most talkers without an owner, a traffic class, before the rest is counted together. */
    static final int MAX_UNOWNED = 256;

    /** Processes of one program and user that stand for themselves, less one. */
    static final int PROCESSES_APART = 5;

    /** Stands for a destination that was not seen; it is not listed. */
    static final Endpoint UNSEEN = new Endpoint(IpAddress.ANY_V4, 0);

    private static final int MAX_KEYS = 4 * FollowedFlows.MAX_FLOWS;

    /** The attribution of a flow that was not looked up yet. */
    public static final Attribution NOT_YET = new Attribution.Unknown("not looked up yet");

    private static final Attribution SCATTERED = new Attribution.Unknown(
            "many sources and destinations, each below the limits; no process is known for any of them");

    private final Policy policy;
    private final Supplier<String> ids;
    private final Attribution unasked;
    private final Set<TalkerState> talkers = new LinkedHashSet<>();

    /** Those whose judgement may change. */
    private final Set<TalkerState> awake = new LinkedHashSet<>();

    /** One talker may stand under several keys. */
    private final Map<Object, TalkerState> byKey = new HashMap<>();

    private final Map<TalkerState, ProgramKey> programs = new HashMap<>();

    /** Talkers of one process each, by their program, while there are few enough of them to stand apart. */
    private final Map<ProgramKey, List<TalkerState>> apart = new HashMap<>();

    private final Map<TrafficClass, Integer> unowned = new HashMap<>();

    /** Talkers that are no more. */
    public final MovedRows moved = new MovedRows();

    /** What all talkers list. */
    final RemoteBudget remotes = new RemoteBudget();

    /**
     * A correlator without talkers.
     *
     * @param policy says which services are known
     * @param ids makes talker ids
     * @param unasked the attribution of flows that nobody was asked for
     */
    public Correlator(Policy policy, Supplier<String> ids, Attribution unasked) {
        this.policy = policy;
        this.ids = ids;
        this.unasked = unasked;
    }

    /* What is certain and what is not stand apart: else a forger's packets would be among those that are surely its victim's. */
    private record ProcessKey(TrafficClass traffic, ProcessId process, MatchQuality quality) {}

    private record ProgramKey(
            TrafficClass traffic, String exe, String script, int uid, long netns, MatchQuality quality) {}

    private record UserKey(TrafficClass traffic, Account opener, String cgroup) {}

    private record SubmitterKey(String submitter) {}

    private record LocalKey(TrafficClass traffic, Endpoint local) {}

    private record RemoteKey(TrafficClass traffic, Endpoint remote) {}

    private record BeyondKey(TrafficClass traffic) {}

    private record ContestedKey(TrafficClass traffic, Set<ProcessId> candidates) {}

    private record VictimKey(IpAddress address) {}

    private record UnaccountedKey(TrafficClass traffic, Optional<Endpoint> remote, String why) {}

    public Set<TalkerState> talkers() {
        return Collections.unmodifiableSet(talkers);
    }

    /** Talkers whose judgement may change: the others are clean and silent. */
    public Set<TalkerState> awake() {
        return awake;
    }

    TalkerState owned(Protocol protocol, Endpoint remote, Attribution attribution) {
        Owner owner = attribution.knownOwner().orElseThrow();
        TrafficClass traffic = TrafficClass.of(protocol, remote, attribution, policy);
        ProcessKey process = new ProcessKey(traffic, owner.id(), attribution.quality());
        TalkerState talker = byKey.get(process);
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
                        .map(quality -> new ProcessKey(traffic, owner.id(), quality))
                        .map(process ->
                                byKey.containsKey(process) ? byKey.get(process) : byKey.get(programOf(process, owner)))
                        .filter(Objects::nonNull)
                        .findFirst());
    }

    /** The talker of a submitter's mail, where it has one. */
    public Optional<TalkerState> known(MailOrigin submitter) {
        return Optional.ofNullable(byKey.get(new SubmitterKey(submitter.key())));
    }

    /**
     * The talker of traffic whose destination was not seen: the busiest that the owner has, or one of the flood kind, which
     * such traffic is judged by.
     */
    TalkerState ownedSomewhere(Protocol protocol, Attribution attribution) {
        ProcessId owner = attribution.knownOwner().orElseThrow().id();
        return Stream.of(TrafficClass.values())
                .map(traffic -> byKey.get(new ProcessKey(traffic, owner, attribution.quality())))
                .filter(Objects::nonNull)
                .max(Comparator.comparingLong(talker -> talker.packets))
                .orElseGet(() -> owned(protocol == Protocol.OTHER ? Protocol.UDP : protocol, UNSEEN, attribution));
    }

    private TalkerState newProcess(ProcessKey process, Protocol protocol, Attribution attribution, Owner owner) {
        ProgramKey program = programOf(process, owner);
        TalkerState together = byKey.get(program);
        if (together != null) {
            return together;
        }
        if (talkers.size() >= MAX_TALKERS) {
            return beyondCount(protocol, process.traffic);
        }
        List<TalkerState> few = apart.computeIfAbsent(program, p -> new ArrayList<>());
        if (few.size() + 1 >= PROCESSES_APART) {
            return merge(program, few);
        }
        TalkerState talker = create(process, process.traffic, protocol, true, attribution);
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
        SubmitterKey key = new SubmitterKey(submitter.key());
        TalkerState talker = byKey.get(key);
        if (talker == null) {
            if (talkers.size() >= MAX_TALKERS) {
                return beyondCount(Protocol.TCP, TrafficClass.MAIL);
            }
            talker = create(key, TrafficClass.MAIL, Protocol.TCP, true, sender);
            talker.mail = new SentMail(submitter.submitter());
        }
        sender.knownOwner().map(Owner::id).ifPresent(talker::addPid);
        return talker;
    }

    /* The exe names a program. Where it cannot be read, the process's own word has to do. */
    private static ProgramKey programOf(ProcessKey process, Owner owner) {
        String exe = owner.exe().isEmpty() ? "? " + owner.command() : owner.exe();
        return new ProgramKey(process.traffic, exe, owner.script(), owner.uid(), owner.netns(), process.quality);
    }

    /** Talkers of processes that have their program and user in common, where there are several. */
    List<Set<TalkerState>> apart() {
        List<Set<TalkerState>> all = new ArrayList<>();
        for (List<TalkerState> few : apart.values()) {
            if (few.size() > 1) {
                all.add(new LinkedHashSet<>(few));
            }
        }
        return all;
    }

    /** Makes one talker of all of its program and user. */
    void putTogether(TalkerState one) {
        ProgramKey program = Objects.requireNonNull(programs.get(one));
        merge(program, apart.getOrDefault(program, List.of()));
    }

    private boolean isApart(TalkerState talker) {
        return apart.getOrDefault(programs.get(talker), List.of()).contains(talker);
    }

    /** The oldest of a program's talkers takes the others in and stands for the program, under the id it had. */
    private TalkerState merge(ProgramKey program, List<TalkerState> few) {
        TalkerState eldest = few.get(0);
        Set<TalkerState> others = new HashSet<>(few.subList(1, few.size()));
        for (TalkerState other : others) {
            remotes.release(eldest.absorb(other));
            moved.add(other, eldest);
            programs.remove(other);
        }
        byKey.replaceAll((key, talker) -> others.contains(talker) ? eldest : talker);
        talkers.removeAll(others);
        awake.removeAll(others);
        apart.remove(program);
        byKey.put(program, eldest);
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
        return nobodys(new ContestedKey(traffic, candidates), traffic, protocol, attribution);
    }

    /**
     * The talker of traffic of which it is known that nobody can be named, and why: one for each destination where the
     * wire alone tells of it, one for all that the kernel sends itself.
     */
    TalkerState unaccounted(Protocol protocol, Endpoint remote, Attribution attribution) {
        TrafficClass traffic = TrafficClass.of(protocol, remote, attribution, policy);
        Optional<Endpoint> apart = attribution == Reconciler.UNACCOUNTED ? Optional.of(remote) : Optional.empty();
        UnaccountedKey key = new UnaccountedKey(traffic, apart, attribution.matchedBy());
        TalkerState before = byKey.get(new RemoteKey(traffic, remote));
        if (apart.isPresent() && !byKey.containsKey(key) && before != null && isAllOf(before, remote)) {
            // Counted by the wire eye before the kernel eye was open: the same sender, and the same row.
            before.attribution = attribution;
            byKey.put(key, before);
        }
        return nobodys(key, traffic, protocol, attribution);
    }

    /* Whether nobody is known for it and it sends nowhere else. */
    private boolean isAllOf(TalkerState talker, Endpoint remote) {
        return !talker.owned
                && talker.attribution instanceof Attribution.Unknown
                && !standsForMany(talker)
                && talker.listedRemotes() == 1
                && talker.hasRemote(remote);
    }

    /** The talker of what many send to one address; see {@link Victims}. */
    TalkerState victim(IpAddress address, TrafficClass traffic, Protocol protocol, Attribution senders) {
        TalkerState talker = create(new VictimKey(address), traffic, protocol, true, senders);
        talker.isVictim = true;
        return talker;
    }

    private TalkerState nobodys(Object key, TrafficClass traffic, Protocol protocol, Attribution attribution) {
        TalkerState talker = byKey.get(key);
        if (talker != null) {
            return talker;
        }
        if (unowned.getOrDefault(traffic, 0) >= MAX_UNOWNED || talkers.size() >= MAX_TALKERS) {
            return beyondCount(protocol, traffic);
        }
        unowned.merge(traffic, 1, Integer::sum);
        return create(key, traffic, protocol, false, attribution);
    }

    TalkerState unowned(FlowKey flow, UserShares shares) {
        TrafficClass traffic = TrafficClass.of(flow.protocol(), flow.remote(), NOT_YET, policy);
        Optional<Attribution.OfUser> user = shares.of(flow.protocol(), flow.remote());
        if (user.isPresent()) {
            return ofUser(flow.protocol(), traffic, user.get());
        }
        LocalKey local = new LocalKey(traffic, flow.local());
        RemoteKey remote = new RemoteKey(traffic, flow.remote());
        boolean merged = FollowedFlows.merged(flow);
        TalkerState talker = merged ? null : byKey.get(local);
        if (talker == null) {
            talker = byKey.get(remote);
        }
        if (talker == null) {
            if (unowned.getOrDefault(traffic, 0) >= MAX_UNOWNED || talkers.size() >= MAX_TALKERS) {
                return beyondCount(flow.protocol(), traffic);
            }
            talker = create(remote, traffic, flow.protocol(), false, unasked);
            unowned.merge(traffic, 1, Integer::sum);
        }
        if (byKey.size() < MAX_KEYS) {
            byKey.putIfAbsent(remote, talker);
            if (!merged) {
                byKey.putIfAbsent(local, talker);
            }
        }
        return talker;
    }

    /**
     * Talkers that may be forgotten before the end of a trace: those that never were more than clean, when there is little room
     * for others, but for the busiest.
     *
     * @param busiest so many stay
     */
    List<TalkerState> forgettable(int busiest) {
        boolean full = talkers.size() > MAX_TALKERS / 4 * 3
                || unowned.values().stream().anyMatch(count -> count > MAX_UNOWNED / 4 * 3);
        if (!full) {
            return List.of();
        }
        return talkers.stream()
                .filter(talker -> talker.worst.verdict() == Verdict.CLEAN && !standsForMany(talker))
                .sorted(Comparator.comparingLong((TalkerState talker) -> -talker.packets))
                .skip(busiest)
                .toList();
    }

    /** Whether nothing that is known of one flow says anything of the talker. */
    boolean standsForMany(TalkerState talker) {
        return byKey.get(new BeyondKey(talker.traffic)) == talker;
    }

    /** Where that is counted for which there is no room. */
    TalkerState beyondCount(Protocol protocol, TrafficClass traffic) {
        BeyondKey key = new BeyondKey(traffic);
        TalkerState talker = byKey.get(key);
        if (talker == null) {
            talker = create(
                    key,
                    traffic,
                    protocol,
                    false,
                    new Attribution.Unknown("more sources and destinations than can be told apart"));
            talker.isOfMany = true;
        }
        return talker;
    }

    /**
     * Talkers that nobody owns, that were asked for, and that no limit has met: each for itself a few packets, together
     * perhaps one sender that uses a socket and a destination once. With what was put together of them before.
     */
    Set<TalkerState> scattered(TrafficClass traffic) {
        Set<TalkerState> found = new LinkedHashSet<>();
        TalkerState together = byKey.get(new BeyondKey(traffic));
        if (together != null) {
            found.add(together);
        }
        for (TalkerState talker : talkers) {
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
    void putTogether(TrafficClass traffic, Set<TalkerState> scattered) {
        TalkerState together = beyondCount(scattered.iterator().next().protocol, traffic);
        together.attribution = SCATTERED;
        takeIn(together, scattered);
    }

    /** Whether it was asked who it is, and the answer was nobody. */
    private static boolean isUnknown(TalkerState talker) {
        return talker.attribution instanceof Attribution.Unknown && talker.attribution != NOT_YET;
    }

    /** What nobody owns becomes the talker of whoever opened the sockets that sent it, where all of it is one user's. */
    void nameUsers(UserShares shares) {
        Map<UserKey, Set<TalkerState>> found = new HashMap<>();
        for (TalkerState talker : talkers) {
            if (!talker.owned && isUnknown(talker)) {
                talker.userOf(shares)
                        .ifPresent(user -> found.computeIfAbsent(
                                        new UserKey(talker.traffic, user.opener(), user.cgroup()), k -> new HashSet<>())
                                .add(talker));
            }
        }
        found.forEach((key, senders) -> {
            TalkerState first = senders.iterator().next();
            Attribution.OfUser user = first.userOf(shares).orElseThrow();
            TalkerState talker = byKey.getOrDefault(key, first);
            talker.attribution = user;
            if (standsForMany(talker)) {
                unowned.merge(key.traffic, 1, Integer::sum);
            }
            takeIn(talker, senders);
            // What is sent from here on is the user's only while the counts say so.
            byKey.values().removeIf(other -> other == talker);
            byKey.put(key, talker);
        });
    }

    /** The talker of what a user's sockets sent and no process is known for. */
    private TalkerState ofUser(Protocol protocol, TrafficClass traffic, Attribution.OfUser user) {
        return nobodys(new UserKey(traffic, user.opener(), user.cgroup()), traffic, protocol, user);
    }

    private void takeIn(TalkerState together, Set<TalkerState> all) {
        TrafficClass traffic = together.traffic;
        Set<TalkerState> others = new HashSet<>(all);
        others.remove(together);
        for (TalkerState other : others) {
            remotes.release(together.absorb(other));
            moved.add(other, together);
            if (!standsForMany(other)) {
                unowned.computeIfPresent(traffic, (t, count) -> count > 1 ? count - 1 : null);
            }
        }
        byKey.replaceAll((key, talker) -> others.contains(talker) ? together : talker);
        talkers.removeAll(others);
        awake.removeAll(others);
    }

    private TalkerState create(
            Object key, TrafficClass traffic, Protocol protocol, boolean owned, Attribution attribution) {
        TalkerState talker = new TalkerState(ids.get(), traffic, protocol, owned, attribution, awake);
        byKey.put(key, talker);
        talkers.add(talker);
        return talker;
    }

    /** Forgets talkers under all their keys; the cost follows the number of keys, so many go at once. */
    void forget(Set<TalkerState> gone) {
        for (TalkerState talker : gone) {
            ProgramKey program = programs.remove(talker);
            if (program != null) {
                List<TalkerState> few = apart.get(program);
                if (few != null && few.remove(talker) && few.isEmpty()) {
                    apart.remove(program);
                }
            } else if (!talker.owned && !talker.isVictim && !standsForMany(talker)) {
                unowned.computeIfPresent(talker.traffic, (t, count) -> count > 1 ? count - 1 : null);
            }
        }
        talkers.removeAll(gone);
        awake.removeAll(gone);
        byKey.values().removeIf(gone::contains);
    }
}
