package org.outguard.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.Frames.SYN;
import static org.outguard.capture.Frames.TCP;
import static org.outguard.capture.Frames.UDP;
import static org.outguard.capture.Frames.bytes;
import static org.outguard.capture.Frames.ethernet;
import static org.outguard.capture.Frames.extension;
import static org.outguard.capture.Frames.fragment6;
import static org.outguard.capture.Frames.ipv4;
import static org.outguard.capture.Frames.ipv6;
import static org.outguard.capture.Frames.join;
import static org.outguard.capture.Frames.pppoe;
import static org.outguard.capture.Frames.sll;
import static org.outguard.capture.Frames.sll2;
import static org.outguard.capture.Frames.tag;
import static org.outguard.capture.Frames.tcp;
import static org.outguard.capture.Frames.udp;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.capture.Frames;
import org.outguard.capture.decode.PacketDecoder.Reading;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowTable;

/** Frames of each link type and each odd packet, as flows. */
class FrameDecoderTest {

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final byte[] PACKET4 = ipv4("192.0.2.1", "198.51.100.7", UDP, udp(4000, 80, 1));
    private static final byte[] PACKET6 = ipv6("2001:db8::1", "2001:db8::7", UDP, udp(4000, 80, 1));
    private static final String FLOW4 = "udp 192.0.2.1:4000 > 198.51.100.7:80";
    private static final String FLOW6 = "udp [2001:db8::1]:4000 > [2001:db8::7]:80";

    private final FrameDecoder decoder = new FrameDecoder();

    private Reading read(int linkType, byte[] frame) {
        return decoder.decode(frame, frame.length, frame.length, linkType, 1);
    }

    private FlowCount flow() {
        FlowTable table = new FlowTable(16);
        decoder.count(table, 1);
        return table.drain().flows().get(0);
    }

    private String flow(int linkType, byte[] frame) {
        Reading reading = read(linkType, frame);
        return reading == Reading.PACKET ? flow().key().toString() : reading.name();
    }

