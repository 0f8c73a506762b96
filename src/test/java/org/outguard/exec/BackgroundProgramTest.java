package org.outguard.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackgroundProgramTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void linesAreReadWhileItRuns() {
        BackgroundProgram cat = running("/bin/sh", "-c", "echo one; echo two; exec sleep 60");

        assertThat(cat.awaitLine(SOON)).contains("one");
        assertThat(cat.awaitLine(SOON)).contains("two");
        assertThat(cat.isRunning()).isTrue();
        assertThat(cat.awaitLine(Duration.ofMillis(20))).isEmpty();
        assertThat(cat.await(Duration.ofMillis(20))).isEmpty();

        assertThat(cat.stop(SOON).status()).isEqualTo(128 + 15);
        assertThat(cat.isRunning()).isFalse();
    }

    @Test
    void whatItSaysWhenItIsAskedToEndIsKept() {
        BackgroundProgram program =
                running("/bin/sh", "-c", "trap 'echo counted 7; kill $!; exit 3' TERM; sleep 60 & echo ready; wait");
        assertThat(program.awaitLine(SOON)).contains("ready");

        assertThat(program.stop(SOON)).isEqualTo(new BackgroundProgram.Ended(3, "counted 7\n"));
    }

    @Test
    void oneThatDoesNotListenIsKilled() {
        BackgroundProgram deaf = running("/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done");
        assertThat(deaf.awaitLine(SOON)).contains("ready");

        assertThat(deaf.stop(Duration.ofMillis(50)).status()).isEqualTo(128 + 9);
    }

    @Test
    void itsEndIsSeenWithItsErrors() {
        BackgroundProgram failing = running("/bin/sh", "-c", "echo no such thing >&2; exit 4");

        assertThat(failing.await(SOON)).contains(new BackgroundProgram.Ended(4, "no such thing\n"));
        assertThat(failing.awaitLine(SOON)).isEmpty();
    }

    @Test
    void itHasNoInputToWaitFor() {
        assertThat(running("/bin/cat").await(SOON)).contains(new BackgroundProgram.Ended(0, ""));
    }

    @Test
    void aProgramThatIsNotThereIsAReason() {
        BackgroundProgram.Start start = BackgroundProgram.start(List.of("/nonexistent/outguard-program"));

        assertThat(start)
                .isInstanceOfSatisfying(
                        BackgroundProgram.Start.NotStarted.class,
                        notStarted -> assertThat(notStarted.reason()).contains("No such file"));
    }

    private static BackgroundProgram running(String... argv) {
        BackgroundProgram.Start start = BackgroundProgram.start(List.of(argv));
        assertThat(start).isInstanceOf(BackgroundProgram.Start.Running.class);
        return ((BackgroundProgram.Start.Running) start).program();
    }
}
