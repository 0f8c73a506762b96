package org.outguard.guard.traffic;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.owner.Attribution;

/** The talkers, each under its keys. Their number is bounded; what comes later is one talker a traffic class, the overflow. */
final class TalkerIndex {

    /** Most talkers; what comes later is counted in one talker a traffic class. */
    static final int MAX_TALKERS = 4_096;

    /** Most talkers without an owner, a traffic class, before the rest is counted together. */
    static final int MAX_UNOWNED = 256;

    private static final int MAX_KEYS = 4 * FollowedFlows.MAX_FLOWS;

    private final Supplier<String> ids;
    private final Set<TalkerState> talkers = new LinkedHashSet<>();
    private final Set<TalkerState> awake = new LinkedHashSet<>();
    private final Map<TalkerKey, TalkerState> byKey = new HashMap<>();
    private final Map<TrafficClass, Integer> unowned = new EnumMap<>(TrafficClass.class);

    /** Talkers that became part of others. */
    final MovedRows moved = new MovedRows();

    /** What all talkers list. */
    final RemoteBudget remotes = new RemoteBudget();

    /** @param ids makes talker ids */
    TalkerIndex(Supplier<String> ids) {
        this.ids = ids;
    }

    Set<TalkerState> talkers() {
        return Collections.unmodifiableSet(talkers);
    }

    /** Talkers whose judgement may change. */
    Set<TalkerState> awake() {
        return awake;
    }

    @Nullable
    TalkerState find(TalkerKey key) {
        return byKey.get(key);
    }

    boolean isFull() {
        return talkers.size() >= MAX_TALKERS;
    }

    TalkerState create(TalkerKey key, TrafficClass traffic, Protocol protocol, boolean owned, Attribution attribution) {
        TalkerState talker = new TalkerState(ids.get(), traffic, protocol, owned, attribution, awake);
        byKey.put(key, talker);
        talkers.add(talker);
        return talker;
    }

    /** The talker with that key, which nobody owns; the overflow where there is no room for another. */
    TalkerState unowned(TalkerKey key, TrafficClass traffic, Protocol protocol, Attribution attribution) {
        TalkerState talker = byKey.get(key);
        if (talker != null) {
            return talker;
        }
        if (unowned.getOrDefault(traffic, 0) >= MAX_UNOWNED || isFull()) {
            return overflow(protocol, traffic);
        }
        unowned.merge(traffic, 1, Integer::sum);
        return create(key, traffic, protocol, false, attribution);
    }

    /** The overflow talker of a traffic class. */
    TalkerState overflow(Protocol protocol, TrafficClass traffic) {
        TalkerKey.Overflow key = new TalkerKey.Overflow(traffic);
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

    /** Whether nothing that is known of one flow says anything of the talker. */
    boolean isOverflow(TalkerState talker) {
        return byKey.get(new TalkerKey.Overflow(talker.traffic)) == talker;
    }

    /** Finds a talker under a further key, unless that key has one already. */
    void alias(TalkerKey key, TalkerState talker) {
        if (byKey.size() < MAX_KEYS) {
            byKey.putIfAbsent(key, talker);
        }
    }

    /** A talker is found under this key as well, whoever had it. */
    void put(TalkerKey key, TalkerState talker) {
        byKey.put(key, talker);
    }

    /** From here on a talker is found under this key alone. */
    void rename(TalkerState talker, TalkerKey key) {
        if (isOverflow(talker)) {
            unowned.merge(talker.traffic, 1, Integer::sum);
        }
        byKey.values().removeIf(other -> other == talker);
        byKey.put(key, talker);
    }

    /** Makes one talker of all of these, which is found under all their keys. */
    void merge(TalkerState together, Collection<TalkerState> all) {
        Set<TalkerState> others = new LinkedHashSet<>(all);
        others.remove(together);
        for (TalkerState other : others) {
            remotes.release(together.absorb(other));
            moved.add(other, together);
            releaseUnowned(other);
        }
        byKey.replaceAll((key, talker) -> others.contains(talker) ? together : talker);
        talkers.removeAll(others);
        awake.removeAll(others);
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
                .filter(talker -> talker.worst.verdict() == Verdict.CLEAN && !isOverflow(talker))
                .sorted(Comparator.comparingLong((TalkerState talker) -> -talker.packets))
                .skip(busiest)
                .toList();
    }

    /** Forgets talkers under all their keys; the cost follows the number of keys, so many go at once. */
    void forget(Set<TalkerState> gone) {
        gone.forEach(this::releaseUnowned);
        talkers.removeAll(gone);
        awake.removeAll(gone);
        byKey.values().removeIf(gone::contains);
    }

    private void releaseUnowned(TalkerState talker) {
        if (!talker.owned && !isOverflow(talker)) {
            unowned.computeIfPresent(talker.traffic, (t, count) -> count > 1 ? count - 1 : null);
        }
    }
}
