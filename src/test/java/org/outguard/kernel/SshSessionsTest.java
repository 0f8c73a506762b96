package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;

/** The session that a process runs in, by a /proc of the test's own. */
class SshSessionsTest {

    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt" + "   uid  timeout inode\n";

    @TempDir
    private Path proc;

    @BeforeEach
    void aServer() throws IOException {
        // 192.0.2.1:2222 with 203.0.113.9:50022 and 203.0.113.66:50066; listeners at 25, 2222 and, on loopback, 53.
        String tcp = HEAD
                + line("010200C0:08AE", "097100CB:C366", "01", 501)
                + line("010200C0:08AE", "427100CB:C392", "01", 502)
                + line("00000000:0019", "00000000:0000", "0A", 503)
                + line("00000000:08AE", "00000000:0000", "0A", 504)
                + line("0100007F:0035", "00000000:0000", "0A", 505);
        write("thread-self/net/tcp", tcp);
        write("80/net/tcp", tcp);
        write("100/stat", "100 (bash) S 90 100 100");
        write("90/stat", "90 (sudo (root)) S 80 90 90");
        write("80/stat", "80 (sshd-session) S 1 80 80");
        Files.createDirectories(proc.resolve("80/fd"));
        Files.createSymbolicLink(proc.resolve("80/fd/4"), Path.of("socket:[501]"));
    }

    private static String line(String local, String remote, String state, int inode) {
        return "   0: " + local + " " + remote + " " + state + " 00000000:00000000 00:00000000 00000000     0        0 "
                + inode + " 1\n";
    }

    private void write(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void anAncestorOfSshdNamesTheSession() {
        SshSessions found = SshSessions.find(proc, 100, "", Set.of());

        assertThat(found.peers()).containsExactly(far("203.0.113.9", 50_022));
        assertThat(found.ports()).containsExactlyInAnyOrder(22, 2222);
        assertThat(found.daemons()).containsExactly(80);
        assertThat(found.served()).containsExactly(25);
    }

    @Test
    void theVariableNamesItToo() {
        SshSessions found = SshSessions.find(proc, 4711, "2001:db8::9 50022 2001:db8::1 2022", Set.of());

        assertThat(found.peers()).containsExactly(far("2001:db8::9", 50_022));
        assertThat(found.ports()).containsExactlyInAnyOrder(22, 2022);
    }

    @Test
    void whereNobodySaysEverySessionCounts() throws IOException {
        write("thread-self/net/tcp", HEAD + line("010200C0:0016", "097100CB:C366", "01", 501));

        assertThat(SshSessions.find(proc, 4711, "no address at all", Set.of()).peers())
                .containsExactly(far("203.0.113.9", 50_022));
    }

    private static Endpoint far(String address, int port) {
        return new Endpoint(IpAddress.parse(address).orElseThrow(), port);
    }

    @Test
    void devicesWithARouteAreThoseThatPacketsLeaveBy() throws IOException {
        Path net = proc.resolve("net");
        write("net/route", """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
                """);
        String zero = "0".repeat(32);
        String tail = " 00 " + zero + " 00 " + zero + " 00000100 00000001 00000000 00000001 ";
        write(
                "net/ipv6_route",
                "fe80000000000000" + "0".repeat(16) + tail + "veth12\n"
                        + "20010db8000000000000000000000000" + tail + "wg0\n"
                        + zero + tail + "lo\n");

        assertThat(RoutedDevices.find(net)).containsExactly("eth0", "docker0", "wg0");
        assertThat(RoutedDevices.find(proc.resolve("nothing"))).isEmpty();
    }
}
