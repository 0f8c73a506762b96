package org.outguard.guard.traffic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.flow.RateWindow;
import org.outguard.guard.observation.UserPacketCount;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;

/**
 * Whose sockets send to a destination what no process is known for, by counts of users that somebody else made.
 *
 * <p>The counts are never added to what was captured: they only say whose it is. Of what a user's sockets sent to a
 * destination, what was captured of processes of that user is taken off. A user is named where it alone has something left
 * over, enough to explain what nobody owns, and the others next to nothing. Everything else stays without a name: users that
 * share a destination, and frames that no user's count explains.
 */
final class UserAttribution {

    /** Most destinations that are told apart; as many as the counts of users list. */
    static final int MOST = 16_384;

    /** Most users that share a destination; where there are more, none is named. */
    private static final int MOST_USERS = 64;

    private static final int WINDOW_SECONDS = 3;
    private static final long FORGET_NANOS = 60 * Nanos.PER_SECOND;

    /** So much the two counts may differ beside their ratio: they are not read at the same moment. */
    private static final long SKEW = 20;

    /** What others may have left over, of what nobody owns: less than one in so many. */
    private static final long ONE_IN = 50;

    /** Who opened a socket, and where. */
    private record Opener(Account account, String cgroup) {}

    private static final class Tally {
        final RateWindow nobodys = new RateWindow(WINDOW_SECONDS + 1);
        final Map<Integer, RateWindow> owned = new HashMap<>(2);
        final Map<Opener, RateWindow> sent = new HashMap<>(2);
        long sinceNanos;
        long countedNanos;
        long crowdedNanos = Long.MIN_VALUE / 2;

        /** When more than one user had something left over last: what was sent up to then may be either's. */
        long sharedNanos = Long.MIN_VALUE / 2;

        Attribution.@Nullable OfUser user;

        <K> void add(Map<K, RateWindow> windows, K key, long atNanos, long packets) {
            if (windows.size() >= MOST_USERS && !windows.containsKey(key)) {
                windows.values().removeIf(window -> window.sum(atNanos, WINDOW_SECONDS) == 0);
                if (windows.size() >= MOST_USERS) {
                    crowdedNanos = atNanos;
                    return;
                }
            }
            windows.computeIfAbsent(key, k -> new RateWindow(WINDOW_SECONDS + 1))
                    .add(atNanos, packets);
        }
    }

    private final Map<Destination, Tally> paths = new HashMap<>();

    /** All destinations that the counts of users do not list. */
    private final Tally rest = new Tally();

    /** Takes in packets that were captured and whose owner was looked for. */
    void captured(Protocol protocol, Endpoint remote, Attribution attribution, long atNanos, long packets) {
        if (paths.isEmpty() && rest.sent.isEmpty()) {
            return;
        }
        Tally tally = paths.getOrDefault(new Destination(protocol, remote), rest);
        attribution
                .knownOwner()
                .ifPresentOrElse(
                        owner -> tally.add(tally.owned, owner.uid(), atNanos, packets),
                        () -> tally.nobodys.add(atNanos, packets));
    }

    /**
     * Takes in what users' sockets sent since the time before.
     *
     * @return whether some destination is not the user's any more that it was
     */
    boolean counted(List<UserPacketCount> counts, long nowNanos) {
        // In the bucket that is just over, as the newest packets that were captured.
        long atNanos = nowNanos - RateWindow.BUCKET_NANOS;
        for (UserPacketCount count : counts) {
            Opener opener = new Opener(count.opener(), count.cgroup());
            if (count.remote().isEmpty()) {
                rest.add(rest.sent, opener, atNanos, count.packets());
                continue;
            }
            Destination path = new Destination(count.protocol(), count.remote().get());
            Tally tally = paths.get(path);
            if (tally == null && paths.size() < MOST) {
                tally = new Tally();
                tally.sinceNanos = nowNanos;
                paths.put(path, tally);
            }
            // What was captured is counted apart from then on, so what was sent is, too.
            if (tally != null && tally.sinceNanos < nowNanos) {
                tally.add(tally.sent, opener, atNanos, count.packets());
            }
            if (tally != null) {
                tally.countedNanos = nowNanos;
            }
        }
        paths.values().removeIf(tally -> nowNanos - tally.countedNanos > FORGET_NANOS);
        Set<Tally> all = new HashSet<>(paths.values());
        all.add(rest);
        boolean lost = false;
        for (Tally tally : all) {
            Attribution.OfUser before = tally.user;
            tally.user = settle(tally, nowNanos);
            lost |= before != null && !before.equals(tally.user);
        }
        return lost;
    }