    static Stream<Arguments> framesOfEachKind() {
        return Stream.of(
                Arguments.of("Ethernet", 1, ethernet(IPV4, PACKET4), FLOW4),
                Arguments.of("Ethernet, IPv6", 1, ethernet(IPV6, PACKET6), FLOW6),
                Arguments.of("Ethernet with padding", 1, join(ethernet(IPV4, PACKET4), new byte[17]), FLOW4),
                Arguments.of("VLAN", 1, ethernet(0x8100, tag(10, IPV4, PACKET4)), FLOW4),
                Arguments.of("QinQ", 1, ethernet(0x88a8, tag(10, 0x8100, tag(11, IPV6, PACKET6))), FLOW6),
                Arguments.of(
                        "three tags",
                        1,
                        ethernet(0x9100, tag(1, 0x88a8, tag(2, 0x8100, tag(3, IPV4, PACKET4)))),
                        FLOW4),
                Arguments.of("PPPoE", 1, ethernet(0x8864, pppoe(5, 0x21, PACKET4)), FLOW4),
                Arguments.of("PPPoE in a VLAN", 1, ethernet(0x8100, tag(7, 0x8864, pppoe(5, 0x57, PACKET6))), FLOW6),
                Arguments.of("ARP", 1, ethernet(0x0806, new byte[28]), "NOT_IP"),
                Arguments.of("LLC", 1, ethernet(38, new byte[38]), "NOT_IP"),
                Arguments.of("cooked, sent", 113, sll(4, IPV4, PACKET4), FLOW4),
                Arguments.of("cooked, received", 113, sll(0, IPV4, PACKET4), "INBOUND"),
                Arguments.of("cooked, with a tag", 113, sll(4, 0x8100, tag(3, IPV6, PACKET6)), FLOW6),
                Arguments.of("cooked v2, sent", 276, sll2(4, IPV6, PACKET6), FLOW6),
                Arguments.of("cooked v2, with a tag", 276, sll2(4, 0x8100, tag(3, IPV4, PACKET4)), FLOW4),
                Arguments.of("cooked v2, received", 276, sll2(3, IPV4, PACKET4), "INBOUND"),
                Arguments.of("raw (DLT)", 12, PACKET4, FLOW4),
                Arguments.of("raw (OpenBSD)", 14, PACKET6, FLOW6),
                Arguments.of("raw", 101, PACKET6, FLOW6),
                Arguments.of("raw, neither 4 nor 6", 101, bytes(0x55, 1, 2, 3), "MALFORMED"),
                Arguments.of("raw IPv4", 228, PACKET4, FLOW4),
                Arguments.of("raw IPv4 that is 6", 228, PACKET6, "MALFORMED"),
                Arguments.of("raw IPv6", 229, PACKET6, FLOW6),
                Arguments.of("null, little endian", 0, join(bytes(2, 0, 0, 0), PACKET4), FLOW4),
                Arguments.of("null, big endian", 0, join(bytes(0, 0, 0, 30), PACKET6), FLOW6),
                Arguments.of("null, another family", 0, join(bytes(7, 0, 0, 0), PACKET4), "NOT_IP"),
                Arguments.of("loop", 108, join(bytes(0, 0, 0, 24), PACKET6), FLOW6),
                Arguments.of("loop, little endian", 108, join(bytes(2, 0, 0, 0), PACKET4), FLOW4),
                Arguments.of("PPP", 9, join(bytes(0xff, 3, 0, 0x21), PACKET4), FLOW4),
                Arguments.of("PPP without address", 9, join(bytes(0, 0x57), PACKET6), FLOW6),
                Arguments.of("PPP, compressed", 9, join(bytes(0x21), PACKET4), FLOW4),
                Arguments.of("PPP, LCP", 9, bytes(0xff, 3, 0xc0, 0x21, 1, 1, 0, 4), "NOT_IP"),
                Arguments.of("PPP in HDLC", 50, join(bytes(0xff, 3, 0, 0x21), PACKET4), FLOW4),
                Arguments.of("Cisco HDLC", 50, join(bytes(0x0f, 0, 8, 0), PACKET4), FLOW4),
                Arguments.of("PPPoE alone", 51, pppoe(5, 0x21, PACKET4), FLOW4));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framesOfEachKind")
    void everyLinkTypeIsFollowedToTheFlow(String name, int linkType, byte[] frame, String expected) {
        assertThat(flow(linkType, frame)).as(name).isEqualTo(expected);
    }

    @Test
    void bytesAreThoseOfTheDatagramAndNotOfTheFrame() {
        read(1, join(ethernet(IPV4, PACKET4), new byte[17]));
        assertThat(flow().bytes()).isEqualTo(29);
        read(1, ethernet(IPV6, PACKET6));
        assertThat(flow().bytes()).isEqualTo(49);
    }

    @Test
    void totalLengthZeroMeansWhatTheFrameHolds() {
        byte[] big = PACKET4.clone();
        big[2] = 0;
        big[3] = 0;
        decoder.decode(ethernet(IPV4, big), 14 + 29, 14 + 100_000, 1, 1);
        assertThat(flow().bytes()).isEqualTo(100_000);
    }

    @Test
    void onlySynWithoutAckIsAnAttemptToConnect() {
        for (int flags = 0; flags < 64; flags++) {
            read(101, ipv4("192.0.2.1", "198.51.100.7", TCP, tcp(4000, 25, flags, 0)));
            boolean synOnly = (flags & Frames.SYN) != 0 && (flags & Frames.ACK) == 0;
            assertThat(flow().connects()).as("flags %d", flags).isEqualTo(synOnly ? 1 : 0);
        }
    }

    @Test
    void ipv4OptionsAreSkipped() {
        byte[] options = {0x46, 0, 0, 36, 0, 0, 0, 0, 64, UDP, 0, 0};
        byte[] packet =
                join(options, Frames.address("192.0.2.1"), Frames.address("198.51.100.7"), new byte[4], udp(9, 53, 4));
        assertThat(flow(101, packet)).isEqualTo("udp 192.0.2.1:9 > 198.51.100.7:53");
    }

    @Test
    void extensionHeadersAreFollowedToTheTransport() {
        byte[] udp = udp(4000, 80, 1);
        byte[] authentication = join(bytes(UDP, 4, 0, 0), new byte[20], udp);
        byte[] chain =
                extension(43, 0, extension(60, 1, extension(135, 0, fragment6(51, 0, false, 9, authentication))));
        assertThat(flow(101, ipv6("2001:db8::1", "2001:db8::7", 0, extension(43, 0, extension(UDP, 2, udp)))))
                .isEqualTo(FLOW6);
        assertThat(flow(101, ipv6("2001:db8::1", "2001:db8::7", 0, chain))).isEqualTo(FLOW6);
        byte[] syn = ipv6("2001:db8::1", "2001:db8::7", 60, extension(TCP, 0, tcp(1, 443, SYN, 0)));
        assertThat(flow(101, syn)).isEqualTo("tcp [2001:db8::1]:1 > [2001:db8::7]:443");
        assertThat(flow().connects()).isEqualTo(1);
    }

    @Test
    void anEndlessChainOfExtensionHeadersIsCountedUnderNoPort() {
        byte[] chain = udp(4000, 80, 1);
        for (int i = 0; i < 80; i++) {
            chain = extension(i == 0 ? UDP : 60, 0, chain);
        }
        assertThat(flow(101, ipv6("2001:db8::1", "2001:db8::7", 60, chain)))
                .isEqualTo("other 2001:db8::1 > 2001:db8::7");
        assertThat(decoder.transportKnown).isFalse();
    }

    @Test
    void mappedAddressesAreIpv4() {
        assertThat(flow(101, ipv6("192.0.2.1", "198.51.100.7", UDP, udp(4000, 80, 1))))
                .isEqualTo(FLOW4);
        assertThat(flow(101, ipv6("2001:db8::1", "198.51.100.7", UDP, udp(4000, 80, 1))))
                .isEqualTo("udp [2001:db8::1]:4000 > 198.51.100.7:80");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 58, 136, 47, 50, 132, 200})
    void everyProtocolIsCountedAndOnlySomeHavePorts(int protocol) {
        String flow = flow(101, ipv4("192.0.2.1", "198.51.100.7", protocol, udp(4000, 80, 1)));
        assertThat(flow)
                .isEqualTo(
                        switch (protocol) {
                            case 1 -> "icmp 192.0.2.1 > 198.51.100.7";
                            case 58 -> "icmpv6 192.0.2.1 > 198.51.100.7";
                            case 136 -> "udplite 192.0.2.1:4000 > 198.51.100.7:80";
                            case 47 -> "gre 192.0.2.1 > 198.51.100.7";
                            case 50 -> "esp 192.0.2.1 > 198.51.100.7";
                            case 132 -> "sctp 192.0.2.1 > 198.51.100.7";
                            default -> "other 192.0.2.1 > 198.51.100.7";
                        });
    }

