package org.outguard.app.run;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.ShutdownSignal;
import org.outguard.app.output.JsonOutput;
import org.outguard.guard.Guard;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.LogResult;
import org.outguard.headless.WatchLog;
import org.outguard.headless.evidence.EvidenceResult;
import org.outguard.headless.evidence.EvidenceWriter;
import org.outguard.kernel.Confinement.Confined;
import org.outguard.text.SafeText;

/** Lets a watcher run without a screen, for a time or until it is told to end. */
public final class HeadlessRun {

    /* The guard wakes us at each tick; where it does not, this is how long a fault stays unseen. */
    private static final long LOOK_NANOS = 4 * Guard.TICK_NANOS;

    /** So long a length of time does not begin while the kernel eye opens, unless nothing but that eye will do. */
    private static final long EYE_WAIT_NANOS = 10_000_000_000L;

    private static final long SAY_AFTER_NANOS = 1_000_000_000L;

    private final Watcher watcher;
    private final LongSupplier nanoTime;
    private final PrintWriter err;
    private @Nullable WatchLog log;
    private @Nullable EvidenceWriter evidence;
    private boolean complained;
    private boolean readerGone;
    private boolean kernelEyeOnly;
    private Supplier<Confined> confine = () -> Confined.NOT;
    private boolean settled;
    private String word = "";
    private Snapshot.@Nullable Eye said;

    public HeadlessRun(Watcher watcher, LongSupplier nanoTime, PrintWriter err) {
        this.watcher = watcher;
        this.nanoTime = nanoTime;
        this.err = err;
    }

    public HeadlessRun withLog(@Nullable WatchLog newLog) {
        this.log = newLog;
        return this;
    }

    /**
     * Says what is watched, by which eye, whenever that is another one, and where the lines go, for who looks whether a
     * service does its work.
     */
    public HeadlessRun withWord(String whereLinesGo) {
        this.word = whereLinesGo;
        return this;
    }

    public HeadlessRun withEvidence(@Nullable EvidenceWriter newEvidence) {
        this.evidence = newEvidence;
        return this;
    }

    /** Waits for the kernel eye as long as it takes, and ends where it cannot be opened. */
    public HeadlessRun withKernelEyeOnly(boolean only) {
        this.kernelEyeOnly = only;
        return this;
    }

    /** Gives up what is not needed any more once it is decided which eye counts: whatever has to be opened is open then. */
    public HeadlessRun withConfinement(Supplier<Confined> newConfine) {
        this.confine = newConfine;
        return this;
    }

    private void settle(Snapshot snapshot, long waitedNanos) {
        if (!settled && isDecided(snapshot, waitedNanos)) {
            settled = true;
            Confined confined = confine.get();
            if (log != null) {
                log.confinedBy(confined.words());
            }
            if (!word.isEmpty() && !confined.equals(Confined.NOT)) {
                err.println("outguard: " + SafeText.clean(confined.line()));
            }
        }
    }

    /** What else is to be done at each turn; says whether it is time to end. */
    public interface Turn {
        boolean isOver(Snapshot snapshot);
    }

    /**
     * Watches at once; the time begins when it is decided which eye counts, or after a while.
     *
     * @param length for how long; null for ever
     * @param turn called after each tick of the guard
     * @return how it ended, {@link ExitStatus#DONE} unless the watching failed
     */
    public ExitStatus run(@Nullable Duration length, Turn turn) throws InterruptedException {
        try (ShutdownSignal interruption = new ShutdownSignal()) {
            return run(length, turn, interruption);
        }
    }

