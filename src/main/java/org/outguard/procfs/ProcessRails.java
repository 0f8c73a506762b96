package org.outguard.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.action.ProcessStep;
import org.outguard.owner.ProcessId;

/**
 * What is never frozen or ended, whoever asks: init, the kernel's threads, Outguard and all that it runs in, and the sshd
 * by which help would come. Decided by what the kernel says, not by names: a process chooses its name.
 */
public final class ProcessRails {

    private static final Set<String> SSHD = Set.of("sshd", "sshd-session", "sshd-auth");
    private static final int MAX_STATUS_BYTES = 16_384;

    private final Path proc;
    private final Path cgroups;
    private final int ownPid;
    private final String sshConnection;

    /**
     * @param proc where proc(5) is mounted
     * @param cgroups where control groups are mounted
     * @param ownPid this process
     * @param sshConnection SSH_CONNECTION of this session (ssh(1)), empty where there is none
     */
    public ProcessRails(Path proc, Path cgroups, int ownPid, String sshConnection) {
        this.proc = proc;
        this.cgroups = cgroups;
        this.ownPid = ownPid;
        this.sshConnection = sshConnection;
    }

    /** Why this may not be done; empty where it may. A process is let go on whatever it is. */
    public Optional<String> refusal(ProcessStep step) {
        if (!step.process().isHere()) {
            return Optional.of(ProcessId.NOT_HERE);
        }
        if (step instanceof ProcessStep.Thaw || step instanceof ProcessStep.Keep) {
            return Optional.empty();
        }
        ProcessTable table = ProcessTable.read(proc);
        ProcessId id = step.process();
        Optional<ProcessTable.Row> row = ProcessTable.row(proc, id.pid());
        if (row.isEmpty() || !row.get().id().equals(id)) {
            // Whoever holds it will say that it has ended.
            return Optional.empty();
        }
        if (table.find(id.pid()).isEmpty()) {
            return Optional.of(id.pid() + " is a thread of a process, not a process");
        }
        return refusal(table, id.pid()).or(() -> switch (step.scope()) {
            case PROCESS -> Optional.empty();
            case TREE ->
                among(
                        table,
                        table.descendants(id, ProcessGroup.MAX).stream()
                                .map(ProcessId::pid)
                                .toList(),
                        "its descendant: ");
            case CGROUP -> ofCgroup(table, id);
        });
    }

    private Optional<String> ofCgroup(ProcessTable table, ProcessId id) {
        Optional<CgroupFolder> folder = CgroupFolder.of(proc, cgroups, id.pid());
        if (folder.isEmpty()) {
            return Optional.of("process " + id.pid() + " is in no control group of its own that could be stopped");
        }
        List<Integer> members = folder.get().pids();
        Optional<String> refused = among(table, members, "in its control group: ");
        if (refused.isPresent()) {
            return refused;
        }
        int uid = uid(id.pid());
        return members.stream()
                .filter(pid -> uid(pid) != uid && table.find(pid).isPresent())
                .findFirst()
                .map(pid -> "its control group " + folder.get().path() + " is shared with another user's process " + pid
                        + " "
                        + table.find(pid).map(found -> found.stat().command()).orElse("") + ", which would go with it");
    }

    private Optional<String> among(ProcessTable table, List<Integer> pids, String where) {
        return pids.stream()
                .map(pid -> refusal(table, pid))
                .flatMap(Optional::stream)
                .findFirst()
                .map(reason -> where + reason);
    }

    private Optional<String> refusal(ProcessTable table, int pid) {
        Optional<ProcessTable.Row> row = table.find(pid);
        String who = "process " + pid + row.map(r -> " " + r.stat().command()).orElse("");
        if (pid == 1) {
            return Optional.of("process 1 is init: the machine would go down with it");
        }
        if (row.isPresent() && row.get().stat().kernelThread()) {
            return Optional.of(who + " is a thread of the kernel");
        }
        if (pid == ownPid) {
            return Optional.of(who + " is Outguard itself");
        }
        if (table.ancestors(ownPid).stream().anyMatch(above -> above.id().pid() == pid)) {
            return Optional.of(who + " is what this Outguard runs in: the session would go with it");
        }
        return row.isPresent() && isSshd(pid) ? sshd(pid, who) : Optional.empty();
    }

    /* An attacker's own program may be called sshd as well, but it is not root's. */
    private boolean isSshd(int pid) {
        String exe = ProcFile.link(proc.resolve(pid + "/exe")).orElse("");
        String name = exe.substring(exe.lastIndexOf('/') + 1);
        boolean system = exe.startsWith("/usr/") || exe.startsWith("/sbin/");
        return system && SSHD.contains(name.replace(" (deleted)", ""));
    }

    private Optional<String> sshd(int pid, String who) {
        Path process = proc.resolve(Integer.toString(pid));
        List<OpenSocket> sockets = OpenSocket.of(process, OpenFiles.of(process).sockets());
        if (sockets.stream().anyMatch(OpenSocket::listens)) {
            return Optional.of(who + " is the sshd that listens: nobody could log in any more");
        }
        String[] ends = sshConnection.split(" ");
        boolean ours = ends.length == 4
                && sockets.stream()
                        .filter(OpenSocket::connected)
                        .map(socket -> OpenSocket.endpoint(socket.remote(), socket.remotePort()))
                        .anyMatch(remote ->
                                remote.equals((ends[0].contains(":") ? "[" + ends[0] + "]" : ends[0]) + ":" + ends[1]));
        return ours ? Optional.of(who + " is the sshd of this session") : Optional.empty();
    }

    private int uid(int pid) {
        return ProcFile.text(proc.resolve(pid + "/status"), MAX_STATUS_BYTES)
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith("Uid:")).findFirst())
                .map(line -> line.split("\\s+"))
                .filter(fields -> fields.length > 2 && fields[2].matches("\\d{1,10}"))
                .map(fields -> Integer.parseUnsignedInt(fields[2]))
                .orElse(-1);
    }
}
