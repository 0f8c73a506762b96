package org.outguard.app.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.app.wiring.Wiring;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.observation.NeverBlocked;
import org.outguard.guard.policy.NeverBlock;
import org.outguard.guard.policy.NeverBlock.Source;
import org.outguard.kernel.Routes;
import org.outguard.kernel.SshSessions;
import org.outguard.kernel.socket.SocketRecord;

/** Looks up the destinations that {@code never_block} of the policy is about. For one thread. */
final class NeverBlockedHere {

    private static final Path WTMP = Path.of("/var/log/wtmp");
    private static final Path LOGIND = Path.of("/run/systemd/sessions");
    private static final Set<Integer> MAIL_PORTS = Set.of(25, 465, 587);

    /** A resolver may be what is being flooded: who acts does not wait longer for it. */
    private static final Duration RESOLVED_WITHIN = Duration.ofSeconds(1);

    private static final long RESOLVED_AGAIN_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int MOST_COUNTED = 256;
    private static final int BUSIEST = 16;

    private final NeverBlock wanted;
    private final Supplier<Set<String>> relayHosts;
    private final Map<IpAddress, Integer> deliveries = new LinkedHashMap<>();
    private @Nullable CompletableFuture<Resolved> resolving;
    private Resolved relays = new Resolved(Set.of(), "");
    private long askedNanos;

    /**
     * What is known of relay hosts.
     *
     * @param problem which of them has no address that is known, in words; empty where all have
     */
    private record Resolved(Set<IpAddress> addresses, String problem) {}

    /**
     * @param wanted what the policy names
     * @param relayHosts names and addresses, as the mail systems have them; asked in a thread of its own
     */
    NeverBlockedHere(NeverBlock wanted, Supplier<Set<String>> relayHosts) {
        this.wanted = wanted;
        this.relayHosts = relayHosts;
    }

    /** What of it is not known, in words; empty where all is. */
    String problem() {
        return relays.problem();
    }

    /**
     * Looks once.
     *
     * @param sessions SSH sessions and sockets
     * @param resolvers name servers in use
     * @param mailUids users of mail systems
     */
    List<NeverBlocked> look(SshSessions sessions, Set<IpAddress> resolvers, Set<Integer> mailUids) {
        List<NeverBlocked> all = new ArrayList<>();
        wanted.networks().stream().map(NeverBlocked::named).forEach(all::add);
        for (Source source : new TreeSet<>(wanted.sources())) {
            Collection<IpAddress> addresses = switch (source) {
                case GATEWAY -> Routes.gateways();
                case RESOLVERS -> resolvers;
                case RELAYHOST -> relays();
                case LOGINS -> logins(sessions);
                case DELIVERIES -> deliveries(sessions.sockets(), mailUids);
            };
            addresses.stream()
                    .filter(address -> !address.loopback())
                    .sorted()
                    .map(address -> NeverBlocked.found(BlockTarget.Remote.of(address), source))
                    .forEach(all::add);
        }
        return all;
    }

    private static Set<IpAddress> logins(SshSessions sessions) {
        Set<IpAddress> addresses = LastLogins.read(WTMP, LOGIND);
        sessions.clients().forEach(client -> addresses.add(client.address()));
        return addresses;
    }

    /* In how many looks each was connected to; of too many, the one that was seen longest ago goes first. */
    private Collection<IpAddress> deliveries(List<SocketRecord> sockets, Set<Integer> mailUids) {
        sockets.stream()
                .filter(socket -> MAIL_PORTS.contains(socket.remote().port()) && mailUids.contains(socket.uid()))
                .map(socket -> socket.remote().address())
                .distinct()
                .forEach(address -> {
                    Integer before = deliveries.remove(address);
                    deliveries.put(address, before == null ? 1 : before + 1);
                });
        while (deliveries.size() > MOST_COUNTED) {
            deliveries.remove(deliveries.keySet().iterator().next());
        }
        return deliveries.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(BUSIEST)
                .map(Map.Entry::getKey)
                .toList();
    }

    private Set<IpAddress> relays() {
        long now = System.nanoTime();
        if (resolving == null || resolving.isDone() && now - askedNanos > RESOLVED_AGAIN_NANOS) {
            askedNanos = now;
            CompletableFuture<Resolved> answer = new CompletableFuture<>();
            resolving = answer;
            Wiring.daemons("relay host")
                    .newThread(() -> answer.complete(resolved()))
                    .start();
        }
        try {
            relays = resolving.get(RESOLVED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            relays = new Resolved(
                    relays.addresses(), "the address of the relay host is not known yet: no name server answers");
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes it so", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return relays.addresses();
    }

    private Resolved resolved() {
        Set<IpAddress> addresses = new TreeSet<>();
        List<String> unknown = new ArrayList<>();
        for (String host : relayHosts.get()) {
            Optional<IpAddress> address = IpAddress.parse(host);
            address.ifPresent(addresses::add);
            if (address.isEmpty()) {
                try {
                    for (InetAddress each : InetAddress.getAllByName(host)) {
                        addresses.add(IpAddress.of(each));
                    }
                } catch (UnknownHostException e) {
                    unknown.add(host);
                }
            }
        }
        return new Resolved(
                addresses,
                unknown.isEmpty()
                        ? ""
                        : "a rule may block the relay host " + String.join(", ", unknown)
                                + ", whose address cannot be looked up: name the address in never_block");
    }
}
