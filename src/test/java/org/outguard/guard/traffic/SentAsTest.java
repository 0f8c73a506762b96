package org.outguard.guard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.GuardBench;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.headless.ndjson.Ndjson;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.text.Words;

/** A process that takes another user for each packet is one sender, and no user is blamed for it alone. */
class SentAsTest {

    private static final Endpoint REMOTE = new Endpoint(GuardBench.address("203.0.113.80"), 80);

    private final GuardBench bench = new GuardBench();

    SentAsTest() {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
    }

    private static Owner as(int uid) {
        return GuardBench.process(4_711, "x7", uid, "user" + uid);
    }

    /* The users in turn, each with so many packets a second. */
    private Snapshot run(Duration length, List<Integer> uids, long packetsPerSecond) {
        Snapshot last = bench.guard.snapshot();
        for (int tick = 0; tick < length.toMillis() / 250; tick++) {
            long at = Nanos.of(bench.now) + 100_000_000L;
            List<AttributedCount> counts = new ArrayList<>();
            for (int uid : uids) {
                counts.add(new AttributedCount(
                        new Attribution.Exact(as(uid), "test"),
                        Protocol.UDP,
                        Optional.of(REMOTE),
                        false,
                        packetsPerSecond / 4,
                        packetsPerSecond / 4 * 57,
                        0,
                        at,
                        at));
            }
            bench.observe(new TrafficObservation.OwnedFlows(counts, 0, 0));
            last = bench.tick();
        }
        return last;
    }

    private static List<Integer> users(int count) {
        List<Integer> uids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            uids.add(3_000 + i);
        }
        return uids;
    }

    @Test
    void fiftyUsersOfOneProcessAreOneExactRowThatNamesThemAll() {
        Talker row = run(Duration.ofSeconds(2), users(50), 400).suspects().get(0);
        assertThat(bench.guard.snapshot().suspects()).hasSize(1);
        assertThat(row.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(row.attribution().quality()).isEqualTo(MatchQuality.EXACT);
        assertThat(row.attribution().users())
                .extracting(Account::uid)
                .hasSize(50)
                .contains(3_000, 3_049);
        assertThat(row.attribution().account()).isEmpty();
        assertThat(Words.user(row)).isEqualTo("50 users");
        assertThat(Ndjson.talker(bench.now, row)).contains("\"users\":[{\"uid\":3049,\"user\":\"user3049\"},");
    }

    @Test
    void itIsBlockedAloneAndByNoUser() {
        Talker row = run(Duration.ofSeconds(2), users(50), 400).suspects().get(0);
        List<BlockTarget> choices = BlockChoices.of(row);
        assertThat(choices.get(0).process()).contains(as(3_000).id());
        assertThat(choices)
                .allMatch(choice -> choice.process().isPresent() || choice.uid().isEmpty());
        assertThat(choices.get(0).isOf(as(3_007)))
                .as("whoever it is at the moment")
                .isTrue();
    }

    @Test
    void aProgramThatGivesUpRootIsItsUsersAfterAMinute() {
        run(Duration.ofSeconds(1), List.of(0), 40_000);
        Talker early =
                run(Duration.ofSeconds(1), List.of(33), 40_000).suspects().get(0);
        assertThat(early.attribution().users()).extracting(Account::uid).containsExactly(33, 0);
        Talker late =
                run(Duration.ofSeconds(61), List.of(33), 40_000).suspects().get(0);
        assertThat(late.attribution().account()).contains(new Account(33, "user33"));
        assertThat(BlockChoices.of(late).get(0).uid()).hasValue(33);
    }

    @Test
    void moreUsersThanAreToldApartTakeNoMoreRoom() {
        Talker row = run(Duration.ofSeconds(1), users(1_000), 100).suspects().get(0);
        assertThat(row.attribution().users()).hasSize(SentAs.MOST).first().isEqualTo(new Account(3_999, "user3999"));
    }
}
