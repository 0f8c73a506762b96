package org.outguard.guard.detect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.RateWindow;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.stats.Nanos;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * Finds addresses that many senders flood together, none of which is a flooder alone: kind {@link OffenceKind#VICTIM}. Such a
 * row names its contributors. Its packets are those of their rows once more, and in no total. Looks once a second.
 */
public final class Victims {

    /** Most of them at a time; of more, those that are there already stay. */
    static final int MOST = 64;

    /** Most contributors that a row names. */
    static final int MOST_NAMED = 64;

    /** Who sends less than one in so many of the limit makes no difference. */
    private static final long LITTLE = 1_000;

    private final Policy policy;
    private final Correlator correlator;
    private final Judge judge;
    private final DecisionLog log;
    private final Map<IpAddress, TalkerState> rows = new HashMap<>();

    public Victims(Policy policy, Correlator correlator, Judge judge, DecisionLog log) {
        this.policy = policy;
        this.correlator = correlator;
        this.judge = judge;
        this.log = log;
    }

    /** What one address gets of several. */
    private static final class Load {
        double rate;
        double bytes;
        final Map<Endpoint, Double> ports = new LinkedHashMap<>();
        final Set<TalkerState> senders = new LinkedHashSet<>();
    }

    /**
     * Looks at the last second.
     *
     * @param blocked whether a block of a row is in force
     */
    public void look(long nowNanos, Predicate<TalkerState> blocked) {
        rows.values().retainAll(correlator.talkers());
        Map<IpAddress, Load> loads = loads(nowNanos);
        loads.forEach((address, load) -> {
            if (load.rate >= policy.suspectVictim() && load.senders.size() > 1) {
                charge(address, load, nowNanos);
            }
        });
        rows.forEach((address, row) -> {
            Load load = loads.getOrDefault(address, new Load());
            Judgement before = row.judgement;
            row.judgement = judge.keep(row, judgement(load), nowNanos, blocked.test(row));
            log.judges(row.id, before, row.judgement);
        });
        Set<TalkerState> over = new HashSet<>(rows.values());
        over.removeIf(row -> row.judgement.verdict() != Verdict.CLEAN);
        if (!over.isEmpty()) {
            rows.values().removeAll(over);
            correlator.forget(over);
        }
    }

    private Map<IpAddress, Load> loads(long nowNanos) {
        List<TalkerState> senders = new ArrayList<>();
        double all = 0;
        for (TalkerState talker : correlator.awake()) {
            double rate = talker.packetRate.perSecond(nowNanos, 1);
            if (counts(talker) && rate >= policy.suspectVictim() / (double) LITTLE) {
                senders.add(talker);
                all += rate;
            }
        }
        Map<IpAddress, Load> loads = new HashMap<>();
        if (all < policy.suspectVictim()) {
            return loads;
        }
        for (TalkerState talker : senders) {
            double bytesEach = talker.byteRate.perSecond(nowNanos, 1) / talker.packetRate.perSecond(nowNanos, 1);
            talker.forEachRate(nowNanos, (remote, rate) -> {
                Load load = loads.computeIfAbsent(remote.address(), address -> new Load());
                load.rate += rate;
                load.bytes += rate * bytesEach;
                load.ports.merge(remote, rate, Double::sum);
                load.senders.add(talker);
            });
        }
        return loads;
    }

    private boolean counts(TalkerState talker) {
        boolean flood = talker.traffic == TrafficClass.UDP
                || talker.traffic == TrafficClass.ICMP
                || talker.traffic == TrafficClass.OTHER;
        return flood
                && !talker.isVictim
                && talker.judgement.verdict() != Verdict.OFFENDING
                && talker.attribution
                        .account()
                        .filter(account -> policy.exemptUsers().contains(account.user()))
                        .isEmpty();
    }

    private void charge(IpAddress address, Load load, long nowNanos) {
        TalkerState row = rows.get(address);
        if (row == null) {
            if (rows.size() >= MOST) {
                return;
            }
            TalkerState first = load.senders.iterator().next();
            row = correlator.victim(address, first.traffic, first.protocol, names(load));
            rows.put(address, row);
        }
        row.attribution = names(load);
        load.senders.forEach(row::addPidsOf);
        // The buckets that the rate is of.
        long last = Math.floorDiv(nowNanos, RateWindow.BUCKET_NANOS) * RateWindow.BUCKET_NANOS - 1;
        long first = last - Nanos.PER_SECOND + 1;
        row.add(first, last, Math.round(load.rate), Math.round(load.bytes), 0);
        row.seen(first, last);
        for (Map.Entry<Endpoint, Double> port : load.ports.entrySet()) {
            long packets = Math.round(port.getValue());
            long bytes = Math.round(load.bytes * port.getValue() / load.rate);
            row.addRemote(port.getKey(), first, last, packets, bytes, row.listedRemotes() < MOST);
        }
    }

    private static Attribution names(Load load) {
        List<Owner> owners = new ArrayList<>();
        int nameless = 0;
        for (TalkerState sender : load.senders) {
            Owner owner = sender.attribution.knownOwner().orElse(null);
            if (owner == null) {
                nameless++;
            } else if (owners.size() < MOST_NAMED) {
                owners.add(owner);
            }
        }
        return new Attribution.Contested(
                owners,
                load.senders.size() + " senders to one address, none of which is over the limits alone"
                        + (nameless == 0 ? "" : "; " + nameless + " of them without a name"));
    }

    private Judgement judgement(Load load) {
        String words = Judge.whole(load.rate) + " packets/s of " + load.senders.size() + " senders to one address";
        return Judge.limits(OffenceKind.VICTIM, words, load.rate, policy.suspectVictim(), policy.offendingVictim());
    }
}
