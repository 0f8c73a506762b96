package org.outguard.app.run;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.app.actor.ActorClient;
import org.outguard.app.counting.CaptureExclusionPolicy;
import org.outguard.app.counting.EagerOwnerLookup;
import org.outguard.app.counting.KernelEyeThread;
import org.outguard.app.counting.SelfTest;
import org.outguard.app.counting.UserAccountingGate;
import org.outguard.app.host.ProgramLog;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.app.wiring.Wiring;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.live.WireEye;
import org.outguard.flow.Destination;
import org.outguard.guard.Guard;
import org.outguard.guard.GuardClient;
import org.outguard.guard.port.EvidenceStore;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.TickTimes;
import org.outguard.history.HistorySettings;
import org.outguard.kernel.KernelEye;
import org.outguard.kernel.ServiceManager;
import org.outguard.kernel.StartupMemory;

/**
 * A guard that watches this machine. Each source of packets, the guard, the owner look-up and the enforcement have a
 * thread of their own; all of them are daemons, so that a fault in one cannot keep the program from ending.
 */
public final class Watcher implements AutoCloseable {

    private static final long STOP_MILLIS = 5_000;
    /** After the first, both eyes are open and the first frame is shown; after both, all that comes again has come once. */
    private static final List<Duration> BEGUN = List.of(Duration.ofSeconds(3), Duration.ofSeconds(7));

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Guard guard;
    private final Machine machine;
    private final EvidenceRing evidence = new EvidenceRing();
    private final CaptureExclusionPolicy captureExclusionPolicy = new CaptureExclusionPolicy();
    private final UserAccountingGate userAccountingGate = new UserAccountingGate();
    private final KernelEyeThread kernelEye;
    private @Nullable Thread kernelEyeThread;
    private final List<WireEye> eyes = new ArrayList<>();
    private final List<Thread> eyeThreads = new ArrayList<>();

    /** What the guard's thread waits for between two beats: a command, or the end. */
    private final Semaphore wakeUp = new Semaphore(0);

    /** Told of each tick, on the guard's thread. */
    private Runnable ticked = () -> {};

    /** Keeps what leaves; null where nobody wants that, or another instance does it. */
    private @Nullable Recording recording;

    private final System.@Nullable Logger log = ProgramLog.inForce().orElse(null);
    private final TickTimes tickTimes = new TickTimes();
    private volatile boolean stopping;

    /** The guard ticks no more, but for the last time once the edges are closed: no other thread may do that for it. */
    private final CountDownLatch ticksOver = new CountDownLatch(1);

    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread guardThread;
    private volatile @Nullable RuntimeException fault;
    private boolean stopped;

    /**
     * A watcher that does not watch yet.
     *
     * @param machine the edges
     * @param guard the guard that they feed
     * @param interfaces what to watch
     * @param kernelEye opens the kernel eye; empty where that is not wanted
     */
    public Watcher(
            Machine machine,
            Guard guard,
            List<String> interfaces,
            Optional<Supplier<KernelEye.Opening>> kernelEye,
            Clock clock,
            LongSupplier nanoTime) {
        this.machine = machine;
        this.guard = guard;
        this.clock = clock;
        this.nanoTime = nanoTime;
        SelfTest selfTest = new SelfTest(SelfTest.PATIENCE, nanoTime, SelfTest::sendToNowhere);
        this.kernelEye = new KernelEyeThread(
                kernelEye.isPresent(),
                interfaces,
                kernelEye.orElse(() -> new KernelEye.Opening.Unavailable("it is not asked for")),
                selfTest,
                Wiring.userCounting(interfaces, userAccountingGate, machine.inbox()),
                Wiring.daemons("kernel eye opens"),
                nanoTime,
                machine.inbox());
        EagerOwnerLookup sink = new EagerOwnerLookup(
                machine.inbox(), machine.finder(), this.kernelEye::wireCounts, nanoTime::getAsLong);
        for (String name : interfaces) {
            eyes.add(new WireEye(name, evidence, nanoTime, sink));
        }
    }

    /**
     * The same for who waits for what the guard finds.
     *
     * @param newTicked called after each tick and when the guard fails, on its thread; must not wait
     */
    void start(Runnable newTicked) {
        ticked = newTicked;
        start();
    }

    /** Has what is decided done by another process. Before {@link #start()}. */
    public void carryOutBy(ActorClient actor) {
        machine.carryOutBy(actor);
    }

