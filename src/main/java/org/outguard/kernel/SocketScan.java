package org.outguard.kernel;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * One look at the open files of all processes: links {@code socket:[N]} in /proc/PID/fd (proc(5)). Native, because a
 * machine has thousands of them and this is done every few seconds while a flood goes on.
 */
public final class SocketScan {

    private static final int ROOM = 1_024;
    /* A socket that a million processes share names no owner; what lies behind these is not told. */
    private static final int MOST_PAIRS = 1_048_576;

    private SocketScan() {}

    /**
     * Which processes have some of these sockets open. What ended meanwhile, and what may not be looked at, is not there.
     *
     * @param proc where proc(5) is mounted
     * @param wanted inodes of sockets, above 0
     * @return by process number, which of the sockets; empty where there is no native library
     */
    public static Map<Integer, Set<Long>> holders(Path proc, Set<Long> wanted) {
        Map<Integer, Set<Long>> found = new HashMap<>();
        if (wanted.isEmpty() || NativeLibrary.problem().isPresent()) {
            return found;
        }
        byte[] folder = proc.toString().getBytes(StandardCharsets.UTF_8);
        long[] inodes = wanted.stream().mapToLong(Long::longValue).toArray();
        int room = ROOM;
        int[] pids;
        long[] held;
        int pairs;
        do {
            pids = new int[room];
            held = new long[room];
            pairs = scan(folder, inodes, pids, held);
            // Some more than there were, since others may have come meanwhile.
            room = Math.min(MOST_PAIRS, pairs + ROOM);
        } while (pairs > pids.length && pids.length < MOST_PAIRS);
        for (int i = 0; i < Math.min(pairs, pids.length); i++) {
            found.computeIfAbsent(pids[i], pid -> new HashSet<>()).add(held[i]);
        }
        return found;
    }

    private static native int scan(byte[] folder, long[] wanted, int[] pids, long[] held);
}
