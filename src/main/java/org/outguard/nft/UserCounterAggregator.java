package org.outguard.nft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.outguard.flow.Destination;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.UserPacketCount;
import org.outguard.nft.Accounting.Flow;
import org.outguard.nft.Accounting.Seen;
import org.outguard.nft.Accounting.Total;
import org.outguard.nft.Accounting.Who;
import org.outguard.owner.Account;

/** Turns what the sets counted, by user and apart from that by control group, into counts by user that name the group. */
public final class UserCounterAggregator {

    private UserCounterAggregator() {}

    /**
     * The counts by user.
     *
     * @param seen what was counted
     * @param names the name of a user by its id
     */
    public static List<UserPacketCount> of(Seen seen, IntFunction<String> names) {
        Map<Destination, Map<String, Long>> groups = new HashMap<>();
        Map<Long, Long> unlisted = new HashMap<>();
        for (Total total : seen.totals()) {
            if (total.who() instanceof Who.User user) {
                unlisted.merge(user.uid(), total.packets(), Long::sum);
            }
        }
        for (Flow flow : seen.flows()) {
            if (flow.who() instanceof Who.Cgroup group) {
                groups.computeIfAbsent(new Destination(flow.protocol(), flow.remote()), p -> new HashMap<>())
                        .merge(group.path(), flow.packets(), Long::sum);
            }
        }
        List<UserPacketCount> counts = new ArrayList<>();
        for (Flow flow : seen.flows()) {
            if (flow.who() instanceof Who.User user) {
                Map<String, Long> sent = groups.getOrDefault(new Destination(flow.protocol(), flow.remote()), Map.of());
                counts.add(new UserPacketCount(
                        account(user.uid(), names),
                        group(sent, flow.packets()),
                        flow.protocol(),
                        Optional.of(flow.remote()),
                        flow.packets()));
                unlisted.merge(user.uid(), -flow.packets(), Long::sum);
            }
        }
        unlisted.forEach((uid, packets) -> {
            if (packets > 0) {
                counts.add(new UserPacketCount(account(uid, names), "", Protocol.OTHER, Optional.empty(), packets));
            }
        });
        return counts;
    }

    private static Account account(long uid, IntFunction<String> names) {
        return new Account((int) uid, names.apply((int) uid));
    }

    /* The only one that sends there, or the only one that sends just as much. */
    private static String group(Map<String, Long> sent, long packets) {
        if (sent.size() == 1) {
            return sent.keySet().iterator().next();
        }
        List<String> same = sent.entrySet().stream()
                .filter(group -> group.getValue() == packets)
                .map(Map.Entry::getKey)
                .toList();
        return same.size() == 1 ? same.get(0) : "";
    }
}
