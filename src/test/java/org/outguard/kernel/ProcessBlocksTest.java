package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.port.StepRunner;
import org.outguard.owner.ProcessId;

/** What becomes of a block of one process where the kernel takes none; {@code PidDropIT} has the kernel. */
class ProcessBlocksTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T03:00:00Z"), ZoneOffset.UTC);
    private static final BlockTarget TARGET = BlockTarget.ofProcess(new ProcessId(4711, 99), 33);
    private static final NetworkStep.Block BLOCK = new NetworkStep.Block(TARGET, Duration.ofMinutes(10));
    private static final NetworkStep.Unblock UNBLOCK = new NetworkStep.Unblock(TARGET, "a-1");

    private final AtomicInteger opened = new AtomicInteger();

    private ProcessBlocks blocks(String refusal) {
        return new ProcessBlocks(
                () -> {
                    opened.incrementAndGet();
                    return new PidDrop.Opening.Failed("no CAP_BPF");
                },
                process -> Optional.of(refusal).filter(reason -> !reason.isEmpty()),
                CLOCK);
    }

    private static Outcome run(ProcessBlocks blocks, NetworkStep.OnTarget step) {
        return blocks.run(new Action("a-1", CLOCK.instant(), "test", "", step, blocks.plan(step)), step);
    }

    @Test
    void aKernelThatTakesNoneIsAReason() {
        ProcessBlocks blocks = blocks("");
        Outcome outcome = run(blocks, BLOCK);
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).isEqualTo("no CAP_BPF");
        assertThat(blocks.counters()).isEmpty();
        assertThat(blocks.happened(BLOCK)).contains(StepRunner.Extent.NOTHING);
        assertThat(blocks.happened(UNBLOCK)).contains(StepRunner.Extent.ALL);
    }

    @Test
    void whatMayNotBeTouchedIsNotAndNothingIsAttachedForIt() {
        Outcome outcome = run(blocks("it is sshd"), BLOCK);
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).isEqualTo("refused: it is sshd");
        assertThat(opened).hasValue(0);
    }

    @Test
    void theBlockOfAnEarlierRunIsGoneWithIt() {
        Outcome outcome = run(blocks(""), UNBLOCK);
        assertThat(outcome.result()).isEqualTo(Outcome.Result.DONE);
        assertThat(outcome.detail()).isEqualTo("an Outguard that drops it stops within a second");
    }

    @Test
    void itsPlanSaysThatItLastsWhileOutguardRuns() {
        assertThat(blocks("").plan(BLOCK).command())
                .startsWith("(within Outguard, and no longer than it runs)")
                .contains("process 4711 of uid 33");
    }
}
