package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Command;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Many senders to one address, none of which is over the limits alone. */
class KillTargetTest {

    private static final Endpoint VICTIM = new Endpoint(GuardBench.address("203.0.113.80"), 80);

    private final GuardBench bench = new GuardBench();

    KillTargetTest() {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
    }

    private static AttributedCount count(Owner owner, Endpoint remote, long packets, long at) {
        return new AttributedCount(
                new Attribution.Exact(owner, "test"),
                Protocol.UDP,
                Optional.of(remote),
                false,
                packets,
                packets * 57,
                0,
                at,
                at);
    }

    private Snapshot run(Duration length, List<Owner> senders, List<Endpoint> remotes, long packetsPerSecond) {
        Snapshot last = bench.guard.snapshot();
        for (int tick = 0; tick < length.toMillis() / 250; tick++) {
            long at = Nanos.of(bench.now) + 100_000_000L;
            List<AttributedCount> counts = new ArrayList<>();
            for (int i = 0; i < senders.size(); i++) {
                counts.add(count(senders.get(i), remotes.get(i % remotes.size()), packetsPerSecond / 4, at));
            }
            bench.observe(new TrafficObservation.OwnedFlows(counts, 0, 0));
            last = bench.tick();
        }
        return last;
    }

    private static List<Owner> users(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> GuardBench.process(5_000 + i, "x" + i, 2_000 + i, "user" + i))
                .toList();
    }

    @Test
    void twentyUsersBelowTheLimitAreOneOffendingVictimThatNamesThem() {
        Snapshot snapshot = run(Duration.ofSeconds(4), users(20), List.of(VICTIM), 1_400);
        assertThat(snapshot.suspects()).singleElement().satisfies(row -> {
            assertThat(row.kind()).isEqualTo(OffenceKind.VICTIM);
            assertThat(row.verdict()).isEqualTo(Verdict.OFFENDING);
            assertThat(row.reason()).isEqualTo("28,000 packets/s of 20 senders to one address, limit 10,000");
            assertThat(((Attribution.Contested) row.attribution()).candidates())
                    .extracting(Owner::user)
                    .contains("user0", "user19")
                    .hasSize(20);
            assertThat(row.pids()).hasSize(20);
            assertThat(row.remotes()).extracting(Talker.RemoteTotal::remote).containsExactly(VICTIM);
            assertThat(BlockChoices.of(row).get(0).remote()).isPresent();
            assertThat(BlockChoices.of(row)).allMatch(choice -> choice.uid().isEmpty());
        });
        assertThat(snapshot.totals().packets()).isEqualTo(20 * 350 * 16);
        Talker row = snapshot.suspects().get(0);
        bench.guard.submit(new Command.Block(row.id(), BlockChoices.of(row).get(0), Duration.ofMinutes(1), "test"));
        bench.tick();
        assertThat(bench.carriedOut).hasSize(1);
    }

    @Test
    void itIsOverSomeTimeAfterTheyStop() {
        run(Duration.ofSeconds(4), users(20), List.of(VICTIM), 1_400);
        assertThat(bench.idle(Duration.ofSeconds(50)).suspects()).hasSize(1);
        assertThat(bench.idle(Duration.ofSeconds(15)).suspects()).isEmpty();
    }

    @Test
    void twentyUsersWithADestinationEachStayClean() {
        List<Endpoint> apart = IntStream.range(0, 20)
                .mapToObj(i -> new Endpoint(GuardBench.address("203.0.113." + (i + 1)), 80))
                .toList();
        assertThat(run(Duration.ofSeconds(4), users(20), apart, 1_400).suspects())
                .isEmpty();
    }

    @Test
    void manyWhoAskOneResolverStayClean() {
        Endpoint resolver = new Endpoint(GuardBench.address("192.0.2.53"), 53);
        assertThat(run(Duration.ofSeconds(4), users(20), List.of(resolver), 400).suspects())
                .isEmpty();
    }

    @Test
    void whoeverIsAFlooderAloneMakesNoVictimOfTheOthers() {
        List<Owner> flooder = List.of(GuardBench.process(4711, "x7", 33, "www-data"));
        Snapshot snapshot = run(Duration.ofSeconds(4), flooder, List.of(VICTIM), 173_000);
        assertThat(snapshot.suspects())
                .singleElement()
                .satisfies(row -> assertThat(row.kind()).isEqualTo(OffenceKind.UDP_FLOOD));
    }

    @Test
    void portsOfOneAddressAreOneVictim() {
        List<Endpoint> ports = IntStream.range(0, 20)
                .mapToObj(i -> new Endpoint(VICTIM.address(), 1_000 + i))
                .toList();
        assertThat(run(Duration.ofSeconds(4), users(20), ports, 1_400).suspects())
                .singleElement()
                .satisfies(row -> assertThat(row.remoteCount()).isEqualTo(20));
    }

    @Test
    void processesOfOneProgramAndUserAreJudgedTogether() {
        List<Owner> three = IntStream.range(0, 3)
                .mapToObj(i -> GuardBench.process(6_000 + i, "x7", 33, "www-data"))
                .toList();
        Snapshot snapshot = run(Duration.ofSeconds(4), three, List.of(VICTIM), 1_600);
        assertThat(snapshot.suspects()).singleElement().satisfies(row -> {
            assertThat(row.kind()).isEqualTo(OffenceKind.UDP_FLOOD);
            assertThat(row.verdict()).isEqualTo(Verdict.SUSPECT);
            assertThat(row.pids()).hasSize(3);
            assertThat(row.reason()).startsWith("4,800 packets/s of UDP to one address");
        });
        assertThat(snapshot.totals().packets()).isEqualTo(3 * 400 * 16);
    }

    @Test
    void processesOfOneProgramThatSendLittleStayApart() {
        List<Owner> three = IntStream.range(0, 3)
                .mapToObj(i -> GuardBench.process(6_000 + i, "x7", 33, "www-data"))
                .toList();
        assertThat(run(Duration.ofSeconds(4), three, List.of(VICTIM), 400).talkers())
                .hasSize(3);
    }
}
