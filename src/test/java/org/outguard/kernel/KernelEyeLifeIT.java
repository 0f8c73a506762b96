package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.outguard.Alone;
import org.outguard.kernel.EyeWatch.Sum;
import org.outguard.kernel.KernelEye.Count;
import org.outguard.kernel.KernelEye.Facts;
import org.outguard.kernel.KernelEye.Kind;
import org.outguard.kernel.KernelEye.Sender;

/** That the eye opens, what it still knows when a sender is gone, what it does when its tables are full, and its end. */
@Alone("it fills the table of flows, which every eye of the machine has for all that is sent on it")
class KernelEyeLifeIT {

    private static final int DESTINATIONS = 1 << 20;
    private static final int PORT = 53_000;

    /** Of the 12,288 that there is room for. */
    private static final int MANY = 10_000;

    /** Opens an eye in a process of its own, says so, and waits to be killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] args) throws Exception {
            Path types = args.length == 0 ? null : Path.of(args[0]);
            KernelEye.Opening opening = KernelEye.open(pid -> java.util.Optional.empty(), owner -> owner, types);
            System.out.println(opening instanceof KernelEye.Opening.Opened ? "open" : opening);
            System.in.read();
            throw new AssertionError(opening);
        }
    }

    @Test
    void aSenderThatHasBeenDeadForFiveSecondsIsNamed() throws Exception {
        try (EyeBed bed = new EyeBed();
                EyeWatch watch = new EyeWatch()) {
            EyeBed.Report report = bed.attack(bed.host, Map.of(), attack("d_newsock", "10.99.0.2", 200, 29));
            TimeUnit.SECONDS.sleep(5);
            List<Sum> sums =
                    watch.sums(sum -> sum.remote() != null && sum.remote().port() == PORT);

            assertThat(sums).hasSize(1);
            Sender sender = sums.get(0).sender();
            Facts facts = watch.eye.facts(sender).orElseThrow();
            assertThat(ProcessHandle.of(report.pid())).isEmpty();
            assertThat(facts.exe()).isEqualTo(report.exe());
            assertThat(facts.command()).isEqualTo("d_newsock");
            assertThat(facts.commandLine())
                    .containsExactly(attack("d_newsock", "10.99.0.2", 200, 29).toArray(String[]::new));
            assertThat(facts.cwd()).isEqualTo(Path.of("").toAbsolutePath().toString());
            assertThat(facts.exeInode()).isPositive();
            assertThat(facts.uid()).isEqualTo(33);
            assertThat(facts.parents().get(0).id().pid())
                    .isEqualTo((int) ProcessHandle.current().pid());
            assertThat(watch.eye.owner(sender).orElseThrow().commandLine()).isEqualTo(facts.commandLine());
        }
    }

    @Test
    void largeDatagramsCountByFragment() throws Exception {
        try (EyeBed bed = new EyeBed();
                EyeWatch watch = new EyeWatch()) {
            EyeBed.Report report = bed.attack(bed.host, Map.of(), attack("b_sendto", "10.99.0.2", 50, 4_000));
            watch.settle();
            List<Sum> sums =
                    watch.sums(sum -> sum.remote() != null && sum.remote().port() == PORT);

            // 4,008 bytes behind 20 of IP: 1,480 + 1,480 + 1,048 (RFC 791).
            assertThat(sums.stream().mapToLong(Sum::packets).sum()).isEqualTo(report.sent() * 3);
            assertThat(sums.stream().mapToLong(Sum::bytes).sum()).isEqualTo(report.sent() * (4_008 + 3 * 20));
        }
    }

    @Test
    void aMillionDestinationsLoseNoPacket() throws Exception {
        try (EyeBed bed = new EyeBed();
                EyeWatch watch = new EyeWatch()) {
            // Connection tracking has no room for a million, and drops.
            EyeBed.in(bed.host, "nft", "delete table inet t");
            List<String> command = List.of(
                    EyeBed.ATTACKS.resolve("s_million").toString(), "10.128.0.0", "" + PORT, "0", "40", "29", "");
            EyeBed.Report report = bed.attack(bed.host, Map.of(), command);
            watch.settle();
            watch.isConserved();
            List<Sum> sums = watch.sums(sum ->
                    sum.sender() != null && sum.sender().id().pid() == report.pid() && sum.kind() != Kind.KERNEL);

            // A slow machine sends fewer before the generator ends; the tables are full long before that.
            assertThat(report.sent()).isBetween(DESTINATIONS / 8L, (long) DESTINATIONS);
            assertThat(sums.stream().mapToLong(Sum::packets).sum()).isEqualTo(report.sent());
            assertThat(sums).anyMatch(sum -> sum.kind() == Kind.OTHER && sum.remote() == null);
            assertThat(sums).filteredOn(sum -> sum.kind() == Kind.IP).allMatch(sum -> sum.packets() == 1);
        }
    }

    @Test
    void everyDestinationIsToldWhileTheTableHasRoom() throws Exception {
        try (EyeBed bed = new EyeBed();
                KernelEye eye = EyeWatch.open(KernelEye.Age.AS_IT_IS)) {
            EyeBed.in(bed.host, "nft", "delete table inet t");
            // In no order, since the places of neighbours fall evenly by most of an eye's random factors.
            List<String> command = List.of(
                    EyeBed.ATTACKS.resolve("s_million").toString(),
                    "10.128.0.0",
                    "" + PORT,
                    "" + MANY,
                    "1",
                    "29",
                    "scattered");
            eye.drain();
            EyeBed.Report report = bed.attack(bed.host, Map.of(), command);
            List<Count> counts = eye.drain().counts().stream()
                    .filter(count ->
                            count.sender() != null && count.sender().id().pid() == report.pid())
                    .toList();

            assertThat(report.sent()).isBetween(MANY / 2L, MANY + 1L);
            assertThat(counts.stream().mapToLong(Count::packets).sum()).isEqualTo(report.sent());
            assertThat(counts).filteredOn(count -> count.remote() == null).isEmpty();
            assertThat(counts.stream().map(Count::remote).distinct()).hasSize((int) report.sent());
        }
    }

    @Test
    void aDeviceThatCameInPlaceOfAnotherHasItsHook() throws Exception {
        try (EyeWatch watch = new EyeWatch()) {
            // The kernel gives the numbers of devices and, soon, of namespaces again.
            for (int i = 0; i < 3; i++) {
                try (EyeBed bed = new EyeBed()) {
                    Map<String, String> device = Map.of("GEN_IF", "og0", "GEN_DMAC", bed.nextHop(bed.host));
                    EyeBed.Report report = bed.attack(bed.host, device, attack("g_packet", "10.99.0.2", 1_000, 29));
                    watch.settle();
                    List<Sum> sums = watch.sums(
                            sum -> sum.sender() != null && sum.sender().id().pid() == report.pid());

                    assertThat(sums.stream().mapToLong(Sum::packets).sum()).isEqualTo(report.sent());
                    assertThat(sums)
                            .anyMatch(sum -> sum.kind() == Kind.PACKET_SOCKET
                                    && sum.remote() != null
                                    && sum.remote().port() == PORT);
                }
            }
        }
    }

    @Test
    void aFrameThatPassesOneDeviceToAnotherCountsOnce() throws Exception {
        try (EyeBed bed = new EyeBed();
                EyeWatch watch = new EyeWatch()) {
            EyeBed.run("ip", "-n", bed.host, "link", "add", "bridge", "type", "bridge");
            EyeBed.run("ip", "-n", bed.host, "link", "set", "og0", "master", "bridge");
            EyeBed.run("ip", "-n", bed.host, "link", "set", "bridge", "up");
            Map<String, String> device = Map.of("GEN_IF", "bridge", "GEN_DMAC", bed.nextHop(bed.host));
            EyeBed.Report report = bed.attack(bed.host, device, attack("g_packet", "10.99.0.2", 1_000, 29));
            watch.settle();
            List<Sum> sums =
                    watch.sums(sum -> sum.sender() != null && sum.sender().id().pid() == report.pid());

            assertThat(sums.stream().mapToLong(Sum::packets).sum()).isEqualTo(report.sent());
            assertThat(sums)
                    .anyMatch(sum -> sum.remote() != null && sum.remote().port() == PORT);
        }
    }

    private static List<String> attack(String program, String address, int packetsPerSecond, int size) {
        return List.of(
                EyeBed.ATTACKS.resolve(program).toString(), address, "" + PORT, "" + packetsPerSecond, "1", "" + size);
    }

    @Test
    void nothingIsLeftAfterKill9() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Doutguard.native=" + System.getProperty("outguard.native"),
                        "-cp",
                        folderOf(KernelEye.class) + ":" + folderOf(Holder.class),
                        Holder.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("open");
            Set<Integer> programs = held("prog_id:", holder.pid());
            Set<Integer> maps = held("map_id:", holder.pid());
            assertThat(programs).hasSizeGreaterThan(5);
            assertThat(maps).hasSizeGreaterThan(5);

            holder.destroyForcibly().waitFor();
            TimeUnit.SECONDS.sleep(1);

            assertThat(present("prog")).doesNotContainAnyElementsOf(programs);
            assertThat(present("map")).doesNotContainAnyElementsOf(maps);
        } finally {
            holder.destroyForcibly();
        }
    }

    static String folderOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    /* Numbers of programs or maps; the kernel gives none twice. */
    private static Set<Integer> present(String what) throws IOException {
        Set<Integer> numbers = new HashSet<>();
        for (Object object : JSON.std.listFrom(EyeBed.run("bpftool", "-j", what, "list"))) {
            numbers.add((Integer) ((Map<?, ?>) object).get("id"));
        }
        return numbers;
    }

    /* Those behind the descriptors of a process (proc(5), fdinfo). */
    private static Set<Integer> held(String key, long pid) throws IOException {
        Set<Integer> numbers = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path descriptor : descriptors) {
                Files.readAllLines(descriptor).stream()
                        .filter(line -> line.startsWith(key))
                        .forEach(line -> numbers.add(
                                Integer.valueOf(line.substring(key.length()).trim())));
            }
        }
        return numbers;
    }
}
