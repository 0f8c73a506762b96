package org.outguard.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.outguard.guard.action.ProcessStep;
import org.outguard.owner.ProcessId;

/** A process and those around it that a step is about, each of them held while this is open. */
final class ProcessGroup implements AutoCloseable {

    /** Most processes of one group. */
    static final int MAX = 16_384;

    /* A chain of forks that outruns each look ends at its first process, which is stopped in the first round. */
    private static final int MAX_ROUNDS = 50;
    private static final int STILL_MILLIS = 500;

    private final Path proc;
    private final ProcessHolder holder;
    private final Map<ProcessId, ProcessHolder.Grip> grips = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    ProcessGroup(Path proc, ProcessHolder holder) {
        this.proc = proc;
        this.holder = holder;
    }

    /** Those that a step is about at this moment, the named one first; that one alone where it is not there any more. */
    static List<ProcessId> members(Path proc, Path cgroups, ProcessStep step) {
        List<ProcessId> members = new ArrayList<>(List.of(step.process()));
        if (step.scope() == ProcessStep.Scope.TREE) {
            members.addAll(ProcessTable.read(proc).descendants(step.process(), MAX));
        } else if (step.scope() == ProcessStep.Scope.CGROUP) {
            CgroupFolder.of(proc, cgroups, step.process().pid()).map(CgroupFolder::pids).orElse(List.of()).stream()
                    .limit(MAX)
                    .map(pid -> ProcessTable.row(proc, pid))
                    .flatMap(Optional::stream)
                    .filter(row -> !row.stat().ended() && !row.id().equals(step.process()))
                    .forEach(row -> members.add(row.id()));
        }
        return members;
    }

    /** Holds one more; why not, empty where it is held. */
    Optional<String> hold(ProcessId id) {
        ProcessHolder.Holding holding = holder.hold(id);
        if (holding instanceof ProcessHolder.Holding.Held held) {
            grips.put(id, held.grip());
            return Optional.empty();
        }
        return Optional.of(((ProcessHolder.Holding.Not) holding).reason());
    }

    /**
     * Holds all that a step is about and sends each a signal, again and again until nobody new is found: who is stopped
     * forks no more.
     *
     * @return why the named process got none; empty where it did
     */
    Optional<String> signal(Path cgroups, ProcessStep step, ProcessHolder.Signal signal) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<ProcessId> fresh = members(proc, cgroups, step);
            fresh.removeAll(grips.keySet());
            if (fresh.isEmpty()) {
                break;
            }
            for (ProcessId id : fresh) {
                Optional<String> problem = hold(id).or(() -> send(id, signal));
                if (problem.isPresent() && id.equals(step.process())) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> send(ProcessId id, ProcessHolder.Signal signal) {
        ProcessHolder.Grip grip = grips.get(id);
        Optional<String> problem = grip == null ? Optional.of("it is not held") : grip.send(signal);
        if (problem.isPresent() && grip != null && !grip.awaitEnd(0)) {
            problems.add("process " + id.pid() + ": " + problem.get());
        }
        return problem;
    }

    /** Sends all that are held a signal. */
    void send(ProcessHolder.Signal signal) {
        grips.keySet().forEach(id -> send(id, signal));
    }

    /** Waits until each stands still; those that do not. */
    List<ProcessId> notStill() {
        List<ProcessId> moving = new ArrayList<>();
        int left = STILL_MILLIS;
        for (Map.Entry<ProcessId, ProcessHolder.Grip> each : grips.entrySet()) {
            boolean still = isStill(proc, each.getKey());
            while (!still && left > 0) {
                left--;
                still = each.getValue().awaitEnd(1) || isStill(proc, each.getKey());
            }
            if (!still) {
                moving.add(each.getKey());
            }
        }
        return moving;
    }

    /** Whether each of its threads is stopped. */
    static boolean isStill(Path proc, ProcessId id) {
        Path tasks = proc.resolve(Integer.toString(id.pid())).resolve("task");
        List<Integer> threads = ProcessTable.pids(tasks);
        return threads.stream()
                .map(thread -> ProcessStat.read(tasks.resolve(Integer.toString(thread))))
                .flatMap(Optional::stream)
                .allMatch(stat -> stat.state() == 'T' || stat.state() == 't' || stat.ended());
    }

    /** Waits until all have ended; those that have not. */
    List<ProcessId> notEnded(int millis) {
        List<ProcessId> alive = new ArrayList<>();
        int left = millis;
        for (Map.Entry<ProcessId, ProcessHolder.Grip> each : grips.entrySet()) {
            boolean ended = each.getValue().awaitEnd(0);
            while (!ended && left > 0) {
                left -= 10;
                ended = each.getValue().awaitEnd(10);
            }
            if (!ended) {
                alive.add(each.getKey());
            }
        }
        return alive;
    }

    /** What holds one of them. */
    ProcessHolder.Grip gripOf(ProcessId id) {
        return Objects.requireNonNull(grips.get(id), "held before");
    }

    List<ProcessId> held() {
        return List.copyOf(grips.keySet());
    }

    /** What went wrong with one or the other. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void close() {
        grips.values().forEach(ProcessHolder.Grip::close);
        grips.clear();
    }
}
