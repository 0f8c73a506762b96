package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.outguard.Alone;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.kernel.EyeWatch.Sum;
import org.outguard.kernel.KernelEye.Kind;
import org.outguard.kernel.KernelEye.Sender;
import org.outguard.owner.Owner;

/**
 * Every generator of src/test/native/attacks, in a host and in a container, by IPv4 and IPv6: each packet that it says
 * it sent is credited to its process and its user, and to nobody else.
 */
@Alone("a sender is seen within milliseconds")
class KernelEyeIT {

    private static final int SENDER_UID = 33;
    private static final int SIZE = 29;
    private static final int HEADERS_V4 = 28;
    private static final int ETHERNET = 14;
    private static final int AT_ONCE = 6;
    private static final int AS_FAST_AS_IT_CAN = 0;

    private static EyeBed bed;
    private static EyeWatch watch;
    private static final List<Run> RUNS = new ArrayList<>();

    /** A generator with its variant, and how its packets are told from those of others. */
    private record Attack(String program, String variant, int packetsPerSecond, boolean v6) {}

    private record Run(Attack attack, String namespace, boolean v6, int number, EyeBed.Report report) {

        /** Each run has a network and a port of its own. */
        boolean isRemote(Endpoint remote) {
            if (remote == null || remote.address().v6() != v6) {
                return false;
            }
            if (v6) {
                return remote.port() == port(number);
            }
            return remote.address().low() >>> 8 == network(number).low() >>> 8
                    && (attack.program.equals("q_icmp") || remote.port() == port(number));
        }

        String name() {
            return attack.program + " " + attack.variant
                    + (attack.packetsPerSecond == AS_FAST_AS_IT_CAN ? " at full speed" : "") + (v6 ? " IPv6" : "")
                    + " in "
                    + (namespace.equals(bed.host) ? "the host" : "a container");
        }
    }

    private static final List<Attack> ATTACKS = List.of(
            new Attack("a_connected", "", 2_000, true),
            new Attack("a_connected", "write", 2_000, true),
            new Attack("a_connected", "sendfile", 2_000, true),
            new Attack("a_connected", "cork", 2_000, true),
            new Attack("b_sendto", "", 2_000, true),
            new Attack("b_sendto", "spray", 2_000, false),
            new Attack("c_sendmmsg", "", 2_000, true),
            new Attack("d_newsock", "", 2_000, true),
            new Attack("e_fork", "", 500, true),
            new Attack("e_fork", "orphan", 300, true),
            new Attack("f_raw", "", 2_000, false),
            new Attack("f_raw", "hdrincl", 2_000, false),
            new Attack("f_raw", "syn", 2_000, false),
            new Attack("f_raw", "hdrsyn", 2_000, false),
            new Attack("g_packet", "", 2_000, false),
            new Attack("g_packet", "bypass", 2_000, false),
            new Attack("g_packet", "ring", 2_000, false),
            new Attack("g_packet", "ringbypass", 2_000, false),
            new Attack("i_masked", "", 2_000, true),
            new Attack("j_workers", "", 2_000, true),
            new Attack("j_workers", "reuseport", 2_000, false),
            new Attack("k_smtp", "", 2_000, false),
            new Attack("k_smtp", "mptcp", 2_000, false),
            new Attack("n_gso", "gso", 2_000, true),
            new Attack("n_gso", "zerocopy", 2_000, true),
            new Attack("o_thread", "", 2_000, true),
            new Attack("p_flood.pl", "", 2_000, false),
            new Attack("p_flood.py", "", 2_000, false),
            new Attack("p_flood.php", "", 2_000, false),
            new Attack("q_icmp", "", 2_000, false),
            new Attack("q_icmp", "ping", 2_000, false),
            new Attack("t_uring", "", 2_000, true),
            new Attack("t_uring", "sqpoll", 2_000, false),
            new Attack("t_uring", "async", 2_000, false),
            new Attack("a_connected", "", AS_FAST_AS_IT_CAN, true),
            new Attack("b_sendto", "spray", AS_FAST_AS_IT_CAN, false),
            new Attack("c_sendmmsg", "", AS_FAST_AS_IT_CAN, false),
            new Attack("d_newsock", "", AS_FAST_AS_IT_CAN, false),
            new Attack("e_fork", "", AS_FAST_AS_IT_CAN, false),
            new Attack("f_raw", "hdrincl", AS_FAST_AS_IT_CAN, false),
            new Attack("g_packet", "", AS_FAST_AS_IT_CAN, false),
            new Attack("n_gso", "gso", AS_FAST_AS_IT_CAN, false));

    private static int port(int number) {
        return 20_000 + number;
    }

    private static IpAddress network(int number) {
        return IpAddress.parse("10.99." + (128 + number) + ".2").orElseThrow();
    }

    @BeforeAll
    static void sendAll() throws Exception {
        bed = new EyeBed();
        watch = new EyeWatch();
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        List<Future<Run>> running = new ArrayList<>();
        for (String namespace : List.of(bed.host, bed.container)) {
            for (Attack attack : ATTACKS) {
                int number = running.size();
                running.add(pool.submit(() -> send(attack, namespace, false, number)));
                if (attack.v6) {
                    running.add(pool.submit(() -> send(attack, namespace, true, number + 1)));
                }
            }
        }
        pool.shutdown();
        for (Future<Run> run : running) {
            RUNS.add(run.get(120, TimeUnit.SECONDS));
        }
        watch.settle();
    }

