package org.outguard.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A guard on a workbench: a clock that only the test moves, and ports that only remember what they were asked. */
final class GuardBench implements OwnerFinder, Enforcer {

    static final Instant START = Instant.parse("2026-11-24T03:00:00Z");
    static final Policy POLICY = Policy.defaults(Set.of(address("192.0.2.53")));

    final List<FlowKey> asked = new ArrayList<>();
    final List<Action> carriedOut = new ArrayList<>();
    final Guard guard;
    Instant now = START;

    private final Map<String, Integer> counters = new HashMap<>();

    GuardBench() {
        this(POLICY, Snapshot.Eye.WIRE);
    }

    GuardBench(Policy policy, Snapshot.Eye eye) {
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
    Snapshot tick() {
        now = now.plusMillis(250);
        return guard.tick(now);
    }

    /** Ticks for so long, with the same traffic before each tick. */
    Snapshot run(Duration length, FlowKey flow, long packetsPerSecond, int bytesEach) {
        Snapshot last = guard.snapshot();
        for (long tick = 0; tick < length.toMillis() / 250; tick++) {
            sent(flow, packetsPerSecond / 4, bytesEach);
            last = tick();
        }
        return last;
    }

    /** Nothing but time. */
    Snapshot idle(Duration length) {
        Snapshot last = guard.snapshot();
        for (long tick = 0; tick < length.toMillis() / 250; tick++) {
            last = tick();
        }
        return last;
    }

    void sent(FlowKey flow, long packets, int bytesEach) {
        sent(flow, packets, bytesEach, 0);
    }

    void sent(FlowKey flow, long packets, int bytesEach, long connects) {
        long at = Nanos.of(now) + 100_000_000L;
        observe(new Observation.Flows(
                "eth0",
                new FlowBatch(List.of(new FlowCount(flow, packets, packets * bytesEach, connects, at, at)), 0, 0)));
    }

    void found(FlowKey flow, Owner owner) {
        observe(new Observation.OwnerFound(flow, new Attribution.Exact(owner, "test")));
    }

    /** The queue has a message that is being delivered. */
    void queued(QueueId id, Instant arrival, Provenance from) {
        observe(new Observation.QueueSeen(
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

    void observe(Observation observation) {
        try {
            guard.observe(observation);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    static FlowKey udp(int localPort, String remote, int remotePort) {
        return flow(Protocol.UDP, localPort, remote, remotePort);
    }

    static FlowKey tcp(int localPort, String remote, int remotePort) {
        return flow(Protocol.TCP, localPort, remote, remotePort);
    }

    static FlowKey flow(Protocol protocol, int localPort, String remote, int remotePort) {
        return new FlowKey(
                protocol, new Endpoint(address("198.51.100.10"), localPort), new Endpoint(address(remote), remotePort));
    }

    static Owner process(int pid, String command, int uid, String user) {
        return new Owner(
                new ProcessId(pid, pid * 100L),
                command,
                "/usr/bin/" + command,
                false,
                "/var/www",
                List.of(command),
                uid,
                user,
                OptionalInt.empty(),
                "/system.slice/apache2.service",
                "apache2.service",
                "",
                1,
                List.of(),
                "");
    }

    /** The same process as /proc has it when its memory is gone. */
    static Owner ending(Owner owner) {
        return new Owner(
                owner.id(),
                owner.command(),
                "",
                false,
                "",
                List.of(),
                owner.uid(),
                owner.user(),
                OptionalInt.empty(),
                owner.cgroup(),
                owner.unit(),
                "",
                0,
                List.of(),
                "");
    }
}
