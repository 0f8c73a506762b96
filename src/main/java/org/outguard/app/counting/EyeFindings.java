package org.outguard.app.counting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.outguard.headless.Finding;
import org.outguard.kernel.KernelEye;

/** What the kernel eye cannot see on this machine, by opening it for a moment. */
public final class EyeFindings {

    /** So long it is waited for; opening is no longer of use to somebody who asks. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String NEWER =
            "apt-get install linux-image-amd64 && reboot # a newer kernel; what keeps eBPF out may stand in another finding";

    private EyeFindings() {}

    /**
     * Opens the eye, has it count a datagram, and closes it.
     *
     * @param threads makes the thread that opens it
     * @param selfTest whether an eye that opened counts
     * @return findings; empty where it did not open in time, as nothing is known then
     */
    public static Optional<List<Finding>> look(
            Supplier<KernelEye.Opening> opener, ThreadFactory threads, SelfTest selfTest, Duration patience)
            throws InterruptedException {
        CompletableFuture<List<Finding>> found = CompletableFuture.supplyAsync(
                () -> of(opener.get(), selfTest),
                task -> threads.newThread(task).start());
        try {
            return Optional.of(found.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(List.of(refused("it cannot be opened: " + e.getCause())));
        }
    }

    private static List<Finding> of(KernelEye.Opening opening, SelfTest selfTest) {
        if (opening instanceof KernelEye.Opening.Unavailable unavailable) {
            return List.of(refused(unavailable.reason()));
        }
        KernelEye.Opening.Opened opened = (KernelEye.Opening.Opened) opening;
        List<Finding> findings = new ArrayList<>();
        try (KernelEye eye = opened.eye()) {
            selfTest.problem(eye::drain, new CountDownLatch(1)).ifPresent(reason -> findings.add(refused(reason)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        opened.limits().forEach(limit -> findings.add(limit(limit)));
        return findings;
    }

    static Finding refused(String reason) {
        return new Finding(
                "no-ebpf",
                Finding.Cost.HIDES_IT,
                "the kernel eye (eBPF) cannot count: " + reason,
                "libpcap counts instead: senders with a socket for each packet, and those that end at once, have no owner",
                NEWER);
    }

    static Finding limit(String limit) {
        return new Finding(
                "ebpf-limit",
                Finding.Cost.HIDES_IT,
                "the kernel eye (eBPF) has a limit on this kernel: " + limit,
                "what it does not see is counted by libpcap alone, without an owner",
                NEWER);
    }
}