    /** The same for a caller that has more to put away than the watcher when the end is asked for. */
    public ExitStatus run(@Nullable Duration length, Turn turn, ShutdownSignal shutdownSignal)
            throws InterruptedException {
        watcher.start(shutdownSignal::wake);
        long begun = nanoTime.getAsLong();
        OptionalLong end = OptionalLong.empty();
        boolean toldToEnd = false;
        Snapshot snapshot = watcher.guardClient().snapshot();
        while (!allFailed(snapshot) && watcher.fault().isEmpty()) {
            long now = nanoTime.getAsLong();
            if (refused(snapshot)) {
                return finishRefused(snapshot);
            }
            sayOpening(snapshot, now - begun);
            settle(snapshot, now - begun);
            if (end.isEmpty() && length != null && isDecided(snapshot, now - begun)) {
                end = OptionalLong.of(now + length.toNanos());
            }
            long left = end.isEmpty() ? LOOK_NANOS : end.getAsLong() - now;
            toldToEnd = left > 0 && shutdownSignal.await(Math.min(left, LOOK_NANOS));
            if (left <= 0 || toldToEnd) {
                break;
            }
            Snapshot newest = watcher.guardClient().snapshot();
            if (newest.sequence() == snapshot.sequence()) {
                continue;
            }
            snapshot = newest;
            record(snapshot);
            if (readerGone || turn.isOver(snapshot)) {
                break;
            }
        }
        ExitStatus status = finish();
        boolean never = watcher.guardClient().snapshot().eye() != Snapshot.Eye.KERNEL;
        if (kernelEyeOnly && never && status == ExitStatus.DONE) {
            err.println("outguard: ended before eBPF was open");
            return ExitStatus.FAILED;
        }
        return status;
    }

    private boolean refused(Snapshot snapshot) {
        return kernelEyeOnly && snapshot.eye() == Snapshot.Eye.WIRE;
    }

    private ExitStatus finishRefused(Snapshot snapshot) {
        err.println("outguard: the kernel eye cannot count: " + SafeText.clean(snapshot.whyNotKernel()));
        finish();
        return ExitStatus.FAILED;
    }

    private boolean isDecided(Snapshot snapshot, long waitedNanos) {
        return snapshot.eye() != Snapshot.Eye.OPENING || !kernelEyeOnly && waitedNanos >= EYE_WAIT_NANOS;
    }

    /* Once, and not of the fraction of a second that it takes mostly. */
    private void sayOpening(Snapshot snapshot, long waitedNanos) {
        if (snapshot.eye() == Snapshot.Eye.OPENING && said == null && waitedNanos > SAY_AFTER_NANOS) {
            said = snapshot.eye();
            boolean brief = word.isEmpty() || snapshot.sources().isEmpty();
            err.println((brief ? "outguard: " + TrafficObservation.SourceSelected.OPENING : words(snapshot))
                    + (kernelEyeOnly ? "; waiting for eBPF, as --eye kernel asks" : ""));
        }
    }

    private void record(Snapshot snapshot) {
        boolean another = snapshot.eye() != Snapshot.Eye.OPENING && said != snapshot.eye();
        if (!word.isEmpty() && !snapshot.sources().isEmpty() && another) {
            err.println(words(snapshot) + "; " + SafeText.clean(word) + " has what is seen");
            said = snapshot.eye();
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
                .map(TrafficObservation.SourceHealth::source)
                .collect(Collectors.joining(", "));
        String why = snapshot.degraded().isEmpty() ? "" : " (" + String.join("; ", snapshot.degraded()) + ")";
        String eye = snapshot.eye() == Snapshot.Eye.KERNEL ? "kernel" : "wire";
        return "outguard: watches " + SafeText.clean(sources) + " with the " + eye + " eye" + SafeText.clean(why);
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
            readerGone = JsonOutput.isReaderGone(failed.reason());
        } else {
            return;
        }
        if (!readerGone) {
            err.println("outguard: lines are lost: " + SafeText.clean(failed.reason()));
        }
    }

    static boolean allFailed(Snapshot snapshot) {
        return allAre(TrafficObservation.SourceState.FAILED, snapshot);
    }

    /** Whether there are sources, and each of them is in that state. */
    public static boolean allAre(TrafficObservation.SourceState state, Snapshot snapshot) {
        return !snapshot.sources().isEmpty() && snapshot.sources().stream().allMatch(s -> s.state() == state);
    }

    /** Says of each source why it sees nothing. */
    public static void sayWhy(Snapshot snapshot, PrintWriter err) {
        for (TrafficObservation.SourceHealth source : snapshot.sources()) {
            err.println("outguard: " + SafeText.clean(source.source() + ": " + source.reason()));
        }
    }
}
