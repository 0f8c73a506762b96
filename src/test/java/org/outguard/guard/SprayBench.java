package org.outguard.guard;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * What a guard keeps in the heap under a spray: live bytes before and after, and each destination's part. A program, run by
 * packaging/bench.
 */
public final class SprayBench {

    private static final int[] DESTINATIONS = {10_000, 100_000, 1_000_000};

    /** As many in a quarter of a second as the kernel eye tells apart. */
    private static final int OF_A_TICK = 10_000;

    private static final Owner SPRAYER = GuardBench.process(4242, "perl", 33, "www-data");

    private enum Way {
        CAPTURED("libpcap, no owner", Snapshot.Eye.REPLAY, 1),
        OWNED("eBPF, one process", Snapshot.Eye.WIRE, 1),
        OWNED_RATED("the same, 64 packets each", Snapshot.Eye.WIRE, 64);

        final String words;
        final Snapshot.Eye eye;
        final long packets;

        Way(String words, Snapshot.Eye eye, long packets) {
            this.words = words;
            this.eye = eye;
            this.packets = packets;
        }
    }

    private SprayBench() {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        line("counted by", "destinations", "live before", "live after", "a destination");
        for (Way way : Way.values()) {
            for (int destinations : DESTINATIONS) {
                GuardBench bench = new GuardBench(GuardBench.POLICY, way.eye);
                if (way != Way.CAPTURED) {
                    bench.observe(TrafficObservation.SourceSelected.KERNEL);
                }
                bench.tick();
                long before = live();
                for (int first = 0; first < destinations; first += OF_A_TICK) {
                    spray(bench, way, first, Math.min(destinations, first + OF_A_TICK));
                    bench.tick();
                }
                long after = live();
                int told = bench.guard.snapshot().talkers().stream()
                        .mapToInt(talker -> talker.remoteCount())
                        .sum();
                if (told != destinations) {
                    throw new IllegalStateException(told + " destinations instead of " + destinations);
                }
                line(
                        way.words,
                        String.valueOf(destinations),
                        megabytes(before),
                        megabytes(after),
                        (after - before) / destinations + " bytes");
            }
        }
    }

    private static void spray(GuardBench bench, Way way, int first, int end) {
        long at = Nanos.of(bench.now) + 100_000_000L;
        List<AttributedCount> owned = new ArrayList<>();
        List<FlowCount> flows = new ArrayList<>();
        for (int i = first; i < end; i++) {
            Endpoint remote = new Endpoint(IpAddress.v4(0x0a00_0000 + i), 80);
            if (way == Way.CAPTURED) {
                FlowKey flow =
                        new FlowKey(Protocol.UDP, new Endpoint(GuardBench.address("198.51.100.10"), 40_000), remote);
                flows.add(new FlowCount(flow, way.packets, way.packets * 57, 0, at, at));
            } else {
                owned.add(new AttributedCount(
                        new Attribution.Exact(SPRAYER, "counted as it was sent"),
                        Protocol.UDP,
                        Optional.of(remote),
                        false,
                        way.packets,
                        way.packets * 57,
                        0,
                        at,
                        at));
            }
        }
        bench.observe(
                way == Way.CAPTURED
                        ? new TrafficObservation.Flows("eth0", new FlowBatch(flows, 0, 0))
                        : new TrafficObservation.OwnedFlows(owned, 0, 0));
    }

    /* After a collection of all garbage; what is kept in soft references goes with the second. */
    private static long live() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static void line(String... cells) {
        System.out.printf(Locale.ROOT, "%-26s %12s %12s %12s %14s%n", (Object[]) cells);
    }
}
