package org.outguard.app.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.NeededService;
import org.outguard.guard.observation.NeededService.Role;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.policy.Policy;
import org.outguard.kernel.Routes;
import org.outguard.kernel.SshSessions;
import org.outguard.procfs.CgroupMount;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.RunningServices;
import org.outguard.procfs.SshSocketUnits;

/** What of this machine must not be cut off, looked up from the thread whose network namespace counts. */
public final class ProtectedResourcesReader {

    private static final Path PROC = Path.of("/proc");

    private static final Set<String> PACKAGE_USERS = Set.of("_apt");

    /** Services start and end seldom, and a look at every process costs more the more there are. */
    private static final long SERVICES_NANOS = Duration.ofMinutes(1).toNanos();

    private final PasswdFile users = new PasswdFile(Path.of("/etc/passwd"));
    private final Set<String> mailUsers;
    private final NamedNamespace namespace;
    private final NeverBlockedHere neverBlocked;
    private @Nullable RunningServices services;
    private Set<Integer> unitPorts = Set.of();
    private long servicesNanos;

    /**
     * Looks nothing up yet.
     *
     * @param policy names users that deliver mail, and destinations that are never blocked
     * @param relayHosts see {@link org.outguard.mta.MailSystem#relayHosts}
     * @param namespace that of the threads that will look
     */
    public ProtectedResourcesReader(Policy policy, Supplier<Set<String>> relayHosts, NamedNamespace namespace) {
        this.mailUsers = Set.copyOf(policy.mailUsers());
        this.neverBlocked = new NeverBlockedHere(policy.neverBlock(), relayHosts);
        this.namespace = namespace;
    }

    /** What could not be looked up, in words; empty where all could. */
    public String problem() {
        return neverBlocked.problem();
    }

    /**
     * Looks once.
     *
     * @param destinations whether those that are never blocked are wanted, which takes up to a second
     */
    public ProtectedResources look(boolean destinations) {
        int self = (int) ProcessHandle.current().pid();
        String connection = Optional.ofNullable(System.getenv("SSH_CONNECTION")).orElse("");
        RunningServices running = services();
        Set<Integer> sshPorts = new HashSet<>(running.sshPorts());
        sshPorts.addAll(unitPorts);
        SshSessions sessions = SshSessions.find(PROC, self, connection, sshPorts);
        Set<String> groups = new HashSet<>();
        sessions.daemons().forEach(pid -> cgroup(Integer.toString(pid)).ifPresent(groups::add));
        cgroup("self").ifPresent(groups::add);
        groups.add("system.slice/ssh.service");
        groups.add("system.slice/sshd.service");
        Set<IpAddress> resolvers = resolvers();
        Map<Integer, String> mail = users.named(mailUsers);
        return new ProtectedResources(
                new ProtectedResources.Access(sessions.peers(), groups, sessions.ports(), sessions.served()),
                new ProtectedResources.Users(
                        mail,
                        users.named(PACKAGE_USERS),
                        with(users.named(RunningServices.NAME_USERS), running.services(), Role.NAMES),
                        with(users.named(RunningServices.TIME_USERS), running.services(), Role.TIME)),
                resolvers,
                Routes.uplink(),
                destinations ? neverBlocked.look(sessions, resolvers, mail.keySet()) : List.of(),
                running.services());
    }

    private RunningServices services() {
        long now = System.nanoTime();
        if (services == null || now - servicesNanos > SERVICES_NANOS) {
            servicesNanos = now;
            services = RunningServices.read(PROC, users);
            unitPorts = new SshSocketUnits(SshSocketUnits.FOLDERS).ports();
        }
        return services;
    }

    /* Whoever runs such a server, whatever the user is called; root's look-ups are let out anyway. */
    private static Map<Integer, String> with(Map<Integer, String> named, List<NeededService> services, Role role) {
        Map<Integer, String> all = new HashMap<>(named);
        services.stream()
                .filter(service -> service.role() == role && service.uid() != 0)
                .forEach(service -> all.putIfAbsent(service.uid(), service.user()));
        return all;
    }

    private static Optional<String> cgroup(String process) {
        return CgroupMount.pathOf(PROC.resolve(process))
                .map(path -> path.substring(1))
                .filter(path -> !path.isEmpty());
    }

    private Set<IpAddress> resolvers() {
        return namespace.resolvers().stream()
                .filter(address -> !address.loopback())
                .collect(Collectors.toUnmodifiableSet());
    }
}
