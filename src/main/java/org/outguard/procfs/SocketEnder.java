package org.outguard.procfs;

import java.util.Optional;

/** Port: ends a socket of another process, see SOCK_DESTROY of sock_diag(7). */
public interface SocketEnder {

    /**
     * Ends the socket with these ends.
     *
     * @param netns path of its network namespace
     * @param protocol number of the IP protocol: 6 or 17
     * @param local its own address, 4 or 16 bytes in network order
     * @param localPort its own port
     * @param remote address of the other end
     * @param remotePort port of the other end
     * @return why it could not be ended; empty where it was
     */
    Optional<String> end(String netns, int protocol, byte[] local, int localPort, byte[] remote, int remotePort);
}
