package org.outguard.guard.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.guard.GuardBench;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;

/** Limits, rails, what somebody else took out, and instances that only watch. */
class CommandHandlerTest {

    private static final FlowKey FLOOD = udp(40000, "203.0.113.80", 80);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final GuardBench bench = new GuardBench();
    private Talker offender;

    @BeforeEach
    void aFlood() {
        bench.sent(FLOOD, 43_250, 29);
        bench.found(FLOOD, process(4711, "x7", 33, "www-data"));
        offender =
                bench.run(Duration.ofSeconds(1), FLOOD, 173_000, 29).suspects().get(0);
    }

    private BlockTarget narrowest() {
        return BlockChoices.of(offender).get(0);
    }

    private void submit(Command command) {
        bench.guard.submit(command);
        bench.tick();
    }

    private Action lastAction() {
        return bench.carriedOut.get(bench.carriedOut.size() - 1);
    }

    private void done() {
        bench.observe(new ActionObservation.ActionCompleted(
                new Outcome(lastAction().id(), bench.now, Outcome.Result.DONE, "")));
        bench.tick();
    }

    private void kernelHas(ActionObservation.BlockCounter... counters) {
        bench.observe(new ActionObservation.BlocksSeen(bench.now, List.of(counters)));
        bench.tick();
    }

    private String lastNotice() {
        List<Snapshot.Notice> notices = bench.guard.snapshot().notices();
        return notices.get(notices.size() - 1).text();
    }

    @Test
    void aLimitStandsBesideItsTalkerAndIsTakenBack() {
        NetworkStep.Limit limit = new NetworkStep.Limit(narrowest(), 200, TEN_MINUTES);
        submit(new Command.Limit(offender.id(), limit, "test", false));
        assertThat(lastAction().step()).isEqualTo(limit);
        done();
        kernelHas(new ActionObservation.BlockCounter(
                narrowest(), 1_000, 29_000, bench.now.plus(TEN_MINUTES), OptionalLong.of(200)));

        ActiveBlock standing = bench.guard.snapshot().talkers().get(0).blocks().get(0);
        assertThat(standing.rate()).hasValue(200);
        assertThat(standing.packets()).isEqualTo(1_000);
        submit(new Command.Undo(standing.actionId(), "test"));
        assertThat(lastAction().step()).isEqualTo(new NetworkStep.Unlimit(narrowest(), standing.actionId()));
        done();
        assertThat(bench.guard.snapshot().blocks()).isEmpty();
    }

    @Test
    void aLimitThatVanishesIsNotMistakenForABlockThatStands() {
        submit(new Command.Limit(offender.id(), new NetworkStep.Limit(narrowest(), 200, TEN_MINUTES), "test", false));
        done();
        bench.idle(Duration.ofSeconds(3));
        kernelHas(new ActionObservation.BlockCounter(narrowest(), 1, 29, bench.now.plus(TEN_MINUTES)));

        assertThat(lastNotice()).contains("limit of").contains("taken out by somebody else");
    }

    @Test
    void whatSomebodyElseTookOutIsPutBackForTheTimeThatIsLeft() {
        submit(new Command.Block(offender.id(), narrowest(), TEN_MINUTES, "test"));
        String first = lastAction().id();
        done();
        bench.idle(Duration.ofMinutes(4));
        kernelHas();
        assertThat(lastNotice()).contains("taken out by somebody else").contains("reapply " + first);

        submit(new Command.Reapply(first, "test"));

        NetworkStep.Block again = (NetworkStep.Block) lastAction().step();
        assertThat(again.target()).isEqualTo(narrowest());
        assertThat(again.duration()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(lastAction().why()).isEqualTo("puts back " + first);
        done();
        submit(new Command.Reapply("", "test"));
        assertThat(lastNotice()).isEqualTo("refused: nothing to put back");
    }

    @Test
    void railsHoldForCommandsTooAndASecondConfirmationOverrulesSome() {
        bench.observe(new HostObservation.ProtectedResourcesUpdated(new ProtectedResources(
                new ProtectedResources.Access(
                        Set.of(new Endpoint(GuardBench.address("192.0.2.9"), 50_022)), Set.of(), Set.of(22), Set.of()),
                new ProtectedResources.Users(Map.of(), Map.of(), Map.of(), Map.of()),
                Set.of(GuardBench.address("203.0.113.80")),
                Optional.empty(),
                List.of(),
                List.of())));
        bench.tick();
        BlockTarget resolver = new BlockTarget(
                Optional.of(BlockTarget.Remote.of(GuardBench.address("203.0.113.80"))),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty());
        assertThat(bench.guard.objections(new NetworkStep.Block(resolver, TEN_MINUTES)))
                .singleElement()
                .satisfies(objection -> assertThat(objection.last()).isFalse());

        submit(new Command.Block(offender.id(), resolver, TEN_MINUTES, "test"));
        assertThat(bench.carriedOut).isEmpty();
        assertThat(lastNotice()).startsWith("refused: names could not be looked up any more");
        submit(new Command.Block(offender.id(), resolver, TEN_MINUTES, "test", true));
        assertThat(bench.carriedOut).hasSize(1);

        BlockTarget session = new BlockTarget(
                Optional.of(BlockTarget.Remote.of(GuardBench.address("192.0.2.9"))),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty());
        submit(new Command.Perform(new NetworkStep.Block(session, TEN_MINUTES), "", "test", true));
        assertThat(bench.carriedOut).hasSize(1);
        assertThat(lastNotice()).contains("SSH session from 192.0.2.9");
    }

    @Test
    void aSecondInstanceOnlyWatches() {
        bench.observe(new ActionObservation.ReadOnly("read-only: another outguard acts"));
        submit(new Command.Block(offender.id(), narrowest(), TEN_MINUTES, "test"));

        assertThat(bench.carriedOut).isEmpty();
        assertThat(lastNotice()).isEqualTo("refused: read-only: another outguard acts");
        assertThat(bench.guard.snapshot().degraded()).contains("read-only: another outguard acts");
    }

    @Test
    void aLockdownIsShownUntilItIsLiftedOrNotConfirmed() {
        LockdownStep.Lockdown tried =
                new LockdownStep.Lockdown(bench.guard.allowedInLockdown(), Optional.of(Duration.ofSeconds(60)));
        submit(new Command.Perform(tried, "", "test"));
        done();
        bench.observe(new ActionObservation.BlocksSeen(
                bench.now,
                List.of(),
                Optional.of(new ActionObservation.LockdownCounter(812, Optional.of(bench.now.plusSeconds(43))))));
        assertThat(bench.tick().degraded())
                .singleElement()
                .asString()
                .contains("undone in 43 s unless confirmed")
                .contains("812 packets kept in");

        submit(new Command.Perform(tried.confirmed(), "", "test"));
        done();
        String confirmed = lastAction().id();
        bench.idle(Duration.ofMinutes(5));
        kernelHas();
        assertThat(lastNotice()).isEqualTo("the lockdown was ended by somebody else");
        assertThat(bench.guard.snapshot().degraded()).isEmpty();
        submit(new Command.Reapply(confirmed, "test"));
        assertThat(lastAction().step()).isEqualTo(tried.confirmed());
    }
}
