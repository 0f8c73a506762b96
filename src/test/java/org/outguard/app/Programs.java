package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.exec.ProcessRunner;

/** Programs of this machine, as tests use them. */
public final class Programs {

    /** Runs programs with threads that do not keep the tests alive. */
    public static final CommandRunner RUNNER = new ProcessRunner(task -> {
        Thread thread = new Thread(task, "program");
        thread.setDaemon(true);
        return thread;
    });

    private Programs() {}

    /** Runs a program that must succeed; its output. */
    public static String output(String... argv) {
        return output("", List.of(argv));
    }

    /** Runs a program that must succeed, with an input; its output. */
    public static String output(String stdin, List<String> argv) {
        CommandResult result = RUNNER.run(argv, stdin, Duration.ofSeconds(60));
        assertThat(result)
                .as(CommandRunner.describe(argv))
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        finished -> assertThat(finished.exitStatus())
                                .as(CommandRunner.describe(argv) + ": " + finished.stderr())
                                .isZero());
        return ((CommandResult.Finished) result).stdout();
    }

    /** The root that these tests need; fails with the reason where it is missing. */
    public static void requireRoot() {
        assertThat(output("id", "-u").strip())
                .as("these tests make network namespaces and capture in them: run them as root")
                .isEqualTo("0");
    }
}
