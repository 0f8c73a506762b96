package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;

/** What makes a bug hard to use, as it stands in the binaries that were built, the unit, and the script that starts all. */
class HardenedBuildIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path NATIVE = ProgramUnderTest.NATIVE.toAbsolutePath();
    private static final Path PROJECT = NATIVE.getParent().getParent();
    private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level for \\S+: ([0-9.]+)");

    @TempDir
    private Path folder;

    private static CommandResult.Finished run(String... argv) {
        CommandResult result = Programs.RUNNER.run(List.of(argv), "", PATIENCE);
        assertThat(result).isInstanceOf(CommandResult.Finished.class);
        return (CommandResult.Finished) result;
    }

    private static CommandResult.Finished check(Path binaries) {
        return run(PROJECT.resolve("packaging/check-native").toString(), "-v", binaries.toString(), "any");
    }

    @Test
    void everyBinaryThatIsBuiltIsHardened() {
        CommandResult.Finished checked = check(NATIVE);
        assertThat(checked.exitStatus()).as(checked.stderr()).isZero();
        assertThat(checked.stderr()).contains("liboutguard.so: PIE, full RELRO", "outguard-terminal: PIE, full RELRO");
    }

    @Test
    void oneThatIsNotIsFound() throws IOException {
        Path source = Files.writeString(
                folder.resolve("soft.c"),
                "#include <string.h>\nint main(int c, char **v) { char b[9]; memcpy(b, v[0], c); return b[0]; }\n");
        Path binaries = Files.createDirectory(folder.resolve("binaries"));
        Programs.output(
                "cc",
                "-no-pie",
                "-fno-stack-protector",
                "-fcf-protection=none",
                "-Wl,-z,execstack,-z,norelro,-z,lazy",
                "-o",
                binaries.resolve("soft").toString(),
                source.toString());
        CommandResult.Finished checked = check(binaries);
        assertThat(checked.exitStatus()).isEqualTo(1);
        assertThat(checked.stderr())
                .contains(
                        "soft lacks position independence",
                        "soft lacks RELRO",
                        "soft lacks binding at start",
                        "soft lacks a stack that is not run",
                        "soft lacks the stack protector");
    }

    @Test
    void theUnitsLeaveSystemdLittleToComplainOf() {
        assertThat(exposure("outguard-watcher.service")).isLessThanOrEqualTo(2.5);
        assertThat(exposure("outguard-actor.service")).isLessThanOrEqualTo(4.5);
        assertThat(exposure("outguard.service")).isLessThanOrEqualTo(4.5);
    }

    private static double exposure(String unit) {
        CommandResult.Finished told = run(
                "systemd-analyze",
                "security",
                "--offline=yes",
                "--no-pager",
                PROJECT.resolve("packaging").resolve(unit).toString());
        Matcher figure = EXPOSURE.matcher(told.stdout());
        assertThat(figure.find()).as(told.stdout() + told.stderr()).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    @Test
    void whatOthersMayWriteIsNotRunAsRoot() throws IOException {
        Programs.requireRoot();
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path scripts = Files.createDirectory(copy.resolve("packaging"));
        for (String name : List.of("run", "lib.sh")) {
            Files.copy(PROJECT.resolve("packaging").resolve(name), scripts.resolve(name));
        }
        Files.setPosixFilePermissions(scripts.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path writable : List.of(scripts.resolve("lib.sh"), copy, folder)) {
            var before = Files.getPosixFilePermissions(writable);
            Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rwxrwxrwx"));
            CommandResult.Finished refused = run(scripts.resolve("run").toString(), "--version");
            assertThat(refused.exitStatus()).as(refused.stderr()).isEqualTo(4);
            assertThat(refused.stderr()).contains("refused: others may change " + writable + ",");
            Files.setPosixFilePermissions(writable, before);
        }
    }
}
