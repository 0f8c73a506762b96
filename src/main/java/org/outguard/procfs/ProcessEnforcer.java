package org.outguard.procfs;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.port.StepRunner;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.evidence.EvidenceKeeper;
import org.outguard.procfs.evidence.ProcessEvidence;
import org.outguard.procfs.evidence.ProcessEvidenceResult;

/**
 * Freezes, thaws and ends processes, and keeps evidence of them. What is ended is stopped first, so that it cannot fork
 * away, and evidence is kept of it while it stands still; without evidence it is not ended. For one thread at a time.
 */
public final class ProcessEnforcer implements StepRunner<ProcessStep> {

    /** Evidence words that ask for none. */
    public static final String NO_EVIDENCE = "";

    private static final String ALSO = " # and its script, its folder's newest files, packets, index.json, SHA256SUMS";

    private static final int END_MILLIS = 2_000;
    private static final int FROZEN_TRIES = 1_000;
    private static final int SHOWN_PIDS = 4_096;
    private static final int KILL_ROUNDS = 50;

    private final Path proc;
    private final Path cgroups;
    private final ProcessHolder holder;
    private final SocketEnder ender;
    private final SocketHolders holders;
    private final ProcessRails rails;
    private final ProcessEvidence evidence;
    private final String usualEvidence;
    private final RespawnWatch respawns;
    private final Clock clock;

    /**
     * @param proc where proc(5) is mounted
     * @param cgroups where control groups are mounted
     * @param holder holds processes
     * @param ender ends sockets
     * @param holders who has a socket open
     * @param rails what is refused
     * @param evidence keeps what is known of a process
     * @param usualEvidence stands for {@link ProcessStep#USUAL_EVIDENCE}
     * @param respawns is told before a process is ended
     * @param clock stamps outcomes
     */
    public ProcessEnforcer(
            Path proc,
            Path cgroups,
            ProcessHolder holder,
            SocketEnder ender,
            SocketHolders holders,
            ProcessRails rails,
            ProcessEvidence evidence,
            Path usualEvidence,
            RespawnWatch respawns,
            Clock clock) {
        this.proc = proc;
        this.cgroups = cgroups;
        this.holder = holder;
        this.ender = ender;
        this.holders = holders;
        this.rails = rails;
        this.evidence = evidence;
        this.usualEvidence = usualEvidence.toAbsolutePath().toString();
        this.respawns = respawns;
        this.clock = clock;
    }

    @Override
    public ProcessStep prepare(ProcessStep step) {
        if (step instanceof ProcessStep.Kill kill && kill.evidence().equals(ProcessStep.USUAL_EVIDENCE)) {
            return new ProcessStep.Kill(kill.victim(), kill.scope(), usualEvidence);
        }
        return step instanceof ProcessStep.Keep keep && keep.evidence().equals(ProcessStep.USUAL_EVIDENCE)
                ? new ProcessStep.Keep(keep.process(), keep.name(), usualEvidence)
                : step;
    }

    @Override
    public Action.Plan plan(ProcessStep asked) {
        ProcessStep step = prepare(asked);
        if (step instanceof ProcessStep.Keep keep) {
            return new Action.Plan(copy(step.process(), keep.evidence()) + ALSO, "nothing to undo");
        }
        Optional<CgroupFolder> folder = step.scope() == ProcessStep.Scope.CGROUP
                ? CgroupFolder.of(proc, cgroups, step.process().pid())
                : Optional.empty();
        String stop = folder.map(f -> turn(f, true)).orElseGet(() -> kill("STOP", step));
        String go = folder.map(f -> turn(f, false)).orElseGet(() -> kill("CONT", step));
        if (step instanceof ProcessStep.Freeze) {
            return new Action.Plan(stop, go);
        }
        if (step instanceof ProcessStep.Thaw) {
            return new Action.Plan(go, stop);
        }
        String end = folder.filter(CgroupFolder::v2)
                .map(f -> "echo 1 > " + quoted(f.folder() + "/cgroup.kill"))
                .orElseGet(() -> kill("KILL", step));
        String evidence =
                step instanceof ProcessStep.Kill kill && !kill.evidence().equals(NO_EVIDENCE)
                        ? copy(step.process(), kill.evidence()) + "; "
                        : "";
        String also = evidence.isEmpty() ? "" : ALSO;
        return new Action.Plan(stop + "; " + evidence + end + also, "none: what was ended cannot be brought back");
    }

    /* What the keeper does, as far as a person would type it. */
    private static String copy(ProcessId id, String evidence) {
        return "d=" + quoted(evidence) + "/p-" + id.pid() + "-$(date -u +%Y%m%d-%H%M%S); install -m 0700 -d \"$d\"; "
                + "cp /proc/" + id.pid() + "/{exe," + String.join(",", EvidenceKeeper.TEXTS) + "} \"$d\"";
    }