    @Test
    void laterFragmentsAreCreditedToTheFlowOfTheFirst() {
        byte[] first = ipv4("192.0.2.1", "198.51.100.7", UDP, 77, 0, true, udp(4000, 80, 8));
        byte[] later = ipv4("192.0.2.1", "198.51.100.7", UDP, 77, 16, false, new byte[40]);
        byte[] other = ipv4("192.0.2.1", "198.51.100.7", UDP, 78, 16, false, new byte[40]);
        assertThat(flow(101, first)).isEqualTo(FLOW4);
        assertThat(flow(101, later)).isEqualTo(FLOW4);
        assertThat(flow(101, other)).as("first one unknown").isEqualTo("udp 192.0.2.1 > 198.51.100.7");
        assertThat(flow(101, later)).isEqualTo(FLOW4);
    }

    @Test
    void laterFragmentsOfIpv6Too() {
        byte[] first =
                ipv6("2001:db8::1", "2001:db8::7", 0, extension(44, 0, fragment6(UDP, 0, true, -5, udp(4000, 80, 8))));
        byte[] later =
                ipv6("2001:db8::1", "2001:db8::7", 0, extension(44, 0, fragment6(UDP, 16, false, -5, new byte[8])));
        assertThat(flow(101, first)).isEqualTo(FLOW6);
        assertThat(flow(101, later)).isEqualTo(FLOW6);
    }

