package org.outguard.kernel.socket;

import org.outguard.flow.Endpoint;

/**
 * One socket as the kernel lists it.
 *
 * @param kind which sort of socket
 * @param v6 whether it is one of AF_INET6; its addresses are IPv4 all the same where they are mapped ones
 * @param protocol IP protocol number; of a raw socket the one it was opened for; 0 of a packet socket
 * @param state as in net/tcp_states.h of the kernel, for example 1 connected, 7 closed (a UDP socket that is not
 *     connected), 10 listening; of a packet socket its type
 * @param local bound address, unspecified where any; port 0 where it has none
 * @param remote connected address, unspecified where it is not connected
 * @param ifindex device it is bound to, 0 where none
 * @param uid user that owns it
 * @param inode the number in {@code socket:[N]} of /proc/PID/fd, 0 where no file holds it any more
 * @param v6Only whether it is an IPv6 socket that may not send IPv4
 */
public record SocketRecord(
        Kind kind,
        boolean v6,
        int protocol,
        int state,
        Endpoint local,
        Endpoint remote,
        int ifindex,
        int uid,
        long inode,
        boolean v6Only) {

    /** State of a TCP connection, and of a connected UDP socket. */
    public static final int ESTABLISHED = 1;

    /** State of a TCP socket that listens. */
    public static final int LISTEN = 10;

    /** Sorts of sockets that can send. */
    public enum Kind {
        /** TCP, UDP or UDP-Lite. */
        INET,
        /** SOCK_RAW of AF_INET or AF_INET6, see raw(7). */
        RAW,
        /** SOCK_DGRAM of ICMP, see icmp(7); its local port is the identifier of the echo. */
        PING,
        /** AF_PACKET, see packet(7). */
        PACKET,
        /** The same where it is set up to receive (a ring, a fanout group), not to send, and has nothing on its way. */
        CAPTURE
    }

    /** Whether it sends to one remote only, unless told otherwise packet by packet. */
    boolean connected() {
        return !remote.address().unspecified();
    }
}
