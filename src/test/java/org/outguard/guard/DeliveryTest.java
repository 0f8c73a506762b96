package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** What a mail system sends is charged to whose message its process had in hand. */
class DeliveryTest {

    private static final Endpoint REMOTE = new Endpoint(GuardBench.address("203.0.113.25"), 25);
    private static final Owner SMTP = GuardBench.process(900, "smtp", 101, "postfix");
    private static final Owner OTHER_SMTP = GuardBench.process(901, "smtp", 101, "postfix");
    private static final MailOrigin WWW_DATA = new MailOrigin.LocalUser(33, "www-data", "x7.php");
    private static final MailOrigin ALICE = new MailOrigin.Login("alice@example.org", "", OptionalInt.empty());

    private final GuardBench bench = new GuardBench(GuardBench.POLICY, Snapshot.Eye.KERNEL);

    DeliveryTest() {
        bench.observe(TrafficObservation.SourceSelected.KERNEL);
        bench.observe(new TrafficObservation.SourceHealth("eth0", TrafficObservation.SourceState.RUNNING, "", 0, 0, 0));
    }

    private void sends(Attribution who, long packets, long connects) {
        long at = Nanos.of(bench.now) + 100_000_000L;
        bench.observe(new TrafficObservation.OwnedFlows(
                List.of(new AttributedCount(
                        who, Protocol.TCP, Optional.of(REMOTE), false, packets, packets * 60, connects, at, at)),
                0,
                0));
    }

    private void sends(Owner who, long packets, long connects) {
        sends(new Attribution.Exact(who, "counted as it was sent"), packets, connects);
    }

    private static Delivery delivery(Owner who, int port, int number, MailOrigin root) {
        Provenance provenance = root instanceof MailOrigin.Unknown
                ? Provenance.unknown("not read")
                : Provenance.of(root, Provenance.Evidence.QUEUE_FILE);
        return new Delivery(
                who.id(),
                Optional.of(who),
                new Endpoint(GuardBench.address("198.51.100.10"), port),
                REMOTE,
                id(number),
                provenance);
    }

    private static QueueId id(int number) {
        return new QueueId("", "postfix", "A00000000" + number);
    }

    private void looks(Delivery... deliveries) {
        bench.observe(new MailObservation.DeliveriesSeen(bench.now.plusMillis(150), List.of(deliveries)));
    }

    private Talker of(String who) {
        return bench.guard.snapshot().talkers().stream()
                .filter(talker -> talker.mail()
                        .map(mail -> mail.origin().who().equals(who))
                        .orElse(who.isEmpty()))
                .reduce((a, b) -> {
                    throw new AssertionError("two rows of " + who);
                })
                .orElseThrow(() -> new AssertionError("no row of " + who));
    }

    @Test
    void whatIsSentWhileAMessageIsInHandIsItsSubmitters() {
        sends(SMTP, 5, 1);
        looks(delivery(SMTP, 40_000, 1, WWW_DATA));
        bench.tick();
        sends(SMTP, 4, 0);
        looks(delivery(SMTP, 40_000, 1, WWW_DATA));
        bench.idle(Duration.ofSeconds(2));

        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        Talker row = of("www-data");
        assertThat(row.packets()).isEqualTo(9);
        assertThat(row.connects()).isEqualTo(1);
        assertThat(row.remotes()).containsExactly(new Talker.RemoteTotal(REMOTE, 9, 540));
        assertThat(row.attribution().knownOwner()).contains(SMTP);
        assertThat(row.mail().orElseThrow().queueIds()).containsExactly(id(1));
        assertThat(row.mail().orElseThrow().script()).isEqualTo("x7.php");
        assertThat(row.mail().orElseThrow().evidence()).isEqualTo(Provenance.Evidence.QUEUE_FILE);
        assertThat(row.reason()).contains("user www-data, script x7.php");
        assertThat(bench.guard.snapshot().totals().packets()).isEqualTo(9);
        assertThat(bench.guard.snapshot().totals().attributedPackets()).isEqualTo(9);
    }

    @Test
    void aBurstIsTheSubmittersAndNotTheMailSystems() {
        for (int i = 0; i < 80; i++) {
            sends(SMTP, 20, 5);
            looks(
                    delivery(SMTP, 1_000 + 5 * i, i, WWW_DATA),
                    delivery(SMTP, 1_001 + 5 * i, i, WWW_DATA),
                    delivery(SMTP, 1_002 + 5 * i, i, WWW_DATA),
                    delivery(SMTP, 1_003 + 5 * i, i, WWW_DATA),
                    delivery(SMTP, 1_004 + 5 * i, i, WWW_DATA));
            bench.tick();
        }
        bench.idle(Duration.ofSeconds(2));
        assertThat(bench.guard.snapshot().suspects()).containsExactly(of("www-data"));
        assertThat(of("www-data").kind()).isEqualTo(OffenceKind.SMTP_BURST);
        assertThat(of("www-data").verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(of("www-data").connects()).isEqualTo(400);
    }

    @Test
    void oneConnectionWithMessagesOfTwoIsChargedToEachInTurn() {
        sends(SMTP, 5, 1);
        looks(delivery(SMTP, 40_000, 1, WWW_DATA));
        bench.tick();
        bench.idle(Duration.ofSeconds(1));
        looks(delivery(SMTP, 40_000, 2, ALICE));
        bench.tick();
        sends(SMTP, 7, 0);
        bench.tick();
        looks(delivery(SMTP, 40_000, 2, ALICE));
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("www-data").packets()).isEqualTo(5);
        assertThat(of("www-data").connects()).isEqualTo(1);
        assertThat(of("alice@example.org").packets()).isEqualTo(7);
        assertThat(of("alice@example.org").connects()).isZero();
    }

