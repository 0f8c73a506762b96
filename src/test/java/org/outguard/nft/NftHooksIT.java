package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.nft.NetnsBed.GAMES;
import static org.outguard.nft.NetnsBed.WWW_DATA;
import static org.outguard.nft.NftEnforcerTest.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.procfs.CgroupMount;

/** Where a block takes hold: which senders each hook stops, limits, control groups, and neighbours left in peace. */
class NftHooksIT {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String ADDRESS = "192.0.2.1";

    /* Arguments: mode, count. Frames of UDP to 192.0.2.1 port 80 on the interface that swallows. */
    private static final String PACKET_SENDER = """
            import socket, struct, sys
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            if sys.argv[1] == 'bypass':
                s.setsockopt(263, 20, 1)
            s.bind(('sink', 0))
            udp = struct.pack('!HHHH', 1234, 80, 8 + 21, 0) + b'x' * 21
            head = bytes([0x45, 0]) + struct.pack('!HHHBBH', 20 + len(udp), 0, 0, 64, 17, 0)
            head += socket.inet_aton('192.0.2.2') + socket.inet_aton('192.0.2.1')
            total = 0
            for i in range(0, 20, 2):
                total += struct.unpack('!H', head[i:i + 2])[0]
            total = (total & 0xffff) + (total >> 16)
            head = head[:10] + struct.pack('!H', 0xffff & ~((total & 0xffff) + (total >> 16))) + head[12:]
            frame = b'\\xff' * 6 + b'\\x02' * 6 + b'\\x08\\x00' + head + udp
            for _ in range(int(sys.argv[2])):
                try:
                    s.send(frame)
                except OSError:
                    pass
            """;

    private NetnsBed bed;
    private NftEnforcer enforcer;

    @BeforeEach
    void makeBed() {
        bed = new NetnsBed();
        enforcer = bed.enforcer("nft");
    }

