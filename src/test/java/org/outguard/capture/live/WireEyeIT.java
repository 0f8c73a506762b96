package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.Frames.ACK;
import static org.outguard.capture.Frames.SYN;
import static org.outguard.capture.Frames.TCP;
import static org.outguard.capture.Frames.UDP;
import static org.outguard.capture.Frames.ethernet;
import static org.outguard.capture.Frames.extension;
import static org.outguard.capture.Frames.fragment6;
import static org.outguard.capture.Frames.ipv4;
import static org.outguard.capture.Frames.ipv6;
import static org.outguard.capture.Frames.tag;
import static org.outguard.capture.Frames.tcp;
import static org.outguard.capture.Frames.udp;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.Frames;
import org.outguard.capture.NetworkNamespace;
import org.outguard.capture.VirtualDevice;
import org.outguard.flow.Destination;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.HostObservation.Degraded;
import org.outguard.guard.observation.TrafficObservation.SourceState;
import org.pcap4j.core.PcapHandle;

/**
 * The wire eye on virtual devices in network namespaces: what it counts is what was sent. Needs root (namespaces,
 * CAP_NET_RAW).
 */
class WireEyeIT extends VirtualDevice {

    private static final String HERE6 = "2001:db8::1";

    /* Through a packet socket, as a capture library sends: each byte as given. */
    static void inject(NetworkNamespace where, String device, int times, List<byte[]> frames) throws Exception {
        where.inside(() -> {
            try (PcapHandle handle = new PcapHandle.Builder(device).snaplen(128).build()) {
                for (int i = 0; i < times; i++) {
                    for (byte[] frame : frames) {
                        handle.sendPacket(frame);
                    }
                }
            }
            return true;
        });
    }

    private static String mixed(int host) {
        return "198.51.100." + host;
    }

