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
 * @param access how people reach this machine
 * @param users users of what the machine needs
 * @param resolvers name servers in use, but those on loopback
 * @param uplink where the routes lead; empty where that is not known
 * @param neverBlocked destinations that the policy's {@code never_block} is about
 * @param services name and time servers that run here
 */
public record ProtectedResources(
        Access access,
        Users users,
        Set<IpAddress> resolvers,
        Optional<Uplink> uplink,
        List<NeverBlocked> neverBlocked,
        List<NeededService> services) {

    /** The same with more users of mail servers. */
    public ProtectedResources withMailUsers(Map<Integer, String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<Integer, String> all = new HashMap<>(more);
        all.putAll(mailUsers());
        return new ProtectedResources(
                access,
                new Users(all, packageUsers(), nameUsers(), timeUsers()),
                resolvers,
                uplink,
                neverBlocked,
                services);
    }

    /** Nothing is known; sshd answers where it does by default. */
    public static final ProtectedResources UNKNOWN = new ProtectedResources(
            new Access(Set.of(), Set.of(), Set.of(22), Set.of()),
            new Users(Map.of(), Map.of(), Map.of(), Map.of()),
            Set.of(),
            Optional.empty(),
            List.of(),
            List.of());

    public ProtectedResources {
        resolvers = Set.copyOf(resolvers);
        neverBlocked = List.copyOf(neverBlocked);
        services = List.copyOf(services);
    }

    /** The same with these destinations never blocked. */
    public ProtectedResources with(List<NeverBlocked> destinations) {
        return new ProtectedResources(access, users, resolvers, uplink, destinations, services);
    }

    /**
     * How people reach this machine.
     *
     * @param sessions the far ends of the SSH sessions that Outguard runs in, or of all where it cannot be said which
     * @param sessionGroups control groups of those sessions, of sshd and of Outguard, without the first slash
     * @param sshPorts TCP ports at which sshd answers
     * @param servedPorts TCP ports below 1024, which only root can open, at which anything answers
     */
    public record Access(
            Set<Endpoint> sessions, Set<String> sessionGroups, Set<Integer> sshPorts, Set<Integer> servedPorts) {
        public Access {
            sessions = Set.copyOf(sessions);
            sessionGroups = Set.copyOf(sessionGroups);
            sshPorts = Set.copyOf(sshPorts);
            servedPorts = Set.copyOf(servedPorts);
        }
    }

    /**
     * Users of what the machine needs.
     *
     * @param mailUsers users of mail servers, by uid
     * @param packageUsers users that fetch packages, by uid
     * @param nameUsers users of name servers on this machine, by uid
     * @param timeUsers users that set the clock, by uid
     */
    public record Users(
            Map<Integer, String> mailUsers,
            Map<Integer, String> packageUsers,
            Map<Integer, String> nameUsers,
            Map<Integer, String> timeUsers) {
        public Users {
            mailUsers = Map.copyOf(mailUsers);
            packageUsers = Map.copyOf(packageUsers);
            nameUsers = Map.copyOf(nameUsers);
            timeUsers = Map.copyOf(timeUsers);
        }
    }

    /** {@link Access#sessions}. */
    public Set<Endpoint> sessions() {
        return access.sessions();
    }

    /** {@link Access#sessionGroups}. */
    public Set<String> sessionGroups() {
        return access.sessionGroups();
    }

    /** {@link Access#sshPorts}. */
    public Set<Integer> sshPorts() {
        return access.sshPorts();
    }

    /** {@link Access#servedPorts}. */
    public Set<Integer> servedPorts() {
        return access.servedPorts();
    }

    /** {@link Users#mailUsers}. */
    public Map<Integer, String> mailUsers() {
        return users.mailUsers();
    }

    /** {@link Users#packageUsers}. */
    public Map<Integer, String> packageUsers() {
        return users.packageUsers();
    }

    /** {@link Users#nameUsers}. */
    public Map<Integer, String> nameUsers() {
        return users.nameUsers();
    }

    /** {@link Users#timeUsers}. */
    public Map<Integer, String> timeUsers() {
        return users.timeUsers();
    }
}
