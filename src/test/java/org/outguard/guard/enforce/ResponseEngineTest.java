package org.outguard.guard.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.NeverBlocked;
import org.outguard.guard.observation.ProtectedResources;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.NeverBlock;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.ResponseRule.Reaction;
import org.outguard.guard.policy.ResponseRule.Scope;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;

/** Rules that act on offenders by themselves. */
class ResponseEngineTest {

    private static final FlowKey FLOOD = udp(40000, "203.0.113.80", 80);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final GuardBench bench = new GuardBench();

    private static ResponseRule rule(Reaction reaction, Scope scope, int mostAnHour, Set<String> exempt) {
        return new ResponseRule(
                "flood",
                Set.of(OffenceKind.UDP_FLOOD),
                Verdict.OFFENDING,
                0,
                exempt,
                List.of(),
                reaction,
                scope,
                100,
                MINUTE,
                mostAnHour);
    }

    private void flood(ResponseRule rule, boolean dryRun) {
        bench.guard.respondBy(List.of(rule), dryRun);
        bench.sent(FLOOD, 43_250, 29);
        bench.found(FLOOD, process(4711, "x7", 33, "www-data"));
        bench.run(Duration.ofSeconds(2), FLOOD, 173_000, 29);
    }

    private List<String> notices() {
        return bench.guard.snapshot().notices().stream()
                .map(Snapshot.Notice::text)
                .filter(text -> text.startsWith("rule "))
                .toList();
    }

    @Test
    void anOffenderIsBlockedOnceAsNarrowlyAsCanBe() {
        flood(rule(Reaction.BLOCK, Scope.NARROWEST, 20, Set.of()), false);

        assertThat(bench.carriedOut).singleElement().satisfies(action -> {
            assertThat(action.step())
                    .isEqualTo(new NetworkStep.Block(
                            BlockTarget.parse("203.0.113.80", 80, "udp", 33).orElseThrow(), MINUTE));
            assertThat(action.by()).isEqualTo("policy");
        });
        assertThat(notices())
                .singleElement()
                .asString()
                .startsWith("rule flood: block uid 33 to 203.0.113.80 udp port");
    }

    @Test
    void itIsBlockedAgainWhenItGoesOnAfterTheTime() {
        flood(rule(Reaction.BLOCK, Scope.REMOTE, 20, Set.of()), false);
        bench.run(MINUTE, FLOOD, 173_000, 29);

        assertThat(bench.carriedOut)
                .extracting(action -> action.step().subject())
                .containsExactly("to 203.0.113.80 udp", "to 203.0.113.80 udp");
    }

    private static final FlowKey ECHO_REPLIES = new FlowKey(
            Protocol.ICMP,
            new Endpoint(IpAddress.parse("198.51.100.10").orElseThrow(), 0),
            new Endpoint(IpAddress.parse("203.0.113.80").orElseThrow(), 0));

    private static ResponseRule ofEverything(Reaction reaction, Scope scope) {
        return new ResponseRule(
                "all",
                EnumSet.allOf(OffenceKind.class),
                Verdict.SUSPECT,
                0,
                Set.of(),
                List.of(),
                reaction,
                scope,
                100,
                MINUTE,
                20);
    }

    /* Whoever sends echo requests with a forged source chooses the address that the kernel answers. */
    @Test
    void answersToForgedEchoRequestsAreNeverBlocked() {
        for (Reaction reaction : List.of(Reaction.BLOCK, Reaction.LIMIT)) {
            for (Scope scope : Scope.values()) {
                GuardBench wire = new GuardBench();
                wire.guard.respondBy(List.of(ofEverything(reaction, scope)), false);
                wire.sent(ECHO_REPLIES, 5_000, 84);
                wire.observe(new TrafficObservation.OwnerFound(
                        ECHO_REPLIES, new Attribution.Unknown("no socket could have sent it", true)));
                wire.run(Duration.ofSeconds(2), ECHO_REPLIES, 20_000, 84);

                assertThat(wire.carriedOut).isEmpty();
                assertThat(wire.guard.snapshot().suspects()).singleElement().satisfies(talker -> {
                    assertThat(talker.kind()).isEqualTo(OffenceKind.REFLECTED);
                    assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
                    assertThat(talker.reason())
                            .contains("packets/s of ICMP that the kernel sends in answer to what comes in");
                    assertThat(talker.attribution().isOfKernel()).isTrue();
                });
            }
        }
    }

