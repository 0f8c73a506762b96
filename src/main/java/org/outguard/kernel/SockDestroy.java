package org.outguard.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Ends sockets from outside (SOCK_DESTROY of sock_diag(7), {@code ss -K}). A TCP connection is aborted and a connected UDP
 * socket disconnected. A UDP socket that is not connected gets one error and sends on: that does not stop a flood.
 */
public final class SockDestroy {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int ADDRESS_BYTES = 16;

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EOPNOTSUPP = 95;

    private SockDestroy() {}

    /**
     * Ends the socket with these ends.
     *
     * @param netns path of its network namespace, such as {@code /proc/PID/ns/net}
     * @param protocol number of the IP protocol: 6 or 17
     * @param local its own address, 4 or 16 bytes in network order
     * @param localPort its own port
     * @param remote address of the other end, all zero where it is not connected
     * @param remotePort port of the other end
     * @return why it could not be ended; empty where it was
     */
    public static Optional<String> end(
            String netns, int protocol, byte[] local, int localPort, byte[] remote, int remotePort) {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return problem;
        }
        int error = destroy(
                netns.getBytes(StandardCharsets.UTF_8),
                local.length == ADDRESS_BYTES ? AF_INET6 : AF_INET,
                protocol,
                Arrays.copyOf(local, ADDRESS_BYTES),
                localPort,
                Arrays.copyOf(remote, ADDRESS_BYTES),
                remotePort);
        return switch (error) {
            case 0 -> Optional.empty();
            case ENOENT -> Optional.of("it is gone");
            case EPERM -> Optional.of("not allowed: it needs root, or CAP_NET_ADMIN");
            case EOPNOTSUPP -> Optional.of("this kernel cannot end sockets (CONFIG_INET_DIAG_DESTROY)");
            default -> Optional.of("error " + error);
        };
    }

    private static native int destroy(
            byte[] netns, int family, int protocol, byte[] local, int localPort, byte[] remote, int remotePort);
}
