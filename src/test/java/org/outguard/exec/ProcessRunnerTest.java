package org.outguard.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.Patience;

class ProcessRunnerTest {

    private static final Duration ENOUGH = Duration.ofSeconds(20);
    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "pipe");
        thread.setDaemon(true);
        return thread;
    };

    private final CommandRunner runner = new ProcessRunner(DAEMONS);

    @Test
    void inputGoesInAndOutputComesOut() {
        assertThat(runner.run(List.of("cat"), "größe\n", ENOUGH))
                .isEqualTo(new CommandResult.Finished(0, "größe\n", ""));
    }

    @Test
    void anErrorInAThreadOfAPipeEndsWhoeverWaits() {
        CommandRunner.Input planted = to -> {
            throw new LinkageError("planted");
        };
        assertThatThrownBy(() -> runner.run(List.of("cat"), planted, ENOUGH)).isInstanceOf(LinkageError.class);
    }

    @Test
    void moreThanAPipeHoldsGoesBothWaysAtOnce() {
        String much = "0123456789abcde\n".repeat(80 * 1024);

        assertThat(runner.run(List.of("tee", "/dev/stderr"), much, ENOUGH))
                .isEqualTo(new CommandResult.Finished(0, much, much.substring(0, ProcessRunner.STDERR_BYTES)));
    }

    @Test
    void aProgramThatReadsNoneOfItsInputIsStillHeard() {
        assertThat(runner.run(List.of("false"), "x".repeat(1_000_000), ENOUGH))
                .isEqualTo(new CommandResult.Finished(1, "", ""));
    }

    @Test
    void inputIsReadWhileTheRestOfItIsMade(@TempDir Path folder) {
        Path seen = folder.resolve("seen");
        CommandRunner.Input input = to -> {
            to.write("first\n".getBytes(StandardCharsets.US_ASCII));
            to.flush();
            Patience.until("the first line is read", ENOUGH, () -> Files.exists(seen));
            to.write("second\n".getBytes(StandardCharsets.US_ASCII));
        };

        assertThat(runner.run(List.of("sh", "-c", "read -r one; touch \"$0\"; cat", seen.toString()), input, ENOUGH))
                .isEqualTo(new CommandResult.Finished(0, "second\n", ""));
    }

    @Test
    void inputThatCannotBeMadeIsAFailure() {
        CommandRunner.Input input = to -> {
            throw new IllegalStateException("nothing to say");
        };

        assertThat(runner.run(List.of("cat"), input, ENOUGH))
                .isInstanceOfSatisfying(
                        CommandResult.Failed.class,
                        failed -> assertThat(failed.reason()).contains("nothing to say"));
    }

    @Test
    void argumentsReachItAsTheyAre() {
        assertThat(runner.run(List.of("printf", "%s|", "$HOME", "a b", "'", "*"), "", ENOUGH))
                .isEqualTo(new CommandResult.Finished(0, "$HOME|a b|'|*|", ""));
    }

    @Test
    void itsEnvironmentIsOursToSay() {
        CommandResult result = runner.run(List.of("/usr/bin/env"), "", ENOUGH);

        assertThat(result)
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        finished -> assertThat(finished.stdout().lines())
                                .containsExactlyInAnyOrder(
                                        "LC_ALL=C",
                                        "PATH=" + ProcessRunner.PATH,
                                        Orphans.VARIABLE + "="
                                                + ProcessHandle.current().pid()));
    }

    @Test
    void whatIsNotInOurPathIsNotFound() {
        assertThat(runner.run(List.of("no-such-program"), "", ENOUGH))
                .isEqualTo(new CommandResult.NotFound("there is no program no-such-program in " + ProcessRunner.PATH));
        assertThat(runner.run(List.of("/no/such/program"), "", ENOUGH)).isInstanceOf(CommandResult.NotFound.class);
        assertThat(runner.run(List.of("./relative"), "", ENOUGH)).isInstanceOf(CommandResult.NotFound.class);
        assertThat(runner.run(List.of("/etc/passwd"), "", ENOUGH)).isInstanceOf(CommandResult.NotFound.class);
    }

    @Test
    void oneThatTakesTooLongIsKilledWithItsChildren() {
        String length = "86" + ProcessHandle.current().pid();

        assertThat(runner.run(List.of("timeout", "9999", "sleep", length), "", Duration.ofMillis(300)))
                .isEqualTo(new CommandResult.TimedOut());

        sleeping(length).ifPresent(child -> assertThat(child.onExit()).succeedsWithin(ENOUGH));
    }

    private static Optional<ProcessHandle> sleeping(String argument) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .orElse(List.of())
                        .equals(List.of(argument)))
                .findAny();
    }

    @Test
    void oneThatSaysTooMuchIsKilled() {
        CommandRunner strict = new ProcessRunner(DAEMONS, 1000);

        assertThat(strict.run(List.of("yes"), "", ENOUGH))
                .isEqualTo(new CommandResult.Failed("it wrote more than 1000 bytes"));
        assertThat(strict.run(List.of("head", "-c", "1000", "/dev/zero"), "", ENOUGH))
                .isInstanceOf(CommandResult.Finished.class);
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        Thread.currentThread().interrupt();

        CommandResult result = runner.run(List.of("sleep", "60"), "", ENOUGH);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(result).isEqualTo(new CommandResult.Failed("interrupted"));
    }

    @Test
    void anArgumentWithNulIsAFailureAndNotACrash() {
        assertThat(runner.run(List.of("true", "a\0b"), "", ENOUGH)).isInstanceOf(CommandResult.Failed.class);
    }

    @Test
    void aDescriptionCanBePastedIntoAShell() {
        List<String> argv = List.of("printf", "%s|", "a b", "", "it's", "{ 33 . 192.0.2.1 timeout 10m }", "$x", "é");

        String line = CommandRunner.describe(argv);

        assertThat(line).startsWith("printf '%s|' 'a b' '' 'it'\\''s' '{ 33 . 192.0.2.1 timeout 10m }' '$x'");
        assertThat(runner.run(List.of("sh", "-c", line), "", ENOUGH))
                .isEqualTo(runner.run(argv, "", ENOUGH))
                .isInstanceOf(CommandResult.Finished.class);
    }
}
