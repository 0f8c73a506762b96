package org.outguard.procfs;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Port: looks once through the open files of all processes. */
public interface SocketWalk {

    /**
     * Which processes have some of these sockets open.
     *
     * @param proc where proc(5) is mounted
     * @param wanted inodes as in {@code socket:[N]}
     * @return by process number, which of the sockets
     */
    Map<Integer, Set<Long>> holders(Path proc, Set<Long> wanted);
}
