package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.capture.NetworkNamespace;
import org.outguard.guard.observation.TrafficObservation.SourceState;

/** A wire eye whose counts are those that count has a large ring; one beside the kernel eye changes over to a small one. */
class RingIT {

    private static final int PACKETS = 1_000;

    /** Sizes of the rings that this process has mapped. */
    private static List<Long> rings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("socket:["))
                .map(line -> line.substring(0, line.indexOf(' ')).split("-"))
                .map(ends -> Long.parseLong(ends[1], 16) - Long.parseLong(ends[0], 16))
                .toList();
    }

    private static boolean send() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetSocketAddress to = new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 9);
            for (int i = 0; i < PACKETS; i++) {
                socket.send(new DatagramPacket(new byte[1], 1, to));
            }
        }
        return true;
    }

    @Test
    void itsMemoryIsGivenBackOnceSomebodyElseCounts() throws Exception {
        try (NetworkNamespace near = new NetworkNamespace();
                NetworkNamespace far = new NetworkNamespace()) {
            NetworkNamespace.join(near, "out0", far, "in0");
            near.ip("address", "add", "192.0.2.1/24", "dev", "out0");
            try (Watching watching = new Watching(near, "out0")) {
                watching.awaitState(SourceState.RUNNING);
                assertThat(rings()).containsExactly((long) LiveDevice.LARGE_RING_BYTES);
                near.inside(RingIT::send);
                watching.await("the first packets", () -> Watching.packets(watching.seen()) == PACKETS);

                watching.eye.besideAnother();
                watching.await("the small ring", RingIT::hasSmallRing);
                near.inside(RingIT::send);
                watching.await("the rest", () -> Watching.packets(watching.seen()) == 2 * PACKETS);
                // Told after the packets themselves.
                watching.await("its count", () -> watching.health().received() == 2 * PACKETS);
                assertThat(watching.health().state()).isEqualTo(SourceState.RUNNING);
                assertThat(watching.health().dropped()).isZero();
            }
        }
    }

    private static boolean hasSmallRing() {
        try {
            return rings().equals(List.of((long) LiveDevice.SMALL_RING_BYTES));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
