package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.owner.ProcessId;

/** Asked of the real /proc: only this very process is known to run, only a number that nobody has to be free. */
class ProcessExitsTest {

    private static final Path PROC = Path.of("/proc");

    private final ProcessExits exits = new ProcessExits(PROC);
    private final int self = (int) ProcessHandle.current().pid();
    private final long start =
            ProcessStat.read(PROC.resolve("self")).orElseThrow().startTicks();

    @Test
    void oneThatRunsHasNotExited() {
        assertThat(exits.among(List.of(new ProcessId(self, start)))).isEmpty();
    }

    @Test
    void anEarlierOneWithTheSameNumberHas() {
        ProcessId earlier = new ProcessId(self, start - 1);
        assertThat(exits.among(List.of(earlier))).containsExactly(earlier);
    }

    @Test
    void aNumberThatNobodyHasStandsForOneThatHas() {
        // Above the most that pid_max can be set to (proc(5)).
        ProcessId gone = new ProcessId((1 << 22) + 1, 1);
        assertThat(exits.among(List.of(gone))).containsExactly(gone);
    }

    @Test
    void aZombieHasExited() throws Exception {
        // The shell that execs cannot wait for its child, which has exited by the time its output ends.
        Process parent = new ProcessBuilder("sh", "-c", "sh -c 'echo $$' & exec sleep 60").start();
        try {
            int child = Integer.parseInt(parent.inputReader().readLine());
            ProcessStat stat = ProcessStat.read(PROC.resolve("" + child)).orElseThrow();
            ProcessId zombie = new ProcessId(child, stat.startTicks());
            while (!exits.among(List.of(zombie)).contains(zombie)) {
                assertThat(parent.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            assertThat(PROC.resolve("" + child)).isDirectory();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void oneOutsideOfThisPidNamespaceCannotBeTold() {
        assertThat(exits.among(List.of(ProcessId.elsewhere(4_000_000, 1)))).isEmpty();
    }
}