    private static String turn(CgroupFolder folder, boolean frozen) {
        return "echo " + folder.switchWord(frozen) + " > "
                + quoted(folder.switchFile().toString());
    }

    private String kill(String signal, ProcessStep step) {
        List<ProcessId> members = ProcessGroup.members(proc, cgroups, step);
        String pids = members.stream()
                .limit(SHOWN_PIDS)
                .map(id -> Integer.toString(id.pid()))
                .collect(Collectors.joining(" "));
        return "kill -" + signal + " " + pids;
    }

    /* A control group's name may hold anything but a slash and a zero. */
    private static String quoted(String path) {
        return path.matches("[\\w/.:@+-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    /** Why a step may not be done at all; empty where it may. */
    public Optional<String> refusal(ProcessStep step) {
        return rails.refusal(step);
    }

    /* The process itself says: it stands still, it goes on, or it is not there any more. */
    @Override
    public Optional<Extent> happened(ProcessStep step) {
        return isSo(step).map(Extent::of);
    }

    private Optional<Boolean> isSo(ProcessStep step) {
        Optional<ProcessTable.Row> row = ProcessTable.row(proc, step.process().pid())
                .filter(found ->
                        found.id().equals(step.process()) && !found.stat().ended());
        if (step instanceof ProcessStep.Kill) {
            return Optional.of(row.isEmpty());
        }
        if (step instanceof ProcessStep.Keep || row.isEmpty()) {
            return Optional.empty();
        }
        boolean frozen = step.scope() == ProcessStep.Scope.CGROUP
                ? CgroupFolder.of(proc, cgroups, step.process().pid())
                        .filter(CgroupFolder::isFrozen)
                        .isPresent()
                : ProcessGroup.isStill(proc, step.process());
        return Optional.of(frozen == step instanceof ProcessStep.Freeze);
    }

    @Override
    public Outcome run(Action action, ProcessStep asked) {
        ProcessStep step = prepare(asked);
        Optional<String> refused = rails.refusal(step);
        if (refused.isPresent()) {
            return failed(action, "refused: " + refused.get());
        }
        try (ProcessGroup group = new ProcessGroup(proc, holder)) {
            if (step instanceof ProcessStep.Keep keep) {
                return keep(action, keep);
            }
            if (step.scope() == ProcessStep.Scope.CGROUP) {
                return ofCgroup(action, step, group);
            }
            boolean thaw = step instanceof ProcessStep.Thaw;
            Optional<String> problem =
                    group.signal(cgroups, step, thaw ? ProcessHolder.Signal.CONTINUE : ProcessHolder.Signal.STOP);
            if (problem.isPresent()) {
                return failed(action, "nothing was done: " + problem.get());
            }
            if (thaw) {
                // SIGCONT does not reach into a frozen control group.
                return CgroupFolder.of(proc, cgroups, step.process().pid())
                                .filter(CgroupFolder::isFrozen)
                                .isPresent()
                        ? failed(action, "its control group is frozen; thaw that: --cgroup")
                        : done(action, group, "");
            }
            List<ProcessId> moving = group.notStill();
            if (step instanceof ProcessStep.Kill kill) {
                return end(action, kill, group, Optional.empty());
            }
            return moving.isEmpty()
                    ? done(action, group, "")
                    : failed(action, pids(moving) + " do not stop: somebody may be tracing them (ptrace(2))");
        }
    }

    private Outcome keep(Action action, ProcessStep.Keep keep) {
        ProcessEvidenceResult result = evidence.keep(keep.process(), Path.of(keep.evidence()), action.why());
        if (result instanceof ProcessEvidenceResult.Kept kept) {
            return outcome(action, Outcome.Result.DONE, told(kept));
        }
        return failed(action, result instanceof ProcessEvidenceResult.NotKept lost ? lost.reason() : told(result));
    }

    private Outcome ofCgroup(Action action, ProcessStep step, ProcessGroup group) {
        Optional<CgroupFolder> folder =
                CgroupFolder.of(proc, cgroups, step.process().pid());
        // The group is one of this very process only while that is held.
        Optional<String> problem =
                folder.isEmpty() ? Optional.of("it is in no control group") : group.hold(step.process());
        if (problem.isPresent() || folder.isEmpty()) {
            return failed(action, "nothing was done: " + problem.orElse(""));
        }
        boolean thaw = step instanceof ProcessStep.Thaw;
        problem = folder.get().turn(!thaw);
        if (problem.isPresent()) {
            return failed(action, problem.get());
        }
        ProcessHolder.Grip named = group.gripOf(step.process());
        for (int tries = 0; !thaw && tries < FROZEN_TRIES && !folder.get().isFrozen(); tries++) {
            named.awaitEnd(1);
        }
        ProcessGroup.members(proc, cgroups, step).stream().skip(1).forEach(group::hold);
        if (step instanceof ProcessStep.Kill kill) {
            return end(action, kill, group, folder);
        }
        return thaw || folder.get().isFrozen()
                ? done(action, group, "")
                : failed(action, folder.get().path() + " does not freeze");
    }

    private Outcome end(Action action, ProcessStep.Kill kill, ProcessGroup group, Optional<CgroupFolder> folder) {
        List<String> details = new ArrayList<>();
        if (!kill.evidence().equals(NO_EVIDENCE)) {
            ProcessEvidenceResult result = evidence.keep(kill.process(), Path.of(kill.evidence()), action.why());
            if (result instanceof ProcessEvidenceResult.NotKept lost) {
                return failed(action, "it stands still, and was not ended since " + lost.reason());
            }
            details.add(told(result));
        }
        respawns.expect(action.id(), group.held(), clock.instant());
        details.addAll(endSockets(group.held()));
        // Where the kernel is too old for it, the signals below do the same, one by one.
        boolean atOnce = folder.flatMap(CgroupFolder::killAll).isEmpty() && folder.isPresent();
        if (!atOnce) {
            group.send(ProcessHolder.Signal.KILL);
        }
        for (int round = 0; folder.isPresent() && round < KILL_ROUNDS; round++) {
            List<ProcessId> more = ProcessGroup.members(proc, cgroups, kill).stream()
                    .filter(id -> !group.held().contains(id))
                    .toList();
            if (more.isEmpty()) {
                break;
            }
            more.forEach(group::hold);
            group.send(ProcessHolder.Signal.KILL);
        }
        // In a freezer of v1 even a killed process stands still until it is let go on.
        folder.ifPresent(f -> f.turn(false));
        List<ProcessId> alive = group.notEnded(END_MILLIS);
        details.addAll(group.problems());
        return alive.isEmpty()
                ? done(action, group, String.join("; ", details))
                : failed(action, pids(alive) + " got the signal and did not end; " + String.join("; ", details));
    }

    /* What others have open as well is left alone: they may be innocent. */
    private List<String> endSockets(List<ProcessId> members) {
        Set<ProcessId> ours = new HashSet<>(members);
        int ended = 0;
        int unconnected = 0;
        for (ProcessId id : members) {
            Path process = proc.resolve(Integer.toString(id.pid()));
            Set<Long> inodes = OpenFiles.of(process).sockets();
            List<OpenSocket> sockets = OpenSocket.of(process, inodes);
            Map<Long, List<ProcessId>> held = sockets.isEmpty() ? Map.of() : holders.holdersOf(inodes);
            for (OpenSocket socket : sockets) {
                boolean alone = ours.containsAll(held.getOrDefault(socket.inode(), List.of()));
                if (!socket.connected()) {
                    unconnected += socket.protocol().equals("udp") ? 1 : 0;
                } else if (alone && endSocket(process, socket)) {
                    ended++;
                }
            }
        }
        List<String> told = new ArrayList<>();
        if (ended > 0) {
            told.add(ended + (ended == 1 ? " socket" : " sockets") + " ended first (SOCK_DESTROY)");
        }
        if (unconnected > 0) {
            told.add(unconnected + " unconnected UDP not, as that would not stop it; it ends with the process");
        }
        return told;
    }

    private boolean endSocket(Path process, OpenSocket socket) {
        return ender.end(
                        process.resolve("ns/net").toString(),
                        socket.protocolNumber(),
                        socket.local(),
                        socket.localPort(),
                        socket.remote(),
                        socket.remotePort())
                .isEmpty();
    }

    private static String told(ProcessEvidenceResult result) {
        if (result instanceof ProcessEvidenceResult.NotKept lost) {
            return lost.reason();
        }
        if (result instanceof ProcessEvidenceResult.Unfinished unfinished) {
            return "evidence was not complete after " + unfinished.seconds() + " s; what there is of it is in "
                    + unfinished.parent();
        }
        ProcessEvidenceResult.Kept kept = (ProcessEvidenceResult.Kept) result;
        return "evidence in " + kept.folder()
                + (kept.exeSha256().isEmpty() ? "" : ", program's SHA-256 " + kept.exeSha256())
                + (kept.script().isEmpty() ? "" : ", at " + kept.script());
    }

    private static String pids(List<ProcessId> ids) {
        return "process "
                + ids.stream()
                        .limit(SHOWN_PIDS)
                        .map(id -> Integer.toString(id.pid()))
                        .collect(Collectors.joining(", "));
    }

    private Outcome done(Action action, ProcessGroup group, String detail) {
        int others = group.held().size() - 1;
        String count = others > 0 ? others + 1 + " processes" : "";
        String between = count.isEmpty() || detail.isEmpty() ? "" : "; ";
        return outcome(action, Outcome.Result.DONE, count + between + detail);
    }

    private Outcome failed(Action action, String detail) {
        return outcome(action, Outcome.Result.FAILED, detail);
    }

    private Outcome outcome(Action action, Outcome.Result result, String detail) {
        return new Outcome(action.id(), clock.instant(), result, detail);
    }
}