    /* As long as it is not known who sends it, it may be an answer. */
    @Test
    void icmpOfNobodyIsNeverBlocked() {
        for (Scope scope : Scope.values()) {
            GuardBench wire = new GuardBench();
            wire.guard.respondBy(List.of(ofEverything(Reaction.BLOCK, scope)), false);
            wire.run(Duration.ofSeconds(2), ECHO_REPLIES, 20_000, 84);

            assertThat(wire.carriedOut).isEmpty();
            assertThat(wire.guard.snapshot().notices())
                    .last()
                    .satisfies(notice -> assertThat(notice.text()).contains("it may be the kernel's answers"));
        }
    }

    @Test
    void aProgramThatFloodsByIcmpIsBlocked() {
        bench.guard.respondBy(List.of(ofEverything(Reaction.BLOCK, Scope.NARROWEST)), false);
        bench.sent(ECHO_REPLIES, 5_000, 84);
        bench.found(ECHO_REPLIES, process(4711, "x7", 33, "www-data"));
        bench.run(Duration.ofSeconds(2), ECHO_REPLIES, 20_000, 84);

        assertThat(bench.carriedOut)
                .singleElement()
                .satisfies(action -> assertThat(action.step().subject()).contains("203.0.113.80 icmp"));
    }

    /* Resets and SYN-ACKs to whoever is named in forged SYNs. */
    @Test
    void answersToForgedSynsAreShownAndNeverBlocked() {
        for (int remotePort : List.of(4_000, 25)) {
            GuardBench kernel = new GuardBench();
            kernel.guard.respondBy(List.of(ofEverything(Reaction.BLOCK, Scope.NARROWEST)), false);
            Attribution byKernel = new Attribution.Unknown("sent by the kernel itself", true);
            for (int tick = 0; tick < 12; tick++) {
                long at = Nanos.of(kernel.now);
                kernel.observe(new TrafficObservation.OwnedFlows(
                        List.of(new AttributedCount(
                                byKernel,
                                Protocol.TCP,
                                Optional.of(new Endpoint(GuardBench.address("203.0.113.80"), remotePort)),
                                false,
                                5_000,
                                200_000,
                                0,
                                at,
                                at)),
                        0,
                        0));
                kernel.tick();
            }

            assertThat(kernel.carriedOut).isEmpty();
            assertThat(kernel.guard.snapshot().suspects()).singleElement().satisfies(talker -> {
                assertThat(talker.kind()).isEqualTo(OffenceKind.REFLECTED);
                assertThat(talker.verdict()).isEqualTo(Verdict.OFFENDING);
            });
        }
    }

    @Test
    void onlyAnAlertSuitsAnswersOfTheKernel() {
        assertThat(Reaction.values())
                .filteredOn(reaction -> reaction.suits(OffenceKind.REFLECTED))
                .containsExactly(Reaction.ALERT);
    }

    @Test
    void aDryRunOnlySaysWhatItWouldDo() {
        flood(rule(Reaction.LIMIT, Scope.USER, 20, Set.of()), true);

        assertThat(bench.carriedOut).isEmpty();
        assertThat(notices())
                .singleElement()
                .asString()
                .startsWith("rule flood: would limit uid 33 to 100 packets/s for 60 s (o-");
    }

    @Test
    void thereIsABoundOnActionsAnHour() {
        flood(rule(Reaction.BLOCK, Scope.NARROWEST, 1, Set.of()), false);
        bench.run(MINUTE, FLOOD, 173_000, 29);

        assertThat(bench.carriedOut).hasSize(1);
        assertThat(notices()).last().asString().contains("not done, since it has acted 1 times within an hour");
    }

