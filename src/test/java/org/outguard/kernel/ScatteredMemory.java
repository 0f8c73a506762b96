package org.outguard.kernel;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves the kernel's memory for packets as it is on a machine that has run for long: full of small holes, so that packet
 * after packet lies at another place. For that, datagrams are left in sockets of the loopback interface, in turn, and most of
 * these sockets are closed again.
 */
final class ScatteredMemory implements AutoCloseable {

    private static final int SOCKETS = 600;
    /* As many as the usual size of a receive buffer has room for, about. */
    private static final int DATAGRAMS = 240;
    private static final int KEPT = 8;

    private final List<DatagramSocket> kept = new ArrayList<>();

    ScatteredMemory() throws IOException {
        List<DatagramSocket> all = new ArrayList<>();
        try (DatagramSocket from = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < SOCKETS; i++) {
                all.add(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            }
            for (int i = 0; i < DATAGRAMS; i++) {
                for (DatagramSocket to : all) {
                    from.send(new DatagramPacket(new byte[1], 1, to.getLocalSocketAddress()));
                }
            }
        } finally {
            for (int i = 0; i < all.size(); i++) {
                if (i % KEPT == 0) {
                    kept.add(all.get(i));
                } else {
                    all.get(i).close();
                }
            }
        }
    }

    /** Datagrams that keep the holes apart. */
    int left() {
        return kept.size() * DATAGRAMS;
    }

    @Override
    public void close() {
        kept.forEach(DatagramSocket::close);
    }
}
