package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.kernel.EyeWatch.Sum;
import org.outguard.kernel.KernelEye.Kind;

/**
 * What is sent goes through a queue (NFQUEUE) to a program that gives it back, so that it leaves in that one's call: it is
 * its sender's all the same, or nobody's, and never that program's.
 */
class QueuedPacketsIT {

    private static final int PORT = 20_001;
    private static final int OWN_PORT = 20_002;
    private static final int OTHER_PORT = 20_003;
    private static final int TURNS = 40;
    private static final int SENDER_UID = 33;
    private static final int OTHER_UID = 5;

    private EyeBed bed;
    private EyeBed.Queue firewall;

    @BeforeEach
    void open() throws Exception {
        bed = new EyeBed();
        bed.queueAll("10.99.128.0/17");
    }

    @AfterEach
    void close() throws Exception {
        if (firewall != null) {
            firewall.close();
        }
        bed.close();
    }

    private int startFirewall() throws Exception {
        firewall = bed.startQueue("10.99.0.2", "" + OWN_PORT);
        return firewall.pid();
    }

    private EyeBed.Report attack(String program, String variant, int packetsPerSecond, boolean v6) throws IOException {
        return attack(program, variant, packetsPerSecond, 1, v6);
    }

    private EyeBed.Report attack(String program, String variant, int packetsPerSecond, int seconds, boolean v6)
            throws IOException {
        return bed.attack(
                bed.host,
                Map.of("GEN_SRC", "10.99.0.1"),
                List.of(
                        EyeBed.ATTACKS.resolve(program).toString(),
                        v6 ? "fd99::2" : "10.99.130.2",
                        "" + PORT,
                        "" + packetsPerSecond,
                        "" + seconds,
                        "29",
                        variant));
    }

    /** Of these senders and of whoever else sent to where they do. */
    private static List<Sum> sums(EyeWatch watch) {
        return watch.sums(sum -> sum.kind() != Kind.KERNEL
                && sum.remote() != null
                && (sum.remote().port() == PORT || sum.remote().port() == 0)
                && (sum.remote().address().toString().startsWith("10.99.130.")
                        || sum.remote().address().toString().equals("fd99::2")));
    }

    private static int pid(Sum sum) {
        return sum.sender() == null ? 0 : sum.sender().id().pid();
    }

    @ParameterizedTest
    @CsvSource({
        "a_connected, '', 2000, false",
        "a_connected, '', 2000, true",
        "b_sendto, '', 2000, false",
        "b_sendto, spray, 2000, false",
        "b_sendto, '', 0, false",
        "c_sendmmsg, '', 2000, false",
        "d_newsock, '', 2000, false",
        "d_newsock, '', 2000, true",
        "e_fork, '', 300, false",
        "f_raw, '', 2000, false",
        "f_raw, hdrincl, 2000, false",
        "i_masked, '', 2000, false",
        "j_workers, '', 2000, false",
        "k_smtp, '', 300, false",
        "n_gso, gso, 2000, false",
        "o_thread, '', 2000, false",
        "q_icmp, '', 2000, false",
        "t_uring, '', 2000, false",
        "t_uring, sqpoll, 2000, false"
    })
    void everyPacketIsItsSenders(String program, String variant, int packetsPerSecond, boolean v6) throws Exception {
        try (EyeWatch watch = new EyeWatch()) {
            int firewallPid = startFirewall();
            watch.settle();
            EyeBed.Report report = attack(program, variant, packetsPerSecond, v6);
            long given = firewall.end();
            watch.settle();

            List<Sum> sums = sums(watch);
            boolean connects = program.equals("k_smtp");
            assertThat(sums)
                    .allMatch(sum ->
                            report.family() ? pid(sum) != 0 : report.pids().contains(pid(sum)))
                    .allMatch(sum -> sum.sender().uid() == SENDER_UID)
                    .allMatch(sum -> sum.contested() == null)
                    .noneMatch(sum -> pid(sum) == firewallPid);
            assertThat(sums.stream()
                            .mapToLong(sum -> connects ? sum.connects() : sum.packets())
                            .sum())
                    .as("packets of %s: %s", report, sums)
                    .isEqualTo(report.sent());
            assertThat(given).as("given back").isGreaterThanOrEqualTo(report.sent());
            // What it sends itself is its own.
            assertThat(watch.sums(sum -> pid(sum) == firewallPid))
                    .isNotEmpty()
                    .allMatch(sum -> sum.remote() != null && sum.remote().port() == OWN_PORT)
                    .extracting(Sum::packets)
                    .containsExactly(given);
        }
    }

