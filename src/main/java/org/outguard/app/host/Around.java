package org.outguard.app.host;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.Surroundings;
import org.outguard.guard.policy.Policy;
import org.outguard.kernel.Routes;
import org.outguard.kernel.SshSessions;
import org.outguard.procfs.CgroupMount;
import org.outguard.procfs.PasswdFile;

/** What of this machine must not be cut off, looked up from the thread whose network namespace counts. */
public final class Around {

    private static final Path PROC = Path.of("/proc");

    private static final Set<String> PACKAGE_USERS = Set.of("_apt");
    private static final Set<String> NAME_USERS =
            Set.of("systemd-resolve", "unbound", "bind", "named", "pdns", "dnsmasq");
    private static final Set<String> TIME_USERS = Set.of("systemd-timesync", "_chrony", "chrony", "ntp", "ntpsec");

    private final PasswdFile users = new PasswdFile(Path.of("/etc/passwd"));
    private final Set<String> mailUsers;
    private final NamedNamespace namespace;

    /**
     * Looks nothing up yet.
     *
     * @param mailUsers names of users that deliver mail, see {@link Policy#mailUsers}
     * @param namespace that of the threads that will look
     */
    public Around(Set<String> mailUsers, NamedNamespace namespace) {
        this.mailUsers = Set.copyOf(mailUsers);
        this.namespace = namespace;
    }

    public Surroundings look() {
        int self = (int) ProcessHandle.current().pid();
        String connection = Optional.ofNullable(System.getenv("SSH_CONNECTION")).orElse("");
        SshSessions sessions = SshSessions.find(PROC, self, connection);
        Set<String> groups = new HashSet<>();
        sessions.daemons().forEach(pid -> cgroup(Integer.toString(pid)).ifPresent(groups::add));
        cgroup("self").ifPresent(groups::add);
        groups.add("system.slice/ssh.service");
        groups.add("system.slice/sshd.service");
        return new Surroundings(
                sessions.peers(),
                groups,
                sessions.ports(),
                sessions.served(),
                resolvers(),
                users.named(mailUsers),
                users.named(PACKAGE_USERS),
                users.named(NAME_USERS),
                users.named(TIME_USERS),
                Routes.uplink());
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
