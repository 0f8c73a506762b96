package org.outguard.kernel.socket;

import java.util.List;

/**
 * The sockets that may have sent a flow.
 *
 * @param rule why they may
 * @param sockets all that it holds for; none of them is sure to be held by a process
 * @param forgers raw and packet sockets beside them, by which whoever holds them could have sent it under that source
 */
public record SocketMatch(Rule rule, List<SocketRecord> sockets, List<SocketRecord> forgers) {

    /** From the surest on. */
    enum Rule {
        /** Same source, same remote. */
        CONNECTED,
        /** Not connected, bound to the source's address and port. */
        BOUND,
        /** Not connected, bound to the source's port on any address. */
        WILDCARD,
        /** A TCP socket that listens on the source port, where no process holds the connection. */
        LISTENER,
        /** Same source but connected elsewhere; sendto(2) may name another remote. */
        ELSEWHERE,
        /** Of many sources the table knows the remote only: sockets connected to that. */
        SAME_REMOTE,
        /** Raw or ping sockets of ICMP. */
        ICMP,
        /** Nothing has this source, so it may be forged: whatever can do that. */
        FORGED,
        /** There is a socket, but it is closed and no process holds it. */
        CLOSED
    }

    public SocketMatch {
        sockets = List.copyOf(sockets);
        forgers = List.copyOf(forgers);
    }
}
