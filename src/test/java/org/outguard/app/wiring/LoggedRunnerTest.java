package org.outguard.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.KeptLog;

class LoggedRunnerTest {

    private long nanos;

    private CommandRunner taking(Duration time, CommandResult result, KeptLog log) {
        CommandRunner runner = (argv, stdin, limit) -> {
            nanos += time.toNanos();
            return result;
        };
        return new LoggedRunner(runner, log, () -> nanos);
    }

    static List<Arguments> ends() {
        return List.of(
                Arguments.of(new CommandResult.Finished(3, "out", "err"), "exit status 3"),
                Arguments.of(new CommandResult.NotFound("there is no program nft"), "there is no program nft"),
                Arguments.of(new CommandResult.TimedOut(), "killed, it took too long"),
                Arguments.of(new CommandResult.Failed("interrupted"), "interrupted"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aCommandIsLoggedWithItsTimeAndItsEnd(CommandResult result, String words) {
        KeptLog log = new KeptLog(Level.DEBUG);
        CommandRunner runner = taking(Duration.ofMillis(12), result, log);

        assertThat(runner.run(List.of("nft", "-f", "a b"), "", Duration.ofSeconds(1)))
                .isSameAs(result);
        assertThat(runner.run(List.of("nft"), to -> {}, Duration.ofSeconds(1))).isSameAs(result);

        assertThat(log.lines)
                .containsExactly(
                        "DEBUG command nft -f 'a b': " + words + " after 12 ms",
                        "DEBUG command nft: " + words + " after 12 ms");
    }

    @Test
    void atInfoThereIsNoLineAndNoTimeIsAskedFor() {
        KeptLog log = new KeptLog(Level.INFO);
        CommandRunner runner = new LoggedRunner((argv, stdin, limit) -> new CommandResult.TimedOut(), log, () -> {
            throw new AssertionError("nobody needs the time");
        });

        assertThat(runner.run(List.of("nft"), "", Duration.ofSeconds(1))).isEqualTo(new CommandResult.TimedOut());
        assertThat(log.lines).isEmpty();
    }
}
