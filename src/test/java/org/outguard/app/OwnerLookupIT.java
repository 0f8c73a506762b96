package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.kernel.NetworkNamespace;
import org.outguard.kernel.OwnerLookup;
import org.outguard.kernel.SockDiag;
import org.outguard.kernel.SocketScan;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessFacts;
import org.outguard.procfs.SocketHolders;

/** The look-up against this kernel: programs open sockets in a namespace of their own, and are found by them. */
class OwnerLookupIT {

    private static final Path PROC = Path.of("/proc");

    private final String namespace = "og-own-" + ProcessHandle.current().pid();
    private final List<Process> programs = new ArrayList<>();
    private final BlockingQueue<Observation> answers = new LinkedBlockingQueue<>();
    private OwnerLookup lookup;
    private Thread thread;

    @BeforeEach
    void open() throws Exception {
        run("ip", "netns", "add", namespace);
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        ProcessFacts facts = new ProcessFacts(PROC, new PasswdFile(Path.of("/etc/passwd")));
        SocketHolders holders = new SocketHolders(PROC, SocketScan::holders, Ticker.systemTicker());
        lookup = new OwnerLookup(
                new SockDiag(),
                holders::holdersOf,
                facts::read,
                (int) ProcessHandle.current().pid(),
                Ticker.systemTicker(),
                answers::add);
        BlockingQueue<String> entered = new LinkedBlockingQueue<>();
        thread = new Thread(() -> {
            entered.add(NetworkNamespace.enter("/run/netns/" + namespace).orElse(""));
            lookup.run();
        });
        thread.start();
        assertThat(entered.poll(10, TimeUnit.SECONDS)).isEmpty();
    }

