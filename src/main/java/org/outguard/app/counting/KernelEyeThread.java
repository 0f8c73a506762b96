package org.outguard.app.counting;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.capture.live.WireEye;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.kernel.KernelEye;
import org.outguard.kernel.KernelFeed;
import org.outguard.kernel.NetworkNamespace;

/**
 * Has the kernel eye opened, as long as that takes, has it show that it counts, says which eye is in force, and drains it
 * until it is told to stop. Where it does not open, and while it takes its time, nft counts by user.
 */
public final class KernelEyeThread implements Runnable, KernelFeed.Watched {

    /* The guard looks four times a second, and most of what a drain costs is the waking up. */
    private static final long DRAIN_NANOS = 200_000_000L;

    /* After so many counts in one drain the table may not hold so long what comes. */
    private static final int MANY_COUNTS = 4_096;

    private static final long SHORT_DRAIN_NANOS = 50_000_000L;

    /* Devices come and go; their numbers are asked for this often. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    /* Mostly it is open by then, and nft need not be asked. */
    private static final long SOON_NANOS = 3_000_000_000L;

    private final boolean wanted;
    private final List<String> interfaces;
    private final Supplier<KernelEye.Opening> opener;
    private final SelfTest selfTest;
    private final UserCounting users;
    private final ThreadFactory threads;
    private final LongSupplier nanoTime;
    private final Consumer<Observation> sink;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch openedOrStopping = new CountDownLatch(1);
    private final Set<Integer> devices = new HashSet<>();
    private long netns;
    private volatile boolean kernelCounts;

    /* What came of opening, until this thread takes it. */
    private KernelEye.@Nullable Opening opening;
    private boolean abandoned;

    /**
     * A thread that has not begun.
     *
     * @param wanted whether to try at all
     * @param interfaces names of what is watched
     * @param opener opens the eye, on a thread of its own; may take minutes
     * @param selfTest whether an eye that opened counts
     * @param users counts where the eye cannot be had
     * @param threads makes the thread that opens it; a daemon, since nobody can end it
     * @param nanoTime a clock that never goes back
     * @param sink takes what is seen
     */
    public KernelEyeThread(
            boolean wanted,
            List<String> interfaces,
            Supplier<KernelEye.Opening> opener,
            SelfTest selfTest,
            UserCounting users,
            ThreadFactory threads,
            LongSupplier nanoTime,
            Consumer<Observation> sink) {
        this.wanted = wanted;
        this.interfaces = List.copyOf(interfaces);
        this.opener = opener;
        this.selfTest = selfTest;
        this.users = users;
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.sink = sink;
    }

    /** Whether the wire eye counts: while the kernel eye is not there. */
    public boolean wireCounts() {
        return !kernelCounts;
    }

    /** Ends {@link #run} after what the kernel still holds; at once while it opens. */
    public void stop() {
        stopping.countDown();
        openedOrStopping.countDown();
    }

    @Override
    public void run() {
        if (!wanted) {
            refused("it is not asked for");
            return;
        }
        threads.newThread(this::open).start();
        Optional<KernelEye.Opening> result = awaitOpening();
        if (result.isEmpty()) {
            return;
        }
        if (result.get() instanceof KernelEye.Opening.Opened opened) {
            try (KernelEye eye = opened.eye()) {
                Optional<String> problem = selfTest.problem(eye::drain, stopping);
                if (problem.isEmpty()) {
                    inForce(eye, opened.limits());
                    return;
                }
                result = problem.map(KernelEye.Opening.Unavailable::new);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        result.ifPresent(unavailable -> refused(((KernelEye.Opening.Unavailable) unavailable).reason()));
    }

    private void open() {
        KernelEye.Opening result;
        try {
            result = opener.get();
        } catch (LinkageError | RuntimeException e) {
            result = new KernelEye.Opening.Unavailable("it cannot be opened: " + e);
        }
        boolean late;
        synchronized (this) {
            opening = result;
            late = abandoned;
        }
        if (late && result instanceof KernelEye.Opening.Opened opened) {
            opened.eye().close();
        }
        openedOrStopping.countDown();
    }

    /* Empty where the end comes first; what opens afterwards is closed by whoever opens it. */
    private Optional<KernelEye.Opening> awaitOpening() {
        try {
            if (!openedOrStopping.await(SOON_NANOS, TimeUnit.NANOSECONDS)) {
                users.countUntil(openedOrStopping);
                openedOrStopping.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            abandoned = true;
            return Optional.ofNullable(opening);
        }
    }

    private void inForce(KernelEye eye, List<String> limits) throws InterruptedException {
        for (int i = 0; i < limits.size(); i++) {
            sink.accept(new HostObservation.Degraded("kernel eye " + i, "kernel eye: " + limits.get(i)));
        }
        users.takeOut();
        netns = NetworkNamespace.inode(NetworkNamespace.OF_THIS_THREAD).orElse(0);
        lookForDevices();
        // What left until now is the wire eye's. A drain that the kernel fails is made again.
        long since = eye.drain().begunNanos();
        while (since == 0) {
            if (stopping.await(DRAIN_NANOS, TimeUnit.NANOSECONDS)) {
                return;
            }
            since = eye.drain().begunNanos();
        }
        kernelCounts = true;
        sink.accept(TrafficObservation.SourceSelected.kernelSince(since));
        drainUntilStopped(eye);
    }

    private void refused(String reason) {
        if (wanted) {
            sink.accept(new HostObservation.Degraded("kernel eye", "the wire eye counts: " + reason));
        }
        sink.accept(TrafficObservation.SourceSelected.wire(reason));
        users.countUntil(stopping);
    }

    private void drainUntilStopped(KernelEye eye) {
        KernelFeed feed = new KernelFeed(eye, this, sink);
        long next = nanoTime.getAsLong();
        long look = next;
        try {
            boolean last = false;
            boolean many = false;
            while (!last) {
                next += many ? SHORT_DRAIN_NANOS : DRAIN_NANOS;
                last = stopping.await(Math.max(0, next - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
                if (nanoTime.getAsLong() >= look) {
                    look = nanoTime.getAsLong() + LOOK_NANOS;
                    lookForDevices();
                }
                many = feed.doWork() >= MANY_COUNTS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long netns() {
        return netns;
    }

    @Override
    public boolean device(int ifindex) {
        return interfaces.contains(WireEye.ANY) || devices.contains(ifindex);
    }

    /* One that is gone stays: its last counts may be still to come. */
    private void lookForDevices() {
        for (String name : interfaces) {
            try {
                NetworkInterface found = NetworkInterface.getByName(name);
                if (found != null) {
                    devices.add(found.getIndex());
                }
            } catch (SocketException e) {
                // Asked again in a second; until then what is known holds.
            }
        }
    }
}
