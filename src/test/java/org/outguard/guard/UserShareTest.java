package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.guard.GuardBench.process;
import static org.outguard.guard.GuardBench.udp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.observation.UserPacketCount;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.MatchQuality;

/** What nft counts by user names what no process is known for, and adds nothing to it. */
class UserShareTest {

    private static final Account WWW = new Account(33, "www-data");
    private static final Account GAMES = new Account(5, "games");
    private static final Account ROOT = new Account(0, "root");
    private static final Endpoint VICTIM = udp(1, "203.0.113.80", 80).remote();
    private static final Attribution CLOSED = new Attribution.Unknown("closed");

    private final GuardBench bench = new GuardBench();
    private final List<UserPacketCount> counts = new ArrayList<>();
    private int port = 1_024;

    /** So many packets of a socket each, of which the look-up finds none. */
    private void sockets(int packets) {
        sockets("203.0.113.80", packets);
    }

    private void sockets(String remote, int packets) {
        for (int i = 0; i < packets; i++) {
            FlowKey flow = udp(port++, remote, 80);
            bench.sent(flow, 1, 29);
            bench.observe(new TrafficObservation.OwnerFound(flow, CLOSED));
        }
    }

    private void nft(Account opener, long packets) {
        counts.add(new UserPacketCount(opener, "/site.slice", Protocol.UDP, Optional.of(VICTIM), packets));
    }

    private Snapshot tick() {
        bench.observe(new TrafficObservation.UserCountersRead(counts));
        counts.clear();
        return bench.tick();
    }