    /** Keeps what leaves, unless another instance does. Before {@link #start()}. */
    public void record(HistorySettings settings) {
        recording = Recording.open(settings, clock, machine.inbox()).orElse(null);
        if (recording != null) {
            guard.recordTo(recording.recorder());
        }
    }

    public void start() {
        if (recording != null) {
            recording.start();
        }
        for (WireEye eye : eyes) {
            eyeThreads.add(daemon("capture", eye));
        }
        guardThread = daemon("guard", this::tickUntilStopped);
        kernelEyeThread = daemon("kernel eye", kernelEye);
        daemon("memory", this::giveBackOnceBegun);
        machine.start(guard::snapshot);
    }

    private void giveBackOnceBegun() {
        try {
            for (Duration wait : BEGUN) {
                Thread.sleep(wait.toMillis());
                if (!stopping) {
                    StartupMemory.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void tickUntilStopped() {
        ServiceManager service = new ServiceManager(System.getenv(), nanoTime);
        try {
            long next = nanoTime.getAsLong();
            do {
                long begun = nanoTime.getAsLong();
                Snapshot snapshot = guard.tick(clock.instant());
                long took = nanoTime.getAsLong() - begun;
                tickTimes.add(took);
                if (log != null && log.isLoggable(System.Logger.Level.TRACE)) {
                    log.log(System.Logger.Level.TRACE, "tick " + snapshot.sequence() + " took " + took / 1_000 + " us");
                }
                keep(snapshot);
                userAccountingGate.judge(snapshot);
                if (snapshot.eye() == Snapshot.Eye.KERNEL && !guard.handingOver()) {
                    spare(snapshot);
                }
                ticked.run();
                service.alive();
                // A tick for a command comes between two beats, which go on as they were.
                if (nanoTime.getAsLong() - next >= 0) {
                    next += Guard.TICK_NANOS;
                }
            } while (!isOverBefore(next));
            ticksOver.countDown();
            // What came in until the edges were closed.
            if (closed.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                keep(guard.tick(clock.instant()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fault = e;
            ticked.run();
        } finally {
            ticksOver.countDown();
        }
    }

    private void keep(Snapshot snapshot) {
        if (recording != null) {
            recording.accept(snapshot);
        }
    }

    /* Before, the capture sees all, so that both eyes can be compared. */
    private void spare(Snapshot snapshot) {
        List<Destination> countedElsewhere = captureExclusionPolicy.choose(snapshot);
        boolean flood = captureExclusionPolicy.flood();
        eyes.forEach(eye -> {
            eye.besideAnother();
            eye.leaveOut(countedElsewhere);
            eye.mayRest(flood);
        });
    }

    private boolean isOverBefore(long beat) throws InterruptedException {
        if (!stopping && wakeUp.tryAcquire(Math.max(0, beat - nanoTime.getAsLong()), TimeUnit.NANOSECONDS)) {
            wakeUp.drainPermits();
        }
        return stopping;
    }

    /** A client of the guard whose commands are taken up at once, not with the next tick. */
    public GuardClient guardClient() {
        return new NotifyingGuardClient(guard, wakeUp::release);
    }

    public EvidenceStore evidence() {
        return evidence;
    }

    /** How long the guard's ticks take. */
    public TickTimes tickTimes() {
        return tickTimes;
    }

    /** The mail systems that it watches. */
    public MailSystemsProvider mail() {
        return machine.mail();
    }

    /** Why the guard does not think any more; empty while it does. */
    public Optional<RuntimeException> fault() {
        return Optional.ofNullable(fault);
    }

    /** Ends the watching, counts what the kernel still held, and gives the last snapshot. */
    public synchronized Snapshot stop() {
        if (!stopped) {
            stopped = true;
            eyes.forEach(WireEye::stop);
            eyeThreads.forEach(Watcher::join);
            kernelEye.stop();
            if (kernelEyeThread != null) {
                join(kernelEyeThread);
            }
            stopping = true;
            wakeUp.release();
            awaitEndOfTicks();
            machine.close();
            closed.countDown();
            if (guardThread != null) {
                join(guardThread);
            }
            if (recording != null) {
                recording.close();
            }
        }
        return guard.snapshot();
    }

    private void awaitEndOfTicks() {
        try {
            if (guardThread != null && !ticksOver.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                System.err.println("outguard: the guard is busy; what came last may be missing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
