package org.outguard.guard.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.guard.GuardBench;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/** Mail by who sends it: each message is counted once, for the first submitter behind it. */
class MailTrackerTest {

    private static final MailOrigin WWW_DATA = new MailOrigin.LocalUser(33, "www-data", "x7.php");
    private static final MailOrigin BYSTANDER =
            new MailOrigin.Login("bob@example.org", "192.0.2.9", OptionalInt.empty());

    private final GuardBench bench = new GuardBench();

    private static QueueId id(int number) {
        return new QueueId("", "postfix", String.format("A%010X", number));
    }

    @Test
    void whyNoMailIsWatchedIsSaidAsLongAsNoneIs() {
        bench.observe(new MailObservation.MailUnavailable(List.of("it is being started")));
        assertThat(bench.tick().mail().unwatched()).containsExactly("it is being started");
        bench.queued(id(1), bench.now, Provenance.of(WWW_DATA, Provenance.Evidence.QUEUE_FILE));
        bench.observe(new MailObservation.MailUnavailable(List.of("too late")));
        assertThat(bench.tick().mail().watched()).isTrue();
        assertThat(bench.tick().mail().unwatched()).isEmpty();
    }

    private LoggedMessage logged(
            int number, MailOrigin origin, LoggedMessage.State state, int sent, int bounced, int deferred) {
        List<LoggedMessage.Fate> fates = new ArrayList<>();
        for (int i = 0; i < sent + bounced + deferred; i++) {
            LoggedMessage.Status status = i < sent
                    ? LoggedMessage.Status.SENT
                    : i < sent + bounced ? LoggedMessage.Status.BOUNCED : LoggedMessage.Status.DEFERRED;
            fates.add(new LoggedMessage.Fate(
                    "u" + number + "@dom" + i + ".example",
                    status,
                    "(host mx[192.0.2." + number % 200 + "] said: 450)"));
        }
        Provenance provenance = Provenance.of(origin, Provenance.Evidence.LOG);
        return new LoggedMessage(
                id(number),
                new LoggedMessage.Lifetime(0, bench.now, bench.now),
                new LoggedMessage.Envelope("x@y.example", "m" + number, 400, Math.max(1, fates.size())),
                new LoggedMessage.Delivery(state, fates, sent, bounced, deferred),
                new LoggedMessage.Submission(provenance, provenance, 0));
    }

    private QueuedMessage queued(int number, MailOrigin origin, QueuedMessage.Status status) {
        Provenance provenance = Provenance.of(origin, Provenance.Evidence.QUEUE_FILE);
        return new QueuedMessage(
                id(number),
                status,
                bench.now,
                400,
                "x@y.example",
                List.of(new QueuedMessage.Recipient("a@b.example", "")),
                1,
                provenance,
                provenance,
                QueuedMessage.Attributes.NONE);
    }

    private void look(List<QueuedMessage> seen, List<QueueId> gone) {
        bench.observe(new MailObservation.QueueSeen(bench.now, "postfix", seen, gone, 0, 0));
    }