    @AfterEach
    void close() throws Exception {
        lookup.stop();
        thread.join(10_000);
        for (Process program : programs) {
            program.destroyForcibly().waitFor();
        }
        run("ip", "netns", "delete", namespace);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void aConnectedSocketNamesItsProcess() throws Exception {
        Opened opened =
                python("s=socket.socket(AF_INET,SOCK_DGRAM); s.connect(('127.0.0.9',80))", "s.getsockname()[1]");

        Attribution found = ask(Protocol.UDP, "127.0.0.1", opened.port, "127.0.0.9", 80);

        isThat(found, opened, MatchQuality.EXACT, "connected UDP socket, sock_diag");
        Owner owner = found.knownOwner().orElseThrow();
        assertThat(owner.command()).startsWith("python3");
        assertThat(owner.exe()).contains("python3");
        assertThat(owner.user()).isEqualTo("root");
        assertThat(owner.parents().get(0).id().pid())
                .isEqualTo((int) ProcessHandle.current().pid());
    }

    @Test
    void anUnconnectedSocketIsExactWhereItIsTheOnlyOneOfItsPort() throws Exception {
        Opened opened = python("s=socket.socket(AF_INET,SOCK_DGRAM); s.bind(('',0))", "s.getsockname()[1]");

        isThat(
                ask(Protocol.UDP, "127.0.0.1", opened.port, "127.0.0.9", 80),
                opened,
                MatchQuality.EXACT,
                "only UDP socket with this source port, sock_diag");
    }

    @Test
    void aDualStackSocketSendsIpv4Too() throws Exception {
        Opened opened = python("s=socket.socket(AF_INET6,SOCK_DGRAM); s.bind(('::',0))", "s.getsockname()[1]");

        for (String address : List.of("127.0.0.1", "::1")) {
            isThat(
                    ask(Protocol.UDP, address, opened.port, address, 80),
                    opened,
                    MatchQuality.EXACT,
                    "only UDP socket with this source port, sock_diag");
        }
    }

    @Test
    void anIpv6SocketThatIsConnectedToIpv4IsFound() throws Exception {
        Opened opened = python(
                "s=socket.socket(AF_INET6,SOCK_DGRAM); s.connect(('::ffff:127.0.0.9',80))", "s.getsockname()[1]");

        isThat(
                ask(Protocol.UDP, "127.0.0.1", opened.port, "127.0.0.9", 80),
                opened,
                MatchQuality.EXACT,
                "connected UDP socket, sock_diag");
    }

    @Test
    void aTcpConnectionNamesItsProcess() throws Exception {
        Opened opened = python(
                "l=socket.socket(); l.bind(('127.0.0.1',2525)); l.listen(); "
                        + "s=socket.socket(); s.connect(('127.0.0.1',2525))",
                "s.getsockname()[1]");

        isThat(
                ask(Protocol.TCP, "127.0.0.1", opened.port, "127.0.0.1", 2525),
                opened,
                MatchQuality.EXACT,
                "connected TCP socket, sock_diag");
    }

    @Test
    void aSocketThatIsSharedAfterAForkIsProbableOnly() throws Exception {
        Opened opened = python(
                "s=socket.socket(AF_INET,SOCK_DGRAM); s.connect(('127.0.0.9',80)); r,w=os.pipe(); c=os.fork()\n"
                        + "if c==0: os.close(w); os.read(r,1); os._exit(0)",
                "s.getsockname()[1]");

        isThat(
                ask(Protocol.UDP, "127.0.0.1", opened.port, "127.0.0.9", 80),
                opened,
                MatchQuality.PROBABLE,
                "socket shared by 2 processes, sock_diag");
    }

    @Test
    void aForgedSourceLeadsToTheOnlyRawSocket() throws Exception {
        Opened opened = python("s=socket.socket(AF_INET,SOCK_RAW,255)", "0");

        isThat(
                ask(Protocol.UDP, "192.0.2.77", 5, "127.0.0.9", 80),
                opened,
                MatchQuality.PROBABLE,
                "no socket has this source; only " + opened.process.pid() + " holds raw or packet sockets");
    }

    @Test
    void aForgedSourceLeadsToTheOnlyPacketSocket() throws Exception {
        Opened opened = python("s=socket.socket(AF_PACKET,SOCK_RAW,0)", "0");

        isThat(
                ask(Protocol.UDP, "192.0.2.77", 5, "127.0.0.9", 80),
                opened,
                MatchQuality.PROBABLE,
                "no socket has this source; only " + opened.process.pid() + " holds raw or packet sockets");
        isThat(
                ask(new FlowKey(Protocol.UDP, new Endpoint(IpAddress.ANY_V4, 0), endpoint("127.0.0.9", 80))),
                opened,
                MatchQuality.PROBABLE,
                "no socket has this source; only " + opened.process.pid() + " holds raw or packet sockets");
    }

    /* As tcpdump and another Outguard have them: a ring to receive by, a fanout group. With a ring to send by it is one that sends. */
    @Test
    void whoOnlyCapturesIsNotNamedForAForgedSource() throws Exception {
        String ring = "s=socket.socket(AF_PACKET,SOCK_RAW,768); s.setsockopt(263,%s,struct.pack('IIII',8192,2,2048,8))";
        String capture = "import struct; " + ring.formatted("5");
        python(capture, "0");
        python("import struct; s=socket.socket(AF_PACKET,SOCK_RAW,768); s.bind(('lo',3)); s.setsockopt(263,18,7)", "0");

        Opened sender = python("import struct; " + ring.formatted("13"), "0");
        isThat(
                ask(Protocol.UDP, "192.0.2.77", 5, "127.0.0.9", 80),
                sender,
                MatchQuality.PROBABLE,
                "no socket has this source; only " + sender.process.pid() + " holds raw or packet sockets");
    }

    @Test
    void aPortThatAPacketSocketOfAnotherCouldForgeIsContested() throws Exception {
        Opened honest = python("s=socket.socket(AF_INET,SOCK_DGRAM); s.bind(('',0))", "s.getsockname()[1]");
        Opened forger = python("s=socket.socket(AF_PACKET,SOCK_RAW,0)", "0");

        Attribution found = ask(Protocol.UDP, "127.0.0.1", honest.port, "127.0.0.9", 80);

        assertThat(found.quality()).isEqualTo(MatchQuality.PROBABLE);
        assertThat(found.knownOwner().orElseThrow().pid()).isEqualTo((int) honest.process.pid());
        assertThat(found.matchedBy()).contains("contested: " + forger.process.pid() + " python3");
    }

    @Test
    void icmpLeadsToTheOnlyIcmpSocket() throws Exception {
        run("ip", "netns", "exec", namespace, "sysctl", "-qw", "net.ipv4.ping_group_range=0 0");
        Opened raw = python("s=socket.socket(AF_INET6,SOCK_RAW,58)", "0");
        Opened ping = python("s=socket.socket(AF_INET,SOCK_DGRAM,1); s.bind(('127.0.0.1',0))", "0");

        isThat(
                ask(Protocol.ICMPV6, "::1", 0, "::1", 0),
                raw,
                MatchQuality.PROBABLE,
                "only " + raw.process.pid() + " holds ICMP sockets");
        isThat(
                ask(Protocol.ICMP, "127.0.0.1", 0, "127.0.0.9", 0),
                ping,
                MatchQuality.PROBABLE,
                "only " + ping.process.pid() + " holds ICMP sockets");
    }

    @Test
    void nobodyIsNamedWhereNothingFits() throws Exception {
        Attribution found = ask(Protocol.UDP, "127.0.0.1", 9, "127.0.0.9", 80);

        assertThat(found)
                .isEqualTo(new Attribution.Unknown(
                        "no socket with this source port; it may have been closed before the look-up"));
    }

    private record Opened(Process process, int port) {}

    /** A program that opens sockets, says a number, and holds them until its standard input ends. */
    private Opened python(String statements, String number) throws IOException {
        Process program = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        "python3",
                        "-c",
                        "import os,socket,sys\nfrom socket import *\nimport socket\n" + statements + "\nprint(" + number
                                + ",flush=True)\nsys.stdin.read()")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        programs.add(program);
        String said =
                new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(said).as("what the program said").isNotNull();
        return new Opened(program, Integer.parseInt(said));
    }

    private Attribution ask(Protocol protocol, String local, int localPort, String remote, int remotePort)
            throws InterruptedException {
        return ask(new FlowKey(protocol, endpoint(local, localPort), endpoint(remote, remotePort)));
    }

    private Attribution ask(FlowKey flow) throws InterruptedException {
        lookup.find(List.of(flow));
        Observation answer = answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).isInstanceOf(TrafficObservation.OwnerFound.class);
        assertThat(((TrafficObservation.OwnerFound) answer).flow()).isEqualTo(flow);
        return ((TrafficObservation.OwnerFound) answer).attribution();
    }

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(IpAddress.parse(address).orElseThrow(), port);
    }

    private static void isThat(Attribution found, Opened opened, MatchQuality quality, String matchedBy) {
        assertThat(found.matchedBy()).isEqualTo(matchedBy);
        assertThat(found.quality()).isEqualTo(quality);
        Owner owner = found.knownOwner().orElseThrow();
        assertThat(owner.pid()).isEqualTo((int) opened.process.pid());
        assertThat(owner.uid()).isZero();
        assertThat(owner.id().startTicks()).isEqualTo(startTicks(opened.process.pid()));
    }

    private static long startTicks(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }
}
