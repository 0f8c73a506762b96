package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.nft.Accounting.Flow;
import org.outguard.nft.Accounting.Total;
import org.outguard.nft.Accounting.Who;
import org.outguard.procfs.CgroupMount;

/** Counts by user and control group in a namespace of its own: to the packet. Needs root, nftables and cgroup2. */
class NftAccountingIT {

    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    /* Arguments are repetitions,address,port. */
    private static final String SENDER = """
            import socket, sys
            for probe in sys.argv[1:]:
                times, address, port = probe.split(',')
                with socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM) as s:
                    for _ in range(int(times)):
                        s.sendto(b'x', (address, int(port)))
            """;

    private final NetnsBed bed = new NetnsBed();
    private final Hooks hooks = new Hooks() {
        @Override
        public List<String> devices() {
            return List.of();
        }

        @Override
        public String cgroups() {
            return CgroupMount.prefix(MOUNTINFO);
        }
    };
    private final NftAccounting accounting =
            new NftAccounting(bed.runner(), bed.command("nft"), hooks, false, new Maker("1_1_1"));

    @BeforeEach
    void open() {
        NftAccounting.Begun begun = accounting.open();
        assertThat(begun.problem()).isEmpty();
        assertThat(begun.limit()).isEmpty();
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private void send(int uid, String... probes) {
        String id = Integer.toString(uid);
        List<String> argv = new ArrayList<>(
                List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "python3", "-c", SENDER));
        argv.addAll(List.of(probes));
        bed.within(argv.toArray(String[]::new));
    }

    private Accounting.Seen read() {
        Accounting read = accounting.read();
        assertThat(read).isInstanceOf(Accounting.Seen.class);
        return (Accounting.Seen) read;
    }

    private static Map<String, String> byUser(Accounting.Seen seen) {
        Map<String, String> text = new TreeMap<>();
        for (Flow flow : seen.flows()) {
            if (flow.who() instanceof Who.User user) {
                text.put(
                        user.uid() + " " + flow.protocol().word() + " " + flow.remote(),
                        flow.packets() + "/" + flow.bytes());
            }
        }
        return text;
    }

    private static Map<Who, Long> totals(Accounting.Seen seen) {
        Map<Who, Long> totals = new HashMap<>();
        for (Total total : seen.totals()) {
            totals.put(total.who(), total.packets());
        }
        return totals;
    }

    @Test
    void countsToThePacketByUserAndRemoteSinceTheLastReading() {
        send(NetnsBed.WWW_DATA, "3000,198.51.100.7,80", "200,2001:db8::7,53");
        send(NetnsBed.GAMES, "150,198.51.100.7,80");
        Accounting.Seen first = read();
        assertThat(byUser(first))
                .containsEntry("33 udp 198.51.100.7:80", "3000/87000")
                .containsEntry("33 udp [2001:db8::7]:53", "200/9800")
                .containsEntry("5 udp 198.51.100.7:80", "150/4350");
        assertThat(totals(first)).containsEntry(new Who.User(33), 3200L).containsEntry(new Who.User(5), 150L);
        assertThat(first.packets()).isGreaterThanOrEqualTo(3350);

        assertThat(byUser(read())).as("nothing since then").isEmpty();
        send(NetnsBed.WWW_DATA, "7,198.51.100.7,80");
        assertThat(byUser(read())).containsOnly(Map.entry("33 udp 198.51.100.7:80", "7/203"));
    }

    @Test
    void whatIsCountedAfterABreakIsWhole() {
        send(NetnsBed.WWW_DATA, "5,198.51.100.7,80");
        assertThat(byUser(read())).containsOnly(Map.entry("33 udp 198.51.100.7:80", "5/145"));
        accounting.close();
        send(NetnsBed.WWW_DATA, "3,198.51.100.7,80");
        open();
        send(NetnsBed.WWW_DATA, "7,198.51.100.7,80");
        assertThat(byUser(read())).containsOnly(Map.entry("33 udp 198.51.100.7:80", "7/203"));
    }

    @Test
    void countsConnectionAttemptsAndPings() {
        bed.send(NetnsBed.WWW_DATA, "tcp,198.51.100.9,25");
        bed.within("python3", "-c", """
                import socket
                for family, protocol, to, kind in (
                        (socket.AF_INET, socket.IPPROTO_ICMP, '198.51.100.9', 8),
                        (socket.AF_INET6, socket.IPPROTO_ICMPV6, '2001:db8::9', 128)):
                    with socket.socket(family, socket.SOCK_RAW, protocol) as s:
                        for _ in range(3):
                            s.sendto(bytes([kind, 0, 0, 0, 0, 1, 0, 1]), (to, 0))
                """);
        Map<String, String> seen = byUser(read());
        assertThat(seen).containsKey("33 tcp 198.51.100.9:25");
        assertThat(seen).containsEntry("0 icmp 198.51.100.9", "3/84").containsEntry("0 icmpv6 2001:db8::9", "3/144");
    }

