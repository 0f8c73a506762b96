package org.outguard.kernel.socket;

import java.util.List;
import java.util.Set;
import org.outguard.flow.Protocol;

/** The sockets of the network namespace that the calling thread is in. */
public interface SocketTable {

    /**
     * Lists sockets as they are now.
     *
     * @param protocols TCP, UDP and UDP-Lite sockets are listed where they are among these; raw, ICMP and packet sockets
     *     always
     */
    Listing list(Set<Protocol> protocols);

    /**
     * What there is.
     *
     * @param sockets all that could be listed
     * @param problems why some may be missing, in words; empty where none is
     */
    record Listing(List<SocketRecord> sockets, List<String> problems) {
        public Listing {
            sockets = List.copyOf(sockets);
            problems = List.copyOf(problems);
        }
    }
}