    @Test
    void betweenMessagesOfTwoNobodyIsGuessed() {
        looks(delivery(SMTP, 40_000, 1, WWW_DATA));
        bench.tick();
        sends(SMTP, 6, 1);
        looks(delivery(SMTP, 40_001, 2, ALICE));
        bench.idle(Duration.ofSeconds(3));
        assertThat(of("").packets()).isEqualTo(6);
        assertThat(of("").attribution().knownOwner()).contains(SMTP);
    }

    @Test
    void connectionsThatWereTooShortToBeSeenStayTheMailSystems() {
        sends(SMTP, 30, 3);
        looks(delivery(SMTP, 40_000, 1, WWW_DATA));
        bench.idle(Duration.ofSeconds(3));
        assertThat(of("www-data").connects()).isEqualTo(1);
        assertThat(of("").connects()).isEqualTo(2);
        assertThat(of("").packets()).isEqualTo(30);
    }

    @Test
    void aConnectionThatIsHandedOnBetweenProcessesIsNobodysButTheSubmitters() {
        looks(delivery(SMTP, 40_000, 1, WWW_DATA));
        sends(new Attribution.Contested(List.of(SMTP, OTHER_SMTP), "both used it"), 8, 0);
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("www-data").packets()).isEqualTo(8);
        assertThat(bench.guard.snapshot().talkers()).hasSize(1);
        assertThat(bench.guard.snapshot().totals().attributedPackets()).isEqualTo(8);
    }

    @Test
    void whatTheQueueFileDoesNotSayTheLedgerMay() {
        sends(SMTP, 5, 1);
        looks(delivery(SMTP, 40_000, 1, new MailOrigin.Unknown("")));
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("").packets()).isEqualTo(5);
        logged(ALICE);
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("alice@example.org").packets()).isEqualTo(5);
        assertThat(of("alice@example.org").mail().orElseThrow().counts().sent()).isEqualTo(1);
    }

    /* The log's word on the first message; Postfix's has no port of a client. */
    private void logged(MailOrigin origin) {
        Provenance root = Provenance.of(origin, Provenance.Evidence.LOG);
        Instant first = GuardBench.START;
        bench.observe(new MailObservation.MailLogged(List.of(new LoggedMessage(
                id(1),
                new LoggedMessage.Lifetime(0, first, bench.now),
                new LoggedMessage.Envelope("a@example.org", "", 1, 1),
                new LoggedMessage.Delivery(LoggedMessage.State.DONE, List.of(), 1, 0, 0),
                new LoggedMessage.Submission(root, root, 0)))));
    }

    @Test
    void whatCameByAnAddressOfThisMachineWaitsForItsUser() {
        sends(SMTP, 5, 1);
        MailOrigin own = new MailOrigin.Client("198.51.100.10", OptionalInt.of(50_000));
        looks(delivery(SMTP, 40_000, 1, own));
        logged(new MailOrigin.Client("198.51.100.10", OptionalInt.empty()));
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("").packets()).as("as long as nobody knows whose it is").isEqualTo(5);

        bench.observe(new MailObservation.LocalClientsSampled(
                bench.now,
                List.of(new MailObservation.LocalClient(
                        new Endpoint(GuardBench.address("198.51.100.10"), 50_000),
                        1,
                        new MailOrigin.LocalUser(33, "www-data", "")))));
        bench.queued(id(1), bench.now, Provenance.of(own, Provenance.Evidence.QUEUE_FILE));
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("www-data").packets()).isEqualTo(5);
    }

    @Test
    void whatCameFromElsewhereIsThatClients() {
        sends(SMTP, 5, 1);
        looks(delivery(SMTP, 40_000, 1, new MailOrigin.Client("192.0.2.77", OptionalInt.of(50_000))));
        bench.idle(Duration.ofSeconds(2));
        assertThat(of("192.0.2.77").packets()).isEqualTo(5);
    }

    @Test
    void anOriginThatNobodyKnowsIsNotMadeUp() {
        sends(SMTP, 5, 1);
        looks(delivery(SMTP, 40_000, 1, new MailOrigin.Unknown("")));
        bench.idle(Duration.ofSeconds(15));
        assertThat(of("").packets()).isEqualTo(5);
        assertThat(bench.guard.snapshot().deliveries().count()).isEqualTo(1);
    }

    @Test
    void theWireEyeKnowsEachConnectionByItsPort() {
        GuardBench wire = new GuardBench();
        var flow = GuardBench.tcp(40_000, "203.0.113.25", 25);
        var other = GuardBench.tcp(40_001, "203.0.113.25", 25);
        wire.sent(flow, 5, 60, 1);
        wire.sent(other, 3, 60, 1);
        wire.found(flow, SMTP);
        wire.found(other, OTHER_SMTP);
        wire.tick();
        wire.observe(new MailObservation.DeliveriesSeen(wire.now, List.of(delivery(SMTP, 40_000, 1, WWW_DATA))));
        wire.tick();
        wire.sent(flow, 4, 60, 0);
        wire.found(flow, SMTP);
        Snapshot snapshot = wire.tick();
        assertThat(snapshot.talkers()).hasSize(2);
        assertThat(snapshot.talkers())
                .filteredOn(talker -> talker.mail().isPresent())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.packets()).isEqualTo(9);
                    assertThat(row.connects()).isEqualTo(1);
                });
        assertThat(snapshot.totals().attributedPackets()).isEqualTo(12);
    }

    @Test
    void memoryIsBoundedWhateverIsDelivered() {
        for (int i = 0; i < 40_000; i++) {
            sends(GuardBench.process(10_000 + i, "smtp", 101, "postfix"), 1, 1);
            looks(delivery(GuardBench.process(10_000 + i, "smtp", 101, "postfix"), 40_000, i, WWW_DATA));
            if (i % 4_000 == 0) {
                bench.guard.tick(bench.now);
            }
        }
        bench.idle(Duration.ofSeconds(15));
        assertThat(bench.guard.snapshot().totals().packets()).isEqualTo(40_000);
        assertThat(bench.guard.snapshot().deliveries().newest()).hasSizeLessThanOrEqualTo(1_024);
    }

    @Test
    void aConnectionWhoseOwnerIsNotFoundIsNamedByTheLookAtItsMessage() {
        GuardBench wire = new GuardBench();
        var flow = GuardBench.tcp(40_000, "203.0.113.25", 25);
        wire.sent(flow, 5, 60, 1);
        wire.observe(new TrafficObservation.OwnerFound(flow, new Attribution.Unknown("closed before the look-up")));
        wire.observe(new MailObservation.DeliveriesSeen(wire.now, List.of(delivery(SMTP, 40_000, 1, WWW_DATA))));
        Snapshot snapshot = wire.tick();
        assertThat(snapshot.talkers()).singleElement().satisfies(row -> {
            assertThat(row.mail().orElseThrow().origin().who()).isEqualTo("www-data");
            assertThat(row.attribution().knownOwner()).contains(SMTP);
            assertThat(row.packets()).isEqualTo(5);
        });
        assertThat(snapshot.totals().attributedPackets()).isEqualTo(5);
    }

    @Test
    void aLaterConnectionFromTheSamePortIsNotTheEarlierSubmitters() {
        GuardBench wire = new GuardBench();
        var flow = GuardBench.tcp(40_000, "203.0.113.25", 25);
        wire.sent(flow, 5, 60, 1);
        wire.found(flow, SMTP);
        wire.observe(new MailObservation.DeliveriesSeen(wire.now, List.of(delivery(SMTP, 40_000, 1, WWW_DATA))));
        wire.tick();
        wire.sent(flow, 7, 60, 1);
        wire.observe(new MailObservation.DeliveriesSeen(wire.now, List.of(delivery(OTHER_SMTP, 40_000, 2, ALICE))));
        Snapshot snapshot = wire.tick();
        assertThat(snapshot.talkers()).extracting(Talker::connects).containsExactly(1L, 1L);
        assertThat(snapshot.talkers()).extracting(Talker::packets).containsExactlyInAnyOrder(5L, 7L);
    }

    @Test
    void aConnectionThatWasBegunForSomebodyUnknownIsNotTheNextSubmitters() {
        GuardBench wire = new GuardBench();
        var flow = GuardBench.tcp(40_000, "203.0.113.25", 25);
        Delivery nobodys = delivery(SMTP, 40_000, 1, new MailOrigin.Unknown(""));
        wire.sent(flow, 5, 60, 1);
        wire.found(flow, SMTP);
        wire.observe(new MailObservation.DeliveriesSeen(wire.now, List.of(nobodys)));
        wire.tick();
        wire.observe(new MailObservation.DeliveriesSeen(wire.now, List.of(delivery(SMTP, 40_000, 2, ALICE))));
        wire.tick();
        wire.sent(flow, 7, 60, 0);
        Snapshot snapshot = wire.tick();
        assertThat(snapshot.talkers()).hasSize(2);
        assertThat(snapshot.talkers())
                .allSatisfy(
                        row -> assertThat(row.packets()).isEqualTo(row.mail().isPresent() ? 7 : 5));
    }
}
