package org.outguard.app.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.outguard.app.wiring.Wiring;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.evidence.ProcessEvidence;
import org.outguard.procfs.evidence.ProcessEvidenceResult;

/** Evidence is waited for so long and no longer. */
class TimedEvidenceTest {

    private static final ProcessId PROCESS = new ProcessId(777, 99);
    private static final Path PARENT = Path.of("/var/lib/outguard/evidence");
    private static final ProcessEvidenceResult.Kept KEPT =
            new ProcessEvidenceResult.Kept(PARENT.resolve("p-777"), 3, "", "", List.of());

    private final CountDownLatch never = new CountDownLatch(1);

    private ProcessEvidenceResult keep(ProcessEvidence keeper, long seconds) {
        return new TimedEvidence(keeper, Wiring.daemons("evidence"), seconds).keep(PROCESS, PARENT, "why");
    }

    @Test
    void whatIsReadyInTimeIsHandedOn() {
        assertThat(keep((id, parent, why) -> KEPT, 60)).isEqualTo(KEPT);
    }

    @Test
    void whatNeverEndsIsNotWaitedFor() {
        ProcessEvidenceResult result = keep(
                (id, parent, why) -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return KEPT;
                },
                0);
        assertThat(result).isEqualTo(new ProcessEvidenceResult.Unfinished(PARENT, 0));
        never.countDown();
    }

    @Test
    void anErrorIsNoReasonButTheEndOfTheProgram() {
        assertThatThrownBy(() -> keep(
                        (id, parent, why) -> {
                            throw new LinkageError("planted");
                        },
                        60))
                .isInstanceOf(LinkageError.class);
    }

    @Test
    void aFaultIsAReason() {
        assertThat(keep(
                        (id, parent, why) -> {
                            throw new IllegalStateException("planted");
                        },
                        60))
                .isEqualTo(new ProcessEvidenceResult.NotKept(
                        "gathering it failed: java.lang.IllegalStateException: planted"));
    }
}
