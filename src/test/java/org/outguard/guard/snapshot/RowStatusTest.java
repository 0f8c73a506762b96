package org.outguard.guard.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.flow.FlowKey;
import org.outguard.guard.GuardBench;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A row has one state, and it is the present one. */
class RowStatusTest {

    private static final FlowKey FLOOD = udp(40000, "203.0.113.80", 80);
    private static final Owner FLOODER = process(4711, "x7", 33, "www-data");

    private final GuardBench bench = new GuardBench();

    @BeforeEach
    void aFlood() {
        bench.sent(FLOOD, 43_250, 29);
        bench.found(FLOOD, FLOODER);
        bench.run(Duration.ofSeconds(1), FLOOD, 173_000, 29);
        assertThat(row().verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(row().status()).isEqualTo(RowStatus.OPEN);
    }

    private Talker row() {
        return bench.guard.snapshot().talkers().get(0);
    }

    private void exited(ProcessId... ids) {
        bench.observe(new HostObservation.ProcessesExited(bench.now, Set.of(ids)));
        bench.tick();
    }

    private void done(Step step) {
        bench.guard.submit(new Command.Perform(step, "why", "root on pts/0"));
        bench.tick();
        String id = bench.carriedOut.get(bench.carriedOut.size() - 1).id();
        bench.observe(new ActionObservation.ActionCompleted(new Outcome(id, bench.now, Outcome.Result.DONE, "")));
        bench.tick();
    }

    @Test
    void aSenderThatExitsHasEndedAtTheNextTick() {
        Instant at = bench.now;
        exited(FLOODER.id());
        assertThat(row().status()).isEqualTo(new RowStatus(RowStatus.State.ENDED, Optional.of(at), ""));
        // The verdict stays on record; that it is over is the state's to say.
        assertThat(row().verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void aKilledOneNamesWhoKilledIt() {
        done(ProcessStep.kill(new Attribution.Exact(FLOODER, "test"), ProcessStep.Scope.PROCESS));
        assertThat(row().status().state()).isEqualTo(RowStatus.State.OPEN);
        exited(FLOODER.id());
        assertThat(row().status().state()).isEqualTo(RowStatus.State.ENDED);
        assertThat(row().status().by()).isEqualTo("root on pts/0");
    }

    @Test
    void aBlockIsToldWithItsEndUntilTheProcessExits() {
        BlockTarget target = BlockChoices.of(row()).get(0);
        bench.guard.submit(new Command.Block(row().id(), target, Duration.ofMinutes(10), "test"));
        bench.tick();
        String id = bench.carriedOut.get(0).id();
        assertThat(row().status()).isEqualTo(RowStatus.OPEN);
        bench.observe(new ActionObservation.ActionCompleted(new Outcome(id, bench.now, Outcome.Result.DONE, "")));
        bench.tick();
        assertThat(row().status().state()).isEqualTo(RowStatus.State.BLOCKED);
        assertThat(row().status().at()).contains(row().blocks().get(0).expires());
        exited(FLOODER.id());
        assertThat(row().status().state()).isEqualTo(RowStatus.State.ENDED);
    }

    @Test
    void aFrozenOneIsOpenAgainWhenItIsThawed() {
        ProcessStep.Freeze freeze = new ProcessStep.Freeze(FLOODER.id(), FLOODER.command(), ProcessStep.Scope.PROCESS);
        done(freeze);
        assertThat(row().status().state()).isEqualTo(RowStatus.State.FROZEN);
        done(freeze.undo(bench.carriedOut.get(0).id()).orElseThrow());
        assertThat(row().status()).isEqualTo(RowStatus.OPEN);
    }

    @Test
    void packetsThatGoOnBelieTheEndOfAllProcessesThatAreKnown() {
        // One that starts a process for each packet: those that are known have exited, the next one sends.
        exited(FLOODER.id());
        bench.run(Duration.ofSeconds(3), FLOOD, 173_000, 29);
        assertThat(row().status()).isEqualTo(RowStatus.OPEN);
    }

    @Test
    void theExitOfAnotherProcessWithThatNumberIsNotItsOwn() {
        exited(new ProcessId(FLOODER.id().pid(), FLOODER.id().startTicks() + 1));
        assertThat(row().status()).isEqualTo(RowStatus.OPEN);
    }
}