    @Test
    void moreRemotesThanThereIsRoomForAreInTheTotal() {
        int remotes = NftAccounting.MOST_ELEMENTS + 500;
        String[] probes = new String[remotes];
        for (int i = 0; i < remotes; i++) {
            probes[i] = "2,198.51.100.7," + (1000 + i);
        }
        send(NetnsBed.WWW_DATA, probes);
        Accounting.Seen seen = read();
        assertThat(byUser(seen)).hasSize(NftAccounting.MOST_ELEMENTS);
        assertThat(totals(seen)).containsEntry(new Who.User(33), 2L * remotes);
    }

    @Test
    void countsByControlGroupDownToTheSecondLevel() throws IOException {
        Path mount = CgroupMount.find(MOUNTINFO).orElseThrow(() -> new AssertionError("cgroup2 is not mounted"));
        Path outer = Files.createDirectory(
                mount.resolve("og-acc-" + ProcessHandle.current().pid()));
        Path inner = outer.resolve("inner.service");
        Path deep = inner.resolve("deep");
        try {
            Files.createDirectory(inner);
            Files.createDirectory(deep);
            for (Path group : List.of(outer, inner, deep)) {
                bed.within(
                        "sh",
                        "-c",
                        "echo $$ > " + group + "/cgroup.procs; exec python3 -c \"$0\" 100,198.51.100.7,80",
                        SENDER);
            }
            Accounting.Seen seen = read();
            String name = "/" + outer.getFileName();
            assertThat(totals(seen))
                    .containsEntry(new Who.Cgroup(name), 100L)
                    .containsEntry(new Who.Cgroup(name + "/inner.service"), 200L);
            assertThat(seen.flows())
                    .filteredOn(flow -> flow.who().equals(new Who.Cgroup(name + "/inner.service")))
                    .singleElement()
                    .satisfies(flow -> {
                        assertThat(flow.remote()).hasToString("198.51.100.7:80");
                        assertThat(flow.packets()).isEqualTo(200);
                    });
        } finally {
            for (Path group : List.of(deep, inner, outer)) {
                Files.deleteIfExists(group);
            }
        }
    }

    @Test
    void whatProgramsHereSendToEachOtherCountsOnlyWhereThatIsWatched() {
        send(NetnsBed.WWW_DATA, "5,127.0.0.1,9");
        assertThat(byUser(read())).isEmpty();

        try (NftAccounting all = new NftAccounting(bed.runner(), bed.command("nft"), hooks, true, new Maker("1_2_2"))) {
            assertThat(all.open().problem()).isEmpty();
            send(NetnsBed.WWW_DATA, "5,127.0.0.1,9");
            assertThat(byUser((Accounting.Seen) all.read())).containsEntry("33 udp 127.0.0.1:9", "5/145");
        }
    }

    @Test
    void leavesNothingBehindAndTakesUpWhatAnEarlierRunLeft() {
        assertThat(accounting.open().problem()).as("a second time").isEmpty();
        assertThat(of("1_3_0").open().problem()).as("a run that is killed").isEmpty();
        assertThat(accounting.open().problem()).isEmpty();
        assertThat(bed.within("nft", "list", "tables")).contains("1_1_1").doesNotContain("1_3_0");
        accounting.close();
        assertThat(bed.within("nft", "list", "tables")).doesNotContain("outguard");
        accounting.close();
        assertThat(accounting.read()).isInstanceOf(Accounting.Failed.class);
    }

    @Test
    void instancesSideBySideCountEachForThemselves() {
        try (NftAccounting other = of("1_2_2")) {
            assertThat(other.open().problem()).isEmpty();
            send(NetnsBed.WWW_DATA, "5,198.51.100.7,80");
            assertThat(byUser((Accounting.Seen) other.read())).containsValue("5/145");
            other.takeOutLeft();
        }
        assertThat(byUser(read())).containsValue("5/145");
    }

    private NftAccounting of(String word) {
        return new NftAccounting(bed.runner(), bed.command("nft"), hooks, false, new Maker(word));
    }
}
