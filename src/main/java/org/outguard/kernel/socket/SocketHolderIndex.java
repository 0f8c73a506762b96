package org.outguard.kernel.socket;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.outguard.owner.ProcessId;

/** Port: knows which processes have a socket open. */
public interface SocketHolderIndex {

    /**
     * The processes that hold each of these sockets, by inode as in {@code socket:[N]}. An inode that nobody holds may
     * be left out.
     */
    Map<Long, List<ProcessId>> holdersOf(Set<Long> inodes);
}