    private Submitter submitter(Snapshot snapshot, String who) {
        return snapshot.mail().submitters().stream()
                .filter(s -> s.origin().who().equals(who))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theScriptThatOnlyTheQueueFileKnowsIsShownBesideTheLogAndStaysWhenTheMessageHasGone() {
        MailOrigin byLog = new MailOrigin.LocalUser(33, "www-data", "");
        bench.observe(new MailObservation.MailLogged(List.of(logged(1, byLog, LoggedMessage.State.OPEN, 0, 0, 1))));
        assertThat(submitter(bench.tick(), "www-data").scripts()).isEmpty();

        look(List.of(queued(1, WWW_DATA, QueuedMessage.Status.DEFERRED)), List.of());
        look(List.of(queued(1, WWW_DATA, QueuedMessage.Status.HOLD)), List.of());
        assertThat(submitter(bench.tick(), "www-data").scripts())
                .containsExactly(new MailSnapshot.Counted("x7.php", 1));

        look(List.of(), List.of(id(1)));
        assertThat(submitter(bench.tick(), "www-data").scripts())
                .containsExactly(new MailSnapshot.Counted("x7.php", 1));
    }

    @Test
    void aBurstOfOneUserIsAnOffenceAndTheBystanderIsClean() {
        for (int i = 0; i < 500; i++) {
            bench.observe(
                    new MailObservation.MailLogged(List.of(logged(i, WWW_DATA, LoggedMessage.State.OPEN, 0, 0, 1))));
        }
        bench.observe(
                new MailObservation.MailLogged(List.of(logged(900, BYSTANDER, LoggedMessage.State.DONE, 1, 0, 0))));

        Snapshot snapshot = bench.tick();

        Submitter offender = submitter(snapshot, "www-data");
        assertThat(offender.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(offender.kind()).isEqualTo(OffenceKind.SUBMISSION_BURST);
        assertThat(offender.reason()).contains("500 recipients/min");
        assertThat(offender.counts().queued()).isEqualTo(500);
        assertThat(offender.counts().deferred()).isEqualTo(500);
        assertThat(offender.distinctRecipients()).isBetween(480L, 520L);
        assertThat(offender.scripts()).containsExactly(new MailSnapshot.Counted("x7.php", 500));
        assertThat(offender.deferrals()).containsExactly(new MailSnapshot.Counted("(host mx<…> said: 450)", 500));
        assertThat(submitter(snapshot, "bob@example.org").verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(snapshot.mail().totals().sent()).isEqualTo(1);
        assertThat(snapshot.mail().submitters().get(0)).isEqualTo(offender);
    }

    @Test
    void queueAndLogAreOneMessageAndTheQueueFileHasTheFirstWord() {
        bench.observe(new MailObservation.MailLogged(
                List.of(logged(1, new MailOrigin.LocalUser(1001, "site1", ""), LoggedMessage.State.OPEN, 0, 0, 0))));
        look(List.of(queued(1, WWW_DATA, QueuedMessage.Status.ACTIVE)), List.of());

        Snapshot snapshot = bench.tick();

        Submitter submitter = submitter(snapshot, "www-data");
        assertThat(submitter.counts().messages()).isEqualTo(1);
        assertThat(submitter.counts().disputed()).isEqualTo(1);
        assertThat(submitter.evidence()).isEqualTo(Provenance.Evidence.QUEUE_FILE);
        assertThat(snapshot.mail().submitters()).hasSize(1);
        assertThat(snapshot.mail().messages().get(0).provenance().isDisputed()).isTrue();
    }

    @Test
    void countsFollowHoldReleaseAndTheEnd() {
        look(List.of(queued(1, WWW_DATA, QueuedMessage.Status.HOLD)), List.of());
        assertThat(bench.tick().mail().totals().held()).isEqualTo(1);
        bench.idle(Duration.ofSeconds(1));
        look(List.of(), List.of(id(1)));
        Snapshot after = bench.tick();
        assertThat(after.mail().totals().held()).isZero();
        assertThat(after.mail().totals().queued()).isZero();
        assertThat(after.mail().totals().messages()).isEqualTo(1);
    }

    @Test
    void aBounceIsChargedToItsRoot() {
        var bounce = new MailOrigin.Derived(MailOrigin.Link.BOUNCE, Optional.of(id(1)));
        for (int i = 0; i < 10; i++) {
            LoggedMessage child = logged(100 + i, bounce, LoggedMessage.State.DONE, 1, 0, 0);
            bench.observe(new MailObservation.MailLogged(List.of(new LoggedMessage(
                    child.id(),
                    new LoggedMessage.Lifetime(0, child.first(), child.last()),
                    new LoggedMessage.Envelope("", "", 1, 1),
                    new LoggedMessage.Delivery(child.state(), child.recipients(), 1, 0, 0),
                    new LoggedMessage.Submission(
                            child.provenance(), Provenance.of(WWW_DATA, Provenance.Evidence.LOG), 0)))));
        }

        Submitter submitter = submitter(bench.tick(), "www-data");

        assertThat(submitter.counts().backscatter()).isEqualTo(10);
        assertThat(submitter.recipientsPerMinute()).isZero();
        assertThat(submitter.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(submitter.reason()).contains("10 bounces/min");
    }

    @Test
    void aLoginFromManyNetworksIsAnOffence() {
        for (int i = 0; i < 12; i++) {
            var login = new MailOrigin.Login("jo@example.org", "198.51." + i + ".7", OptionalInt.empty());
            bench.observe(new MailObservation.MailLogged(List.of(logged(i, login, LoggedMessage.State.DONE, 1, 0, 0))));
        }

        Submitter submitter = submitter(bench.tick(), "jo@example.org");

        assertThat(submitter.networks()).isEqualTo(12);
        assertThat(submitter.verdict()).isEqualTo(Verdict.OFFENDING);
    }

    @Test
    void anOriginThatBecomesKnownLaterTakesItsCountsAlong() {
        LoggedMessage first = logged(1, new MailOrigin.Unknown("not yet"), LoggedMessage.State.OPEN, 0, 0, 1);
        bench.observe(new MailObservation.MailLogged(List.of(first)));
        bench.tick();
        bench.idle(Duration.ofSeconds(1));
        Provenance known = Provenance.of(WWW_DATA, Provenance.Evidence.LOG);
        bench.observe(new MailObservation.MailLogged(List.of(new LoggedMessage(
                first.id(),
                new LoggedMessage.Lifetime(0, first.first(), bench.now),
                new LoggedMessage.Envelope("x@y.example", "m1", 400, 1),
                new LoggedMessage.Delivery(LoggedMessage.State.DONE, first.recipients(), 1, 0, 0),
                new LoggedMessage.Submission(known, known, 0)))));

        Snapshot snapshot = bench.idle(Duration.ofSeconds(2));

        assertThat(snapshot.mail().submitters()).hasSize(1);
        assertThat(submitter(snapshot, "www-data").counts().sent()).isEqualTo(1);
        assertThat(submitter(snapshot, "www-data").counts().queued()).isZero();
        assertThat(snapshot.mail().totals().oldest()).isEqualTo(Optional.<Instant>empty());
    }

    @Test
    void aQueueOfAHundredThousandIsGroupedInOneTick() {
        List<QueuedMessage> batch = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            batch.add(queued(i, i % 1_000 == 0 ? BYSTANDER : WWW_DATA, QueuedMessage.Status.DEFERRED));
        }
        look(batch, List.of());

        Snapshot snapshot = bench.tick();

        assertThat(submitter(snapshot, "www-data").counts().queued()).isEqualTo(99_900);
        assertThat(submitter(snapshot, "bob@example.org").counts().queued()).isEqualTo(100);
        assertThat(snapshot.mail().messages()).hasSize(MailSnapshot.MAX_MESSAGES);
    }

    @Test
    void aSubmitterIsTheSameWhetherQueueOrLogTellsOfIt() {
        look(List.of(queued(1, WWW_DATA, QueuedMessage.Status.DEFERRED)), List.of());
        String byQueueAlone = submitter(bench.tick(), "www-data").id();
        MailOrigin otherName = new MailOrigin.LocalUser(33, "33", "");
        bench.observe(new MailObservation.MailLogged(List.of(
                logged(1, otherName, LoggedMessage.State.OPEN, 0, 0, 1),
                logged(2, otherName, LoggedMessage.State.DONE, 1, 0, 0))));
        bench.observe(new MailObservation.MailLogged(List.of(logged(
                3,
                new MailOrigin.Login("BOB@example.org", "192.0.2.9", OptionalInt.of(4000)),
                LoggedMessage.State.DONE,
                1,
                0,
                0))));
        look(List.of(queued(4, BYSTANDER, QueuedMessage.Status.ACTIVE)), List.of());

        Snapshot snapshot = bench.tick();

        assertThat(snapshot.mail().submitters()).hasSize(2);
        assertThat(submitter(snapshot, "www-data").id()).isEqualTo(byQueueAlone);
        assertThat(submitter(snapshot, "www-data").counts().messages()).isEqualTo(2);
        assertThat(submitter(snapshot, "www-data").counts().disputed()).isZero();
    }

    @Test
    void whatTheLogHasInTheQueueAndTheQueueDoesNotShowIsNotThere() {
        look(List.of(), List.of());
        bench.observe(new MailObservation.MailLogged(List.of(logged(1, WWW_DATA, LoggedMessage.State.OPEN, 0, 0, 0))));
        assertThat(bench.tick().mail().totals().queued()).isEqualTo(1);
        bench.idle(Duration.ofSeconds(70));
        look(List.of(), List.of());
        assertThat(bench.tick().mail().totals().queued()).isZero();
    }

    @Test
    void nothingNewIsTheSamePictureForASecond() {
        look(List.of(queued(1, WWW_DATA, QueuedMessage.Status.ACTIVE)), List.of());
        MailSnapshot first = bench.tick().mail();
        look(List.of(), List.of());
        assertThat(bench.tick().mail()).isSameAs(first);
    }

    @Test
    void aForgedLogDoesNotBorrowTheTrustOfOneQueuedMessage() {
        look(List.of(queued(0, WWW_DATA, QueuedMessage.Status.ACTIVE)), List.of());
        assertThat(submitter(bench.tick(), "www-data").evidence()).isEqualTo(Provenance.Evidence.QUEUE_FILE);
        for (int i = 1; i < 500; i++) {
            bench.observe(
                    new MailObservation.MailLogged(List.of(logged(i, WWW_DATA, LoggedMessage.State.DONE, 1, 0, 0))));
        }
        Submitter accused = submitter(bench.tick(), "www-data");
        assertThat(accused.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(accused.evidence()).isEqualTo(Provenance.Evidence.LOG);
    }

    @Test
    void theOldestIsKnownForEachAndInAllAndNewestAreListedFirst() {
        look(List.of(queued(1, WWW_DATA, QueuedMessage.Status.HOLD)), List.of());
        Instant first = bench.now;
        bench.idle(Duration.ofSeconds(10));
        look(
                List.of(
                        queued(2, BYSTANDER, QueuedMessage.Status.ACTIVE),
                        queued(3, WWW_DATA, QueuedMessage.Status.DEFERRED)),
                List.of());
        Snapshot both = bench.tick();
        assertThat(both.mail().totals().oldest()).contains(first);
        assertThat(submitter(both, "bob@example.org").counts().oldest()).contains(first.plusSeconds(10));
        assertThat(submitter(both, "www-data").queueIds()).containsExactly(id(3), id(1));
        assertThat(both.mail().messages().stream().map(MailSnapshot.Message::id))
                .containsExactly(id(3), id(2), id(1));

        look(List.of(), List.of(id(1)));
        Snapshot later = bench.tick();
        assertThat(submitter(later, "www-data").counts().oldest()).contains(first.plusSeconds(10));
        assertThat(later.mail().messages().stream().map(MailSnapshot.Message::id))
                .containsExactly(id(3), id(2), id(1));
        assertThat(later.mail().messages().get(2).inQueue()).isFalse();
    }

    @Test
    void whoWritesToAThousandDifferentPeopleSlowlyIsAnOffender() {
        for (int i = 0; i < 1_100; i++) {
            bench.observe(
                    new MailObservation.MailLogged(List.of(logged(i, BYSTANDER, LoggedMessage.State.DONE, 1, 0, 0))));
            bench.now = bench.now.plusMillis(2_500);
        }
        Submitter slow = submitter(bench.tick(), "bob@example.org");
        assertThat(slow.recipientsPerMinute()).isLessThan(30);
        assertThat(slow.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(slow.reason()).contains("different recipients within an hour, limit 1000");
    }

    @Test
    void aQueueThatGrowsFiveTimesInTenMinutesIsAnAlarmUntilItShrinks() {
        fill(0, 30);
        assertThat(bench.tick().degraded()).isEmpty();
        bench.idle(Duration.ofMinutes(5));
        fill(30, 150);
        assertThat(bench.idle(Duration.ofSeconds(2)).degraded())
                .containsExactly("the queue has grown from 30 to 150 messages within ten minutes");
        assertThat(bench.guard.snapshot().notices())
                .extracting(Snapshot.Notice::text)
                .containsExactly("the queue has grown from 30 to 150 messages within ten minutes");
        assertThat(bench.idle(Duration.ofMinutes(11)).degraded()).isEmpty();
    }

    @Test
    void aMessageThatWaitsForAnHourIsAnAlarmAndOneThatIsHeldIsNone() {
        look(
                List.of(
                        queued(1, WWW_DATA, QueuedMessage.Status.DEFERRED),
                        queued(2, WWW_DATA, QueuedMessage.Status.HOLD)),
                List.of());
        assertThat(bench.idle(Duration.ofMinutes(59)).degraded()).isEmpty();
        assertThat(bench.idle(Duration.ofMinutes(2)).degraded())
                .containsExactly("a message has waited for 1 h in the queue, alarm from 1 h");
        look(List.of(), List.of(id(1)));
        assertThat(bench.idle(Duration.ofSeconds(2)).degraded()).isEmpty();
    }

    @Test
    void aQueueThatIsLargeWhenItIsFirstReadHasNotGrown() {
        bench.observe(new MailObservation.QueueSeen(bench.now, "postfix", List.of(), List.of(), 3_000, 0));
        assertThat(bench.tick().degraded()).isEmpty();
        fill(0, 3_000);
        assertThat(bench.idle(Duration.ofSeconds(2)).degraded())
                .containsExactly("3000 messages in the queue, alarm from 2000");
    }

    private void fill(int from, int to) {
        List<QueuedMessage> some = new ArrayList<>();
        for (int i = from; i < to; i++) {
            some.add(queued(i, WWW_DATA, QueuedMessage.Status.DEFERRED));
        }
        look(some, List.of());
    }

    private static ResponseRule rule(ResponseRule.Reaction reaction) {
        return new ResponseRule(
                "spam",
                Set.of(OffenceKind.SUBMISSION_BURST),
                Verdict.OFFENDING,
                0,
                Set.of(),
                List.of(),
                reaction,
                ResponseRule.Scope.NARROWEST,
                1,
                Duration.ofMinutes(10),
                20);
    }

    private void logLines(int from, int to) {
        for (int i = from; i < to; i++) {
            bench.observe(
                    new MailObservation.MailLogged(List.of(logged(i, WWW_DATA, LoggedMessage.State.OPEN, 0, 0, 1))));
        }
    }

    @Test
    void aRuleBansNobodyOnTheWordOfTheLogAloneAndDoesOnceTheQueueSaysTheSame() {
        bench.guard.respondBy(List.of(rule(ResponseRule.Reaction.BAN)), false);
        logLines(0, 100);
        Snapshot byLog = bench.idle(Duration.ofSeconds(2));
        assertThat(bench.carriedOut).isEmpty();
        assertThat(byLog.notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text()).contains("rests on log alone"));

        fill(0, 40);
        bench.tick();
        assertThat(bench.carriedOut)
                .singleElement()
                .satisfies(action -> assertThat(action.step())
                        .isEqualTo(new RestrictionStep.Impose(new MailRestriction.Banned("www-data"))));
    }

    @Test
    void realMessagesDoNotMakeForgedLinesTrue() {
        for (ResponseRule.Reaction reaction : List.of(ResponseRule.Reaction.BAN, ResponseRule.Reaction.HOLD)) {
            bench.guard.respondBy(List.of(rule(reaction)), false);
            // More than a tenth is real: what is shown of the submitter rests on queue files.
            fill(0, 15);
            logLines(0, 100);
            Snapshot both = bench.idle(Duration.ofSeconds(2));
            Submitter shown = submitter(both, "www-data");
            assertThat(shown.verdict()).as("people are told").isEqualTo(Verdict.OFFENDING);
            assertThat(shown.evidence()).isEqualTo(Provenance.Evidence.QUEUE_FILE);
            assertThat(shown.proven().verdict()).isEqualTo(Verdict.CLEAN);
            assertThat(bench.carriedOut).isEmpty();
            assertThat(both.notices())
                    .last()
                    .satisfies(notice -> assertThat(notice.text())
                            .contains("the log says so, which can be forged", "15 recipients/h in queue files"));
        }
    }

    @Test
    void forgedRecipientsBouncesAndFailuresOfARealMessageProveNothing() {
        bench.guard.respondBy(List.of(rule(ResponseRule.Reaction.HOLD)), false);
        fill(0, 3);
        for (int i = 0; i < 3; i++) {
            bench.observe(new MailObservation.MailLogged(
                    List.of(logged(i, WWW_DATA, LoggedMessage.State.OPEN, 50, 400, 50))));
        }
        Snapshot told = bench.idle(Duration.ofSeconds(2));
        assertThat(submitter(told, "www-data").verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(submitter(told, "www-data").proven().verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(bench.carriedOut).isEmpty();
    }

    @Test
    void aLineOfTheLogReplacesNoMessageThatIsInTheQueue() {
        fill(1, 2);
        bench.tick();
        Instant arrival = bench.now;
        bench.now = bench.now.plusSeconds(30);
        bench.observe(new MailObservation.MailLogged(List.of(logged(1, BYSTANDER, LoggedMessage.State.DONE, 1, 0, 0))));
        Snapshot forged = bench.tick();
        assertThat(forged.mail().submitters()).extracting(s -> s.origin().who()).containsExactly("www-data");
        assertThat(forged.mail().messages()).singleElement().satisfies(message -> {
            assertThat(message.queue()).contains(QueuedMessage.Status.DEFERRED);
            assertThat(message.arrival()).isBefore(arrival.plusSeconds(1));
            assertThat(message.root().evidence()).isEqualTo(Provenance.Evidence.QUEUE_FILE);
        });
        assertThat(bench.idle(Duration.ofSeconds(70)).degraded())
                .anySatisfy(word -> assertThat(word).contains("told once of a message otherwise than its file"));
    }

    @Test
    void theNextMessageWithAnIdIsCountedOnceTheQueueDoesNotShowTheFirst() {
        fill(1, 2);
        bench.tick();
        bench.now = bench.now.plusSeconds(30);
        bench.observe(new MailObservation.MailLogged(List.of(logged(1, BYSTANDER, LoggedMessage.State.DONE, 1, 0, 0))));
        bench.tick();
        look(List.of(), List.of(id(1)));
        Snapshot after = bench.tick();
        assertThat(submitter(after, "bob@example.org").counts().sent()).isEqualTo(1);
        assertThat(bench.idle(Duration.ofSeconds(70)).degraded())
                .noneSatisfy(word -> assertThat(word).contains("otherwise than its file"));
    }

    @Test
    void whoSentAMessageStaysKnownWhenItHasLeftTheQueue() {
        fill(1, 2);
        bench.tick();
        look(List.of(), List.of(id(1)));
        bench.observe(new MailObservation.MailLogged(List.of(logged(1, BYSTANDER, LoggedMessage.State.DONE, 1, 0, 0))));
        assertThat(bench.tick().mail().submitters())
                .filteredOn(s -> s.counts().messages() > 0 && s.origin().who().equals("www-data"))
                .hasSize(1);
    }
}