    private static Attribution.@Nullable OfUser settle(Tally tally, long nowNanos) {
        if (nowNanos - tally.crowdedNanos < (WINDOW_SECONDS + 1) * Nanos.PER_SECOND) {
            return null;
        }
        Map<Integer, Long> left = new HashMap<>();
        tally.sent.forEach((opener, window) ->
                left.merge(opener.account().uid(), window.sum(nowNanos, WINDOW_SECONDS), Long::sum));
        long handedOn = 0;
        for (Map.Entry<Integer, RateWindow> owned : tally.owned.entrySet()) {
            long over = owned.getValue().sum(nowNanos, WINDOW_SECONDS) - left.getOrDefault(owned.getKey(), 0L);
            left.put(owned.getKey(), Math.max(0, -over));
            handedOn += Math.max(0, over);
        }
        // What a process sent and its user's sockets did not is sent by a socket that another opened: mostly root.
        long roots = Math.max(0, left.getOrDefault(0, 0L) - handedOn);
        handedOn -= left.getOrDefault(0, 0L) - roots;
        left.put(0, roots);

        long nobodys = tally.nobodys.sum(nowNanos, WINDOW_SECONDS);
        Map.Entry<Integer, Long> most =
                left.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        long others = left.values().stream().mapToLong(Long::longValue).sum() - most.getValue();
        boolean alone = others <= nobodys / ONE_IN;
        boolean one = alone && handedOn <= nobodys / ONE_IN;
        if (!alone && others > SKEW) {
            tally.sharedNanos = nowNanos;
        }
        // More than any user's socket sent: frames of AF_PACKET sockets, of which nft knows nothing.
        boolean explained = nobodys <= most.getValue() + most.getValue() / 2 + SKEW;
        return nobodys > 0 && most.getValue() > 0 && one && explained ? user(tally, most.getKey(), nowNanos) : null;
    }

    private static Attribution.@Nullable OfUser user(Tally tally, int uid, long nowNanos) {
        Set<String> cgroups = new HashSet<>();
        Account account = null;
        for (Map.Entry<Opener, RateWindow> sent : tally.sent.entrySet()) {
            if (sent.getKey().account().uid() == uid && sent.getValue().sum(nowNanos, WINDOW_SECONDS) > 0) {
                account = sent.getKey().account();
                cgroups.add(sent.getKey().cgroup());
            }
        }
        if (account == null) {
            return null;
        }
        String cgroup = cgroups.size() == 1 ? cgroups.iterator().next() : "";
        return new Attribution.OfUser(
                account,
                cgroup,
                "nft's count by user: " + account.user()
                        + " opened the sockets that send there; which process sends by them" + " is not known");
    }

    /** Whose packets to one destination are that no process is known for. */
    Optional<Attribution.OfUser> of(Protocol protocol, Endpoint remote) {
        Tally tally = paths.isEmpty() ? null : paths.get(new Destination(protocol, remote));
        return tally == null ? Optional.empty() : Optional.ofNullable(tally.user);
    }

    /**
     * The same after the fact, also for destinations that are not listed: of what was sent up to the last count.
     *
     * @param firstNanos when the first of those packets was sent; nobody is named if several users were at it since then
     */
    Optional<Attribution.OfUser> afterwards(Protocol protocol, Endpoint remote, long firstNanos) {
        Tally tally = paths.getOrDefault(new Destination(protocol, remote), rest);
        return tally.sharedNanos < firstNanos ? Optional.ofNullable(tally.user) : Optional.empty();
    }

    /** Whose sockets sent all that is listed here; empty where it is more than one user's, or cannot be told of a part. */
    Optional<Attribution.OfUser> soleUser(TalkerState talker) {
        if (talker.remotes.packets() < talker.packets) {
            return Optional.empty();
        }
        List<Attribution.OfUser> one = new ArrayList<>(1);
        boolean mixed = talker.remotes.any(remote -> {
            Optional<Attribution.OfUser> user = afterwards(talker.protocol, remote, talker.firstSeenNanos);
            if (user.isPresent() && one.isEmpty()) {
                one.add(user.get());
            }
            return user.isEmpty() || !one.get(0).equals(user.get());
        });
        return mixed ? Optional.empty() : one.stream().findFirst();
    }
}
