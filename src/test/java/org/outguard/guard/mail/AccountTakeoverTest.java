package org.outguard.guard.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.SeenLogin;

/** Early signs that a login is somebody else's by now, each with a twin that means well. */
class AccountTakeoverTest {

    private static final String ERIK = "erik@larch.example";

    private final GuardBench bench = new GuardBench();
    private int number;

    @Test
    void theFirstMailFromWhereItsPasswordWasGuessed() {
        mail("192.0.2.150", List.of());
        refused(ERIK, "203.0.113.211");
        refused("", "203.0.113.211");
        mail("203.0.113.212", List.of());

        Submitter erik = submitter();
        assertThat(erik.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(erik.kind()).isEqualTo(OffenceKind.ACCOUNT_TAKEOVER);
        assertThat(erik.reason())
                .isEqualTo(
                        "first login from 203.0.113.0/24, to which logins were refused 2 times within the hour before");
    }

    @Test
    void whoMistypesAtHomeIsNotSuspect() {
        mail("192.0.2.150", List.of());
        refused(ERIK, "192.0.2.150");
        refused(ERIK, "192.0.2.150");
        mail("192.0.2.150", List.of());
        assertThat(submitter().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void whoMistypesOnceAwayFromHomeIsNotSuspect() {
        mail("192.0.2.150", List.of());
        refused(ERIK, "203.0.113.211");
        mail("203.0.113.211", List.of());
        assertThat(submitter().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void guessesAtOthersSayNothingOfALogin() {
        mail("192.0.2.150", List.of());
        refused("anna@larch.example", "203.0.113.211");
        refused("ben@larch.example", "203.0.113.211");
        mail("203.0.113.212", List.of());
        assertThat(submitter().verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void receiversThatSaySpamAreHeard() {
        mail(
                "192.0.2.150",
                List.of("421-4.7.0 [198.51.100.7] Our system has detected an unusual rate of unsolicited mail"));
        mail("192.0.2.150", List.of("550 5.7.1 Service unavailable; client blocked using bl.list.example"));
        assertThat(submitter().verdict()).isEqualTo(Verdict.CLEAN);
        mail("192.0.2.150", List.of("550 5.7.1 Unfortunately, messages from [198.51.100.7] weren't sent. (S3140)"));
        assertThat(submitter().verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(submitter().kind()).isEqualTo(OffenceKind.ACCOUNT_TAKEOVER);
        assertThat(submitter().reason())
                .isEqualTo("3 replies within an hour by which receivers call it spam, suspect from 3");
    }

    @Test
    void complaintsThatArriveHereAreCharged() {
        for (int i = 0; i < 5; i++) {
            mail("192.0.2.150", List.of());
        }
        complained("m0", "m0", "m1", "of another server", "");
        assertThat(submitter().verdict())
                .as("one message is one complaint, however often it comes")
                .isEqualTo(Verdict.CLEAN);
        bench.observe(new MailObservation.Complained(
                bench.now, List.of(new MailObservation.Complained.About("", String.format("A%010X", 2)))));
        Submitter erik = submitter();
        assertThat(erik.kind()).isEqualTo(OffenceKind.ACCOUNT_TAKEOVER);
        assertThat(erik.verdict()).isEqualTo(Verdict.SUSPECT);
        assertThat(erik.reason()).isEqualTo("3 complaints of receivers within an hour, suspect from 3");
    }

    private void complained(String... messageIds) {
        bench.observe(new MailObservation.Complained(
                bench.now,
                java.util.Arrays.stream(messageIds)
                        .map(id -> new MailObservation.Complained.About(id.isEmpty() ? "" : "<" + id + ">", ""))
                        .toList()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "421-4.7.28 [198.51.100.7] rate of mail | true",
                "550-5.7.26 This mail is unauthenticated | true",
                "550 5.7.1 S3150 | true",
                "554 5.7.1 Client host blocked using zen.example | true",
                "550 5.7.1 This message is very likely junk | true",
                "421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints | true",
                "550 5.7.1 only members may post to this list | false",
                "451 4.7.1 Greylisted, come back later | false",
                "550 5.1.1 no such user | false",
                "452 4.2.2 mailbox full | false"
            })
    void aReplySaysSpamByItsCodeAndWords(String reply, boolean spam) {
        assertThat(SpamReplies.saysSpam(reply)).isEqualTo(spam);
    }

    private Submitter submitter() {
        return bench.tick().mail().submitters().stream()
                .filter(s -> s.origin().who().equals(ERIK))
                .findFirst()
                .orElseThrow();
    }

    private void refused(String login, String address) {
        bench.observe(new MailObservation.LoginsSeen(List.of(new SeenLogin(bench.now, login, address, 1))));
    }

    private void mail(String address, List<String> refusals) {
        Provenance erik =
                Provenance.of(new MailOrigin.Login(ERIK, address, OptionalInt.empty()), Provenance.Evidence.LOG);
        List<LoggedMessage.Fate> fates = new ArrayList<>();
        refusals.forEach(reply ->
                fates.add(new LoggedMessage.Fate("a" + number + "@b.example", LoggedMessage.Status.BOUNCED, reply)));
        bench.observe(new MailObservation.MailLogged(List.of(new LoggedMessage(
                new QueueId("", "postfix", String.format("A%010X", number++)),
                new LoggedMessage.Lifetime(0, bench.now, bench.now),
                new LoggedMessage.Envelope(ERIK, "m" + (number - 1), 400, 1),
                new LoggedMessage.Delivery(LoggedMessage.State.DONE, fates, 1 - refusals.size(), refusals.size(), 0),
                new LoggedMessage.Submission(erik, erik, 0)))));
    }
}
