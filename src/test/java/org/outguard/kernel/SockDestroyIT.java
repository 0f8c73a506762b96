package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** What the kernel ends when it is asked to end a socket, and what it does not. */
class SockDestroyIT {

    private static final String OWN = "/proc/self/ns/net";
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    @Test
    void aConnectionIsAborted() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(LOOPBACK);
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(SockDestroy.end(OWN, TCP, LOOPBACK, client.getLocalPort(), LOOPBACK, server.getLocalPort()))
                    .isEmpty();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
            assertThat(accepted.isConnected()).isTrue();
            assertThat(SockDestroy.end(OWN, TCP, LOOPBACK, client.getLocalPort(), LOOPBACK, server.getLocalPort()))
                    .contains("it is gone");
        }
    }

    @Test
    void aUdpSocketThatIsNotConnectedSendsOn() throws IOException {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 9);
        try (DatagramSocket sender = new DatagramSocket(0, nobody.getAddress())) {
            DatagramPacket packet = new DatagramPacket(new byte[29], 29, nobody);
            sender.send(packet);
            assertThat(SockDestroy.end(OWN, UDP, LOOPBACK, sender.getLocalPort(), new byte[4], 0))
                    .isEmpty();
            int sent = 0;
            for (int i = 0; i < 3; i++) {
                try {
                    sender.send(packet);
                    sent++;
                } catch (IOException e) {
                    // One error, and that is all that it costs the sender.
                    assertThat(i).isZero();
                }
            }
            assertThat(sent).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void whatIsNoNamespaceIsSaid() {
        assertThat(SockDestroy.end("/proc/self/ns/none", TCP, LOOPBACK, 1, LOOPBACK, 2))
                .isPresent();
    }
}
