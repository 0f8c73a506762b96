package org.outguard.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.Frames.UDP;
import static org.outguard.capture.Frames.ethernet;
import static org.outguard.capture.Frames.ipv4;
import static org.outguard.capture.Frames.udp;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.capture.CaptureFiles;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.Frames;
import org.outguard.capture.file.CaptureResult.Counts;
import org.outguard.capture.file.CaptureResult.Ended;
import org.outguard.capture.file.CaptureResult.Failed;
import org.outguard.capture.live.Watching;
import org.outguard.flow.FlowCount;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.observation.TrafficObservation.SourceHealth;
import org.outguard.guard.observation.TrafficObservation.SourceState;

/** Capture files of every form, whole and broken. */
class CaptureFileReaderTest {

    private static final byte[] FRAME = frame("192.0.2.1", "198.51.100.7");
    private static final Map<String, String> ONE = Map.of("udp 198.51.100.7:80", "1/29/0");

    @TempDir
    Path directory;

    private final List<Observation> seen = new ArrayList<>();
    private final List<Instant> ticks = new ArrayList<>();

    private static byte[] frame(String from, String to) {
        return ethernet(0x0800, ipv4(from, to, UDP, udp(4000, 80, 1)));
    }

    private CaptureResult read(byte[] content, String... local) {
        Set<IpAddress> addresses = new java.util.HashSet<>();
        for (String address : local) {
            addresses.add(IpAddress.parse(address).orElseThrow());
        }
        return new CaptureFileReader(addresses, new EvidenceRing(), seen::add, ticks::add)
                .read("-", new ByteArrayInputStream(content));
    }

    private Map<String, String> counts() {
        return Watching.counts(seen);
    }

    private List<FlowCount> flows() {
        return seen.stream()
                .filter(TrafficObservation.Flows.class::isInstance)
                .flatMap(o -> ((TrafficObservation.Flows) o).batch().flows().stream())
                .toList();
    }

    private static List<ByteOrder> orders() {
        return List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void pcapInBothByteOrdersAndBothUnitsOfTime() {
        for (ByteOrder order : orders()) {
            for (int magic : new int[] {PcapFormat.MICROSECONDS, PcapFormat.NANOSECONDS}) {
                seen.clear();
                CaptureResult result = read(new CaptureFiles(order)
                        .pcap(magic, 1)
                        .record(1_700_000_000, 123_456, FRAME)
                        .bytes());
                assertThat(result).isInstanceOf(Ended.class);
                assertThat(result.counts()).isEqualTo(new Counts(1, 1, 0, 0, 0, 0));
                assertThat(counts()).isEqualTo(ONE);
                long fraction = magic == PcapFormat.MICROSECONDS ? 123_456_000L : 123_456L;
                assertThat(flows().get(0).firstSeenNanos()).isEqualTo(1_700_000_000_000_000_000L + fraction);
            }
        }
    }

    @Test
    void theModifiedPcapHasLongerRecordHeaders() {
        for (ByteOrder order : orders()) {
            seen.clear();
            read(new CaptureFiles(order)
                    .pcap(PcapFormat.MODIFIED, 1)
                    .modifiedRecord(1, 2, FRAME)
                    .modifiedRecord(1, 3, FRAME)
                    .bytes());
            assertThat(counts()).isEqualTo(Map.of("udp 198.51.100.7:80", "2/58/0"));
        }
    }

    @Test
    void pcapngWithEveryPacketBlockAndSeveralSections() {
        CaptureFiles big = pcapng(ByteOrder.BIG_ENDIAN);
        CaptureFiles little = pcapng(ByteOrder.LITTLE_ENDIAN);
        CaptureResult result = read(Frames.join(big.bytes(), little.bytes()));
        assertThat(result).isInstanceOf(Ended.class);
        assertThat(result.counts()).isEqualTo(new Counts(12, 8, 4, 0, 0, 0));
        assertThat(counts()).isEqualTo(Map.of("udp 198.51.100.7:80", "8/232/0"));
        assertThat(flows()).extracting(FlowCount::firstSeenNanos).contains(1_000_000_500L, 2_000_000_000L);
    }

    private static CaptureFiles pcapng(ByteOrder order) {
        CaptureFiles file = new CaptureFiles(order).section();
        file.block(0x0bad, new byte[8])
                .interfaceOf(1, file.name("eth0"), file.resolution(9), file.option(0, new byte[0]))
                .interfaceOf(101, file.offset(1), file.resolution(0x80 | 10))
                .enhanced(0, 1_000_000_500L, FRAME)
                .block(5, new byte[20])
                .enhanced(0, 1_000_000_501L, FRAME, file.option(1, new byte[5]), file.flags(1))
                .enhanced(0, 1_000_000_502L, FRAME, file.flags(2), file.option(0, new byte[0]))
                .oldPacket(1, 1024, Arrays.copyOfRange(FRAME, 14, FRAME.length))
                .oldPacket(0, 1_000_000_503L, FRAME, file.flags(1))
                .simple(FRAME);
        return file;
    }

    @Test
    void gzipIsKnownByItsFirstBytes() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(pcapng(ByteOrder.LITTLE_ENDIAN).bytes());
        }
        assertThat(read(packed.toByteArray()).counts().packets()).isEqualTo(6);

        byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() - 9);
        assertThat(((Failed) read(half)).message()).startsWith("standard input: truncated");
        byte[] broken = packed.toByteArray();
        Arrays.fill(broken, 20, 60, (byte) 0xff);
        assertThat(((Failed) read(broken)).message()).startsWith("standard input: damaged");
    }

    @Test
    void gzipMembersThroughAPipeThatPauses() throws IOException {
        byte[] whole = pcapng(ByteOrder.LITTLE_ENDIAN).bytes();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int part = 0; part < 4; part++) {
            try (OutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(whole, part * whole.length / 4, (part + 1) * whole.length / 4 - part * whole.length / 4);
            }
        }
        byte[] bytes = packed.toByteArray();
        InputStream pausing = new InputStream() {
            private int at;

            @Override
            public int read() {
                return at == bytes.length ? -1 : bytes[at++] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int count) {
                if (at == bytes.length) {
                    return -1;
                }
                into[from] = bytes[at++];
                return 1;
            }
        };
        CaptureInput input = CaptureInput.of(pausing);
        byte[] read = new byte[whole.length + 1];
        assertThat(input.read(read, 0, read.length)).isEqualTo(whole.length);
        assertThat(Arrays.copyOf(read, whole.length)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_020, 4_093, 20_000, 65_535})
    void optionsBehindALongCommentAreRead(int length) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            CaptureFiles file = new CaptureFiles(order);
            file.section()
                    .interfaceOf(1, file.option(1, new byte[length]), file.resolution(9))
                    .enhanced(0, 1_500_000_000L, FRAME, file.option(1, new byte[length]), file.flags(1))
                    .enhanced(0, 2_500_000_000L, FRAME, file.option(1, new byte[length]), file.flags(2));
            seen.clear();
            ticks.clear();
            assertThat(read(file.bytes()).counts()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0));
            assertThat(ticks.get(ticks.size() - 1)).isBefore(Instant.ofEpochSecond(10));
        }
    }

    @Test
    void hundredsOfRecipientsInOneSegmentAreReadWhole() {
        StringBuilder commands = new StringBuilder("MAIL FROM:<a@b.example>\r\n");
        StringBuilder replies = new StringBuilder("250 ok\r\n");
        for (int i = 0; i < 400; i++) {
            commands.append("RCPT TO:<someone.with.a.long.name.").append(i).append("@example.net>\r\n");
            replies.append("550 5.1.1 no such user here, and there never was one\r\n");
        }
        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(PcapFormat.MICROSECONDS, 1);
        String greeting = "220 mx.example.net ESMTP\r\n";
        String hello = "EHLO c.example\r\n";
        String extensions = "250 PIPELINING\r\n";
        int client = 1 + hello.length();
        int server = 1_000 + greeting.length() + extensions.length();
        file.record(1, 0, smtp(false, 1_000, 1, greeting));
        file.record(1, 1, smtp(true, 1, 1_000 + greeting.length(), hello));
        file.record(1, 2, smtp(false, 1_000 + greeting.length(), client, extensions));
        file.record(1, 3, smtp(true, client, server, commands.toString()));
        file.record(1, 4, smtp(false, server, client + commands.length(), replies.toString()));
        read(file.bytes(), "192.0.2.1");
        long refused = seen.stream()
                .flatMap(one ->
                        one instanceof TrafficObservation.SmtpParsed heard ? heard.reports().stream() : Stream.of())
                .mapToLong(report -> report.refused().getOrDefault(550, 0L))
                .sum();
        assertThat(refused).isEqualTo(400);
    }

    /* A segment as the kernel hands it to a device that cuts it. */
    private static byte[] smtp(boolean toServer, int seq, int ack, String text) {
        byte[] data = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer segment = ByteBuffer.allocate(20 + data.length);
        segment.putShort((short) (toServer ? 40_000 : 25)).putShort((short) (toServer ? 25 : 40_000));
        segment.putInt(seq).putInt(ack).putShort((short) 0x5010).position(20);
        segment.put(data);
        return toServer
                ? ethernet(0x0800, ipv4("192.0.2.1", "198.51.100.7", 6, segment.array()))
                : ethernet(0x0800, ipv4("198.51.100.7", "192.0.2.1", 6, segment.array()));
    }

    @Test
    void linkLevelDirectionGoesBeforeLocalAddresses() {
        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(PcapFormat.MICROSECONDS, 113);
        byte[] packet = Arrays.copyOfRange(FRAME, 14, FRAME.length);
        file.record(1, 0, Frames.sll(4, 0x0800, packet)).record(1, 0, Frames.sll(0, 0x0800, packet));
        CaptureResult result = read(file.bytes(), "203.0.113.50");
        assertThat(result.counts()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0));
        assertThat(seen).noneMatch(HostObservation.Degraded.class::isInstance);
    }

    @Test
    void whereNothingSaysTheDirectionLocalAddressesDo() {
        byte[] file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                .pcap(PcapFormat.MICROSECONDS, 1)
                .record(1, 0, FRAME)
                .record(1, 0, frame("198.51.100.7", "192.0.2.1"))
                .record(1, 0, ethernet(0x0806, new byte[28]))
                .record(1, 0, new byte[13])
                .bytes();
        assertThat(read(file, "192.0.2.1", "2001:db8::1").counts()).isEqualTo(new Counts(4, 1, 1, 1, 1, 0));
        assertThat(seen).noneMatch(HostObservation.Degraded.class::isInstance);
        assertThat(read(file).counts()).isEqualTo(new Counts(4, 2, 0, 1, 1, 0));
        assertThat(seen).filteredOn(HostObservation.Degraded.class::isInstance).hasSize(1);
    }

    @Test
    void ticksComeAtEachQuarterSecondAndAfterWhatTheyCover() {
        List<Object> order = new ArrayList<>();
        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(PcapFormat.MICROSECONDS, 1);
        file.record(100, 0, FRAME)
                .record(100, 249_999, FRAME)
                .record(100, 250_000, FRAME)
                .record(101, 1, FRAME);
        new CaptureFileReader(
                        Set.of(),
                        new EvidenceRing(),
                        o -> {
                            if (o instanceof TrafficObservation.Flows flows) {
                                order.add(flows.batch().packets());
                            }
                        },
                        order::add)
                .read("-", new ByteArrayInputStream(file.bytes()));
        Instant start = Instant.ofEpochSecond(100);
        assertThat(order)
                .containsExactly(
                        2L,
                        start.plusMillis(250),
                        1L,
                        start.plusMillis(500),
                        start.plusMillis(750),
                        start.plusMillis(1000),
                        1L,
                        start.plusMillis(1250));
    }

    @Test
    void aGapOfYearsMakesOneMinuteOfTicksAndTimeThatGoesBackMakesNone() {
        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(PcapFormat.MICROSECONDS, 1);
        file.record(100, 0, FRAME)
                .record(0xffff_ffffL, 0, FRAME)
                .record(5, 0, FRAME)
                .record(0, 999_999_999, FRAME);
        CaptureResult result = read(file.bytes());
        assertThat(result.counts().counted()).isEqualTo(4);
        assertThat(((Ended) result).notes()).singleElement().asString().contains("times go back");
        assertThat(ticks).hasSize(TraceTicker.MOST_TICKS + 1).isSorted();
        assertThat(Duration.between(ticks.get(0), ticks.get(238))).isEqualTo(Duration.ofMillis(238 * 250));
        assertThat(ticks.get(239)).isEqualTo(Instant.ofEpochSecond(0xffff_ffffL));
    }

    @Test
    void aTruncatedFileIsCountedUpToThereAndSaysWhereItEnds() throws IOException {
        byte[] whole = new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                .pcap(PcapFormat.MICROSECONDS, 1)
                .record(1, 0, FRAME)
                .record(1, 0, FRAME)
                .bytes();
        Path file = directory.resolve("cut.pcap");
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));
        CaptureResult result = new CaptureFileReader(Set.of(), new EvidenceRing(), seen::add, ticks::add)
                .read(file.toString(), InputStream.nullInputStream());
        assertThat(((Failed) result).message())
                .isEqualTo(file + ": truncated at byte 137, in the packet that begins at byte 83 (after packet 1)");
        assertThat(counts()).isEqualTo(ONE);
        assertThat(seen.get(seen.size() - 1))
                .isInstanceOfSatisfying(
                        SourceHealth.class, health -> assertThat(health.state()).isEqualTo(SourceState.FAILED));
    }

    /** At each possible length: never an exception, never a packet too many, and a failure unless it ends on a border. */
    @Test
    void everyTruncationIsSaid() {
        for (byte[] whole : List.of(
                pcapng(ByteOrder.BIG_ENDIAN).bytes(),
                new CaptureFiles(ByteOrder.BIG_ENDIAN)
                        .pcap(PcapFormat.NANOSECONDS, 1)
                        .record(1, 0, FRAME)
                        .record(1, 0, FRAME)
                        .bytes())) {
            int ended = 0;
            for (int length = 0; length < whole.length; length++) {
                CaptureResult result = read(Arrays.copyOf(whole, length));
                ended += result instanceof Ended ? 1 : 0;
            }
            assertThat(ended).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void damageIsSaidWithItsOffset() {
        byte[] pcap = new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                .pcap(PcapFormat.MICROSECONDS, 1)
                .record(1, 0, FRAME)
                .record(1, 0, FRAME)
                .bytes();
        pcap[83 + 11] = 0x7f;
        assertThat(((Failed) read(pcap)).message())
                .contains("damaged at byte 83")
                .contains("(after packet 1)");

        byte[] pcapng = new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                .section()
                .interfaceOf(1)
                .enhanced(3, 1, FRAME)
                .bytes();
        assertThat(((Failed) read(pcapng)).message())
                .contains("damaged at byte 48")
                .contains("interface 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "hello world, this is text", "\n\r\r\nxxxxxxxxxxxxxxxxxxxxxx"})
    void whatIsNoCaptureIsSaidToBeNone(String content) {
        assertThat(read(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(Failed.class);
    }

    @Test
    void aFileThatIsNotThereAndADirectoryFail() {
        CaptureFileReader reader = new CaptureFileReader(Set.of(), new EvidenceRing(), seen::add, ticks::add);
        InputStream none = InputStream.nullInputStream();
        assertThat(((Failed) reader.read("/nowhere/x.pcap", none)).message())
                .isEqualTo("/nowhere/x.pcap: no such file");
        assertThat(((Failed) reader.read(directory.toString(), none)).message()).contains("directory");
        assertThat(reader.read("a\0b", none)).isInstanceOf(Failed.class);
    }

    @Test
    void anUnknownLinkTypeIsNamedAndOtherInterfacesGoOn() {
        byte[] pcap = new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                .pcap(PcapFormat.MICROSECONDS, 147)
                .record(1, 0, FRAME)
                .bytes();
        assertThat(((Failed) read(pcap)).message()).contains("link type 147 is not known");

        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).section();
        file.interfaceOf(147, file.name("usb3"));
        assertThat(((Failed) read(file.bytes())).message()).contains("interface 0 (usb3) has link type 147");

        file.interfaceOf(1).enhanced(0, 1, FRAME).enhanced(1, 1, FRAME);
        CaptureResult result = read(file.bytes());
        assertThat(((Ended) result).notes())
                .singleElement()
                .asString()
                .contains("usb3")
                .contains("147");
        assertThat(result.counts()).isEqualTo(new Counts(2, 1, 0, 0, 0, 1));
        assertThat(counts()).isEqualTo(ONE);
    }

    @Test
    void ofACaptureThatCannotBeUsedItIsSaid() {
        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(0xa1b2c3d4, 1);
        for (int i = 0; i < 7; i++) {
            file.record(1, i, Frames.ethernet(0x88cc, new byte[60]));
        }
        file.record(1, 8, new byte[3]);
        assertThat(((Failed) read(file.bytes())).message())
                .contains("none of its packets can be used: 7 are no IP, 1 are damaged, 0 have an unknown link type");
        file.record(1, 9, FRAME);
        assertThat(((Ended) read(file.bytes())).notes()).contains("7 of 9 packets are no IP and were left out");
    }

    @Test
    void whatIsLongerThanItsFrameCountsAndIsSaid() {
        byte[] longer = FRAME.clone();
        longer[14 + 3] = (byte) 200;
        CaptureFiles file =
                new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(0xa1b2c3d4, 1).record(1, 0, longer);
        CaptureResult result = read(file.bytes());
        assertThat(result.counts().counted()).isEqualTo(1);
        assertThat(((Ended) result).notes())
                .contains("1 packets say that they are longer than their frames: what there is of them was counted");
    }

    /* As libpcap did until version 2.3 of its format. */
    @Test
    void oldFilesHaveTheirLengthsTheOtherWayRound() {
        byte[] old = new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                .pcap(0xa1b2c3d4, 1)
                .record(1, 0, FRAME)
                .bytes();
        old[6] = 2;
        old[24 + 12] = (byte) FRAME.length;
        old[24 + 8] = (byte) (FRAME.length + 20);
        assertThat(read(old).counts().counted()).isEqualTo(1);
        assertThat(counts()).isEqualTo(ONE);
    }

    @Test
    void aFileMayHaveManyInterfaces() {
        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).section();
        for (int i = 0; i < 5_000; i++) {
            file.interfaceOf(1);
        }
        file.enhanced(4_999, 1, FRAME);
        assertThat(read(file.bytes()).counts().counted()).isEqualTo(1);
    }

    /* Within a quarter of a second, which was one report. */
    @Test
    void noSmtpConnectionIsLostHoweverFastTheyAre() {
        CaptureFiles file = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(0xa1b2c3d4, 1);
        int connections = 6_000;
        for (int i = 0; i < connections; i++) {
            byte[] segment = Frames.tcp(1_024 + i, 25, 0x18, 0);
            byte[] said = "EHLO a\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] syn = Frames.tcp(1_024 + i, 25, 0x02, 0);
            file.record(1, 2 * i, Frames.ethernet(0x0800, Frames.ipv4("198.51.100.10", "203.0.113.25", 6, syn)));
            segment[7] = 1;
            file.record(
                    1,
                    2 * i + 1,
                    Frames.ethernet(
                            0x0800, Frames.ipv4("198.51.100.10", "203.0.113.25", 6, Frames.join(segment, said))));
        }
        read(file.bytes());
        long recipients = seen.stream()
                .filter(TrafficObservation.SmtpParsed.class::isInstance)
                .flatMap(heard -> ((TrafficObservation.SmtpParsed) heard).reports().stream())
                .mapToLong(report -> report.recipients())
                .sum();
        assertThat(recipients).isEqualTo(connections);
    }

    @Test
    void senselessTimesAndResolutionsDoNotStopIt() {
        CaptureFiles file = new CaptureFiles(ByteOrder.BIG_ENDIAN).section();
        int interfaces = 0;
        for (int resolution = 0; resolution < 256; resolution += 5) {
            file.interfaceOf(1, file.resolution(resolution), file.offset(resolution * 0x0123_4567_89ab_cdefL));
            file.enhanced(interfaces++, -1, FRAME).enhanced(interfaces - 1, 1, FRAME);
        }
        assertThat(read(file.bytes()).counts().counted()).isEqualTo(2L * interfaces);
        assertThat(ticks).isSorted();
    }

    /** Flipped bits anywhere in a file: a result of either kind, and never an exception. */
    @Test
    void noDamageMakesItThrow() {
        long seed = System.nanoTime();
        System.out.println("CaptureFileReaderTest seed " + seed);
        Random random = new Random(seed);
        byte[] whole = pcapng(ByteOrder.LITTLE_ENDIAN).bytes();
        for (int round = 0; round < 2000; round++) {
            byte[] file = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            }
            CaptureResult result = read(file);
            assertThat(result.counts().packets()).as("seed %d", seed).isLessThanOrEqualTo(6);
            seen.clear();
            ticks.clear();
        }
    }

    @Test
    void aMillionPacketsAreCountedExactlyByRemote() throws IOException {
        Path file = directory.resolve("million.pcap");
        Map<String, String> expected = writeMillion(file, 42);
        long from = System.nanoTime();
        CaptureResult result = new CaptureFileReader(Set.of(), new EvidenceRing(), seen::add, ticks::add)
                .read(file.toString(), InputStream.nullInputStream());
        System.out.println("a million packets read in " + (System.nanoTime() - from) / 1_000_000 + " ms");
        assertThat(result.counts()).isEqualTo(new Counts(1_000_000, 1_000_000, 0, 0, 0, 0));
        assertThat(counts()).isEqualTo(expected);
    }

    /** 1,000,000 packets of many sizes to 1,000 remotes over some seconds; returns what is to be counted. */
    static Map<String, String> writeMillion(Path file, long seed) throws IOException {
        Random random = new Random(seed);
        long[] packets = new long[1000];
        long[] bytes = new long[1000];
        byte[] zeroes = new byte[1500];
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
            out.write(new CaptureFiles(ByteOrder.BIG_ENDIAN)
                    .pcap(PcapFormat.MICROSECONDS, 101)
                    .bytes());
            for (int i = 0; i < 1_000_000; i++) {
                int remote = (int) Math.abs(random.nextGaussian() * 200) % 1000;
                int length = 28 + random.nextInt(60);
                packets[remote]++;
                bytes[remote] += length;
                out.writeInt(1_700_000_000 + i / 173_000);
                out.writeInt((int) (i % 173_000 * 1_000_000L / 173_000));
                out.writeInt(length);
                out.writeInt(length);
                out.writeInt(0x4500_0000 | length);
                out.writeInt(i << 16);
                out.writeInt(64 << 24 | UDP << 16);
                out.writeInt(0xc000_0201);
                out.writeInt(0xc633_0000 | remote);
                out.writeInt((1024 + random.nextInt(16)) << 16 | 80);
                out.writeInt((length - 20) << 16);
                out.write(zeroes, 0, length - 28);
            }
        }
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            if (packets[i] > 0) {
                expected.put("udp 198.51." + (i >> 8) + "." + (i & 255) + ":80", packets[i] + "/" + bytes[i] + "/0");
            }
        }
        return expected;
    }
}
