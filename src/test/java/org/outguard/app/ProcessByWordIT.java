package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code outguard freeze}, {@code thaw} and {@code kill} against attack generators that flood in a namespace of their own.
 * What arrives is counted there by nftables; a bystander of the same user sends on beside each.
 */
class ProcessByWordIT {

    private static final String VICTIM = "127.0.0.3";
    private static final String OTHER = "127.0.0.2";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private OwnNamespace namespace;
    private Attacks attacks;
    private FarSide far;
    private int bystander;

    @BeforeEach
    void sendBeside() throws IOException {
        namespace = new OwnNamespace("proc");
        far = new FarSide(Path.of("/run/netns", namespace.name), List.of(VICTIM, OTHER));
        attacks = new Attacks(Files.createDirectory(folder.resolve("attacks")), namespace.name);
        Programs.output("chmod", "a+rx", folder.toString());
        attacks.with("b_sendto");
        bystander = attacks.start("b_sendto", OTHER, "9000", "500", "60");
        awaitMore(OTHER, 50);
    }

    @AfterEach
    void tidyUp() {
        attacks.close();
        namespace.close();
    }

    @Test
    void aFrozenFloodSendsNothingUntilItIsLetGoOn() {
        int pid = attacks.start("b_sendto", VICTIM, "80", "2000", "60");
        awaitMore(VICTIM, 500);

        assertThat(run("freeze", pid, "--yes").stdout()).contains("kill -STOP " + pid, "kill -CONT " + pid);

        assertSilent();
        run("thaw", pid, "--yes");
        awaitMore(VICTIM, 500);
        assertBystanderLives();
    }

    @Test
    void whatIsOnlyShownStopsNothing() {
        int pid = attacks.start("b_sendto", VICTIM, "80", "2000", "60");
        awaitMore(VICTIM, 500);

        assertThat(run("kill", pid, "--dry-run").stdout()).contains("kill -KILL " + pid, "cannot be brought back");

        awaitMore(VICTIM, 500);
        assertThat(ProgramUnderTest.run(folder, PATIENCE, "kill", Integer.toString(pid))
                        .status())
                .as("refused, since it cannot ask without a terminal")
                .isEqualTo(4);
        awaitMore(VICTIM, 500);
    }

    @Test
    void aMaskedProgramIsKeptWithItsHashAndThenEnded() throws IOException {
        attacks.with("i_masked");
        byte[] program = Files.readAllBytes(folder.resolve("attacks/i_masked"));
        int pid = attacks.start("i_masked", VICTIM, "80", "2000", "60");
        awaitMore(VICTIM, 500);
        Path evidence = folder.resolve("evidence");

        ProgramUnderTest.Ended ended = run("kill", pid, "--yes", "--evidence", evidence.toString());

        assertSilent();
        assertThat(Path.of("/proc", Integer.toString(pid), "exe")).doesNotExist();
        Path kept = only(evidence);
        assertThat(Files.getPosixFilePermissions(kept)).hasSize(3);
        assertThat(Files.readAllBytes(kept.resolve("exe"))).isEqualTo(program);
        Map<String, Object> index = JSON.std.mapFrom(Files.readString(kept.resolve("index.json")));
        String hash = sha256(program);
        assertThat(index).containsEntry("exeSha256", hash);
        assertThat(ended.stdout()).contains(hash, kept.toString());
        assertThat((Map<?, ?>) index.get("process"))
                .extracting("exeDeleted", "command")
                .containsExactly(true, "kworker/0:1");
        assertThat(String.valueOf(index.get("sockets"))).contains("udp", VICTIM + ":80");
        Programs.output("sh", "-c", "cd '" + kept + "' && sha256sum --quiet --strict -c SHA256SUMS");
        assertBystanderLives();
    }

    @Test
    void twentyWorkersOnOneSocketEndWithTheTree() {
        attacks.with("j_workers");
        int pid = attacks.start("j_workers", VICTIM, "80", "4000", "60");
        awaitMore(VICTIM, 500);

        assertThat(run("kill", pid, "--tree", "--yes").stdout()).contains("21 processes");

        assertSilent();
        assertBystanderLives();
    }

    @Test
    void aForkForEachPacketEndsWithTheTree() {
        attacks.with("e_fork");
        int pid = attacks.start("e_fork", VICTIM, "80", "300", "60");
        awaitMore(VICTIM, 100);

        run("kill", pid, "--tree", "--yes");

        assertSilent();
        assertBystanderLives();
    }

