package org.outguard.guard.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.LocalSession;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Mail of an SMTP session that the kernel told of is that session's user's, or nobody's where several may be meant. */
class SmtpSessionTableTest {

    private static final int SMTPD = 700;
    private static final int ALICE = 2001;
    private static final int BOB = 2002;
    private static final String NOBODY = "127.0.0.1 by queue file";

    private final GuardBench bench = new GuardBench();
    private int ids;

    private Instant at(int millis) {
        return GuardBench.START.plusMillis(millis);
    }

    private static Owner owner(int uid) {
        return new Owner(
                new ProcessId(uid, 1),
                new Owner.Program(
                        "python3",
                        "/usr/bin/python3",
                        false,
                        Optional.empty(),
                        "/srv",
                        List.of(),
                        "/srv/" + uid + ".py"),
                new Owner.Credentials(uid, uid == ALICE ? "alice" : "bob", OptionalInt.empty()),
                new Owner.Placement("", "", "", 0),
                List.of());
    }

    private LocalSession word(LocalSession.Word word, int uid, int port, int begun, int at) {
        return new LocalSession(
                word,
                new Endpoint(GuardBench.address("127.0.0.1"), port),
                new Endpoint(GuardBench.address("127.0.0.1"), 25),
                owner(uid),
                SMTPD,
                begun,
                // The kernel's clock and that of the wall drift apart a little from word to word.
                Nanos.of(at(begun)) + at,
                Nanos.of(at(at)));
    }

    private void told(LocalSession... words) {
        told(10_000_000, words);
    }

    private void told(int until, LocalSession... words) {
        bench.observe(new MailObservation.SmtpSessionEvents(List.of(words), true, Nanos.of(at(until))));
    }

    private void session(int uid, int port, int from, int to) {
        told(word(LocalSession.Word.SERVED, uid, port, from, from), word(LocalSession.Word.OVER, uid, port, from, to));
    }

    /* As Postfix makes them of the time of arrival. */
    private QueueId next(int arrival) {
        return new QueueId("", "postfix", String.format("%05X%06X", arrival % 1000 * 1000, ++ids));
    }

    private String queued(int port, int arrival) {
        QueueId id = next(arrival);
        queue(id, port, arrival);
        return root(id);
    }

    private void queue(QueueId id, int port, int arrival) {
        Provenance client =
                Provenance.of(new MailOrigin.Client("127.0.0.1", OptionalInt.of(port)), Provenance.Evidence.QUEUE_FILE);
        bench.queued(id, at(arrival), client);
    }

    private String logged(int server, int stamp) {
        return logged(next(stamp), server, stamp);
    }

    private String logged(QueueId id, int server, int stamp) {
        logClient(id, server, stamp);
        return root(id);
    }

    private void logClient(QueueId id, int server, int stamp) {
        Provenance client =
                Provenance.of(new MailOrigin.Client("127.0.0.1", OptionalInt.empty()), Provenance.Evidence.LOG);
        log(id, client, client, server, stamp);
    }

    private void log(QueueId id, Provenance own, Provenance root, int server, int stamp) {
        bench.observe(new MailObservation.MailLogged(List.of(new LoggedMessage(
                id,
                new LoggedMessage.Lifetime(0, at(stamp), at(stamp)),
                new LoggedMessage.Envelope("x@example.org", "", 100, 1),
                new LoggedMessage.Delivery(LoggedMessage.State.OPEN, List.of(), 0, 0, 0),
                new LoggedMessage.Submission(own, root, server)))));
    }

    private String root(QueueId wanted) {
        bench.idle(Duration.ofSeconds(1));
        Provenance root = bench.guard.snapshot().mail().messages().stream()
                .filter(one -> one.id().equals(wanted))
                .findFirst()
                .orElseThrow()
                .root();
        return root.origin().who() + " by " + root.evidence().word();
    }

    @Test
    void aPortIsWhoseSessionItWasWhenTheMessageCame() {
        session(ALICE, 40_000, 1_001, 1_011);
        session(BOB, 40_000, 1_101, 1_111);
        assertThat(queued(40_000, 1_005)).isEqualTo("alice by process");
        assertThat(queued(40_000, 1_105)).isEqualTo("bob by process");
        assertThat(queued(40_000, 1_056)).as("between both").isEqualTo(NOBODY);
        assertThat(queued(40_001, 1_005)).isEqualTo(NOBODY);
    }

    @Test
    void aSessionThatIsToldOfLaterStillNamesItsMessage() {
        QueueId id = next(5);
        queue(id, 40_000, 5);
        assertThat(root(id)).isEqualTo(NOBODY);
        session(ALICE, 40_000, 1, 11);
        assertThat(root(id)).isEqualTo("alice by process");
    }

    @Test
    void aProcessOfTheMailSystemServesOneSessionAfterTheOther() {
        session(ALICE, 40_000, 1_001, 1_011);
        session(BOB, 40_001, 2_001, 2_011);
        assertThat(logged(SMTPD, 1_005)).isEqualTo("alice by log");
        assertThat(logged(SMTPD, 2_005)).isEqualTo("bob by log");
        assertThat(logged(SMTPD + 1, 1_005)).isEqualTo("127.0.0.1 by log");
    }

