package org.outguard.app.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.kernel.KernelEye.Count;
import org.outguard.kernel.KernelEye.Drain;
import org.outguard.kernel.KernelEye.Kind;
import org.outguard.kernel.KernelEye.Sender;
import org.outguard.owner.ProcessId;

/** An eye that opened counts, or is refused. */
class SelfTestTest {

    private static final Sender OURSELVES = new Sender(new ProcessId(4711, 1), 0, 4711, 10_000_000);
    private static final Endpoint OTHER =
            new Endpoint(IpAddress.parse("192.0.2.1").orElseThrow(), 80);

    private int sent;
    private int drains;
    private final AtomicLong clock = new AtomicLong();
    private final CountDownLatch running = new CountDownLatch(1);
    private final SelfTest test = new SelfTest(
            Duration.ofSeconds(2), () -> clock.getAndAdd(Duration.ofMillis(100).toNanos()), () -> {
                sent++;
                return true;
            });

    private static Drain drain(Endpoint... remotes) {
        List<Count> counts = List.of(remotes).stream()
                .map(remote -> new Count(Kind.IP, OURSELVES, null, 1, 2, Protocol.UDP, remote, null, 1, 49, 0, 0, 0))
                .toList();
        return new Drain(counts, counts.size(), 49, 0, 0, 0, 0, 1);
    }

    @Test
    void anEyeThatCountsItIsTaken() throws InterruptedException {
        assertThat(test.problem(() -> drains++ < 3 ? drain(OTHER) : drain(OTHER, SelfTest.DESTINATION), running))
                .isEmpty();
        assertThat(drains).isEqualTo(4);
        assertThat(sent).isEqualTo(1);
    }

    @Test
    void anEyeThatDoesNotIsRefusedWithTheReason() throws InterruptedException {
        assertThat(test.problem(SelfTestTest::drain, running))
                .contains("eBPF opened, but did not count a packet that this program sent to nowhere within 2 s");
        assertThat(sent).isGreaterThan(1);
    }

    @Test
    void oneThatCountsOthersIsTakenAfterAWhile() throws InterruptedException {
        assertThat(test.problem(() -> drain(OTHER), running)).isEmpty();
        assertThat(sent).isGreaterThan(1);
    }

    @Test
    void theEndIsNotWaitedFor() throws InterruptedException {
        running.countDown();
        assertThat(test.problem(() -> drains++ == 0 ? Drain.EMPTY : drain(), running))
                .isEmpty();
        assertThat(drains).isEqualTo(1);
    }

    @Test
    void whereNothingCanBeSentNothingIsKnown() throws InterruptedException {
        SelfTest without = new SelfTest(Duration.ofSeconds(2), clock::get, () -> false);
        assertThat(without.problem(
                        () -> {
                            throw new AssertionError("nothing to look for");
                        },
                        running))
                .isEmpty();
    }
}
