package org.outguard.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.Frames.UDP;
import static org.outguard.capture.Frames.ipv4;
import static org.outguard.capture.Frames.udp;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.port.EvidenceStore.Packet;

/** What is kept, and that it is bounded. */
class EvidenceRingTest {

    private final EvidenceRing ring = new EvidenceRing(8);
    private final FrameDecoder decoder = new FrameDecoder();

    private void keep(String remote, int port, long at, int payload) {
        byte[] packet = ipv4("192.0.2.1", remote, UDP, udp(1000, port, payload));
        decoder.decode(packet, packet.length, packet.length, LinkTypes.DLT_RAW, at);
        ring.add("eth0", LinkTypes.DLT_RAW, at, packet.length, packet, packet.length, decoder);
    }

    private static Set<Endpoint> remote(String address, int port) {
        return Set.of(new Endpoint(IpAddress.parse(address).orElseThrow(), port));
    }

    @Test
    void handsOutTheOldestFirstAndOnlyOfTheRemotesAskedFor() {
        keep("198.51.100.1", 80, 1, 1);
        keep("198.51.100.2", 80, 2, 1);
        keep("198.51.100.1", 53, 3, 1);
        keep("198.51.100.1", 80, 4, 1);
        assertThat(ring.packetsTo(remote("198.51.100.1", 80), 10))
                .extracting(Packet::atNanos)
                .containsExactly(1L, 4L);
        assertThat(ring.packetsTo(remote("198.51.100.1", 0), 10))
                .extracting(Packet::atNanos)
                .containsExactly(1L, 3L, 4L);
        assertThat(ring.packetsTo(remote("198.51.100.1", 0), 2)).hasSize(2);
    }

    @Test
    void keepsTheNewestAndTheirFirstBytes() {
        for (int i = 0; i < 100; i++) {
            keep("198.51.100.1", 80, i, 500);
        }
        var kept = ring.packetsTo(remote("198.51.100.1", 80), 1000);
        assertThat(kept).hasSize(8);
        assertThat(kept.get(0).atNanos()).isEqualTo(92);
        assertThat(kept.get(0).data()).hasSize(EvidenceRing.PACKET_BYTES);
        assertThat(kept.get(0).originalLength()).isEqualTo(528);
        assertThat(kept.get(0).linkType()).as("LINKTYPE_RAW").isEqualTo(101);
    }
}