    @Test
    void whatWaitsIsNotForgottenForWhatHasLeftWhereverPacketsLie() throws Exception {
        try (ScatteredMemory memory = new ScatteredMemory();
                EyeWatch watch = new EyeWatch()) {
            assertThat(memory.left()).as("more places than are noted").isGreaterThan(16_384);
            startFirewall();
            watch.settle();
            EyeBed.Report report = attack("b_sendto", "", 0, 3, false);
            firewall.end();
            watch.settle();

            assertThat(sums(watch)).hasSize(1).allMatch(sum -> pid(sum) == report.pid());
            assertThat(sums(watch).get(0).packets()).isEqualTo(report.sent());
        }
    }

    @Test
    void aQueueThatWasThereBeforeIsKnownFromTheFirstPacketOn() throws Exception {
        startFirewall();
        try (EyeWatch watch = new EyeWatch()) {
            EyeBed.Report report = attack("d_newsock", "", 2_000, false);
            firewall.end();
            watch.settle();

            assertThat(sums(watch)).hasSize(1).allMatch(sum -> pid(sum) == report.pid());
            assertThat(sums(watch).get(0).packets()).isEqualTo(report.sent());
        }
    }

    @Test
    void whoTakesThePlacesOfPacketsAndSocketsOfAnotherNamespaceSendsForItself() throws Exception {
        try (EyeWatch watch = new EyeWatch()) {
            startFirewall();
            watch.settle();
            for (int turn = 0; turn < TURNS; turn++) {
                sendOnOneProcessor(bed.host, SENDER_UID, PORT);
                sendOnOneProcessor(bed.container, OTHER_UID, OTHER_PORT);
            }
            firewall.end();
            watch.settle();

            assertThat(sums(watch)).allMatch(sum -> sum.sender().uid() == SENDER_UID);
            List<Sum> others =
                    watch.sums(sum -> sum.remote() != null && sum.remote().port() == OTHER_PORT);
            assertThat(others).allMatch(sum -> sum.sender().uid() == OTHER_UID && sum.contested() == null);
            assertThat(others.stream().mapToLong(Sum::packets).sum()).isEqualTo(TURNS * 50L);
        }
    }

    /** Memory that was freed there is given to whoever asks next. */
    private static void sendOnOneProcessor(String namespace, int uid, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "0"));
        command.addAll(List.of("setpriv", "--reuid", "" + uid, "--regid", "" + uid, "--clear-groups"));
        command.addAll(List.of("/usr/bin/python3", "-c", """
                import socket
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                for _ in range(50):
                    s.sendto(bytes(29), ('10.99.130.2', %d))
                """.formatted(port)));
        EyeBed.in(namespace, command.toArray(String[]::new));
    }

    @Test
    void withoutHooksWhereWhatIsGivenBackSetOutItIsNobodys() throws Exception {
        try (EyeWatch watch = new EyeWatch(EyeWatch.open(KernelEye.Age.BEFORE_6_6))) {
            startFirewall();
            EyeBed.Report report = attack("b_sendto", "", 2_000, false);
            firewall.end();
            watch.settle();

            assertThat(sums(watch)).hasSize(1).allMatch(sum -> sum.kind() == Kind.QUEUED && sum.sender() == null);
            assertThat(sums(watch).get(0).packets()).isEqualTo(report.sent());
        }
    }

    @Test
    void theHooksStandOnlyWhileThereIsAQueue() throws Exception {
        try (EyeWatch watch = new EyeWatch()) {
            // Rules are told to the kernel in the same way as verdicts.
            EyeBed.in(bed.host, "nft", "list", "ruleset");
            watch.settle();
            assertThat(hooks()).isZero();

            startFirewall();
            watch.settle();
            assertThat(hooks()).as("for IPv4 and IPv6").isEqualTo(2);

            firewall.end();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (hooks() > 0 && System.nanoTime() < end) {
                watch.settle();
            }
            assertThat(hooks()).isZero();
        }
    }

    /** Links of this process to netfilter (proc(5), fdinfo). */
    private static int hooks() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
            for (Path descriptor : descriptors) {
                try {
                    count += Files.readString(descriptor).contains("link_type:\tnetfilter") ? 1 : 0;
                } catch (NoSuchFileException e) {
                    // Closed meanwhile, as that of this look itself.
                }
            }
        }
        return count;
    }
}