    private static Run send(Attack attack, String namespace, boolean v6, int number) throws Exception {
        List<String> command = new ArrayList<>();
        String interpreter = interpreter(attack.program);
        if (!interpreter.isEmpty()) {
            command.add("/usr/bin/" + interpreter);
        }
        command.add(EyeBed.ATTACKS.resolve(attack.program).toString());
        command.add(v6 ? "fd99::2" : network(number).toString());
        command.addAll(List.of(
                Integer.toString(port(number)),
                Integer.toString(attack.packetsPerSecond),
                "1",
                "" + SIZE,
                attack.variant));
        Map<String, String> environment = new HashMap<>();
        environment.put("GEN_IF", EyeBed.device(bed.host, namespace));
        environment.put("GEN_DMAC", bed.nextHop(namespace));
        environment.put("GEN_SRC", namespace.equals(bed.host) ? "10.99.0.1" : "10.98.0.2");
        return new Run(attack, namespace, v6, number, bed.attack(namespace, environment, command));
    }

    private static String interpreter(String program) {
        if (program.endsWith(".pl")) {
            return "perl";
        }
        if (program.endsWith(".py")) {
            return "python3";
        }
        return program.endsWith(".php") ? "php" : "";
    }

    @AfterAll
    static void close() throws Exception {
        if (watch != null) {
            watch.close();
        }
        if (bed != null) {
            bed.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyPacketHasItsSender() {
        return RUNS.stream().map(run -> DynamicTest.dynamicTest(run.name(), () -> check(run)));
    }

    private static void check(Run run) {
        assertThat(run.report.sent()).as("sent").isPositive();
        if (run.attack.program.equals("g_packet")) {
            checkFrames(run);
            return;
        }
        List<Sum> sums = watch.sums(sum -> run.isRemote(sum.remote()));
        sums.forEach(sum -> checkSender(run, sum));
        boolean connects = run.attack.program.equals("k_smtp");
        long counted = sums.stream()
                .mapToLong(sum -> connects ? sum.connects() : sum.packets())
                .sum();
        assertThat(counted)
                .as("packets of %s: %s; %s", run.report, sums, watch.rest())
                .isEqualTo(run.report.sent());
        if (!connects) {
            int header = run.v6 ? HEADERS_V4 + 20 : HEADERS_V4;
            assertThat(sums.stream().mapToLong(Sum::bytes).sum())
                    .as("bytes")
                    .isEqualTo(run.report.sent() * (SIZE + header));
        }
    }

    /** AF_PACKET: before a device has its hook, and around the queue, the sender is sure and the destination unknown. */
    private static void checkFrames(Run run) {
        List<Sum> sums = watch.sums(sum -> sum.sender() != null
                && sum.sender().id().pid() == run.report.pid()
                && (sum.kind() == Kind.PACKET_SOCKET || sum.kind() == Kind.BYPASS));
        sums.forEach(sum -> checkSender(run, sum));
        assertThat(sums.stream().mapToLong(Sum::packets).sum())
                .as("frames of %s: %s; %s", run.report, sums, watch.rest())
                .isEqualTo(run.report.sent());
        long bytes = sums.stream()
                .mapToLong(sum -> sum.bytes() - (sum.kind() == Kind.BYPASS ? sum.packets() * ETHERNET : 0))
                .sum();
        assertThat(bytes).as("bytes").isEqualTo(run.report.sent() * (SIZE + HEADERS_V4));
        boolean seen = sums.stream().anyMatch(sum -> run.isRemote(sum.remote()));
        assertThat(seen).as("destination known: " + sums).isEqualTo(!run.attack.variant.contains("bypass"));
        assertThat(watch.sums(sum -> run.isRemote(sum.remote()) && !sums.contains(sum)))
                .as("credited to others")
                .isEmpty();
    }

    private static void checkSender(Run run, Sum sum) {
        Sender sender = sum.sender();
        assertThat(sender).as("sender of " + sum).isNotNull();
        assertThat(sum.contested()).as("contested " + sum).isNull();
        assertThat(sender.uid()).as("user").isEqualTo(SENDER_UID);
        Owner owner = watch.eye.owner(sender).orElseThrow(() -> new AssertionError("no owner of " + sum));
        assertThat(owner.id()).isEqualTo(sender.id());
        assertThat(owner.uid()).isEqualTo(SENDER_UID);
        if (run.report.family()) {
            Optional<KernelEye.Facts> facts = watch.facts(sender);
            assertThat(facts.orElseThrow().anchor().pid()).as("family").isEqualTo(run.report.pid());
            assertThat(owner.parents()).anyMatch(parent -> parent.id().pid() == run.report.pid());
        } else {
            assertThat(run.report.pids()).contains(sender.id().pid());
        }
        String interpreter = interpreter(run.attack.program);
        if (interpreter.isEmpty()) {
            assertThat(owner.exe() + (owner.exeDeleted() ? " (deleted)" : "")).isEqualTo(run.report.exe());
        } else {
            assertThat(owner.exe()).startsWith("/usr/bin/" + interpreter);
            assertThat(owner.commandLine()).anyMatch(argument -> argument.endsWith(run.attack.program));
        }
    }

    @Test
    void noPacketIsLostAndNoProcess() {
        watch.isConserved();
        assertThat(watch.lostFacts()).isZero();
    }

    @Test
    void theTimesOfPacketsLieBetweenTheDrains() {
        assertThat(watch.mistimed()).isZero();
    }

    @Test
    void aSenderIsSeenSoonAfterItsFirstPacket() {
        List<Integer> pids = RUNS.stream().map(run -> run.report.pid()).toList();
        List<Long> delays =
                watch.delaysMillis(sender -> pids.contains(sender.id().pid()));
        // A drain every 100 ms, the kernel's grace period, and a machine on which four floods run at once.
        assertThat(delays).hasSizeGreaterThan(RUNS.size() / 2);
        assertThat(delays.get(delays.size() * 95 / 100)).isLessThan(500);
    }
}
