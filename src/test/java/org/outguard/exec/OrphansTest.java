package org.outguard.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.outguard.app.Patience;

class OrphansTest {

    @Test
    void aProgramWhoseStarterIsGoneIsOneAndNoneOnceItHasEnded() throws Exception {
        // The shell starts it in another's name, says its number and ends.
        Process shell =
                new ProcessBuilder("sh", "-c", Orphans.VARIABLE + "=$$ sleep 60 >/dev/null 2>&1 & echo $!").start();
        long orphan;
        try (BufferedReader said = shell.inputReader(StandardCharsets.US_ASCII)) {
            orphan = Long.parseLong(said.readLine());
        }
        ProcessHandle program = ProcessHandle.of(orphan).orElseThrow();
        try {
            assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Orphans.running()).contains(orphan);
        } finally {
            program.destroyForcibly();
        }
        Path stat = Path.of("/proc", Long.toString(orphan), "stat");
        Patience.until("it has ended", Duration.ofSeconds(30), () -> hasEnded(stat));
        assertThat(Orphans.running()).doesNotContain(orphan);
    }

    /* Also where process 1 takes no note of it, as in containers whose first process is no init. */
    private static boolean hasEnded(Path stat) {
        try {
            return Files.readString(stat).contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aProgramOfARunningOutguardIsNone() {
        ProcessRunner runner = new ProcessRunner(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        // It asks the kernel for its own variables, as they are seen from here too.
        CommandResult seen = runner.run(List.of("cat", "/proc/self/environ"), "", Duration.ofSeconds(10));
        assertThat(seen)
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        finished -> assertThat(finished.stdout())
                                .contains(Orphans.VARIABLE + "="
                                        + ProcessHandle.current().pid() + "\0"));
        Process own;
        try {
            ProcessBuilder builder = new ProcessBuilder("sleep", "60");
            builder.environment()
                    .put(Orphans.VARIABLE, Long.toString(ProcessHandle.current().pid()));
            own = builder.start();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        try {
            assertThat(Orphans.running()).doesNotContain(own.pid());
        } finally {
            own.destroyForcibly();
        }
    }
}
