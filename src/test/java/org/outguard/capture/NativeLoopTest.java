package org.outguard.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.Frames.ethernet;
import static org.outguard.capture.Frames.ipv4;
import static org.outguard.capture.Frames.ipv6;
import static org.outguard.capture.Frames.tcp;
import static org.outguard.capture.Frames.udp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.capture.decode.HostileFrames;
import org.outguard.capture.file.CaptureFormat;
import org.outguard.capture.file.CaptureInput;
import org.outguard.capture.file.PcapFormat;
import org.outguard.capture.file.PcapngFormat;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.guard.port.EvidenceStore;

/** C and Java count the same: the same flows, sums, bad packets and evidence, of the same frames. */
class NativeLoopTest {

    private static final int ETHERNET = 1;

    private final EvidenceRing nativeEvidence = new EvidenceRing();
    private final EvidenceRing javaEvidence = new EvidenceRing();
    /* C takes them in batches, so they are handed over many at once. */
    private final ByteBuffer frames = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.nativeOrder());
    private int waiting;
    private int linkTypeOfAll = ETHERNET;
    private NativeLoop nativeLoop;
    private JavaLoop javaLoop;

    @BeforeEach
    void loops() {
        assertThat(NativeLoop.PROBLEM).as("the native library").isEmpty();
        withSlots(WireLoop.TABLE_SLOTS);
    }

    private void withSlots(int slots) {
        nativeLoop = new NativeLoop("test", nativeEvidence, slots);
        javaLoop = new JavaLoop("test", javaEvidence, slots);
    }

    private void both(byte[] data, int captured, int original, int linkType, long at) {
        javaLoop.count(data, captured, original, linkType, at);
        if (linkType != linkTypeOfAll || frames.remaining() < 16 + captured + 8) {
            handOver();
        }
        linkTypeOfAll = linkType;
        frames.putLong(at).putInt(captured).putInt(original).put(data, 0, captured);
        frames.position((frames.position() + 7) / 8 * 8);
        waiting++;
    }

    private void handOver() {
        assertThat(nativeLoop.count(frames, frames.position(), linkTypeOfAll)).isEqualTo(waiting);
        frames.clear();
        waiting = 0;
    }

    private FlowBatch sameBatch(String when) {
        handOver();
        FlowBatch expected = javaLoop.drain();
        FlowBatch counted = nativeLoop.drain();
        assertThat(counted).as(when).isEqualTo(expected);
        assertThat(nativeLoop.packets()).as(when).isEqualTo(javaLoop.packets());
        assertThat(nativeLoop.malformed()).as(when).isEqualTo(javaLoop.malformed());
        Set<Endpoint> remotes = new HashSet<>();
        for (FlowCount flow : expected.flows()) {
            remotes.add(flow.key().remote());
        }
        assertThat(nativeEvidence.packetsTo(remotes, 5000))
                .as(when)
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(javaEvidence.packetsTo(remotes, 5000));
        return counted;
    }

    @Test
    void theOffsetsAreThoseOfTheCompiler() {
        assertThat(NativeLoop.layout())
                .containsExactly(
                        NativeLoop.PACKETS,
                        NativeLoop.MALFORMED,
                        NativeLoop.OTHER_PACKETS,
                        NativeLoop.OTHER_BYTES,
                        NativeLoop.USED,
                        NativeLoop.SAMPLES,
                        NativeLoop.FLOWS_AT,
                        NativeLoop.SAMPLES_AT,
                        NativeLoop.SELDOM_AT,
                        NativeLoop.FLOW_BYTES,
                        NativeLoop.SOURCE_HIGH,
                        NativeLoop.SOURCE_LOW,
                        NativeLoop.REMOTE_HIGH,
                        NativeLoop.REMOTE_LOW,
                        NativeLoop.REST,
                        NativeLoop.FLOW_PACKETS,
                        NativeLoop.BYTES,
                        NativeLoop.LAST_NANOS,
                        NativeLoop.SELDOM_BYTES,
                        NativeLoop.FIRST_NANOS,
                        NativeLoop.CONNECTS,
                        NativeLoop.SAMPLE_BYTES,
                        NativeLoop.SAMPLE_AT_NANOS,
                        NativeLoop.SAMPLE_REMOTE_HIGH,
                        NativeLoop.SAMPLE_REMOTE_LOW,
                        NativeLoop.SAMPLE_CAPTURED,
                        NativeLoop.SAMPLE_ORIGINAL,
                        NativeLoop.SAMPLE_REMOTE_PORT,
                        NativeLoop.SAMPLE_V6,
                        NativeLoop.SAMPLE_DATA);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 256, 65_536})
    void ofHostileFramesBothCountTheSame(int slots) {
        long seed = System.nanoTime();
        System.out.println("NativeLoopTest seed " + seed);
        withSlots(slots);
        HostileFrames hostile = new HostileFrames(seed);
        Random random = new Random(seed);
        long packets = 0;
        for (int drain = 0; drain < 25; drain++) {
            // Evidence of one drain is all of one link type, as a device is.
            int linkType = hostile.next().linkType();
            for (int round = 1 + random.nextInt(4000); round > 0; round--) {
                HostileFrames.Frame next = hostile.next(linkType);
                both(next.data(), next.data().length, next.original(), next.linkType(), next.atNanos());
            }
            packets += sameBatch("seed " + seed + ", drain " + drain).packets();
        }
        assertThat(packets).isPositive();
    }

    /** Of few flows each packet meets its flow in the same batch; of one it is counted at once. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100})
    void packetsOfFewFlowsInAnyOrder(int flows) {
        long seed = System.nanoTime();
        System.out.println("NativeLoopTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] udp = udp(4000, 1 + (random.nextInt(4) == 0 ? random.nextInt(flows) : 0), 1 + random.nextInt(200));
            byte[] packet = ethernet(0x0800, ipv4("192.0.2.1", "198.51.100.7", 17, udp));
            both(packet, packet.length, packet.length, ETHERNET, i);
        }
        assertThat(sameBatch("seed " + seed).flows()).hasSize(flows);
    }

    /** More flows than there is room for: merged from half full, one sum beyond, and the total is exact. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSprayIsMergedAlike(boolean v6) {
        long seed = System.nanoTime();
        System.out.println("NativeLoopTest seed " + seed);
        withSlots(1024);
        Random random = new Random(seed);
        for (int drain = 0; drain < 3; drain++) {
            for (int i = 0; i < 20_000; i++) {
                byte[] udp = udp(random.nextInt(65_536), random.nextInt(3), 1);
                String host = Integer.toHexString(random.nextInt(drain == 0 ? 3 : 5000));
                byte[] packet = v6
                        ? ethernet(0x86dd, ipv6("2001:db8::1", "2001:db8::" + host, 17, udp))
                        : ethernet(0x0800, ipv4("192.0.2.1", "198.51." + random.nextInt(drain + 1) + ".7", 17, udp));
                both(packet, packet.length, packet.length, ETHERNET, i);
            }
            FlowBatch batch = sameBatch("seed " + seed + ", drain " + drain);
            assertThat(batch.packets()).isEqualTo(20_000);
            assertThat(batch.flows()).hasSizeLessThan(1024);
        }
    }

    @Test
    void whatTheKernelsFilterTookTooMuchIsLeftOut() {
        byte[] data = ethernet(0x0800, ipv4("192.0.2.1", "198.51.100.7", 6, tcp(1000, 443, Frames.ACK, 10)));
        both(data, data.length, data.length, ETHERNET, 1);
        assertThat(sameBatch("").isEmpty()).isTrue();
        assertThat(nativeLoop.packets()).isEqualTo(1);
    }

    @Test
    void theFirstSixteenOfAFlowAreKeptAsEvidence() {
        byte[] packet = ethernet(0x0800, ipv4("192.0.2.1", "198.51.100.7", 17, udp(4000, 80, 300)));
        for (int i = 0; i < 100; i++) {
            both(packet, packet.length, packet.length, ETHERNET, i);
        }
        Endpoint remote = sameBatch("").flows().get(0).key().remote();
        assertThat(nativeEvidence.packetsTo(Set.of(remote), 1000))
                .hasSize(EvidenceRing.PACKETS_OF_A_FLOW)
                .extracting(EvidenceStore.Packet::originalLength)
                .containsOnly(packet.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cooked.pcap.gz", "cooked2.pcap.gz", "ethernet.pcap.gz", "two-interfaces.pcapng.gz"})
    void ofTheCaptureFilesToo(String name) throws IOException {
        try (InputStream file = NativeLoopTest.class.getResourceAsStream("/capture/" + name);
                InputStream content = new GZIPInputStream(file)) {
            CaptureInput input = CaptureInput.of(content);
            byte[] magic = new byte[4];
            input.read(magic, 0, 4);
            int begins = ByteBuffer.wrap(magic).getInt();
            CaptureFormat format =
                    begins == PcapngFormat.SECTION_HEADER ? PcapngFormat.open(input) : PcapFormat.open(input, begins);
            int read = 0;
            while (format.next()) {
                both(format.data, format.captured, format.original, format.linkType, format.atNanos);
                read++;
            }
            assertThat(read).isGreaterThan(100);
            assertThat(sameBatch(name).packets()).isGreaterThan(50);
        }
    }

    @Test
    void aBufferThatIsNotMadeSoIsRefused() {
        frames.clear().putLong(1).putInt(100).putInt(100);
        assertThat(nativeLoop.count(frames, 16, ETHERNET)).isEqualTo(-1);
        assertThat(nativeLoop.count(frames, 15, ETHERNET)).isEqualTo(-1);
        assertThat(nativeLoop.count(frames, frames.capacity() + 1, ETHERNET)).isEqualTo(-1);
        assertThat(nativeLoop.count(frames, 0, ETHERNET)).isZero();
    }
}
