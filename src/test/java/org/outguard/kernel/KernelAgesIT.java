package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.outguard.kernel.EyeWatch.Sum;
import org.outguard.kernel.KernelEye.Age;
import org.outguard.kernel.KernelEye.Opening;

/** The ways to count of older kernels, on this one: each counts the same, and says what it does not see. */
class KernelAgesIT {

    private static final int UID = 33;
    private static final int SIZE = 29;
    private static final int HEADERS_V4 = 28;
    private static final int CONNECTS = 40;

    private EyeBed bed;
    private int port = 21_000;

    private record Attack(String program, String variant, boolean v6) {}

    private static final List<Attack> ATTACKS = List.of(
            new Attack("a_connected", "", false),
            new Attack("a_connected", "", true),
            new Attack("b_sendto", "spray", false),
            new Attack("d_newsock", "", true),
            new Attack("e_fork", "", false),
            new Attack("f_raw", "hdrincl", false),
            new Attack("f_raw", "hdrsyn", false),
            new Attack("j_workers", "", false),
            new Attack("n_gso", "gso", false),
            new Attack("n_gso", "gso", true),
            new Attack("t_uring", "sqpoll", false));

    @BeforeEach
    void open() throws IOException {
        bed = new EyeBed();
        bed.resolveNeighbours();
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private EyeBed.Report send(String namespace, Attack attack, int to) throws IOException {
        return send(namespace, attack.program, attack.variant, attack.v6, 1_000, to);
    }

    private EyeBed.Report send(String namespace, String program, String variant, boolean v6, int rate, int to)
            throws IOException {
        String path = EyeBed.ATTACKS.resolve(program).toString();
        String remote = v6 ? "fd99::2" : "10.99.200.2";
        return bed.attack(
                namespace,
                Map.of(
                        "GEN_IF", EyeBed.device(bed.host, namespace),
                        "GEN_DMAC", bed.nextHop(namespace),
                        "GEN_SRC", namespace.equals(bed.host) ? "10.99.0.1" : "10.98.0.2"),
                List.of(path, remote, "" + to, "" + rate, "1", "" + SIZE, variant));
    }

    private static List<Sum> sums(EyeWatch watch, int to) {
        return watch.sums(sum -> sum.remote() != null && sum.remote().port() == to);
    }

    private static void isExact(EyeWatch watch, Attack attack, EyeBed.Report report, int to) {
        List<Sum> sums = sums(watch, to);
        sums.forEach(sum -> isOf(report, sum));
        assertThat(sums.stream().mapToLong(Sum::packets).sum())
                .as("%s: %s; %s", attack, sums, watch.rest())
                .isPositive()
                .isEqualTo(report.sent());
        assertThat(sums.stream().mapToLong(Sum::bytes).sum())
                .as("bytes of %s", attack)
                .isEqualTo(report.sent() * (SIZE + HEADERS_V4 + (attack.v6 ? 20 : 0)));
    }

    private static void isOf(EyeBed.Report report, Sum sum) {
        assertThat(sum.sender()).as("sender of " + sum).isNotNull();
        assertThat(sum.contested()).as("contested " + sum).isNull();
        assertThat(sum.sender().uid()).isEqualTo(UID);
        if (!report.family()) {
            assertThat(report.pids()).contains(sum.sender().id().pid());
        }
    }

    @ParameterizedTest
    @EnumSource(Age.class)
    void everyPacketHasItsSender(Age age) throws Exception {
        try (EyeWatch watch = new EyeWatch(EyeWatch.open(age))) {
            for (Attack attack : ATTACKS) {
                // Both at once; each has a port of its own.
                int ofContainer = ++port;
                FutureTask<EyeBed.Report> beside = new FutureTask<>(() -> send(bed.container, attack, ofContainer));
                new Thread(beside, "container").start();
                int ofHost = ++port;
                EyeBed.Report report = send(bed.host, attack, ofHost);
                EyeBed.Report other = beside.get();
                watch.settle();
                isExact(watch, attack, report, ofHost);
                isExact(watch, attack, other, ofContainer);
            }
            watch.isConserved();
            assertThat(watch.lostFacts()).isZero();
            assertThat(watch.mistimed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Age.class)
    void framesAndConnectsHaveTheirSender(Age age) throws Exception {
        try (EyeWatch watch = new EyeWatch(EyeWatch.open(age))) {
            port = 22_000;
            EyeBed.Report frames = send(bed.host, "g_packet", "", false, 1_000, port);
            watch.settle();
            List<Sum> seen =
                    watch.sums(sum -> sum.sender() != null && sum.sender().id().pid() == frames.pid());
            assertThat(seen.stream().mapToLong(Sum::packets).sum()).isEqualTo(frames.sent());

            port = 22_001;
            EyeBed.Report connects = send(bed.host, "k_smtp", "", false, CONNECTS, port);
            watch.settle();
            List<Sum> calls = sums(watch, port);
            calls.forEach(sum -> isOf(connects, sum));
            assertThat(calls.stream().mapToLong(Sum::connects).sum()).isEqualTo(connects.sent());
        }
    }

    /** A file is taken where it has the types of a kernel; it is not read where the kernel describes itself. */
    @Test
    void aFileOfTypesIsNotNeededHere(@TempDir Path folder) throws IOException {
        Path none = Files.writeString(folder.resolve("none"), "no BTF");
        Opening opening = KernelEye.open(pid -> java.util.Optional.empty(), owner -> owner, none);
        assertThat(opening).isInstanceOf(Opening.Opened.class);
        ((Opening.Opened) opening).eye().close();
    }

    @Test
    void whatIsNotSeenIsSaidInASentenceWithTheFeatureThatIsMissing() {
        List<List<String>> limits = new ArrayList<>();
        for (Age age : Age.values()) {
            Opening opening = KernelEye.open(pid -> java.util.Optional.empty(), owner -> owner, age, null);
            assertThat(opening).isInstanceOf(Opening.Opened.class);
            limits.add(((Opening.Opened) opening).limits());
            ((Opening.Opened) opening).eye().close();
        }
        assertThat(limits.get(0)).isEmpty();
        for (int i = 1; i < limits.size(); i++) {
            assertThat(limits.get(i)).hasSizeGreaterThan(limits.get(i - 1).size());
            assertThat(limits.get(i))
                    .allMatch(limit -> limit.matches("[a-z].* \\(needs .*since Linux [56]\\.\\d+.*\\)"));
        }
    }
}