    @Test
    void anOldFragmentIsForgotten() {
        byte[] first = ipv4("192.0.2.1", "198.51.100.7", UDP, 77, 0, true, udp(4000, 80, 8));
        byte[] later = ipv4("192.0.2.1", "198.51.100.7", UDP, 77, 16, false, new byte[40]);
        decoder.decode(first, first.length, first.length, 101, 0);
        decoder.decode(later, later.length, later.length, 101, 31_000_000_000L);
        assertThat(flow().key()).hasToString("udp 192.0.2.1 > 198.51.100.7");
    }

    @Test
    void anIpHeaderThatCannotBeIsMalformed() {
        List<byte[]> wrong = List.of(
                Arrays.copyOf(PACKET4, 19),
                changed(PACKET4, 0, 0x44), // header of 16 bytes
                changed(PACKET4, 0, 0x4f), // header longer than the datagram
                changed(PACKET4, 3, 19), // total length below the header's
                Arrays.copyOf(PACKET6, 39));
        for (int i = 0; i < wrong.size(); i++) {
            assertThat(read(101, wrong.get(i))).as("packet %d", i).isEqualTo(Reading.MALFORMED);
        }
    }

    /* As in the telnet sample of Wireshark. It has left, and by its destination it counts. */
    @Test
    void aDatagramThatSaysToBeLongerThanItsFrameCountsWithWhatThereIs() {
        for (byte[] longer : List.of(changed(PACKET4, 3, 200), changed(PACKET6, 5, 200))) {
            assertThat(read(101, longer)).isEqualTo(Reading.PACKET);
            assertThat(decoder.overlong).isTrue();
            assertThat(decoder.bytes).isEqualTo(longer.length);
        }
        assertThat(read(101, PACKET4)).isEqualTo(Reading.PACKET);
        assertThat(decoder.overlong).isFalse();
    }

