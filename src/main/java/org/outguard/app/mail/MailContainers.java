package org.outguard.app.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.exec.CommandRunner;
import org.outguard.mta.container.ContainerRuntimes;

/** Containers of this machine in which a mail system runs, found by its processes: those with a pid namespace of their own. */
final class MailContainers {

    /** Names (comm of proc(5)) of the programs that a mail system always has running. */
    private static final Set<String> PROGRAMS = Set.of("master", "exim", "exim4", "smtpd");

    private static final Path PROC = Path.of("/proc");

    private static final ContainerRuntimes RUNTIMES = new ContainerRuntimes(Path.of("/"));
    private static final int MOST = 64;

    private MailContainers() {}

    /** Those that run now. */
    static List<ContainerHost> found(CommandRunner runner) {
        Optional<Path> own = ContainerHost.namespaceOf(ProcessHandle.current().pid());
        Map<Path, Integer> found = new LinkedHashMap<>();
        for (int pid : pids()) {
            if (own.isPresent() && PROGRAMS.contains(text(PROC.resolve(pid + "/comm")))) {
                ContainerHost.namespaceOf(pid)
                        .filter(namespace -> !namespace.equals(own.get()))
                        .ifPresent(namespace -> found.merge(namespace, pid, Math::min));
            }
        }
        List<ContainerHost> hosts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        found.entrySet().stream().limit(MOST).forEach(entry -> {
            int pid = entry.getValue();
            String id = ContainerRuntimes.id(text(PROC.resolve(pid + "/cgroup")));
            String name = id.isEmpty() ? "pid-" + pid : RUNTIMES.name(id);
            String one = names.add(name) ? name : name + "-" + pid;
            hosts.add(new ContainerHost(pid, one, id, entry.getKey(), runner));
        });
        return hosts;
    }

    /** The files into which the container's runtime writes what it prints. */
    static List<Path> logs(ContainerHost host) {
        return host.id().isEmpty() ? List.of() : RUNTIMES.logs(host.id());
    }

    private static List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            processes.forEach(process -> pids.add(Integer.valueOf(String.valueOf(process.getFileName()))));
        } catch (IOException | DirectoryIteratorException e) {
            return pids;
        }
        return pids;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            // It has ended.
            return "";
        }
    }
}
