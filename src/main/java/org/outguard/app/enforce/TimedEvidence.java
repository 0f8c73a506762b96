package org.outguard.app.enforce;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.evidence.ProcessEvidence;
import org.outguard.procfs.evidence.ProcessEvidenceResult;

/**
 * Evidence that is waited for so long and no longer: a file system of the attacker's own (FUSE) may never answer a read, and
 * neither a kill nor the actions behind it may wait for that.
 */
final class TimedEvidence implements ProcessEvidence {

    /** Longer than what the keeper takes by itself. */
    static final long SECONDS = 12;

    /** A thread that never gets its answer stays until the program ends. */
    private static final int MOST_STUCK = 4;

    private final ProcessEvidence keeper;
    private final ThreadFactory threads;
    private final Semaphore free = new Semaphore(MOST_STUCK);
    private final long seconds;

    TimedEvidence(ProcessEvidence keeper, ThreadFactory threads) {
        this(keeper, threads, SECONDS);
    }

    TimedEvidence(ProcessEvidence keeper, ThreadFactory threads, long seconds) {
        this.keeper = keeper;
        this.threads = threads;
        this.seconds = seconds;
    }

    @Override
    public ProcessEvidenceResult keep(ProcessId id, Path parent, String why) {
        if (!free.tryAcquire()) {
            return new ProcessEvidenceResult.Unfinished(parent, 0);
        }
        FutureTask<ProcessEvidenceResult> task = new FutureTask<>(() -> {
            try {
                return keeper.keep(id, parent, why);
            } finally {
                free.release();
            }
        });
        threads.newThread(task).start();
        try {
            return task.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return new ProcessEvidenceResult.Unfinished(parent, seconds);
        } catch (ExecutionException e) {
            // The program ends with an Error, whichever thread it was in.
            if (e.getCause() instanceof Error fault) {
                throw fault;
            }
            return new ProcessEvidenceResult.NotKept("gathering it failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ProcessEvidenceResult.Unfinished(parent, 0);
        }
    }
}