    @AfterEach
    void removeBed() {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void packetSocketsAreStoppedInEgressWithAndWithoutTheQueue() {
        for (String mode : List.of("queued", "bypass")) {
            run(new NetworkStep.Block(target(-1, ADDRESS, 32, Protocol.UDP, 80), LONG));
            long left = leftBySink();

            bed.within("python3", "-c", PACKET_SENDER, mode, "50");

            assertThat(leftBySink()).as(mode).isEqualTo(left);
            assertThat(standing())
                    .extracting(ActionObservation.BlockCounter::packets)
                    .containsExactly(50L);
            run(new NetworkStep.Unblock(target(-1, ADDRESS, 32, Protocol.UDP, 80), ""));
            bed.within("python3", "-c", PACKET_SENDER, mode, "50");
            assertThat(leftBySink()).as(mode).isEqualTo(left + 50);
        }
    }

    @Test
    void aBlockOfAUserDoesNotStopPacketSockets() {
        run(new NetworkStep.Block(target(WWW_DATA, ADDRESS, 32, Protocol.UDP, 80), LONG));
        long left = leftBySink();

        bed.within("python3", "-c", PACKET_SENDER, "queued", "50");

        assertThat(leftBySink()).isEqualTo(left + 50);
    }

    @Test
    void whatIsPassedOnForAContainerIsStoppedToo() {
        String container = bed.name() + "-c";
        bed.mustRun("ip", "netns", "add", container);
        try {
            bed.within("ip", "link", "add", "inside", "type", "veth", "peer", "name", "eth0", "netns", container);
            bed.within("ip", "addr", "add", "10.9.8.1/24", "dev", "inside");
            bed.within("ip", "link", "set", "inside", "up");
            bed.within("sysctl", "-qw", "net.ipv4.ip_forward=1");
            bed.mustRun("ip", "-n", container, "addr", "add", "10.9.8.2/24", "dev", "eth0");
            bed.mustRun("ip", "-n", container, "link", "set", "eth0", "up");
            bed.mustRun("ip", "-n", container, "route", "add", "default", "via", "10.9.8.1");
            String send = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
                    + " [s.sendto(b'x' * 29, ('192.0.2.1', 80)) for _ in range(50)]";
            // Neighbours are asked for before anything is counted.
            bed.mustRun("ip", "netns", "exec", container, "python3", "-c", send);

            run(new NetworkStep.Block(target(-1, ADDRESS, 32, null, 0), LONG));
            bed.mustRun("ip", "netns", "exec", container, "python3", "-c", send);

            assertThat(standing())
                    .extracting(ActionObservation.BlockCounter::packets)
                    .containsExactly(50L);
        } finally {
            bed.mustRun("ip", "netns", "del", container);
        }
    }

    @Test
    void aLimitLetsItsRatePassAndCountsTheRest() {
        BlockTarget target = target(WWW_DATA, ADDRESS, 32, Protocol.UDP, 80);
        assertThat(run(new NetworkStep.Limit(target, 100, LONG)).result()).isEqualTo(Outcome.Result.DONE);

        String[] flood = new String[500];
        Arrays.fill(flood, "udp," + ADDRESS + ",80");
        long start = System.nanoTime();
        long passed = bed.send(WWW_DATA, List.of(flood)).stream()
                .filter("sent"::equals)
                .count();
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(passed).as("in %s s", seconds).isBetween(10L, 12 + (long) (seconds * 100));
        assertThat(standing()).singleElement().satisfies(counter -> {
            assertThat(counter.rate()).isEqualTo(OptionalLong.of(100));
            assertThat(counter.packets()).isEqualTo(500 - passed);
        });
        // Others, and other ports, are not limited.
        assertThat(bed.send(GAMES, List.of(flood).subList(0, 50))).containsOnly("sent");

        assertThat(run(new NetworkStep.Limit(target, 7, LONG)).result()).isEqualTo(Outcome.Result.DONE);
        assertThat(standing()).extracting(ActionObservation.BlockCounter::rate).containsExactly(OptionalLong.of(7));
        assertThat(run(new NetworkStep.Unlimit(target, "")).detail()).isEmpty();
        assertThat(standing()).isEmpty();
        assertThat(bed.send(WWW_DATA, List.of(flood).subList(0, 50))).containsOnly("sent");
    }

    @Test
    void aBlockAndALimitOfOneTargetAreTwoThings() {
        BlockTarget target = target(-1, ADDRESS, 32, null, 0);
        run(new NetworkStep.Limit(target, 100, LONG));
        run(new NetworkStep.Block(target, LONG));

        assertThat(standing())
                .extracting(ActionObservation.BlockCounter::rate)
                .containsExactlyInAnyOrder(OptionalLong.empty(), OptionalLong.of(100));
        assertThat(bed.send(GAMES, "udp," + ADDRESS + ",80")).isEqualTo("EPERM");
        run(new NetworkStep.Unblock(target, ""));
        assertThat(bed.send(GAMES, "udp," + ADDRESS + ",80")).isEqualTo("sent");
    }

    @Test
    void aLimitOfAnEarlierVersionGoesOnWithItsCounter() {
        BlockTarget limited = target(WWW_DATA, ADDRESS, 32, Protocol.UDP, 80);
        run(new NetworkStep.Limit(limited, 10, LONG));
        asAnEarlierVersionHadIt();
        String[] flood = new String[200];
        Arrays.fill(flood, "udp," + ADDRESS + ",80");
        assertThat(bed.send(WWW_DATA, List.of(flood))).contains("EPERM");
        long dropped = standing().get(0).packets();

        // Another start of the program, which blocks somebody else.
        enforcer = bed.enforcer("nft");
        run(new NetworkStep.Block(target(GAMES, null, 0, null, 0), LONG));
        assertThat(bed.send(WWW_DATA, List.of(flood))).contains("EPERM");

        assertThat(bed.within("nft", "list", "table", "inet", "outguard")).doesNotContain("chain limits {");
        assertThat(standing())
                .filteredOn(counter -> counter.target().equals(limited))
                .singleElement()
                .satisfies(counter -> {
                    assertThat(counter.rate()).isEqualTo(OptionalLong.of(10));
                    assertThat(counter.packets()).isGreaterThan(dropped);
                });
        run(new NetworkStep.Unlimit(limited, ""));
        assertThat(bed.send(WWW_DATA, List.of(flood))).containsOnly("sent");
    }

    /* With the rules of the limits in a chain of another name. */
    private void asAnEarlierVersionHadIt() {
        String table = "inet outguard ";
        String chains = bed.within("nft", "list", "chain", "inet", "outguard", "limited")
                .lines()
                .map(String::strip)
                .filter(line -> line.endsWith("drop"))
                .map(line -> "add rule " + table + "limits " + line + "; ")
                .reduce("add chain " + table + "limits; ", String::concat);
        bed.within("nft", chains);
        bed.within(
                "nft",
                "flush chain " + table + "output; flush chain " + table + "forward; delete chain " + table
                        + "limited; add rule " + table + "output jump limits");
    }

    @Test
    void aControlGroupIsStoppedWithWhatIsBelowIt() throws IOException {
        Path mount = CgroupMount.find(Path.of("/proc/self/mountinfo")).orElseThrow();
        String group = bed.name();
        Path inner = mount.resolve(group).resolve("inner");
        Files.createDirectories(inner);
        try {
            for (String blocked : List.of(group, group + "/inner")) {
                BlockTarget all = ofCgroup(blocked, null, null, 0);
                BlockTarget some = ofCgroup(blocked, ADDRESS, Protocol.UDP, 80);
                assertThat(run(new NetworkStep.Block(some, LONG)).detail()).isEmpty();
                assertThat(sendFrom(inner)).containsExactly("EPERM", "sent");
                assertThat(bed.send(WWW_DATA, "udp," + ADDRESS + ",80")).isEqualTo("sent");
                assertThat(standing()).singleElement().satisfies(counter -> {
                    assertThat(counter.target()).isEqualTo(some);
                    assertThat(counter.packets()).isEqualTo(1);
                });
                run(new NetworkStep.Block(all, LONG));
                assertThat(sendFrom(inner)).containsExactly("EPERM", "EPERM");
                run(new NetworkStep.Unblock(some, ""));
                run(new NetworkStep.Unblock(all, ""));
                assertThat(sendFrom(inner)).containsExactly("sent", "sent");
            }
        } finally {
            Files.delete(inner);
            Files.delete(mount.resolve(group));
        }
        assertThat(run(new NetworkStep.Block(ofCgroup(group, null, null, 0), LONG))
                        .detail())
                .contains("no such control group");
    }

    private static BlockTarget ofCgroup(String path, String remote, Protocol protocol, int port) {
        BlockTarget rest = target(0, remote, 32, protocol, port);
        return new BlockTarget(rest.remote(), rest.port(), rest.protocol(), OptionalInt.empty(), Optional.of(path));
    }

    /* Two datagrams, to ports 80 and 81, from a process that joins the group before it opens a socket. */
    private List<String> sendFrom(Path cgroup) {
        List<String> probes = new ArrayList<>();
        for (int port : new int[] {80, 81}) {
            probes.add(
                    bed.within("sh", "-c", "echo $$ > " + cgroup + "/cgroup.procs; exec python3 -c \"$0\" " + port, """
                            import errno, socket, sys
                            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                            try:
                                s.sendto(b'x', ('192.0.2.1', int(sys.argv[1])))
                                print('sent')
                            except OSError as e:
                                print(errno.errorcode[e.errno])
                            """)
                            .strip());
        }
        return probes;
    }

    @Test
    void aUserIsKeptFromAPortOnLoopbackToo() {
        run(new NetworkStep.Block(target(WWW_DATA, null, 0, Protocol.UDP, 2525), LONG));

        assertThat(bed.send(WWW_DATA, List.of("udp,127.0.0.1,2525", "udp,192.0.2.1,2525", "udp,127.0.0.1,2526")))
                .containsExactly("EPERM", "EPERM", "sent");
        assertThat(bed.send(GAMES, "udp,127.0.0.1,2525")).isEqualTo("sent");
    }

    @Test
    void rulesOfUfwDockerAndFirewalldStayAsTheyAreToTheByte() throws IOException {
        bed.within(
                "nft",
                "-f",
                Path.of("src/test/resources/nft/foreign.nft").toAbsolutePath().toString());
        String before = bed.within("nft", "-a", "list", "ruleset");

        BlockTarget remote = target(-1, ADDRESS, 32, null, 0);
        run(new NetworkStep.Block(remote, LONG));
        run(new NetworkStep.Limit(target(WWW_DATA, null, 0, null, 0), 10, LONG));
        assertThat(bed.within("nft", "-a", "list", "ruleset")).startsWith(before);
        run(new NetworkStep.Unblock(remote, ""));
        assertThat(enforcer.removeTables()).isEmpty();

        assertThat(bed.within("nft", "-a", "list", "ruleset")).isEqualTo(before);
        // And with theirs in place ours takes hold.
        run(new NetworkStep.Block(remote, LONG));
        assertThat(bed.send(GAMES, "udp," + ADDRESS + ",80")).isEqualTo("EPERM");
        assertThat(bed.send(GAMES, "udp,192.0.2.9,80")).isEqualTo("sent");
    }

    private long leftBySink() {
        String[] words = bed.within("sh", "-c", "grep sink: /proc/thread-self/net/dev")
                .strip()
                .split("\\s+");
        return Long.parseLong(words[10]);
    }

    private List<ActionObservation.BlockCounter> standing() {
        Listing listing = enforcer.list();
        assertThat(listing).isInstanceOf(Listing.Seen.class);
        return ((Listing.Seen) listing).blocks().blocks();
    }

    private Outcome run(NetworkStep step) {
        return enforcer.run(new Action("a-1", Instant.EPOCH, "test", "", step, enforcer.plan(step)), step);
    }
}