    /** Packets behind headers that a provider's or a router's capture has. */
    static Stream<Arguments> wrapped() {
        byte[] snap = join(bytes(0xaa, 0xaa, 3, 0, 0, 0, 8, 0), PACKET4);
        byte[] mpls = join(bytes(0, 1, 0, 64, 0, 2, 1, 64), PACKET4);
        byte[] wlan = join(bytes(0x08, 1), new byte[22], snap);
        byte[] qos = join(bytes(0x88, 1), new byte[24], snap);
        return Stream.of(
                Arguments.of("MPLS, two labels", 1, Frames.ethernet(0x8847, mpls)),
                Arguments.of("MPLS in a VLAN", 1, Frames.ethernet(0x8100, join(bytes(0, 7, 0x88, 0x47), mpls))),
                Arguments.of("IEEE 802.2 with SNAP", 1, Frames.ethernet(snap.length, snap)),
                Arguments.of("tag 0x9200", 1, Frames.ethernet(0x9200, join(bytes(0, 7, 8, 0), PACKET4))),
                Arguments.of("tag 0x9100", 1, Frames.ethernet(0x9100, join(bytes(0, 7, 8, 0), PACKET4))),
                Arguments.of("Cisco HDLC in PPP", 9, join(bytes(0x0f, 0, 8, 0), PACKET4)),
                Arguments.of("Cisco HDLC", 104, join(bytes(0x8f, 0, 8, 0), PACKET4)),
                Arguments.of("802.11", 105, wlan),
                Arguments.of("802.11, QoS", 105, qos),
                Arguments.of("radiotap", 127, join(bytes(0, 0, 10, 0, 0, 0, 0, 0, 1, 2), qos)),
                Arguments.of("prism", 119, join(new byte[144], wlan)),
                Arguments.of("LLC over ATM", 100, snap),
                Arguments.of("PPP with a direction", 204, join(bytes(1, 0xff, 3, 0, 0x21), PACKET4)),
                Arguments.of("enc", 109, join(new byte[12], PACKET4)),
                Arguments.of("pflog", 117, join(bytes(61), new byte[63], PACKET4)),
                Arguments.of(
                        "NFLOG",
                        239,
                        join(
                                bytes(2, 0, 0, 5, 8, 0, 1, 0, 8, 0, 3, 0, 5, 0, 10, 0, 0x41, 0, 0, 0),
                                bytes(PACKET4.length + 4, 0, 9, 0),
                                PACKET4)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrapped")
    void isFoundBehindWhateverIsAroundIt(String name, int linkType, byte[] frame) {
        assertThat(read(linkType, frame)).isEqualTo(Reading.PACKET);
        FlowTable table = new FlowTable(16);
        decoder.count(table, 1);
        FlowTable bare = new FlowTable(16);
        read(101, PACKET4);
        decoder.count(bare, 1);
        assertThat(table.drain().flows().get(0).key())
                .isEqualTo(bare.drain().flows().get(0).key());
        for (int length = 0; length < frame.length; length++) {
            // However it is cut, it is read or refused.
            decoder.decode(Arrays.copyOf(frame, length), length, frame.length, linkType, 1);
        }
    }

    @Test
    void whatWasReceivedByThoseIsNotCounted() {
        assertThat(read(204, join(bytes(0, 0xff, 3, 0, 0x21), PACKET4))).isEqualTo(Reading.INBOUND);
        assertThat(read(239, join(bytes(2, 0, 0, 5, 8, 0, 1, 0, 8, 0, 1, 0), bytes(4, 0, 9, 0), PACKET4)))
                .isEqualTo(Reading.INBOUND);
    }

    @Test
    void aDatagramWithoutItsTransportHeaderHasLeftAllTheSame() {
        assertThat(flow(101, ipv4("192.0.2.1", "198.51.100.7", UDP, new byte[3])))
                .isEqualTo("udp 192.0.2.1 > 198.51.100.7");
        decoder.decode(PACKET4, 20, PACKET4.length, 101, 1);
        assertThat(flow().key()).as("cut by the snap length").hasToString("udp 192.0.2.1 > 198.51.100.7");
        assertThat(flow().bytes()).isEqualTo(29);
    }

    private static byte[] changed(byte[] packet, int at, int value) {
        byte[] copy = packet.clone();
        copy[at] = (byte) value;
        return copy;
    }

    /** Random bytes, valid frames cut short, valid frames with flipped bits: never an exception, bytes never negative. */
    @Test
    void nothingThatComesMakesItThrow() {
        long seed = System.nanoTime();
        System.out.println("FrameDecoderTest seed " + seed);
        HostileFrames frames = new HostileFrames(seed);
        FlowTable table = new FlowTable(1024);
        for (int round = 0; round < 300_000; round++) {
            HostileFrames.Frame frame = frames.next();
            Reading reading = decoder.decode(
                    frame.data(), frame.data().length, frame.original(), frame.linkType(), frame.atNanos());
            if (reading == Reading.PACKET) {
                assertThat(decoder.bytes).as("seed %d", seed).isPositive();
                decoder.count(table, 1);
            }
        }
        assertThat(table.drain().packets()).isPositive();
    }
}
