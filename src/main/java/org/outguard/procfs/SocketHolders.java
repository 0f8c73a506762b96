package org.outguard.procfs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.owner.ProcessId;

/**
 * Which processes have a socket open, by the links {@code socket:[N]} in /proc/PID/fd. One scan answers all sockets
 * that are asked for together, and what it finds is remembered for a short time. For one thread at a time.
 */
public final class SocketHolders {

    private static final Duration KEEP = Duration.ofSeconds(1);
    private static final int MAX_SOCKETS = 65_536;
    private static final int MAX_HOLDERS_OF_ONE = 1_024;

    private final Path proc;
    private final SocketWalk walk;
    private final Cache<Long, List<ProcessId>> known;

    /**
     * @param proc where proc(5) is mounted
     * @param walk looks through the open files there
     * @param ticker time in nanoseconds, for what is remembered
     */
    public SocketHolders(Path proc, SocketWalk walk, Ticker ticker) {
        this.proc = proc;
        this.walk = walk;
        this.known = Caffeine.newBuilder()
                .maximumSize(MAX_SOCKETS)
                .expireAfterWrite(KEEP)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** The processes that hold each of these sockets; what nobody holds, or nobody that may be looked at, is not there. */
    public Map<Long, List<ProcessId>> holdersOf(Set<Long> inodes) {
        Map<Long, List<ProcessId>> found = new HashMap<>(known.getAllPresent(inodes));
        Set<Long> wanted = new HashSet<>(inodes);
        wanted.removeAll(found.keySet());
        if (!wanted.isEmpty()) {
            Map<Long, List<ProcessId>> fresh = scan(wanted);
            known.putAll(fresh);
            found.putAll(fresh);
        }
        return found;
    }

    private Map<Long, List<ProcessId>> scan(Set<Long> wanted) {
        Map<Long, List<ProcessId>> found = new HashMap<>();
        walk.holders(proc, wanted).forEach((pid, held) -> add(found, held, proc.resolve(Integer.toString(pid)), pid));
        found.replaceAll((inode, holders) -> List.copyOf(holders));
        return found;
    }

    private static void add(Map<Long, List<ProcessId>> found, Set<Long> held, Path process, int pid) {
        Optional<ProcessStat> stat = ProcessStat.read(process);
        if (stat.isEmpty()) {
            return;
        }
        ProcessId id = new ProcessId(pid, stat.get().startTicks());
        for (long inode : held) {
            List<ProcessId> holders = found.computeIfAbsent(inode, i -> new ArrayList<>(1));
            if (holders.size() < MAX_HOLDERS_OF_ONE) {
                holders.add(id);
            }
        }
    }
}
