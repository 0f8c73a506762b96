package org.outguard.app.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.outguard.app.Flooder;
import org.outguard.exec.CommandResult;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.Guard;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.nft.Hooks;
import org.outguard.nft.Maker;
import org.outguard.nft.NftAccounting;
import org.outguard.owner.Attribution;

/** When nft counts by user, and that it does so then and only then. */
class UserAccountingGateTest implements Enforcer, Hooks {

    private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");
    private static final Duration TICK = Duration.ofNanos(Guard.TICK_NANOS);

    private final AtomicInteger ids = new AtomicInteger();
    private final Guard guard = new Guard(
            Policy.defaults(Set.of()),
            flows -> {},
            this,
            () -> "o-" + ids.incrementAndGet(),
            () -> "a-" + ids.incrementAndGet(),
            Snapshot.Eye.WIRE,
            START);
    private final UserAccountingGate worth = new UserAccountingGate();
    private Instant now = START;

    private final List<String> scripts = new ArrayList<>();
    private final UserCounting counting = new UserCounting(
            new NftAccounting(
                    (argv, stdin, limit) -> {
                        if (!argv.contains("list tables inet")) {
                            scripts.add(stdin.isEmpty() ? "read" : stdin.contains("chain") ? "make" : "take out");
                        }
                        return new CommandResult.Finished(0, "{\"nftables\": []}", "");
                    },
                    List.of("nft"),
                    this,
                    false,
                    new Maker("1_1_1")),
            uid -> "",
            worth,
            () -> 0,
            seen -> {});

    @Override
    public Action.Plan plan(Step step) {
        throw new AssertionError("nothing is done here");
    }

    @Override
    public void carryOut(Action action) {
        throw new AssertionError("nothing is done here");
    }

    @Override
    public List<String> devices() {
        return List.of();
    }

    @Override
    public String cgroups() {
        return "";
    }

    private static FlowKey flow(int port) {
        return new FlowKey(
                Protocol.UDP,
                new Endpoint(IpAddress.parse("192.0.2.1").orElseThrow(), port),
                new Endpoint(IpAddress.parse("203.0.113.80").orElseThrow(), 80));
    }

    private void known(int port) throws InterruptedException {
        guard.observe(new TrafficObservation.OwnerFound(flow(port), new Attribution.Exact(Flooder.OWNER, "sock_diag")));
    }

    /* So many packets a second from this port, for so many ticks. */
    private void sends(int port, long packets, int ticks) throws InterruptedException {
        for (int i = 0; i < ticks; i++) {
            now = now.plus(TICK);
            long at = now.getEpochSecond() * 1_000_000_000L + now.getNano();
            long inTick = packets / 4;
            if (inTick > 0) {
                FlowCount count = new FlowCount(flow(port), inTick, inTick * 57, 0, at, at);
                guard.observe(new TrafficObservation.Flows("eth0", new FlowBatch(List.of(count), 0, 0)));
            }
            worth.judge(guard.tick(now));
        }
    }

    private void aFloodWithItsProcess() throws InterruptedException {
        sends(4000, 100_000, 1);
        known(4000);
        sends(4000, 100_000, 8);
    }

    @Test
    void aFloodWhoseProcessIsKnownIsNot() throws InterruptedException {
        sends(4000, 100_000, 1);
        known(4000);
        sends(4000, 100_000, 3);
        assertThat(worth.getAsBoolean()).as("a moment").isTrue();
        sends(4000, 100_000, 4);
        assertThat(worth.getAsBoolean()).isFalse();
    }

    @Test
    void aFloodOfNobodysIs() throws InterruptedException {
        sends(4000, 100_000, 40);
        assertThat(worth.getAsBoolean()).isTrue();
    }

    @Test
    void whatIsSlowIs() throws InterruptedException {
        sends(4000, 10_000, 1);
        known(4000);
        sends(4000, 10_000, 40);
        assertThat(worth.getAsBoolean()).isTrue();
    }

    @Test
    void afterTheFloodItIsAgain() throws InterruptedException {
        aFloodWithItsProcess();
        assertThat(worth.getAsBoolean()).isFalse();
        sends(4000, 0, 60);
        assertThat(worth.getAsBoolean()).isTrue();
    }

    @Test
    void whoComesBesideAFloodIsNamedAndItStaysSo() throws InterruptedException {
        aFloodWithItsProcess();
        sends(4001, 50_000, 6);
        assertThat(worth.getAsBoolean()).isTrue();
        sends(4000, 100_000, 40);
        assertThat(worth.getAsBoolean()).as("ten seconds later").isTrue();
        sends(4000, 100_000, 4 * (int) UserAccountingGate.STAYS.toSeconds());
        assertThat(worth.getAsBoolean()).isFalse();
    }

    @Test
    void theLookUpOfANewFlowIsNoReason() throws InterruptedException {
        aFloodWithItsProcess();
        sends(4001, 100_000, 1);
        known(4001);
        sends(4001, 100_000, 8);
        assertThat(worth.getAsBoolean()).isFalse();
    }

    @Test
    void theRulesStandWhileItIsWorthIt() throws InterruptedException {
        assertThat(counting.open()).isTrue();
        assertThat(counting.look()).isTrue();
        assertThat(scripts).containsExactly("make", "read");
        aFloodWithItsProcess();
        assertThat(counting.look()).isTrue();
        assertThat(counting.look()).isTrue();
        assertThat(scripts).containsExactly("make", "read", "read", "take out");
        sends(4000, 0, 60);
        assertThat(counting.look()).isTrue();
        assertThat(counting.look()).isTrue();
        assertThat(scripts).containsExactly("make", "read", "read", "take out", "make", "read");
    }
}