    private static List<byte[]> watched() {
        byte[] destinationOptions = extension(UDP, 1, udp(1000, 80, 1));
        return List.of(
                ethernet(IPV4, ipv4(HERE, mixed(1), UDP, udp(1000, 80, 1))),
                ethernet(IPV4, ipv4(HERE, mixed(2), TCP, tcp(1000, 443, SYN, 0))),
                ethernet(IPV4, ipv4(HERE, mixed(3), TCP, tcp(1000, 25, ACK, 100))),
                ethernet(IPV4, ipv4(HERE, mixed(4), TCP, tcp(1000, 465, ACK, 100))),
                ethernet(IPV4, ipv4(HERE, mixed(5), TCP, tcp(1000, 587, ACK, 100))),
                ethernet(IPV4, ipv4(HERE, mixed(6), 1, new byte[36])),
                ethernet(IPV4, ipv4(HERE, mixed(7), 136, udp(1000, 80, 1))),
                ethernet(IPV4, ipv4(HERE, mixed(8), UDP, 7, 0, true, udp(1000, 80, 8))),
                ethernet(IPV4, ipv4(HERE, mixed(8), UDP, 7, 16, false, new byte[40])),
                ethernet(IPV4, ipv4("203.0.113.99", mixed(9), UDP, udp(1000, 80, 1))),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::11", UDP, udp(1000, 80, 1))),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::12", TCP, tcp(1000, 443, SYN, 0))),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::13", TCP, tcp(1000, 25, ACK, 10))),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::14", 58, new byte[20])),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::15", 0, extension(60, 0, destinationOptions))),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::16", 44, fragment6(UDP, 0, true, 9, udp(1000, 80, 8)))),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::16", 44, fragment6(UDP, 16, false, 9, new byte[8]))),
                ethernet(0x8100, tag(10, IPV4, ipv4(HERE, mixed(21), UDP, udp(1000, 80, 1)))),
                ethernet(0x88a8, tag(10, 0x8100, tag(11, IPV4, ipv4(HERE, mixed(22), TCP, tcp(1, 80, SYN, 0))))),
                ethernet(0x8100, tag(10, IPV6, ipv6(HERE6, "2001:db8::23", 60, destinationOptions))),
                ethernet(0x8864, Frames.pppoe(1, 0x21, ipv4(HERE, mixed(24), UDP, udp(1000, 80, 1)))));
    }

    private static List<byte[]> ignored() {
        byte[] data = tcp(1000, 443, ACK, 100);
        return List.of(
                ethernet(IPV4, ipv4(HERE, mixed(101), TCP, data)),
                ethernet(IPV4, ipv4(HERE, mixed(101), TCP, tcp(25, 1000, SYN | ACK, 0))),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::101", TCP, data)),
                ethernet(IPV6, ipv6(HERE6, "2001:db8::101", 60, extension(TCP, 0, data))),
                ethernet(IPV4, ipv4(HERE, mixed(101), TCP, 8, 800, false, new byte[40])),
                ethernet(0x8100, tag(10, IPV4, ipv4(HERE, mixed(101), TCP, data))),
                ethernet(0x88a8, tag(10, 0x8100, tag(11, IPV4, ipv4(HERE, mixed(101), TCP, data)))),
                ethernet(0x0806, new byte[28]));
    }

    private static Map<String, String> expected(int times) {
        Map<String, String> expected = new TreeMap<>();
        Map<String, int[]> each = Map.ofEntries(
                Map.entry("udp 198.51.100.1:80", new int[] {1, 29, 0}),
                Map.entry("tcp 198.51.100.2:443", new int[] {1, 40, 1}),
                Map.entry("tcp 198.51.100.3:25", new int[] {1, 140, 0}),
                Map.entry("tcp 198.51.100.4:465", new int[] {1, 140, 0}),
                Map.entry("tcp 198.51.100.5:587", new int[] {1, 140, 0}),
                Map.entry("icmp 198.51.100.6", new int[] {1, 56, 0}),
                Map.entry("udplite 198.51.100.7:80", new int[] {1, 29, 0}),
                Map.entry("udp 198.51.100.8:80", new int[] {2, 36 + 60, 0}),
                Map.entry("udp 198.51.100.9:80", new int[] {1, 29, 0}),
                Map.entry("udp [2001:db8::11]:80", new int[] {1, 49, 0}),
                Map.entry("tcp [2001:db8::12]:443", new int[] {1, 60, 1}),
                Map.entry("tcp [2001:db8::13]:25", new int[] {1, 70, 0}),
                Map.entry("icmpv6 2001:db8::14", new int[] {1, 60, 0}),
                Map.entry("udp [2001:db8::15]:80", new int[] {1, 49 + 8 + 16, 0}),
                Map.entry("udp [2001:db8::16]:80", new int[] {2, 64 + 56, 0}),
                Map.entry("udp 198.51.100.21:80", new int[] {1, 29, 0}),
                Map.entry("tcp 198.51.100.22:80", new int[] {1, 40, 1}),
                Map.entry("udp [2001:db8::23]:80", new int[] {1, 49 + 16, 0}),
                Map.entry("udp 198.51.100.24:80", new int[] {1, 29, 0}));
        each.forEach((key, n) -> expected.put(key, n[0] * times + "/" + n[1] * times + "/" + n[2] * times));
        return expected;
    }

    private static List<byte[]> inbound() {
        return List.of(
                ethernet(IPV4, ipv4("198.51.100.200", HERE, UDP, udp(80, 1000, 1))),
                ethernet(IPV4, ipv4("198.51.100.200", HERE, TCP, tcp(80, 25, SYN, 0))),
                ethernet(IPV6, ipv6("2001:db8::200", HERE6, 60, extension(UDP, 0, udp(80, 1000, 1)))),
                ethernet(0x8100, tag(10, IPV4, ipv4("198.51.100.200", HERE, UDP, udp(80, 1000, 1)))));
    }

    @Test
    void countsExactlyWhatIsWatchedAndLeft() throws Exception {
        try (Watching watching = new Watching(near, "out0")) {
            exactCounts(watching);
            assertThat(watching.seen())
                    .as("no complaint that the native library is missing")
                    .noneMatch(o -> o instanceof Degraded);
        }
    }

    @Test
    void countsTheSameWithoutTheNativeLibrary() throws Exception {
        try (Watching watching = Watching.inJava(near, "out0")) {
            exactCounts(watching);
        }
    }

    @Test
    void countsTheSameOnAllInterfacesAndSaysThatSomeMayCountTwice() throws Exception {
        try (Watching watching = new Watching(near, "any")) {
            exactCounts(watching);
            assertThat(watching.seen())
                    .anyMatch(o -> o instanceof Degraded d && d.about().equals("any"));
        }
    }

    private void exactCounts(Watching watching) throws Exception {
        watching.awaitState(SourceState.RUNNING);
        inject(near, "out0", 50, ignored());
        inject(far, "in0", 50, inbound());
        inject(near, "out0", 50, watched());
        long stopMillis = watching.stop();

        assertThat(watching.counts()).isEqualTo(expected(50));
        assertThat(watching.health().dropped()).isZero();
        assertThat(watching.health().received())
                .as("what comes in and most of what is ignored stays in the kernel")
                .isLessThanOrEqualTo(50L * (watched().size() + 4));
        assertThat(watching.health().malformed()).isZero();
        assertThat(stopMillis).as("milliseconds to stop").isLessThan(1500);
    }

    private static boolean send(String remote, int packets, int payload) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(remote), 9);
            DatagramPacket packet = new DatagramPacket(new byte[payload], payload, to);
            for (int i = 0; i < packets; i++) {
                socket.send(packet);
            }
        }
        return true;
    }

    @Test
    void ofAFloodWhatIsCountedAndWhatIsDroppedAddUpToWhatWasSent() throws Exception {
        try (Watching watching = new Watching(near, "out0")) {
            countedAndDroppedAddUp(watching);
        }
        try (Watching watching = Watching.inJava(near, "out0")) {
            countedAndDroppedAddUp(watching);
        }
    }

    /* It is told after the packets themselves. */
    private static void awaitCount(Watching watching, long received) throws InterruptedException {
        watching.await("a count of " + received, () -> watching.health().received() >= received);
    }

    private void countedAndDroppedAddUp(Watching watching) throws Exception {
        watching.awaitState(SourceState.RUNNING);
        int sent = 300_000;
        long from = System.nanoTime();
        near.inside(() -> send("192.0.2.7", sent, 1));
        double seconds = (System.nanoTime() - from) / 1e9;
        watching.stop();

        long counted = Watching.packets(watching.seen());
        System.out.printf("flood: %d sent in %.2f s, %d counted, %s%n", sent, seconds, counted, watching.health());
        assertThat(counted + watching.health().dropped()).isEqualTo(sent);
        assertThat(watching.health().received()).isEqualTo(sent);
    }

    @Test
    void keepsTheFirstPacketsAsEvidence() throws Exception {
        try (Watching watching = new Watching(near, "out0")) {
            watching.awaitState(SourceState.RUNNING);
            near.inside(() -> send("192.0.2.7", 5000, 200));
            watching.stop();
            var remote = new Endpoint(IpAddress.parse("192.0.2.7").orElseThrow(), 9);
            var kept = watching.evidence.packetsTo(Set.of(remote), 1000);
            assertThat(kept).hasSizeGreaterThanOrEqualTo(EvidenceRing.PACKETS_OF_A_FLOW);
            assertThat(kept).allSatisfy(packet -> {
                assertThat(packet.data()).hasSize(128);
                assertThat(packet.originalLength()).isEqualTo(14 + 20 + 8 + 200);
                assertThat(packet.linkType()).isEqualTo(1);
                assertThat(Math.abs(packet.atNanos() / 1_000_000 - System.currentTimeMillis()))
                        .isLessThan(60_000);
            });
        }
    }

    private static Destination leftOut(Protocol protocol, String remote, int port) {
        return new Destination(protocol, new Endpoint(IpAddress.parse(remote).orElseThrow(), port));
    }

    @Test
    void whatIsCountedElsewhereStaysInTheKernelAndIsPutBack() throws Exception {
        leavesOutAndPutsBack("out0");
    }

    @Test
    void onAllInterfacesToo() throws Exception {
        leavesOutAndPutsBack("any");
    }

    private void leavesOutAndPutsBack(String device) throws Exception {
        Set<Destination> sent = Set.of(
                leftOut(Protocol.UDP, mixed(1), 80),
                leftOut(Protocol.TCP, mixed(2), 443),
                leftOut(Protocol.ICMP, mixed(6), 0),
                leftOut(Protocol.UDP, "2001:db8::11", 80),
                leftOut(Protocol.ICMPV6, "2001:db8::14", 0));
        try (Watching watching = new Watching(near, device)) {
            watching.awaitState(SourceState.RUNNING);
            watching.eye.leaveOut(sent);
            inject(near, "out0", LeaveOut.EVIDENCE_PACKETS, watched());
            watching.await("leaving out", () -> watching.eye.leftOut().equals(sent));
            awaitCount(watching, Watching.packets(watching.seen()));
            long before = watching.health().received();
            inject(near, "out0", 100, watched());
            watching.await(
                    "the rest", () -> "116/3364/0".equals(watching.counts().get("udp 198.51.100.9:80")));
            // Packets that reached the capture, no more and no less.
            long expected = before + 100L * (watched().size() - sent.size());
            awaitCount(watching, expected);
            assertThat(watching.health().received()).isEqualTo(expected);

            watching.eye.leaveOut(Set.of());
            watching.await("putting back", () -> watching.eye.leftOut().isEmpty());
            inject(near, "out0", 50, watched());
            watching.stop();
            Map<String, String> counts = watching.counts();
            assertThat(counts).containsEntry("udp 198.51.100.9:80", "166/4814/0");
            assertThat(counts.entrySet().stream()
                            .filter(e -> e.getValue().startsWith("66/"))
                            .map(Map.Entry::getKey))
                    .containsExactlyInAnyOrder(
                            "udp 198.51.100.1:80",
                            "tcp 198.51.100.2:443",
                            "icmp 198.51.100.6",
                            "udp [2001:db8::11]:80",
                            "icmpv6 2001:db8::14");
        }
    }

    /** With as much room for filters as kernels before 6.9 give a socket, and which these give to all namespaces at once. */
    @Test
    void whereThereIsLittleRoomForFiltersFewerAreLeftOut() throws Exception {
        Path limit = Path.of("/proc/sys/net/core/optmem_max");
        NetworkNamespace.program(
                "ip", "netns", "exec", near.name, "sh", "-c", "test ! -w " + limit + " || echo 20480 >" + limit);
        List<Destination> all = IntStream.rangeClosed(1, LeaveOut.MOST)
                .mapToObj(i -> leftOut(Protocol.UDP, mixed(i), 80))
                .toList();
        try (Watching watching = new Watching(near, "out0")) {
            watching.awaitState(SourceState.RUNNING);
            watching.eye.leaveOut(all);
            inject(
                    near,
                    "out0",
                    LeaveOut.EVIDENCE_PACKETS,
                    IntStream.rangeClosed(1, LeaveOut.MOST)
                            .mapToObj(i -> ethernet(IPV4, ipv4(HERE, mixed(i), UDP, udp(1000, 80, 1))))
                            .toList());
            watching.await("leaving out", () -> watching.eye.leftOut().size() >= LeaveOut.MOST / 4);
            assertThat(watching.eye.leftOut()).contains(all.get(0));
        }
    }

    /* What /proc/net/packet says of the only capture in there: its protocol, all of them (net/packet/af_packet.c). */
    private boolean listening() {
        try {
            return near.inside(() -> Files.readAllLines(Path.of("/proc/thread-self/net/packet")).stream()
                    .skip(1)
                    .anyMatch(line -> line.trim().split("\\s+")[3].equals("0003")));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whereAllIsCountedElsewhereItLetsGoOfTheDeviceAndTakesItAgain() throws Exception {
        try (Watching watching = new Watching(near, "out0")) {
            watching.awaitState(SourceState.RUNNING);
            assertThat(listening()).isTrue();
            watching.eye.besideAnother();
            watching.eye.mayRest(true);
            watching.await("letting go", () -> !listening());
            watching.await("looking", this::listening);

            for (int i = 0; i < 60; i++) {
                near.inside(() -> send("192.0.2.7", 100, 1));
                Thread.sleep(20);
                if (i >= 30) {
                    assertThat(listening())
                            .as("with packets that nobody else counts")
                            .isTrue();
                }
            }

            watching.await("letting go again", () -> !listening());
            watching.eye.mayRest(false);
            watching.await("the end of it", this::listening);
            near.inside(() -> send("192.0.2.8", 500, 1));
            watching.stop();
            assertThat(watching.counts()).containsEntry("udp 192.0.2.8:9", "500/14500/0");
            assertThat(watching.health().dropped()).isZero();
        }
    }

    @Test
    void onLoopbackEachPacketIsCountedOnce() throws Exception {
        try (Watching watching = new Watching(near, "lo")) {
            watching.awaitState(SourceState.RUNNING);
            near.inside(() -> send("127.0.0.1", 500, 1));
            watching.stop();
            assertThat(watching.counts()).containsEntry("udp 127.0.0.1:9", "500/14500/0");
        }
    }

    @Test
    void waitsForAnInterfaceAndTakesItUpAgainWheneverItIsBack() throws Exception {
        try (Watching watching = new Watching(near, "eth7")) {
            watching.awaitState(SourceState.WAITING);
            watching.await("a reason", () -> watching.health().reason().contains("no such interface"));

            makeEth7();
            watching.await("down", () -> watching.health().reason().contains("down"));
            sendOnceUp(watching, 1);

            near.ip("link", "delete", "eth7");
            watching.awaitState(SourceState.WAITING);
            makeEth7();
            sendOnceUp(watching, 2);

            near.ip("link", "set", "eth7", "down");
            watching.awaitState(SourceState.WAITING);
            sendOnceUp(watching, 3);

            // Another device under the same name, faster than the eye looks.
            near.inside(() -> {
                near.ip("link", "delete", "eth7");
                makeEth7();
                near.ip("link", "set", "eth7", "up", "arp", "off");
                return true;
            });
            watching.await("seeing the new device", () -> packetsSince(watching, "203.0.113.4"));
            watching.stop();
            assertThat(watching.health().received()).isGreaterThanOrEqualTo(301);
        }
    }

    private void makeEth7() throws Exception {
        near.ip("link", "add", "eth7", "type", "veth", "peer", "name", "eth8");
        near.ip("link", "set", "eth8", "up");
    }

    private void sendOnceUp(Watching watching, int host) throws Exception {
        near.ip("link", "set", "eth7", "up", "arp", "off");
        watching.awaitState(SourceState.RUNNING);
        near.ip("route", "replace", "203.0.113.0/24", "dev", "eth7");
        near.inside(() -> send("203.0.113." + host, 100, 1));
        watching.await(
                "100 packets", () -> "100/2900/0".equals(watching.counts().get("udp 203.0.113." + host + ":9")));
    }

    private boolean packetsSince(Watching watching, String remote) {
        try {
            near.ip("route", "replace", "203.0.113.0/24", "dev", "eth7");
            near.inside(() -> send(remote, 1, 1));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return watching.counts().containsKey("udp " + remote + ":9");
    }

    @Test
    void aNameThatNoInterfaceCanHaveFails() throws Exception {
        try (Watching watching = new Watching(near, "../../etc/passwd")) {
            watching.awaitState(SourceState.FAILED);
        }
    }

    /** Prints the last health of an eye; run as another user by {@link #withoutPrivilegeItSaysWhatIsMissing}. */
    static final class Eye {
        private Eye() {}

        public static void main(String[] arguments) {
            new WireEye(arguments[0], new EvidenceRing(), System::nanoTime, System.out::println).run();
        }
    }

    @Test
    void withoutPrivilegeItSaysWhatIsMissing() throws Exception {
        String said = eye("setpriv", "--bounding-set=-net_raw");
        assertThat(said).contains("FAILED").contains("CAP_NET_RAW").doesNotContain("\tat ");
    }

    @Test
    void withoutLibpcapItSaysWhatToInstall() throws Exception {
        String said = eye("env", "JAVA_TOOL_OPTIONS=-Dorg.pcap4j.core.pcapLibName=pcap-that-is-not-there");
        assertThat(said).contains("FAILED").contains("libpcap0.8").doesNotContain("\tat ");
    }

    @Test
    void withoutTheNativeLibraryItGoesOnAndSaysSo() throws Exception {
        String said = eye(
                "env",
                "JAVA_TOOL_OPTIONS=-Doutguard.native=/nowhere -Dorg.pcap4j.core.pcapLibName=pcap-that-is-not-there");
        assertThat(said)
                .contains("taken in Java")
                .contains("/nowhere/liboutguard.so")
                .contains("FAILED");
    }

    private static String eye(String... before) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                java, "-Djna.tmpdir=/tmp", "-cp", System.getProperty("java.class.path"), Eye.class.getName(), "lo"));
        return NetworkNamespace.program(command.toArray(String[]::new));
    }
}
