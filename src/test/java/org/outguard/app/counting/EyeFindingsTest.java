package org.outguard.app.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.outguard.app.wiring.Wiring;
import org.outguard.headless.Finding;
import org.outguard.kernel.KernelEye;

class EyeFindingsTest {

    private static Optional<List<Finding>> look(Supplier<KernelEye.Opening> opener, Duration patience)
            throws InterruptedException {
        SelfTest none = new SelfTest(Duration.ofSeconds(1), System::nanoTime, () -> false);
        return EyeFindings.look(opener, Wiring.daemons("opens"), none, patience);
    }

    @Test
    void aRefusalIsAFindingWithItsReason() throws InterruptedException {
        assertThat(look(() -> new KernelEye.Opening.Unavailable("the kernel is locked down"), Duration.ofSeconds(60)))
                .contains(List.of(EyeFindings.refused("the kernel is locked down")));
        assertThat(look(
                                () -> {
                                    throw new UnsatisfiedLinkError("libbpf.so.1");
                                },
                                Duration.ofSeconds(60))
                        .orElseThrow())
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("libbpf.so.1"));
    }

    @Test
    void whileItOpensNothingIsKnown() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        assertThat(look(
                        () -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return new KernelEye.Opening.Unavailable("too late");
                        },
                        Duration.ofMillis(1)))
                .isEmpty();
        never.countDown();
    }

    @Test
    void aLimitSaysWhatItCosts() {
        assertThat(EyeFindings.limit("frames of AF_PACKET sockets are not seen").what())
                .endsWith("limit on this kernel: frames of AF_PACKET sockets are not seen");
    }
}