    @Test
    void noRuleBlocksWhatThePolicyNeverBlocks() throws InterruptedException {
        for (Reaction reaction : List.of(Reaction.BLOCK, Reaction.LIMIT)) {
            for (boolean dryRun : List.of(true, false)) {
                GuardBench other = new GuardBench();
                other.guard.observe(new HostObservation.ProtectedResourcesUpdated(
                        ProtectedResources.UNKNOWN.with(List.of(NeverBlocked.found(
                                BlockTarget.Remote.parse("203.0.113.80").orElseThrow(), NeverBlock.Source.GATEWAY)))));
                other.guard.respondBy(List.of(rule(reaction, Scope.NARROWEST, 20, Set.of())), dryRun);
                other.sent(FLOOD, 43_250, 29);
                other.found(FLOOD, process(4711, "x7", 33, "www-data"));
                other.run(Duration.ofSeconds(2), FLOOD, 173_000, 29);

                assertThat(other.carriedOut).isEmpty();
                assertThat(other.guard.snapshot().notices())
                        .extracting(Snapshot.Notice::text)
                        .filteredOn(text -> text.startsWith("rule "))
                        .singleElement()
                        .asString()
                        .startsWith("rule flood: nothing done about o-")
                        .endsWith(": 203.0.113.80 is in never_block of the policy: the gateway");
            }
        }
    }

    /* A replay, or a first tick, knows what the policy itself names. */
    @Test
    void addressesInThePolicyBindRulesFromTheStart() {
        Policy or = Policy.defaults(Set.of());
        GuardBench other = new GuardBench(
                new Policy(
                        or.packets(),
                        or.connects(),
                        or.known(),
                        or.quietAfterSeconds(),
                        or.mail(),
                        or.traffic(),
                        new NeverBlock(
                                Set.of(),
                                List.of(BlockTarget.Remote.parse("203.0.113.0/24")
                                        .orElseThrow()))),
                Snapshot.Eye.WIRE);
        other.guard.respondBy(List.of(rule(Reaction.BLOCK, Scope.REMOTE, 20, Set.of())), false);
        other.run(Duration.ofSeconds(2), FLOOD, 173_000, 29);

        assertThat(other.carriedOut).isEmpty();
        assertThat(other.guard.snapshot().notices())
                .last()
                .satisfies(notice -> assertThat(notice.text()).contains("203.0.113.0/24 is in never_block"));
    }

    @Test
    void theExemptAreLeftAlone() {
        flood(rule(Reaction.BLOCK, Scope.NARROWEST, 20, Set.of("www-data")), false);

        assertThat(bench.carriedOut).isEmpty();
    }

    @Test
    void aProcessIsFrozenWhereItIsExactlyKnown() {
        flood(rule(Reaction.FREEZE, Scope.NARROWEST, 20, Set.of()), false);
        assertThat(bench.carriedOut)
                .singleElement()
                .satisfies(action -> assertThat(action.step()).isInstanceOf(ProcessStep.Freeze.class));

        GuardBench unknown = new GuardBench();
        unknown.guard.respondBy(List.of(rule(Reaction.FREEZE, Scope.NARROWEST, 20, Set.of())), false);
        unknown.run(Duration.ofSeconds(3), FLOOD, 173_000, 29);
        assertThat(unknown.carriedOut).isEmpty();
        assertThat(unknown.guard.snapshot().notices())
                .last()
                .satisfies(notice -> assertThat(notice.text()).contains("its process is not exactly known"));
    }

    @Test
    void anAlertIsAWordAndNothingElse() {
        flood(rule(Reaction.ALERT, Scope.NARROWEST, 1, Set.of()), false);

        assertThat(bench.carriedOut).isEmpty();
        assertThat(notices()).singleElement().asString().contains("packets/s of UDP, limit 10,000");
    }
}
