package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.flow.FlowKey;
import org.outguard.guard.action.Command;
import org.outguard.guard.observation.HostObservation;
import org.outguard.owner.Owner;

/** What a guard logs of a flood at each level. */
class LoggedDecisionsTest {

    private static final FlowKey FLOOD = udp(40_000, "203.0.113.80", 80);
    private static final Owner FLOODER = process(4711, "x7", 33, "www-data");

    private final GuardBench bench = new GuardBench();

    private List<String> flood(Level least) throws InterruptedException {
        KeptLog log = new KeptLog(least);
        bench.guard.logTo(log);
        bench.guard.observe(new HostObservation.Degraded("owners", "no sock_diag"));
        bench.sent(FLOOD, 43_250, 29);
        bench.tick();
        bench.found(FLOOD, FLOODER);
        bench.run(Duration.ofMillis(750), FLOOD, 173_000, 29);
        bench.guard.observe(new HostObservation.Degraded("owners", "no sock_diag"));
        bench.tick();
        bench.guard.observe(new HostObservation.Degraded("owners", ""));
        bench.guard.submit(new Command.Undo("a-none", "test"));
        bench.tick();
        return log.lines;
    }

    @Test
    void atDebugThereAreVerdictsCommandsAndDegradationsOnce() throws InterruptedException {
        assertThat(flood(Level.DEBUG))
                .containsOnlyOnce("DEBUG degraded: owners: no sock_diag", "DEBUG no longer degraded: owners")
                .anyMatch(line -> line.startsWith("DEBUG verdict of ")
                        && line.contains(": CLEAN to OFFENDING, UDP_FLOOD: ")
                        && line.contains("packets/s of UDP, limit 10,000"))
                .anyMatch(line -> line.startsWith("DEBUG asked for: Undo["))
                .noneMatch(line -> line.startsWith("TRACE"));
    }

    @Test
    void atTraceAlsoEachKindOfObservation() throws InterruptedException {
        assertThat(flood(Level.TRACE))
                .contains("TRACE observation Flows", "TRACE observation OwnerFound", "TRACE observation Degraded")
                .contains("DEBUG no longer degraded: owners");
    }

    @Test
    void atInfoThereAreNoticesAlone() throws InterruptedException {
        assertThat(flood(Level.INFO))
                .anyMatch(line -> line.startsWith("WARNING refused: "))
                .noneMatch(line -> line.startsWith("DEBUG") || line.startsWith("TRACE"));
    }
}