    @Test
    void whatComesBackIsNamedWithWhoStartedItAndThenStaysAway() {
        attacks.with("x_respawn.sh");
        int loop = attacks.start("x_respawn.sh", VICTIM, "80", "2000", "60");
        awaitMore(VICTIM, 500);
        int pid = ProcessHandle.of(loop)
                .orElseThrow()
                .children()
                .mapToInt(child -> (int) child.pid())
                .findFirst()
                .orElseThrow();

        ProgramUnderTest.Ended ended = ProgramUnderTest.run(folder, PATIENCE, "kill", Integer.toString(pid), "--yes")
                .withoutStackTrace();

        assertThat(ended.status()).as(ended.all()).isEqualTo(3);
        assertThat(ended.stdout())
                .contains("it is back", "started by process " + loop + " ", "x_respawn.sh")
                .contains("outguard kill --tree " + loop);
        run("kill", loop, "--tree", "--yes");
        assertSilent();
        assertBystanderLives();
    }

    @Test
    void aWholeControlGroupIsFrozenAndEndedAtOnce() throws IOException {
        Path group = cgroup2().resolve(namespace.name);
        Files.createDirectory(group);
        try {
            attacks.with("j_workers");
            int pid = attacks.start("j_workers", VICTIM, "80", "4000", "60");
            awaitMore(VICTIM, 200);
            try (Stream<ProcessHandle> all = ProcessHandle.of(pid).orElseThrow().descendants()) {
                for (ProcessHandle child : all.toList()) {
                    Files.writeString(group.resolve("cgroup.procs"), Long.toString(child.pid()));
                }
            }
            int child = (int) ProcessHandle.of(pid)
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();

            assertThat(run("freeze", child, "--cgroup", "--yes").stdout()).contains("cgroup.freeze");
            assertSilent();
            run("thaw", child, "--cgroup", "--yes");
            awaitMore(VICTIM, 200);
            run("kill", child, "--cgroup", "--yes");
            assertSilent();
            assertThat(Files.readString(group.resolve("cgroup.procs"))).isEmpty();
            assertBystanderLives();
        } finally {
            attacks.close();
            Patience.until(
                    "the control group is empty",
                    Duration.ofSeconds(5),
                    () -> group.toFile().delete());
        }
    }

    @Test
    void whatMustNotBeStoppedIsRefusedWithTheReason() throws IOException {
        assertRefused(1, "init");
        assertRefused((int) ProcessHandle.current().pid(), "runs in");
        // In a process namespace of its own, as containers have one, there is none to be refused: SafetyRailsTest has
        // it there.
        List<Integer> threads = kernelThreads();
        assertThat(threads.isEmpty())
                .as("kernel threads are seen from the first process namespace alone")
                .isEqualTo(!isFirstProcessNamespace());
        if (!threads.isEmpty()) {
            assertRefused(threads.get(0), "kernel");
        }
    }

    private static List<Integer> kernelThreads() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> isKernelThread(stat(pid)))
                .map(Long::intValue)
                .sorted()
                .toList();
    }

    /* Empty where the process is gone: one that ends while it is read says so in other ways. */
    private static String stat(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        } catch (IOException e) {
            return "";
        }
    }

    /* The ninth field of proc_pid_stat(5); the name before may hold anything. PF_KTHREAD of linux/sched.h. */
    private static boolean isKernelThread(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return fields.length > 6 && (Long.parseLong(fields[6]) & 0x0020_0000) != 0;
    }

    private static boolean isFirstProcessNamespace() throws IOException {
        // PROC_PID_INIT_INO of linux/proc_ns.h.
        return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().equals("pid:[4026531836]");
    }

    private void assertRefused(int pid, String reason) {
        for (String word : List.of("freeze", "kill")) {
            ProgramUnderTest.Ended ended = ProgramUnderTest.run(folder, PATIENCE, word, Integer.toString(pid), "--yes")
                    .withoutStackTrace();
            assertThat(ended.status()).as(ended.all()).isEqualTo(4);
            assertThat(ended.stderr()).contains("refused", reason);
        }
    }

    private ProgramUnderTest.Ended run(String word, int pid, String... options) {
        String[] arguments = Stream.concat(Stream.of(word, Integer.toString(pid)), Stream.of(options))
                .toArray(String[]::new);
        ProgramUnderTest.Ended ended =
                ProgramUnderTest.run(folder, PATIENCE, arguments).withoutStackTrace();
        assertThat(ended.status()).as(ended.all()).isZero();
        return ended;
    }

    /* Frozen or ended before the command came back: not one packet more. */
    private void assertSilent() {
        long before = far.packets(VICTIM);
        awaitMore(OTHER, 250);
        assertThat(far.packets(VICTIM)).isEqualTo(before);
    }

    private void assertBystanderLives() {
        assertThat(ProcessHandle.of(bystander)).isPresent();
        awaitMore(OTHER, 50);
    }

    private void awaitMore(String address, long packets) {
        long before = far.packets(address);
        Patience.until(
                packets + " more packets to " + address,
                Duration.ofSeconds(10),
                () -> far.packets(address) >= before + packets);
    }

    private static Path cgroup2() {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        return Files.exists(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
    }

    private static Path only(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> all = folders.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
