package org.outguard.app.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.outguard.app.wiring.Wiring;
import org.outguard.exec.CommandResult;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.kernel.KernelEye;
import org.outguard.nft.Hooks;
import org.outguard.nft.Maker;
import org.outguard.nft.NftAccounting;

/** Opening goes on as long as it takes, and what came of it is said at once. */
@Timeout(60)
class KernelEyeThreadTest {

    private final BlockingQueue<Observation> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch mayOpen = new CountDownLatch(1);
    private final CountDownLatch nftCounts = new CountDownLatch(1);

    private KernelEyeThread thread(boolean wanted, Supplier<KernelEye.Opening> opener) {
        NftAccounting accounting = new NftAccounting(
                (argv, stdin, limit) -> {
                    if (stdin.contains("add rule")) {
                        nftCounts.countDown();
                    }
                    return new CommandResult.Finished(0, "{\"nftables\": []}", "");
                },
                List.of("nft"),
                Hooks.NONE,
                false,
                new Maker("1_1_1"));
        return new KernelEyeThread(
                wanted,
                List.of("eth0"),
                opener,
                new SelfTest(Duration.ofSeconds(1), System::nanoTime, () -> false),
                new UserCounting(accounting, uid -> "", () -> true, System::nanoTime, seen::add),
                Wiring.daemons("opens"),
                System::nanoTime,
                seen::add);
    }

    private KernelEye.Opening refuseOnceAllowed() {
        try {
            mayOpen.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new KernelEye.Opening.Unavailable("the kernel is locked down");
    }

    private TrafficObservation.SourceSelected decision() throws InterruptedException {
        while (true) {
            Observation next = seen.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("a decision").isNotNull();
            if (next instanceof TrafficObservation.SourceSelected inForce) {
                return inForce;
            }
        }
    }

    private static Thread start(KernelEyeThread thread) {
        Thread started = new Thread(thread, "kernel eye of a test");
        started.setDaemon(true);
        started.start();
        return started;
    }

    @Test
    void whileItOpensNothingIsDecidedAndNftCountsByUser() throws InterruptedException {
        KernelEyeThread thread = thread(true, this::refuseOnceAllowed);
        Thread running = start(thread);
        assertThat(nftCounts.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).noneMatch(TrafficObservation.SourceSelected.class::isInstance);
        assertThat(thread.wireCounts()).isTrue();

        mayOpen.countDown();
        assertThat(decision()).isEqualTo(TrafficObservation.SourceSelected.wire("the kernel is locked down"));
        assertThat(thread.wireCounts()).isTrue();
        thread.stop();
        running.join();
    }

    @Test
    void aRefusalIsALimitBeforeItIsADecision() throws InterruptedException {
        mayOpen.countDown();
        KernelEyeThread thread = thread(true, this::refuseOnceAllowed);
        Thread running = start(thread);
        assertThat(seen.poll(30, TimeUnit.SECONDS))
                .isEqualTo(
                        new HostObservation.Degraded("kernel eye", "the wire eye counts: the kernel is locked down"));
        assertThat(decision().eye()).isEqualTo(Snapshot.Eye.WIRE);
        thread.stop();
        running.join();
    }

    @Test
    void itEndsAtOnceWhileItOpens() throws InterruptedException {
        KernelEyeThread thread = thread(true, this::refuseOnceAllowed);
        Thread running = start(thread);
        thread.stop();
        running.join();
        assertThat(seen).noneMatch(TrafficObservation.SourceSelected.class::isInstance);
    }

    @Test
    void anOpenerThatFailsIsARefusal() throws InterruptedException {
        KernelEyeThread thread = thread(true, () -> {
            throw new UnsatisfiedLinkError("libbpf.so.1");
        });
        Thread running = start(thread);
        assertThat(decision().whyNotKernel()).contains("it cannot be opened").contains("libbpf.so.1");
        thread.stop();
        running.join();
    }

    @Test
    void oneThatIsNotWantedIsNoLimit() throws InterruptedException {
        KernelEyeThread thread = thread(false, () -> {
            throw new AssertionError("nobody asked");
        });
        Thread running = start(thread);
        assertThat(Optional.of(decision())).contains(TrafficObservation.SourceSelected.wire("it is not asked for"));
        assertThat(seen)
                .noneMatch(o ->
                        o instanceof HostObservation.Degraded d && d.about().equals("kernel eye"));
        thread.stop();
        running.join();
    }
}
