package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.owner.ProcessId;

/**
 * All processes at one moment, by their numbers. It is read one process after the other, so who forks meanwhile may be
 * missing: a caller that must have them all stops those it knows and reads again.
 */
final class ProcessTable {

    /**
     * A process.
     *
     * @param id which
     * @param stat what is known of it
     */
    record Row(ProcessId id, ProcessStat stat) {}

    private final Map<Integer, Row> rows;

    private ProcessTable(Map<Integer, Row> rows) {
        this.rows = rows;
    }

    static ProcessTable read(Path proc) {
        Map<Integer, Row> rows = new LinkedHashMap<>();
        for (int pid : pids(proc)) {
            row(proc, pid).ifPresent(row -> rows.put(pid, row));
        }
        return new ProcessTable(rows);
    }

    /** One process; empty where there is none with this number. */
    static Optional<Row> row(Path proc, int pid) {
        return ProcessStat.read(proc.resolve(Integer.toString(pid)))
                .map(stat -> new Row(new ProcessId(pid, stat.startTicks()), stat));
    }

    /** Numbers of all processes; no threads but the first of each, as /proc lists them. */
    static List<Integer> pids(Path proc) {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    pids.add(Integer.parseInt(name));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What was listed until then counts.
        }
        return pids;
    }

    Optional<Row> find(int pid) {
        return Optional.ofNullable(rows.get(pid));
    }

    /** Every process of the table. */
    List<Row> all() {
        return List.copyOf(rows.values());
    }

    /** Whether that very process is there and has not ended. */
    boolean lives(ProcessId id) {
        return find(id.pid())
                .filter(row -> row.id().equals(id) && !row.stat().ended())
                .isPresent();
    }

    /** Those that descend from it, nearest first, at most so many. Whoever lost its parent is not found by it any more. */
    List<ProcessId> descendants(ProcessId ancestor, int max) {
        Map<Integer, List<Row>> children = new LinkedHashMap<>();
        for (Row row : rows.values()) {
            children.computeIfAbsent(row.stat().parent(), p -> new ArrayList<>(2))
                    .add(row);
        }
        List<ProcessId> found = new ArrayList<>();
        Deque<Integer> next = new ArrayDeque<>(List.of(ancestor.pid()));
        while (!next.isEmpty() && found.size() < max) {
            for (Row child : children.getOrDefault(next.removeFirst(), List.of())) {
                if (!child.stat().ended() && !child.id().equals(ancestor) && !found.contains(child.id())) {
                    found.add(child.id());
                    next.addLast(child.id().pid());
                }
            }
        }
        return found;
    }

    /** Those above it, nearest first. */
    List<Row> ancestors(int pid) {
        List<Row> found = new ArrayList<>();
        Optional<Row> at = find(pid).flatMap(row -> find(row.stat().parent()));
        while (at.isPresent() && !found.contains(at.get())) {
            found.add(at.get());
            at = find(at.get().stat().parent());
        }
        return found;
    }
}
