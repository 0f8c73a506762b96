package org.outguard.app;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.capture.WireEye;
import org.outguard.guard.Observation;
import org.outguard.guard.Snapshot;
import org.outguard.kernel.KernelEye;
import org.outguard.kernel.KernelFeed;

/**
 * Opens the kernel eye, says which eye is in force, and drains it until it is told to stop; where it does not open, has
 * nft count by user as long.
 */
final class KernelEyeThread implements Runnable, KernelFeed.Watched {

    /* The guard looks four times a second, and most of what a drain costs is the waking up. */
    private static final long DRAIN_NANOS = 200_000_000L;

    /* After so many counts in one drain the table may not hold so long what comes. */
    private static final int MANY_COUNTS = 4_096;

    private static final long SHORT_DRAIN_NANOS = 50_000_000L;

    /* Devices come and go; their numbers are asked for this often. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final boolean wanted;
    private final List<String> interfaces;
    private final Supplier<KernelEye.Opening> opener;
    private final UserCounting users;
    private final LongSupplier nanoTime;
    private final Consumer<Observation> sink;
    private final CountDownLatch decided = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Set<Integer> devices = new HashSet<>();
    private long netns;
    private volatile @Nullable String unavailable;

    /**
     * A thread that has not begun.
     *
     * @param wanted whether to try at all
     * @param interfaces names of what is watched
     * @param opener opens the eye; takes a while
     * @param users counts where the eye cannot be had
     * @param nanoTime a clock that never goes back
     * @param sink takes what is seen
     */
    KernelEyeThread(
            boolean wanted,
            List<String> interfaces,
            Supplier<KernelEye.Opening> opener,
            UserCounting users,
            LongSupplier nanoTime,
            Consumer<Observation> sink) {
        this.wanted = wanted;
        this.interfaces = List.copyOf(interfaces);
        this.opener = opener;
        this.users = users;
        this.nanoTime = nanoTime;
        this.sink = sink;
    }

    /** Waits until it is decided which eye counts; why the kernel eye does not, empty where it does. */
    Optional<String> await(Duration most) throws InterruptedException {
        return decided.await(most.toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.ofNullable(unavailable)
                : Optional.of("the kernel eye takes too long to open");
    }

    /** Whether it is decided that the wire eye counts. */
    boolean wireCounts() {
        return decided.getCount() == 0 && unavailable != null;
    }

    /** Ends {@link #run} after what the kernel still holds. */
    void stop() {
        stopping.countDown();
    }

    @Override
    public void run() {
        KernelEye.Opening opening = open();
        if (opening instanceof KernelEye.Opening.Opened opened) {
            try (KernelEye eye = opened.eye()) {
                List<String> limits = opened.limits();
                for (int i = 0; i < limits.size(); i++) {
                    sink.accept(new Observation.Degraded("kernel eye " + i, "kernel eye: " + limits.get(i)));
                }
                decide(Observation.EyeInForce.KERNEL);
                users.takeOut();
                drainUntilStopped(eye);
            }
            return;
        }
        String reason = ((KernelEye.Opening.Unavailable) opening).reason();
        unavailable = reason;
        if (wanted) {
            sink.accept(new Observation.Degraded("kernel eye", "the wire eye counts: " + reason));
        }
        decide(new Observation.EyeInForce(Snapshot.Eye.WIRE, reason));
        users.countUntil(stopping);
    }

    private KernelEye.Opening open() {
        if (!wanted) {
            return new KernelEye.Opening.Unavailable("it is not asked for");
        }
        try {
            return opener.get();
        } catch (LinkageError | RuntimeException e) {
            return new KernelEye.Opening.Unavailable("it cannot be opened: " + e);
        }
    }

    private void decide(Observation.EyeInForce inForce) {
        sink.accept(inForce);
        decided.countDown();
    }

    private void drainUntilStopped(KernelEye eye) {
        KernelFeed feed = new KernelFeed(eye, this, sink);
        netns = ownNamespace();
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

    /* Of this thread: a namespace that was entered is not that of the process's first thread. */
    private static long ownNamespace() {
        try {
            Object inode = Files.getAttribute(Path.of("/proc/thread-self/ns/net"), "unix:ino");
            return inode instanceof Long number ? number : 0;
        } catch (IOException | UnsupportedOperationException e) {
            return 0;
        }
    }
}
