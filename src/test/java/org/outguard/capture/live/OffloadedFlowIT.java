package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.Frames;
import org.outguard.capture.VirtualDevice;
import org.outguard.capture.WireLoop;
import org.outguard.guard.observation.TrafficObservation.SourceState;

/** Whoever counts a flood, the capture or the kernel for it, and however often that changes: every packet is counted once. */
class OffloadedFlowIT extends VirtualDevice {

    private static final String REMOTE = "192.0.2.7";
    private static final String REMOTE6 = "2001:db8::7";
    private static final int ENOUGH = 50_000;

    private final WireLoop loop = WireLoop.of("out0", new EvidenceRing());

    /** Sends a thousand datagrams of one flow. */
    private interface Thousand {
        void send() throws Exception;
    }

    /** Sends until the kernel has been counting for a while; says how many. */
    private int flood(Watching watching, Thousand thousand) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        long inKernelBefore = inKernel(watching);
        int sent = 0;
        while (inKernel(watching) - inKernelBefore < ENOUGH) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the kernel does not count: " + watching.health());
            }
            thousand.send();
            sent += 1_000;
        }
        return sent;
    }

    private Thousand from(DatagramSocket socket, int bytes) throws Exception {
        DatagramPacket packet =
                new DatagramPacket(new byte[bytes], bytes, new InetSocketAddress(InetAddress.getByName(REMOTE), 9));
        return () -> {
            for (int i = 0; i < 1_000; i++) {
                socket.send(packet);
            }
        };
    }

    private long inKernel(Watching watching) {
        return Watching.packets(watching.seen()) - loop.packets();
    }

    private static String sum(long packets, int bytes) {
        return packets + "/" + packets * bytes + "/0";
    }

    @Test
    void aFloodOfOneFlowIsCountedInTheKernelToThePacket() throws Exception {
        try (Watching watching = new Watching(near, "out0", loop)) {
            watching.awaitState(SourceState.RUNNING);
            int sent = near.inside(() -> {
                try (DatagramSocket socket = new DatagramSocket()) {
                    return flood(watching, from(socket, 1));
                }
            });
            watching.stop();
            assertThat(watching.counts()).containsEntry("udp " + REMOTE + ":9", sum(sent, 29));
            assertThat(watching.health().received()).isEqualTo(Watching.packets(watching.seen()));
            assertThat(watching.health().dropped()).isZero();
        }
    }

    @Test
    void anotherLengthOfTheSameFlowAndAnotherFlowAreCountedAsWell() throws Exception {
        List<byte[]> frame6 =
                List.of(Frames.ethernet(IPV6, Frames.ipv6("2001:db8::1", REMOTE6, Frames.UDP, Frames.udp(1000, 9, 1))));
        try (Watching watching = new Watching(near, "out0", loop)) {
            watching.awaitState(SourceState.RUNNING);
            int sent6 = flood(watching, () -> WireEyeIT.inject(near, "out0", 1_000, frame6));
            int[] sent = near.inside(() -> {
                try (DatagramSocket socket = new DatagramSocket();
                        DatagramSocket other = new DatagramSocket()) {
                    return new int[] {
                        flood(watching, from(socket, 1)),
                        flood(watching, from(socket, 100)),
                        flood(watching, from(other, 1)),
                        flood(watching, from(socket, 1))
                    };
                }
            });
            watching.stop();
            Map<String, String> counts = watching.counts();
            long small = (long) sent[0] + sent[2] + sent[3];
            assertThat(counts)
                    .containsEntry(
                            "udp " + REMOTE + ":9", (small + sent[1]) + "/" + (small * 29 + sent[1] * 128L) + "/0")
                    .containsEntry("udp [" + REMOTE6 + "]:9", sum(sent6, 49));
            assertThat(watching.health().received()).isEqualTo(Watching.packets(watching.seen()));
        }
    }

    @Test
    void aFlowOfTwoLengthsInTurnIsLeftToTheCapture() throws Exception {
        try (Watching watching = new Watching(near, "out0", loop)) {
            watching.awaitState(SourceState.RUNNING);
            near.inside(() -> {
                InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(REMOTE), 9);
                try (DatagramSocket socket = new DatagramSocket()) {
                    for (int i = 0; i < 200_000; i++) {
                        socket.send(new DatagramPacket(new byte[3], i % 2 == 0 ? 1 : 3, to));
                    }
                }
                return true;
            });
            watching.stop();
            assertThat(watching.counts()).containsEntry("udp " + REMOTE + ":9", "200000/6000000/0");
            assertThat(watching.health().received()).isEqualTo(Watching.packets(watching.seen()));
        }
    }
}
