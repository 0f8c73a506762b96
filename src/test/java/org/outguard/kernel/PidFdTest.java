package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.owner.ProcessId;

/** A process of this test's own, held by this kernel. */
class PidFdTest {

    private static final int SIGKILL = 9;

    private Process sleeper;
    private ProcessId id;

    @BeforeEach
    void start() throws IOException {
        sleeper = new ProcessBuilder("sleep", "60").start();
        String stat = Files.readString(Path.of("/proc", Long.toString(sleeper.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        id = new ProcessId((int) sleeper.pid(), Long.parseLong(fields[22 - 3]));
    }

    @AfterEach
    void end() {
        sleeper.destroyForcibly();
    }

    @Test
    void whoIsHeldIsEndedAndNobodyAfterIt() throws InterruptedException {
        PidFd.Opening opening = PidFd.open(id);
        assertThat(opening).isInstanceOf(PidFd.Opening.Held.class);
        try (PidFd process = ((PidFd.Opening.Held) opening).process()) {
            assertThat(process.awaitEnd(0)).isFalse();
            assertThat(process.send(SIGKILL)).isEmpty();
            assertThat(process.awaitEnd(5_000)).isTrue();
            sleeper.waitFor();
            assertThat(process.send(SIGKILL)).contains("it has ended");
        }
        assertThat(PidFd.open(id)).isInstanceOf(PidFd.Opening.Gone.class);
    }

    @Test
    void anotherStartTimeIsAnotherProcess() {
        assertThat(PidFd.open(new ProcessId(id.pid(), id.startTicks() - 1))).isInstanceOf(PidFd.Opening.Another.class);
        assertThat(sleeper.isAlive()).isTrue();
    }

    @Test
    void whoRunsInAnotherPidNamespaceIsNotHeld() {
        assertThat(PidFd.open(ProcessId.elsewhere(id.pid(), id.startTicks())))
                .isEqualTo(new PidFd.Opening.Failed(ProcessId.NOT_HERE));
        assertThat(sleeper.isAlive()).isTrue();
    }

    @Test
    void whatIsClosedSendsNothing() {
        PidFd process = ((PidFd.Opening.Held) PidFd.open(id)).process();
        process.close();
        assertThat(process.send(SIGKILL)).contains("it has ended");
        assertThat(sleeper.isAlive()).isTrue();
    }
}
