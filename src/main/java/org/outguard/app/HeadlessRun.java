package org.outguard.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.Guard;
import org.outguard.guard.Observation;
import org.outguard.guard.Snapshot;
import org.outguard.headless.EvidenceResult;
import org.outguard.headless.EvidenceWriter;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.LogResult;
import org.outguard.headless.WatchLog;
import org.outguard.text.SafeText;

/** Lets a watcher run without a screen, for a time or until it is told to end. */
final class HeadlessRun {

    /* The guard wakes us at each tick; where it does not, this is how long a fault stays unseen. */
    private static final long LOOK_NANOS = 4 * Guard.TICK_NANOS;

    private final Watcher watcher;
    private final LongSupplier nanoTime;
    private final PrintWriter err;
    private @Nullable WatchLog log;
    private @Nullable EvidenceWriter evidence;
    private boolean complained;
    private boolean kernelEyeOnly;
    private String word = "";

    HeadlessRun(Watcher watcher, LongSupplier nanoTime, PrintWriter err) {
        this.watcher = watcher;
        this.nanoTime = nanoTime;
        this.err = err;
    }

    HeadlessRun withLog(@Nullable WatchLog newLog) {
        this.log = newLog;
        return this;
    }

    /** Says once what is watched and where the lines go, for who looks whether a service does its work. */
    HeadlessRun withWord(String whereLinesGo) {
        this.word = whereLinesGo;
        return this;
    }

    HeadlessRun withEvidence(@Nullable EvidenceWriter newEvidence) {
        this.evidence = newEvidence;
        return this;
    }

    /** Ends at once where the kernel eye was asked for and cannot be opened. */
    HeadlessRun withKernelEyeOnly(boolean only) {
        this.kernelEyeOnly = only;
        return this;
    }

    /** What else is to be done at each turn; says whether it is time to end. */
    interface Turn {
        boolean isOver(Snapshot snapshot);
    }

    /**
     * Watches from the moment that every source runs or waits.
     *
     * @param length for how long; null for ever
     * @param turn called after each tick of the guard
     * @return how it ended, {@link ExitStatus#DONE} unless the watching failed
     */
    ExitStatus run(@Nullable Duration length, Turn turn) throws InterruptedException {
        try (Interruption interruption = new Interruption()) {
            return run(length, turn, interruption);
        }
    }

    /** The same for a caller that has more to put away than the watcher when the end is asked for. */
    ExitStatus run(@Nullable Duration length, Turn turn, Interruption interruption) throws InterruptedException {
        watcher.start(interruption::wake);
        Optional<String> noKernelEye = watcher.awaitEye();
        if (noKernelEye.isPresent() && kernelEyeOnly) {
            err.println("outguard: the kernel eye cannot count: " + SafeText.clean(noKernelEye.get()));
            watcher.stop();
            return ExitStatus.FAILED;
        }
        long endNanos = length == null ? Long.MAX_VALUE : nanoTime.getAsLong() + length.toNanos();
        Snapshot snapshot = watcher.desk().snapshot();
        while (!allFailed(snapshot) && watcher.fault().isEmpty()) {
            long left = length == null ? Long.MAX_VALUE : endNanos - nanoTime.getAsLong();
            if (left <= 0 || interruption.await(Math.min(left, LOOK_NANOS))) {
                break;
            }
            Snapshot newest = watcher.desk().snapshot();
            if (newest.sequence() == snapshot.sequence()) {
                continue;
            }
            snapshot = newest;
            record(snapshot);
            if (turn.isOver(snapshot)) {
                break;
            }
        }
        return finish();
    }

    private void record(Snapshot snapshot) {
        if (!word.isEmpty() && !snapshot.sources().isEmpty()) {
            err.println(words(snapshot) + "; " + SafeText.clean(word) + " has what is seen");
            word = "";
        }
        if (log != null) {
            complain(log.accept(snapshot));
        }
        if (evidence != null) {
            for (EvidenceResult result : evidence.accept(snapshot)) {
                if (result instanceof EvidenceResult.NotKept lost) {
                    err.println("outguard: evidence against " + lost.offenderId() + " was not kept: "
                            + SafeText.clean(lost.reason()));
                }
            }
        }
    }

    private static String words(Snapshot snapshot) {
        String sources = snapshot.sources().stream()
                .map(Observation.SourceHealth::source)
                .collect(Collectors.joining(", "));
        String why = snapshot.degraded().isEmpty() ? "" : " (" + String.join("; ", snapshot.degraded()) + ")";
        return "outguard: watches " + SafeText.clean(sources) + " with the "
                + snapshot.eye().name().toLowerCase(Locale.ROOT) + " eye" + SafeText.clean(why);
    }

    private ExitStatus finish() {
        Snapshot last = watcher.stop();
        if (evidence != null) {
            record(last);
        }
        if (log != null) {
            complain(log.finish(last));
        }
        Optional<RuntimeException> fault = watcher.fault();
        if (fault.isPresent()) {
            err.println("outguard: internal error: " + SafeText.clean(String.valueOf(fault.get())));
            return ExitStatus.FAILED;
        }
        if (allFailed(last)) {
            sayWhy(last, err);
            return ExitStatus.FAILED;
        }
        return complained ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    /* Said once; the log itself counts what is lost. */
    private void complain(LogResult result) {
        if (result instanceof LogResult.Failed failed && !complained) {
            complained = true;
            err.println("outguard: lines are lost: " + SafeText.clean(failed.reason()));
        }
    }

    static boolean allFailed(Snapshot snapshot) {
        return allAre(Observation.SourceState.FAILED, snapshot);
    }

    /** Whether there are sources, and each of them is in that state. */
    static boolean allAre(Observation.SourceState state, Snapshot snapshot) {
        return !snapshot.sources().isEmpty() && snapshot.sources().stream().allMatch(s -> s.state() == state);
    }

    /** Says of each source why it sees nothing. */
    static void sayWhy(Snapshot snapshot, PrintWriter err) {
        for (Observation.SourceHealth source : snapshot.sources()) {
            err.println("outguard: " + SafeText.clean(source.source() + ": " + source.reason()));
        }
    }
}
