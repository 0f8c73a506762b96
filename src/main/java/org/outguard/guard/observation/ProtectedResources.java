package org.outguard.guard.observation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;

/**
 * What of this machine a block must not cut off without a word, and what a lockdown lets out.
 *
 * @param sessions the far ends of the SSH sessions that Outguard runs in, or of all where it cannot be said which
 * @param sessionGroups control groups of those sessions, of sshd and of Outguard, without the first slash
 * @param sshPorts TCP ports at which sshd answers
 * @param servedPorts TCP ports below 1024, which only root can open, at which anything answers
 * @param resolvers name servers in use, but those on loopback
 * @param mailUsers users of mail servers, by uid
 * @param packageUsers users that fetch packages, by uid
 * @param nameUsers users of name servers on this machine, by uid
 * @param timeUsers users that set the clock, by uid
 * @param uplink where the routes lead; empty where that is not known
 * @param neverBlocked destinations that the policy's {@code never_block} is about
 * @param services name and time servers that run here
 */
public record ProtectedResources(
        Set<Endpoint> sessions,
        Set<String> sessionGroups,
        Set<Integer> sshPorts,
        Set<Integer> servedPorts,
        Set<IpAddress> resolvers,
        Map<Integer, String> mailUsers,
        Map<Integer, String> packageUsers,
        Map<Integer, String> nameUsers,
        Map<Integer, String> timeUsers,
        Optional<Uplink> uplink,
        List<NeverBlocked> neverBlocked,
        List<NeededService> services) {

    /** The same where no more is known. */
    public ProtectedResources(
            Set<Endpoint> sessions,
            Set<String> sessionGroups,
            Set<Integer> sshPorts,
            Set<Integer> servedPorts,
            Set<IpAddress> resolvers,
            Map<Integer, String> mailUsers,
            Map<Integer, String> packageUsers,
            Map<Integer, String> nameUsers,
            Map<Integer, String> timeUsers) {
        this(
                sessions,
                sessionGroups,
                sshPorts,
                servedPorts,
                resolvers,
                mailUsers,
                packageUsers,
                nameUsers,
                timeUsers,
                Optional.empty(),
                List.of(),
                List.of());
    }

    /** The same with more users of mail servers. */
    public ProtectedResources withMailUsers(Map<Integer, String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<Integer, String> all = new HashMap<>(more);
        all.putAll(mailUsers);
        return new ProtectedResources(
                sessions,
                sessionGroups,
                sshPorts,
                servedPorts,
                resolvers,
                all,
                packageUsers,
                nameUsers,
                timeUsers,
                uplink,
                neverBlocked,
                services);
    }

    /** Nothing is known; sshd answers where it does by default. */
    public static final ProtectedResources UNKNOWN = new ProtectedResources(
            Set.of(), Set.of(), Set.of(22), Set.of(), Set.of(), Map.of(), Map.of(), Map.of(), Map.of());

    public ProtectedResources {
        sessions = Set.copyOf(sessions);
        sessionGroups = Set.copyOf(sessionGroups);
        sshPorts = Set.copyOf(sshPorts);
        servedPorts = Set.copyOf(servedPorts);
        resolvers = Set.copyOf(resolvers);
        mailUsers = Map.copyOf(mailUsers);
        packageUsers = Map.copyOf(packageUsers);
        nameUsers = Map.copyOf(nameUsers);
        timeUsers = Map.copyOf(timeUsers);
        neverBlocked = List.copyOf(neverBlocked);
        services = List.copyOf(services);
    }

    /** The same with these destinations never blocked. */
    public ProtectedResources with(List<NeverBlocked> destinations) {
        return new ProtectedResources(
                sessions,
                sessionGroups,
                sshPorts,
                servedPorts,
                resolvers,
                mailUsers,
                packageUsers,
                nameUsers,
                timeUsers,
                uplink,
                destinations,
                services);
    }
}
