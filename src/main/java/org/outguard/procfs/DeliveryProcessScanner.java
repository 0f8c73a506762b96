package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.outguard.owner.ProcessId;

/**
 * Processes of certain names that have one file of a kind open, and the sockets that they have open at that very moment.
 * Names are what a process chose; a file is the one that its path says only if it is the same file here, so that nobody
 * can pass another off for it by a mount of their own. For one thread at a time.
 */
public final class DeliveryProcessScanner {

    /* A number may be another process's some time later. */
    private static final int LOOKS_UNTIL_FORGOTTEN = 6;

    /* A process that has just been forked is about to be another program. */
    private static final int LOOKS_UNTIL_SURE = 2;

    private final Path proc;
    private final Set<String> names;
    private final Predicate<Path> wanted;

    /** Processes that had another name, by how often they were looked at. */
    private final Map<Integer, Integer> others = new HashMap<>();

    private int looks;

    /**
     * A process with a file in hand.
     *
     * @param process which
     * @param file path of the file, as it was during the look
     * @param sockets inodes of its sockets
     */
    public record Holder(ProcessId process, Path file, Set<Long> sockets) {
        public Holder {
            sockets = Set.copyOf(sockets);
        }
    }

    /**
     * Has looked at nothing yet.
     *
     * @param proc where proc(5) is mounted
     * @param names names of the programs
     * @param wanted which files are meant
     */
    public DeliveryProcessScanner(Path proc, Set<String> names, Predicate<Path> wanted) {
        this.proc = proc;
        this.names = Set.copyOf(names);
        this.wanted = wanted;
    }

    /** Those that are there now; one that has more than one such file open is not told, since it may mean either. */
    public List<Holder> look() {
        if (looks++ % LOOKS_UNTIL_FORGOTTEN == 0) {
            others.clear();
        }
        List<Holder> holders = new ArrayList<>();
        for (int pid : ProcessTable.pids(proc)) {
            if (others.getOrDefault(pid, 0) >= LOOKS_UNTIL_SURE) {
                continue;
            }
            if (hasName(pid)) {
                holder(pid).ifPresent(holders::add);
            } else {
                others.merge(pid, 1, Integer::sum);
            }
        }
        return holders;
    }

    private boolean hasName(int pid) {
        return ProcessStat.read(proc.resolve(Integer.toString(pid)))
                .filter(stat -> names.contains(stat.command()))
                .isPresent();
    }

    /*
     * Open files cannot be read all at once. If the file is the same before and after the sockets were read, the sockets
     * are those that were open while it was.
     */
    private Optional<Holder> holder(int pid) {
        Path process = proc.resolve(Integer.toString(pid));
        Optional<ProcessStat> stat = ProcessStat.read(process);
        OpenFiles open = OpenFiles.of(process);
        List<OpenFiles.File> files = open.files().stream()
                .filter(file -> file.target().startsWith("/") && wanted.test(Path.of(file.target())))
                .toList();
        if (stat.isEmpty() || open.more() || files.isEmpty() || open.sockets().isEmpty()) {
            return Optional.empty();
        }
        Path path = Path.of(files.get(0).target());
        boolean one = files.stream()
                .allMatch(file -> file.target().equals(files.get(0).target()));
        if (!one) {
            return Optional.empty();
        }
        Set<Long> sockets = OpenFiles.of(process).sockets();
        Path link = process.resolve("fd").resolve(files.get(0).number());
        boolean same = ProcFile.link(link).filter(path.toString()::equals).isPresent() && isSame(link, path);
        boolean lives = ProcessStat.read(process)
                .filter(again -> again.startTicks() == stat.get().startTicks() && !again.ended())
                .isPresent();
        return same && lives
                ? Optional.of(new Holder(new ProcessId(pid, stat.get().startTicks()), path, sockets))
                : Optional.empty();
    }

    private static boolean isSame(Path link, Path path) {
        try {
            return Objects.equals(
                            Files.getAttribute(link, "unix:dev"),
                            Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS))
                    && Objects.equals(
                            Files.getAttribute(link, "unix:ino"),
                            Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