    @Test
    void ofSessionsThatFollowEachOtherCloselyTheIdTellsWhichIsMeant() {
        session(ALICE, 40_002, 3_100, 3_110);
        session(BOB, 40_003, 3_800, 3_810);
        assertThat(logged(next(105), SMTPD, 3_000))
                .as("its stamp is of whole seconds")
                .isEqualTo("alice by log");
        assertThat(logged(next(805), SMTPD, 3_000)).isEqualTo("bob by log");
        session(ALICE, 40_004, 4_805, 4_806);
        assertThat(logged(next(805), SMTPD, 4_000))
                .as("in that second, or at the end of the one before")
                .isEqualTo("127.0.0.1 by log");
    }

    @Test
    void withoutItTheyAreNobodys() {
        QueueId silent = new QueueId("", "exim", "1wABCD-000000-1a");
        session(ALICE, 40_000, 1_001, 1_011);
        session(BOB, 40_001, 1_021, 1_031);
        assertThat(logged(silent, SMTPD, 1_025)).as("a line may be late").isEqualTo("127.0.0.1 by log");
        session(ALICE, 40_002, 3_100, 3_110);
        session(BOB, 40_003, 3_800, 3_810);
        assertThat(logged(silent, SMTPD, 3_000)).as("any time of that second").isEqualTo("127.0.0.1 by log");
    }

    @Test
    void nobodyIsNamedByTheLogBeforeAllIsTold() {
        QueueId id = new QueueId("", "exim", "1wABCD-0000BI-1a");
        assertThat(id.eximProcess()).as("BI in base 62").isEqualTo(SMTPD);
        told(
                2_100,
                word(LocalSession.Word.SERVED, ALICE, 40_000, 1_001, 1_001),
                word(LocalSession.Word.OVER, ALICE, 40_000, 1_001, 1_011));
        logClient(id, 0, 1_000);
        logClient(next(1_000), 0, 1_000);
        assertThat(root(id)).isEqualTo("alice by log");
        QueueId later = new QueueId("", "exim", "1wABCE-0000BI-1a");
        told(
                2_500,
                word(LocalSession.Word.SERVED, ALICE, 40_000, 2_001, 2_001),
                word(LocalSession.Word.OVER, ALICE, 40_000, 2_001, 2_011));
        assertThat(logged(later, 0, 2_000)).isEqualTo("127.0.0.1 by log");
        told(
                3_100,
                word(LocalSession.Word.SERVED, BOB, 40_001, 2_801, 2_801),
                word(LocalSession.Word.OVER, BOB, 40_001, 2_801, 2_811));
        assertThat(root(later)).isEqualTo("127.0.0.1 by log");
    }

    @Test
    void theQueueFilesPortIsBetterThanTheLogsProcess() {
        session(ALICE, 40_000, 1_001, 1_011);
        QueueId id = next(1_005);
        logClient(id, SMTPD, 1_005);
        assertThat(root(id)).isEqualTo("alice by log");
        queue(id, 40_000, 1_005);
        assertThat(root(id)).isEqualTo("alice by process");
    }

    @Test
    void aConnectionThatTwoUsersWriteToIsNobodys() {
        told(word(LocalSession.Word.SERVED, ALICE, 40_000, 1, 2), word(LocalSession.Word.MIXED, ALICE, 40_000, 1, 4));
        assertThat(queued(40_000, 5)).isEqualTo(NOBODY);
    }

    @Test
    void whatWasLostOnTheWayEndsWhatWasOpen() {
        told(word(LocalSession.Word.SERVED, ALICE, 40_000, 1, 2));
        assertThat(queued(40_000, 900)).isEqualTo("alice by process");
        bench.observe(new MailObservation.SmtpSessionEvents(List.of(), false, 0));
        assertThat(queued(40_000, 901)).isEqualTo(NOBODY);
    }

    @Test
    void aBounceIsOfWhoHadTheConnectionWhenItsMessageCame() {
        session(ALICE, 40_000, 1, 11);
        session(BOB, 40_000, 5_001, 5_011);
        QueueId message = next(5);
        queue(message, 40_000, 5);
        QueueId bounce = next(5_005);
        Provenance client =
                Provenance.of(new MailOrigin.Client("127.0.0.1", OptionalInt.of(40_000)), Provenance.Evidence.LOG);
        MailOrigin derived = new MailOrigin.Derived(MailOrigin.Link.BOUNCE, java.util.Optional.of(message));
        log(bounce, Provenance.of(derived, Provenance.Evidence.LOG), client, 0, 5_005);
        assertThat(root(bounce)).isEqualTo("alice by log");
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            session(ALICE, 1 + i % 60_000, 1_001 + i, 1_001 + i);
            if (i % 10_000 == 0) {
                bench.tick();
            }
        }
        assertThat(queued(1 + 99_999 % 60_000, 101_000)).isEqualTo("alice by process");
        assertThat(queued(50_000, 51_000)).isEqualTo(NOBODY);
    }
}
