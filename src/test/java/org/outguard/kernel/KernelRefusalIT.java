package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.Alone;

/** Why there is no kernel eye is said in words, with what to do; and a refusal of one is none of the next. */
@Alone("what was found out about the kernel is kept once for all programs")
class KernelRefusalIT {

    private static final Path DECISION = Path.of("/run/outguard/kernel-eye");

    /** What a process says that opens an eye, started by a program that takes something away from it. */
    private static String opens(String... by) throws Exception {
        return opens(List.of(by), List.of());
    }

    private static String opens(List<String> by, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Doutguard.native=" + System.getProperty("outguard.native"),
                "-cp",
                System.getProperty("java.class.path"),
                KernelEyeLifeIT.Holder.class.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = said.readLine();
            assertThat(line).as("what " + command + " says").isNotNull();
            return line;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void missingCapabilitiesAreNamed() throws Exception {
        assertThat(opens("setpriv", "--bounding-set", "-bpf,-perfmon,-sys_admin"))
                .contains("without CAP_BPF, CAP_PERFMON: run Outguard as root");
        assertThat(opens("setpriv", "--bounding-set", "-perfmon,-sys_admin")).contains("without CAP_PERFMON: run");
        assertThat(opens("setpriv", "--bounding-set", "-net_admin,-sys_admin")).contains("without CAP_NET_ADMIN: run");
        assertThat(opens("setpriv", "--bounding-set", "-sys_admin")).isEqualTo("open");
    }

    @Test
    void aContainerWithUserIdsOfItsOwnIsToldSo() throws Exception {
        assertThat(opens("unshare", "-Ur")).contains("container with user ids of its own: run Outguard on the host");
    }

    /** As on a kernel without types of its own, where /sys/kernel/btf is empty. */
    private static String opensWithoutTypes(Path... file) throws Exception {
        String hide = "mount -t tmpfs tmpfs /sys/kernel/btf && exec \"$@\"";
        return opens(
                List.of("unshare", "-m", "sh", "-c", hide, "sh"),
                Stream.of(file).map(Path::toString).toList());
    }

    @Test
    void aKernelThatDoesNotDescribeItselfNeedsAFileThatDoes(@TempDir Path folder) throws Exception {
        Path types = folder.resolve("types");
        Path none = Files.writeString(folder.resolve("none"), "no types");
        try (InputStream own = Files.newInputStream(Path.of("/sys/kernel/btf/vmlinux"))) {
            Files.copy(own, types);
        }
        assertThat(opensWithoutTypes()).contains("does not describe its types").contains("--btf FILE");
        assertThat(opensWithoutTypes(types)).isEqualTo("open");
        assertThat(opensWithoutTypes(none)).contains(none + " is no BTF file of a kernel: it has not the format");
        assertThat(opensWithoutTypes(folder.resolve("away"))).contains("No such file or directory");
    }

    @Test
    void whatWasFoundOutIsKeptForThisBootAndBelievedOnlyWhereItIsWhole() throws Exception {
        assertThat(opens()).isEqualTo("open");
        String kept = Files.readString(DECISION);
        assertThat(kept)
                .contains(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")))
                .endsWith("\n");
        // Whatever stands there, it is opened, and what was found out is written anew.
        for (String damaged : List.of("", "x", kept + "x", kept.replace("found ", "found x"), "x".repeat(100_000))) {
            Files.writeString(DECISION, damaged);
            assertThat(opens()).isEqualTo("open");
            assertThat(Files.readString(DECISION)).isEqualTo(kept);
        }
        Files.delete(DECISION);
        Path elsewhere = Files.createTempFile("outguard", "decision");
        try {
            Files.createSymbolicLink(DECISION, elsewhere);
            assertThat(opens()).isEqualTo("open");
            assertThat(Files.isSymbolicLink(DECISION)).isFalse();
            assertThat(Files.size(elsewhere)).isZero();
        } finally {
            Files.delete(elsewhere);
        }
    }
}
