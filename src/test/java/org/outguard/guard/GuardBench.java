package org.outguard.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.port.OwnerFinder;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A guard on a workbench: a clock that only the test moves, and ports that only remember what they were asked. */
public final class GuardBench implements OwnerFinder, Enforcer {

    public static final Instant START = Instant.parse("2026-11-24T03:00:00Z");
    public static final Policy POLICY = Policy.defaults(Set.of(address("192.0.2.53")));

    public final List<FlowKey> asked = new ArrayList<>();
    public final List<Action> carriedOut = new ArrayList<>();
    public final Guard guard;
    public Instant now = START;

    private final Map<String, Integer> counters = new HashMap<>();

    public GuardBench() {
        this(POLICY, Snapshot.Eye.WIRE);
    }

    public GuardBench(Policy policy, Snapshot.Eye eye) {
        guard = new Guard(policy, this, this, () -> next("o"), () -> next("a"), eye, START);
    }

    private String next(String letter) {
        return letter + "-" + counters.merge(letter, 1, Integer::sum);
    }

    @Override
    public void find(List<FlowKey> flows) {
        asked.addAll(flows);
    }

    @Override
    public Action.Plan plan(Step step) {
        return new Action.Plan("do " + step.word() + " " + step.subject(), "undo " + step.subject());
    }

    @Override
    public void carryOut(Action action) {
        carriedOut.add(action);
    }

    /** Lets a quarter of a second pass, then ticks. */
    public Snapshot tick() {
        now = now.plusMillis(250);
        return guard.tick(now);
    }

    /** Ticks for so long, with the same traffic before each tick. */
    public Snapshot run(Duration length, FlowKey flow, long packetsPerSecond, int bytesEach) {
        Snapshot last = guard.snapshot();
        for (long tick = 0; tick < length.toMillis() / 250; tick++) {
            sent(flow, packetsPerSecond / 4, bytesEach);
            last = tick();
        }
        return last;
    }

    /** Nothing but time. */
    public Snapshot idle(Duration length) {
        Snapshot last = guard.snapshot();
        for (long tick = 0; tick < length.toMillis() / 250; tick++) {
            last = tick();
        }
        return last;
    }

    public void sent(FlowKey flow, long packets, int bytesEach) {
        sent(flow, packets, bytesEach, 0);
    }

    public void sent(FlowKey flow, long packets, int bytesEach, long connects) {
        long at = Nanos.of(now) + 100_000_000L;
        observe(new TrafficObservation.Flows(
                "eth0",
                new FlowBatch(List.of(new FlowCount(flow, packets, packets * bytesEach, connects, at, at)), 0, 0)));
    }

    public void found(FlowKey flow, Owner owner) {
        observe(new TrafficObservation.OwnerFound(flow, new Attribution.Exact(owner, "test")));
    }

    /** The queue has a message that is being delivered. */
    public void queued(QueueId id, Instant arrival, Provenance from) {
        observe(new MailObservation.QueueSeen(
                now,
                id.instance(),
                List.of(new QueuedMessage(
                        id,
                        QueuedMessage.Status.ACTIVE,
                        arrival,
                        100,
                        "x@example.org",
                        List.of(),
                        1,
                        from,
                        from,
                        QueuedMessage.Attributes.NONE)),
                List.of(),
                0,
                0));
    }

    public void observe(Observation observation) {
        try {
            guard.observe(observation);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    public static FlowKey udp(int localPort, String remote, int remotePort) {
        return flow(Protocol.UDP, localPort, remote, remotePort);
    }

    public static FlowKey tcp(int localPort, String remote, int remotePort) {
        return flow(Protocol.TCP, localPort, remote, remotePort);
    }

    static FlowKey flow(Protocol protocol, int localPort, String remote, int remotePort) {
        return new FlowKey(
                protocol, new Endpoint(address("198.51.100.10"), localPort), new Endpoint(address(remote), remotePort));
    }

    public static Owner process(int pid, String command, int uid, String user) {
        return new Owner(
                new ProcessId(pid, pid * 100L),
                new Owner.Program(
                        command, "/usr/bin/" + command, false, Optional.empty(), "/var/www", List.of(command), ""),
                new Owner.Credentials(uid, user, OptionalInt.empty()),
                new Owner.Placement("/system.slice/apache2.service", "apache2.service", "", 1),
                List.of());
    }

    /** The same process as /proc has it when its memory is gone. */
    static Owner ending(Owner owner) {
        return new Owner(
                owner.id(),
                new Owner.Program(owner.command(), "", false, Optional.empty(), "", List.of(), ""),
                new Owner.Credentials(owner.uid(), owner.user(), OptionalInt.empty()),
                new Owner.Placement(owner.cgroup(), owner.unit(), "", 0),
                List.of());
    }
}
