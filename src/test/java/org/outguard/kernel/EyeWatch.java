package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.outguard.flow.Endpoint;
import org.outguard.kernel.KernelEye.Age;
import org.outguard.kernel.KernelEye.Count;
import org.outguard.kernel.KernelEye.Drain;
import org.outguard.kernel.KernelEye.Kind;
import org.outguard.kernel.KernelEye.Opening;
import org.outguard.kernel.KernelEye.Sender;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessFacts;

/** Drains a kernel eye ten times a second and keeps the sums. */
final class EyeWatch implements AutoCloseable {

    private static final long DRAIN_MILLIS = 100;

    /** The kernel's tick is 10 ms at most. */
    private static final long TICK_NANOS = 10_000_000L;

    final KernelEye eye;
    private final Thread thread;
    private final Map<Key, long[]> sums = new HashMap<>();
    private final Map<Sender, Long> delays = new HashMap<>();
    private final Map<Sender, KernelEye.Facts> facts = new HashMap<>();
    private volatile RuntimeException fault;
    private long drains;
    private long totalPackets;
    private long unownedPackets;
    private long summedPackets;
    private long lostFacts;
    private long drainedNanos;
    private long mistimed;
    private long longestMillis;

    private record Key(Kind kind, Sender sender, Sender contested, Endpoint remote) {}

    /** A sum over all drains. */
    record Sum(Kind kind, Sender sender, Sender contested, Endpoint remote, long packets, long bytes, long connects) {}

    EyeWatch() {
        this(open(Age.AS_IT_IS));
    }

    EyeWatch(KernelEye eye) {
        this.eye = eye;
        thread = new Thread(this::drainUntilInterrupted, "kernel eye of a test");
        thread.start();
    }

    /** Opens an eye that has no limits on this kernel, or those of an older one. */
    static KernelEye open(Age age) {
        ProcessFacts processes = new ProcessFacts(Path.of("/proc"), new PasswdFile(Path.of("/etc/passwd")));
        Opening opening = KernelEye.open(processes::read, owner -> owner, age, null);
        assertThat(opening).as("run this test as root, on Linux 6.6 or later").isInstanceOf(Opening.Opened.class);
        List<String> limits = ((Opening.Opened) opening).limits();
        assertThat(limits.isEmpty()).as("limits " + limits).isEqualTo(age == Age.AS_IT_IS);
        return ((Opening.Opened) opening).eye();
    }

    private void drainUntilInterrupted() {
        try {
            while (true) {
                drain();
                Thread.sleep(DRAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            drain();
        } catch (RuntimeException e) {
            fault = e;
        }
    }

    private static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private void drain() {
        long before = nanos();
        take(eye.drain(), before);
    }

    private synchronized void take(Drain drain, long before) {
        long nanos = nanos();
        for (Count count : drain.counts()) {
            if (count.firstNanos() < drainedNanos - TICK_NANOS
                    || count.lastNanos() < count.firstNanos()
                    || count.lastNanos() > nanos + TICK_NANOS) {
                mistimed++;
            }
            Key key = new Key(count.kind(), count.sender(), count.contested(), count.remote());
            long[] sum = sums.computeIfAbsent(key, k -> new long[3]);
            sum[0] += count.packets();
            sum[1] += count.bytes();
            sum[2] += count.connects();
            summedPackets += count.packets();
            if (count.sender() != null && !delays.containsKey(count.sender())) {
                delays.put(count.sender(), nanos - count.firstNanos());
                eye.facts(count.sender()).ifPresent(told -> facts.put(count.sender(), told));
            }
        }
        totalPackets += drain.totalPackets();
        unownedPackets += drain.unownedPackets();
        lostFacts = drain.lostFacts();
        if (drains > 0) {
            longestMillis = Math.max(longestMillis, (before - drainedNanos) / 1_000_000);
        }
        drainedNanos = before;
        drains++;
        notifyAll();
    }

    /** Waits until everything that was sent before this call is in the sums. */
    synchronized void settle() throws InterruptedException {
        long wanted = drains + 2;
        while (drains < wanted) {
            wait(100);
            assertThat(fault).isNull();
        }
    }

    synchronized List<Sum> sums(Predicate<Sum> wanted) {
        List<Sum> found = new ArrayList<>();
        sums.forEach((key, sum) -> {
            Sum one = new Sum(key.kind, key.sender, key.contested, key.remote, sum[0], sum[1], sum[2]);
            if (wanted.test(one)) {
                found.add(one);
            }
        });
        return found;
    }

    /** What the kernel knew of a sender when it was first seen. */
    synchronized Optional<KernelEye.Facts> facts(Sender sender) {
        return Optional.ofNullable(facts.get(sender));
    }

    /** From a sender's first packet to the drain that showed it, in milliseconds; each sender once. */
    synchronized List<Long> delaysMillis(Predicate<Sender> wanted) {
        return delays.entrySet().stream()
                .filter(entry -> wanted.test(entry.getKey()))
                .map(entry -> entry.getValue() / 1_000_000)
                .sorted()
                .toList();
    }

    /** Each packet is in one count or among those without owner. */
    synchronized void isConserved() {
        assertThat(summedPackets + unownedPackets).isEqualTo(totalPackets);
    }

    /** Where packets may be that are missing in a sum, for whoever reads of a failure. */
    synchronized String rest() {
        List<Sum> others = sums(sum -> sum.kind() == Kind.OTHER);
        return others.stream().mapToLong(Sum::packets).sum() + " packets without destination " + others + ", "
                + unownedPackets + " without sender, " + lostFacts + " senders not told; " + drains
                + " drains, at most "
                + longestMillis + " ms apart";
    }

    /** Counts whose first or last packet was not between two drains, by their times. */
    synchronized long mistimed() {
        return mistimed;
    }

    synchronized long lostFacts() {
        return lostFacts;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        eye.close();
    }
}
