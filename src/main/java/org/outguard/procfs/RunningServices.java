package org.outguard.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.observation.NeededService;
import org.outguard.guard.observation.NeededService.Role;
import org.outguard.owner.ProcessId;

/**
 * Services that this machine needs, among its processes: name servers, time servers, and the sshd that listens.
 *
 * <p>A process chooses its name, and anybody may start a name server. One counts where its program lies where the system's do
 * and where it runs as root, as a user that is named after it, or in a control group that is: nobody else gets there.
 *
 * @param services name and time servers
 * @param sshPorts TCP ports at which root's sshd listens
 */
public record RunningServices(List<NeededService> services, Set<Integer> sshPorts) {

    /* By the program's name; of a service more than one may run. */
    private static final Map<String, Role> ROLES = Map.ofEntries(
            Map.entry("named", Role.NAMES),
            Map.entry("unbound", Role.NAMES),
            Map.entry("dnsmasq", Role.NAMES),
            Map.entry("pdns_server", Role.NAMES),
            Map.entry("pdns_recursor", Role.NAMES),
            Map.entry("knotd", Role.NAMES),
            Map.entry("kresd", Role.NAMES),
            Map.entry("nsd", Role.NAMES),
            Map.entry("coredns", Role.NAMES),
            Map.entry("systemd-resolved", Role.NAMES),
            Map.entry("chronyd", Role.TIME),
            Map.entry("ntpd", Role.TIME),
            Map.entry("systemd-timesyncd", Role.TIME));

    /** Users that name servers run as. */
    public static final Set<String> NAME_USERS = Set.of(
            "systemd-resolve",
            "unbound",
            "bind",
            "named",
            "pdns",
            "pdns-recursor",
            "dnsmasq",
            "knot",
            "knot-resolver",
            "nsd",
            "coredns");

    /** Users that time servers run as. */
    public static final Set<String> TIME_USERS =
            Set.of("systemd-timesync", "_chrony", "chrony", "ntp", "ntpsec", "ntpd", "_ntp", "openntpd");

    private static final Set<String> SSHD = Set.of("sshd", "dropbear");

    /* Longest name that the kernel keeps (TASK_COMM_LEN, with its zero). */
    private static final int COMMAND_LENGTH = 15;

    private static final Map<String, String> UNITS =
            Map.of("named", "bind9", "knotd", "knot", "pdns_server", "pdns", "chronyd", "chrony", "ntpd", "ntp");

    public RunningServices {
        services = List.copyOf(services);
        sshPorts = Set.copyOf(sshPorts);
    }

    /**
     * Looks once at every process; only of those that have such a name more than that is read.
     *
     * @param proc where proc(5) is mounted
     * @param users names of users
     */
    public static RunningServices read(Path proc, PasswdFile users) {
        List<NeededService> services = new ArrayList<>();
        Set<Integer> ports = new LinkedHashSet<>();
        for (int pid : ProcessTable.pids(proc)) {
            Optional<ProcessTable.Row> row = ProcessTable.row(proc, pid)
                    .filter(found -> isNamedSo(found.stat().command()));
            if (row.isPresent()) {
                Path process = proc.resolve(Integer.toString(pid));
                String program = program(process);
                if (SSHD.contains(program)) {
                    ports.addAll(ports(process));
                }
                Role role = ROLES.get(program);
                if (role != null) {
                    service(process, row.get().id(), program, role, users).ifPresent(services::add);
                }
            }
        }
        return new RunningServices(services, ports);
    }

    private static boolean isNamedSo(String command) {
        return SSHD.contains(command)
                || ROLES.keySet().stream()
                        .anyMatch(name -> name.substring(0, Math.min(COMMAND_LENGTH, name.length()))
                                .equals(command));
    }

    /* The name of the program's file; empty where it lies where anybody could have put it. */
    private static String program(Path process) {
        String exe = ProcFile.link(process.resolve("exe")).orElse("").replace(" (deleted)", "");
        boolean system = exe.startsWith("/usr/") || exe.startsWith("/sbin/") || exe.startsWith("/opt/");
        return system ? exe.substring(exe.lastIndexOf('/') + 1) : "";
    }

    private static Set<Integer> ports(Path process) {
        Set<Integer> ports = new LinkedHashSet<>();
        if (CgroupMount.uidOf(process).orElse(-1) == 0) {
            OpenSocket.of(process, OpenFiles.of(process).sockets()).stream()
                    .filter(OpenSocket::listens)
                    .forEach(socket -> ports.add(socket.localPort()));
        }
        return ports;
    }

    private static Optional<NeededService> service(
            Path process, ProcessId id, String program, Role role, PasswdFile users) {
        int uid = CgroupMount.uidOf(process).orElse(-1);
        String user = users.nameOf(uid);
        String cgroup = CgroupMount.pathOf(process)
                .filter(path -> path.startsWith("/"))
                .map(path -> path.substring(1))
                .orElse("");
        Set<String> own = role == Role.NAMES ? NAME_USERS : TIME_USERS;
        boolean ours = uid == 0 || own.contains(user) || isUnitOf(program, cgroup);
        return ours ? Optional.of(new NeededService(id, program, role, uid, user, cgroup)) : Optional.empty();
    }

    /* "system.slice/unbound.service", also "system.slice/system-kresd.slice/kresd@1.service". */
    private static boolean isUnitOf(String program, String cgroup) {
        String unit = cgroup.substring(cgroup.lastIndexOf('/') + 1);
        String name = unit.replaceFirst("@.*", "").replaceFirst("\\.service$", "");
        return cgroup.startsWith("system.slice/")
                && unit.endsWith(".service")
                && (name.equals(program)
                        || name.equals(program.replace('_', '-'))
                        || name.equals(UNITS.getOrDefault(program, "")));
    }
}
