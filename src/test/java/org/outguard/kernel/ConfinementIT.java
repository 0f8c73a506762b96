package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process cannot do any more once it is confined, on threads of before and after; see {@link ConfinedProgram}. */
class ConfinementIT {

    private static final int NOBODY = 65534;

    @TempDir
    private Path inside;

    @TempDir
    private Path outside;

    private Process other;

    @BeforeEach
    void makeWhatIsNotToBeTouched() throws IOException {
        assertThat(ProcessHandle.current().info().user())
                .as("this test acts as root")
                .contains("root");
        for (String name : List.of("there", "there-early", "there-late", "foreign")) {
            Files.writeString(outside.resolve(name), "kept");
        }
        Files.setAttribute(outside.resolve("foreign"), "unix:uid", NOBODY);
        Files.setPosixFilePermissions(outside.resolve("foreign"), PosixFilePermissions.fromString("rw-------"));
        other = new ProcessBuilder("sleep", "120").start();
    }

    @AfterEach
    void end() {
        other.destroyForcibly();
    }

    private List<String> run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Doutguard.native=" + System.getProperty("outguard.native"),
                "-cp",
                System.getProperty("java.class.path"),
                ConfinedProgram.class.getName()));
        command.addAll(List.of(arguments));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = program.inputReader().lines().toList();
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue())
                .as("its exit status; it says %s", lines.stream().limit(3).toList())
                .isZero();
        return lines;
    }

    private String pid() {
        return Long.toString(other.pid());
    }

    @Test
    void aReaderChangesNothingStartsNothingAndReachesNobody() throws Exception {
        List<String> lines = run("reads", inside.toString(), outside.toString(), pid());
        assertThat(lines)
                .first()
                .asString()
                .contains("no new privileges", "seccomp refuses connections", "Landlock refuses");
        for (String thread : List.of("early", "late")) {
            assertThat(lines)
                    .contains(
                            thread + " writes inside: done",
                            thread + " writes outside: refused",
                            thread + " removes: refused",
                            thread + " reads: done",
                            thread + " reads a foreign file: done",
                            thread + " sees another process: refused",
                            thread + " starts: refused",
                            thread + " changes rights: refused",
                            thread + " signals: refused",
                            thread + " connects: refused");
        }
        assertThat(other.isAlive()).isTrue();
        assertThat(outside.resolve("there-early")).hasContent("kept");
        assertThat(Files.getPosixFilePermissions(outside.resolve("there"))).isNotEmpty();
        // DAC_OVERRIDE, for the folder, and DAC_READ_SEARCH.
        everyThreadHas(lines, "0000000000000006");
    }

    @Test
    void aReaderOfCompressedLogsStartsProgramsThatAreConfinedLikeIt() throws Exception {
        List<String> lines = run("reads", inside.toString(), outside.toString(), pid(), "starts");
        assertThat(lines).contains("early starts: done", "late starts: done", "late writes outside: refused");
    }

    @Test
    void aWatcherSeesOtherProcessesAndHasNoMoreCapabilitiesThanItNeeds() throws Exception {
        List<String> lines = run("watches", inside.toString(), outside.toString(), pid());
        assertThat(lines)
                .first()
                .asString()
                .contains("capabilities at most dac_read_search sys_ptrace", "without Landlock, which would hide");
        assertThat(lines)
                .contains(
                        "early sees another process: done",
                        "late sees another process: done",
                        "late reads a foreign file: done",
                        "late starts: done");
        everyThreadHas(lines, "0000000000080004");
    }

    private static void everyThreadHas(List<String> lines, String capabilities) {
        List<String> statuses = lines.stream()
                .filter(line -> line.matches("(Cap|NoNew|Seccomp).*"))
                .toList();
        assertThat(statuses).hasSizeGreaterThan(30);
        assertThat(statuses.stream().distinct())
                .contains(
                        "CapEff: " + capabilities,
                        "CapPrm: " + capabilities,
                        "CapBnd: " + capabilities,
                        "CapInh: 0000000000000000",
                        "NoNewPrivs: 1",
                        "Seccomp: 2")
                .noneMatch(line -> line.startsWith("CapEff") && !line.endsWith(capabilities))
                .noneMatch(line -> line.startsWith("CapPrm") && !line.endsWith(capabilities))
                .noneMatch(line -> line.startsWith("CapBnd") && !line.endsWith(capabilities))
                .noneMatch(line -> line.equals("Seccomp: 0") || line.equals("NoNewPrivs: 0"));
    }
}
