package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A guard that the kernel eye feeds. */
public final class DealingsBench {

    public final GuardBench bench;

    public DealingsBench() {
        this(GuardBench.POLICY);
    }

    DealingsBench(Policy policy) {
        bench = new GuardBench(policy, Snapshot.Eye.WIRE);
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
    }

    public static Endpoint at(String address, int port) {
        return new Endpoint(GuardBench.address(address), port);
    }

    /** What one owner sent to one destination since the last tick. */
    public DealingsBench sends(
            Owner owner, Protocol protocol, Endpoint remote, long packets, long bytes, long connects) {
        long at = Nanos.of(bench.now) + 100_000_000L;
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        new Attribution.Exact(owner, "counted as it was sent"),
                        protocol,
                        Optional.of(remote),
                        false,
                        packets,
                        bytes,
                        connects,
                        at,
                        at,
                        40_000)),
                0,
                0));
        return this;
    }

    public Talker only() {
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        return bench.guard.snapshot().talkers().get(0);
    }

    /** A process of a program with this path and these arguments. */
    public static Owner program(String exe, boolean deleted, String command, List<String> arguments, String script) {
        Owner usual = GuardBench.process(4711, command, 33, "www-data");
        return new Owner(
                new ProcessId(4711, 471_100),
                new Owner.Program(command, exe, deleted, Optional.empty(), usual.cwd(), arguments, script),
                usual.credentials(),
                usual.placement(),
                usual.parents());
    }
}
