package org.outguard.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.Provenance.Evidence;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;

/** What comes into a queue and leaves it is a picture of who sends how much, and nothing else is counted twice. */
class QueueLedgerTest {

    private static final MailOrigin WWW = new MailOrigin.LocalUser(33, "www-data", "x7.php");
    private static final MailOrigin ALICE = new MailOrigin.Login("alice", "192.0.2.1", OptionalInt.of(4000));
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    private final QueueLedger ledger = new QueueLedger();

    @Test
    void withoutAQueueThereIsNoPicture() {
        assertThat(ledger.picture(NOW)).isEqualTo(MailPicture.NONE);
    }

    @Test
    void aBurstIsChargedToItsUserWithItsScript() {
        List<QueuedMessage> spam = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            spam.add(message(
                    "S" + i, WWW, Status.DEFERRED, "v" + i + "@slow.example", "451 <v" + i + "@slow.example> later"));
        }
        see(spam);
        see(List.of(message("A1", ALICE, Status.ACTIVE, "b@ok.example", "")));

        MailPicture picture = ledger.picture(NOW);
        assertThat(picture.totals().queued()).isEqualTo(501);
        assertThat(picture.messages()).hasSize(501);
        MailPicture.Submitter worst = picture.submitters().get(0);
        assertThat(worst.origin()).isEqualTo(new MailOrigin.LocalUser(33, "www-data", ""));
        assertThat(worst.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(worst.reason()).contains("500 recipients in the last minute");
        assertThat(worst.counts().queued()).isEqualTo(500);
        assertThat(worst.distinctRecipients()).isEqualTo(500);
        assertThat(worst.scripts()).containsExactly(new MailPicture.Counted("x7.php", 500));
        assertThat(worst.deferrals()).containsExactly(new MailPicture.Counted("451 <…> later", 500));
        assertThat(picture.submitters().get(1).verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(picture.submitters().get(1).networks()).isEqualTo(1);
    }

    @Test
    void aMessageThatMovesIsStillOne() {
        see(List.of(message("S1", WWW, Status.ACTIVE, "v@slow.example", "")));
        see(List.of(message("S1", WWW, Status.HOLD, "v@slow.example", "")));
        MailPicture picture = ledger.picture(NOW);
        assertThat(picture.totals().queued()).isEqualTo(1);
        assertThat(picture.totals().messages()).isEqualTo(1);
        assertThat(picture.totals().held()).isEqualTo(1);
        assertThat(picture.submitters().get(0).recipientsPerHour()).isEqualTo(1);
        assertThat(picture.messages().get(0).ref())
                .isEqualTo(new MailStep.MessageRef(new QueueId("", "postfix", "S1"), NOW, "s@example.org"));
    }

    @Test
    void whatHasLeftIsRememberedForAnHour() {
        see(List.of(message("S1", WWW, Status.ACTIVE, "v@slow.example", "")));
        ledger.take(
                new Observation.QueueSeen(NOW, "postfix", List.of(), List.of(new QueueId("", "postfix", "S1")), 0, 0));
        MailPicture picture = ledger.picture(NOW);
        assertThat(picture.watched()).isTrue();
        assertThat(picture.totals().queued()).isZero();
        assertThat(picture.totals().messages()).isEqualTo(1);
        assertThat(picture.messages()).isEmpty();
        assertThat(picture.submitters()).singleElement().satisfies(row -> {
            assertThat(row.counts().queued()).isZero();
            assertThat(row.recipientsPerHour()).isEqualTo(1);
        });
        assertThat(ledger.picture(NOW.plusSeconds(3_601)).submitters()).isEmpty();
    }

    @Test
    void aBounceIsChargedToWhoSentWhatBounced() {
        Provenance bounce =
                Provenance.of(new MailOrigin.Derived(MailOrigin.Link.BOUNCE, Optional.empty()), Evidence.QUEUE_FILE);
        see(List.of(new QueuedMessage(
                new QueueId("", "postfix", "B1"),
                Status.DEFERRED,
                NOW,
                100,
                "",
                List.of(),
                1,
                bounce,
                Provenance.of(WWW, Evidence.QUEUE_FILE),
                Attributes.NONE)));
        MailPicture.Submitter row = ledger.picture(NOW).submitters().get(0);
        assertThat(row.origin().who()).isEqualTo("www-data");
        assertThat(row.kind()).isEqualTo(OffenceKind.BACKSCATTER);
        assertThat(row.counts().backscatter()).isEqualTo(1);
    }

    @Test
    void nothingNewIsTheSamePicture() {
        see(List.of(message("S1", WWW, Status.ACTIVE, "v@slow.example", "")));
        MailPicture first = ledger.picture(NOW);
        see(List.of());
        assertThat(ledger.picture(NOW)).isSameAs(first);
    }

    private void see(List<QueuedMessage> messages) {
        ledger.take(new Observation.QueueSeen(NOW, "postfix", messages, List.of(), 0, 0));
    }

    private static QueuedMessage message(String id, MailOrigin origin, Status status, String to, String reason) {
        Provenance provenance = Provenance.of(origin, Evidence.QUEUE_FILE);
        return new QueuedMessage(
                new QueueId("", "postfix", id),
                status,
                NOW,
                100,
                "s@example.org",
                List.of(new Recipient(to, reason)),
                1,
                provenance,
                provenance,
                Attributes.NONE);
    }
}