    private static Talker only(Snapshot snapshot, MatchQuality quality) {
        List<Talker> found = snapshot.talkers().stream()
                .filter(talker -> talker.attribution().quality() == quality)
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static long sum(Snapshot snapshot) {
        // A victim's row repeats what its senders' rows have.
        return snapshot.talkers().stream()
                .filter(talker -> talker.kind() != OffenceKind.VICTIM)
                .mapToLong(Talker::packets)
                .sum();
    }

    @Test
    void aSocketForEachPacketIsARowOfWhoeverOpenedThem() {
        for (int i = 0; i < 8; i++) {
            sockets(1_000);
            nft(WWW, 1_000);
            tick();
        }
        Snapshot snapshot = tick();

        assertThat(snapshot.talkers()).hasSize(1);
        Talker row = only(snapshot, MatchQuality.PROBABLE);
        assertThat(row.attribution()).isInstanceOf(Attribution.OfUser.class);
        assertThat(row.attribution().account()).contains(WWW);
        assertThat(((Attribution.OfUser) row.attribution()).cgroup()).isEqualTo("/site.slice");
        assertThat(row.attribution().matchedBy()).startsWith("nft's count by user: www-data opened the sockets");
        assertThat(row.packets()).isEqualTo(8_000);
        assertThat(row.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(BlockChoices.of(row).get(0).uid()).hasValue(33);
    }

    @Test
    void aProcessOfTheSameUserKeepsItsPacketsAndTheyCountOnce() {
        FlowKey known = udp(900, "203.0.113.80", 80);
        bench.sent(known, 1, 29);
        bench.found(known, process(4711, "x7", 33, "www-data"));
        for (int i = 0; i < 8; i++) {
            bench.sent(known, 500, 29);
            sockets(500);
            nft(WWW, 1_000);
            tick();
        }
        Snapshot snapshot = tick();

        assertThat(only(snapshot, MatchQuality.EXACT).packets()).isEqualTo(4_001);
        assertThat(only(snapshot, MatchQuality.PROBABLE).packets()).isEqualTo(4_000);
        assertThat(sum(snapshot)).isEqualTo(8_001);
        assertThat(snapshot.totals().packets()).isEqualTo(8_001);
    }

    @Test
    void ofTwoUsersThatShareADestinationNoneIsNamed() {
        for (int i = 0; i < 8; i++) {
            sockets(1_000);
            nft(WWW, 700);
            nft(GAMES, 300);
            tick();
        }
        assertThat(only(tick(), MatchQuality.NONE).packets()).isEqualTo(8_000);
    }

    @Test
    void theOneThatHasAProcessIsTakenOffSoTheOtherIsNamed() {
        FlowKey known = udp(900, "203.0.113.80", 80);
        bench.sent(known, 1, 29);
        bench.found(known, process(4711, "x7", 5, "games"));
        for (int i = 0; i < 8; i++) {
            bench.sent(known, 300, 29);
            sockets(1_000);
            nft(WWW, 1_000);
            nft(GAMES, 300);
            tick();
        }
        Snapshot snapshot = tick();

        assertThat(only(snapshot, MatchQuality.PROBABLE).attribution().account())
                .contains(WWW);
        assertThat(only(snapshot, MatchQuality.PROBABLE).packets()).isEqualTo(8_000);
    }

    @Test
    void workersOfASocketThatRootOpenedDoNotMakeRootTheSenderOfSomethingElse() {
        FlowKey known = udp(900, "203.0.113.80", 80);
        bench.sent(known, 1, 29);
        bench.observe(new TrafficObservation.OwnerFound(
                known, new Attribution.Probable(process(4711, "x7", 33, "www-data"), "shared")));
        for (int i = 0; i < 8; i++) {
            bench.sent(known, 2_000, 29);
            sockets(100);
            nft(ROOT, 2_000);
            nft(GAMES, 100);
            tick();
        }
        Snapshot snapshot = tick();

        assertThat(snapshot.talkers())
                .filteredOn(talker -> talker.attribution() instanceof Attribution.OfUser)
                .allSatisfy(talker -> assertThat(talker.attribution().account()).contains(GAMES));
        assertThat(sum(snapshot)).isEqualTo(16_801);
    }

    @Test
    void framesThatNoUsersSocketSentStayNobodys() {
        for (int i = 0; i < 8; i++) {
            sockets(1_000);
            nft(WWW, 100);
            tick();
        }
        assertThat(only(tick(), MatchQuality.NONE).packets()).isEqualTo(8_000);
    }

    @Test
    void whatAnotherUserSendsLaterIsNotChargedToTheFirst() {
        for (int i = 0; i < 8; i++) {
            sockets(1_000);
            nft(WWW, 1_000);
            tick();
        }
        for (int i = 0; i < 20; i++) {
            sockets(1_000);
            nft(GAMES, 1_000);
            tick();
        }
        Snapshot snapshot = tick();

        assertThat(snapshot.talkers())
                .filteredOn(talker -> talker.attribution().account().equals(Optional.of(WWW)))
                .singleElement()
                .satisfies(talker -> assertThat(talker.packets()).isEqualTo(8_000));
        assertThat(snapshot.talkers())
                .filteredOn(talker -> talker.attribution().account().equals(Optional.of(GAMES)))
                .singleElement()
                .satisfies(talker -> assertThat(talker.packets()).isGreaterThan(5_000));
        assertThat(sum(snapshot)).isEqualTo(28_000);
    }

    @Test
    void aSuspectOfWhichTheCountsTellLaterIsTheUsersRowAndItIsToldThatItMoved() {
        for (int i = 0; i < 8; i++) {
            sockets(1_000);
            nft(WWW, 1_000);
            tick();
        }
        Talker user = only(tick(), MatchQuality.PROBABLE);
        Endpoint other = udp(1, "203.0.113.81", 80).remote();
        for (int i = 0; i < 8; i++) {
            sockets("203.0.113.81", 1_000);
            tick();
        }
        Talker nobody = only(tick(), MatchQuality.NONE);
        assertThat(nobody.verdict()).isEqualTo(Verdict.SUSPECT);
        for (int i = 0; i < 8; i++) {
            sockets("203.0.113.81", 1_000);
            counts.add(new UserPacketCount(WWW, "/site.slice", Protocol.UDP, Optional.of(other), 1_000));
            tick();
        }
        Snapshot snapshot = tick();

        assertThat(snapshot.talkers()).hasSize(1);
        assertThat(only(snapshot, MatchQuality.PROBABLE).id()).isEqualTo(user.id());
        assertThat(only(snapshot, MatchQuality.PROBABLE).packets()).isEqualTo(24_000);
        assertThat(snapshot.moved()).containsExactly(new Snapshot.Moved(nobody.id(), Optional.of(user.id())));
    }

    @Test
    void whatTwoUsersSentTogetherStaysNobodysWhenOneOfThemGoesOnAlone() {
        for (int i = 0; i < 20; i++) {
            sockets(1_000);
            nft(WWW, 500);
            nft(GAMES, 500);
            tick();
        }
        for (int i = 0; i < 40; i++) {
            sockets(1_000);
            nft(WWW, 1_000);
            tick();
        }
        Snapshot snapshot = tick();

        assertThat(only(snapshot, MatchQuality.NONE).packets()).isGreaterThanOrEqualTo(20_000);
        assertThat(only(snapshot, MatchQuality.PROBABLE).attribution().account())
                .contains(WWW);
        assertThat(only(snapshot, MatchQuality.PROBABLE).packets()).isBetween(20_000L, 40_000L);
        assertThat(sum(snapshot)).isEqualTo(60_000);
    }

    @Test
    void aProcessThatIsFoundAfterAllTakesItsPackets() {
        FlowKey slow = udp(900, "203.0.113.80", 80);
        bench.sent(slow, 100, 29);
        bench.observe(new TrafficObservation.OwnerFound(slow, CLOSED));
        for (int i = 0; i < 8; i++) {
            sockets(1_000);
            nft(WWW, 1_000);
            tick();
        }
        bench.found(slow, process(4711, "x7", 33, "www-data"));
        Snapshot snapshot = tick();

        assertThat(only(snapshot, MatchQuality.EXACT).packets()).isEqualTo(100);
        assertThat(only(snapshot, MatchQuality.PROBABLE).packets()).isEqualTo(8_000);
    }

    @Test
    void aSprayOfMoreDestinationsThanAreListedIsItsUsersAfterwards() {
        for (int i = 0; i < 12; i++) {
            for (int host = 0; host < 100; host++) {
                FlowKey flow = udp(port++, "203.0." + i + "." + host, 80);
                bench.sent(flow, 10, 29);
                bench.observe(new TrafficObservation.OwnerFound(flow, CLOSED));
            }
            counts.add(new UserPacketCount(WWW, "", Protocol.OTHER, Optional.empty(), 1_000));
            tick();
        }
        Snapshot snapshot = tick();

        Talker row = snapshot.talkers().get(0);
        assertThat(row.attribution().account()).contains(WWW);
        assertThat(row.packets()).isGreaterThan(8_000);
        assertThat(sum(snapshot)).isEqualTo(12_000);
    }
}
