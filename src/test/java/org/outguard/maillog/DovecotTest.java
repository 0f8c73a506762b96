package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.SeenLogin;

/** Lines of Dovecot 2.3.19 and 2.4 that explain a message, between those of Postfix. */
class DovecotTest {

    private static final String HEAD = "Nov 24 17:00:00 web1 ";
    private static final String LOGIN =
            HEAD + "dovecot: submission-login: Login: user=<bob@example.org>, method=PLAIN, "
                    + "rip=198.51.100.7, lip=192.0.2.1, mpid=452, secured, session=<DyNHbBZh1Op/AAAB>";
    private static final String CLIENT = HEAD + "postfix/smtpd[5]: 0B74E1B9D93: client=localhost[127.0.0.1]";
    private static final String ACTIVE =
            HEAD + "postfix/qmgr[3]: 0B74E1B9D93: from=<bob@example.org>, size=427, nrcpt=1 (queue active)";
    private static final String RELAYED = HEAD + "dovecot: submission(bob@example.org)<452><DyNHbBZh1Op/AAAB>: "
            + "Successfully relayed message: from=<bob@example.org>, size=40, id=x, nrcpt=1, "
            + "reply=`250 2.0.0 Ok: 203 bytes queued as 0B74E1B9D93'";
    private static final String SAVED = HEAD + "dovecot: lmtp(al@example.org)<270><IPXnAsqpBmsOAQAAwX/9vA>: "
            + "msgid=<sub1@x>: saved mail to INBOX";
    private static final String SERVED = HEAD + "postfix/lmtp[9]: 0B74E1B9D93: to=<al@example.org>, "
            + "relay=web1[private/dovecot-lmtp], delay=0.01, delays=0/0/0/0.01, dsn=2.0.0, "
            + "status=sent (250 2.0.0 <al@example.org> IPXnAsqpBmsOAQAAwX/9vA Saved)";

    private MailLog log = new MailLog(Corpus.USERS, ZoneOffset.UTC, Corpus.ROOM);

    private LoggedMessage read(String... lines) {
        Map<String, LoggedMessage> read =
                Corpus.read(log, Arrays.stream(lines).map(Corpus::utf8).toList());
        return read.get(Corpus.key("web1", "postfix", "0B74E1B9D93", 0));
    }

    @Test
    void whoIsBehindWhatTheSubmissionServiceRelaysIsItsRoot() {
        LoggedMessage message = read(LOGIN, CLIENT, ACTIVE, RELAYED);

        assertThat(message.provenance().origin()).isEqualTo(new MailOrigin.Client("127.0.0.1", OptionalInt.empty()));
        assertThat(message.root().origin())
                .isEqualTo(new MailOrigin.Login("bob@example.org", "198.51.100.7", OptionalInt.empty()));
        assertThat(message.root().isDisputed()).isFalse();
        assertThat(message.root().evidence().trusted()).isFalse();
    }

    @Test
    void theWordsOfDovecotTwoFourSayTheSame() {
        String login = LOGIN.replace(": Login: ", ": Logged in: ");
        String relayed = RELAYED.replace("Successfully", "relay: Successfully").replace("id=x,", "id=x:T2,");

        assertThat(read(login, CLIENT, ACTIVE, relayed).root().origin())
                .isEqualTo(new MailOrigin.Login("bob@example.org", "198.51.100.7", OptionalInt.empty()));
    }

    @Test
    void aLogFileOfDovecotsOwnMayBeReadFirst() {
        assertThat(read(LOGIN, RELAYED, CLIENT, ACTIVE).root().origin())
                .isEqualTo(new MailOrigin.Login("bob@example.org", "198.51.100.7", OptionalInt.empty()));
    }

    @Test
    void twoThatAreSaidToBeBehindItDisputeEachOther() {
        LoggedMessage message = read(LOGIN, CLIENT, ACTIVE, RELAYED, RELAYED.replace("(bob@", "(eve@"));

        assertThat(message.root().isDisputed()).isTrue();
    }

    @Test
    void aRelayLineForAnotherSenderOrAnotherHostsClientSaysNothing() {
        assertThat(read(LOGIN, CLIENT, ACTIVE, RELAYED.replace("from=<bob@", "from=<eve@"))
                        .root()
                        .origin())
                .isInstanceOf(MailOrigin.Client.class);
        LoggedMessage foreign = read(
                LOGIN,
                CLIENT.replace("localhost[127.0.0.1]", "x[192.0.2.9]"),
                ACTIVE,
                RELAYED.replace("<452>", "<453>"));

        assertThat(foreign.root().isDisputed() || foreign.root().origin() instanceof MailOrigin.Client)
                .isTrue();
    }

    @Test
    void whatTheLmtpServiceDidIsToldWhicheverLineComesFirst() {
        for (List<String> order : List.of(List.of(SAVED, SERVED), List.of(SERVED, SAVED))) {
            log = new MailLog(Corpus.USERS, ZoneOffset.UTC, Corpus.ROOM);
            List<String> lines = new ArrayList<>(List.of(CLIENT, ACTIVE));
            lines.addAll(order);
            LoggedMessage message = read(lines.toArray(String[]::new));

            assertThat(message.recipients())
                    .singleElement()
                    .satisfies(fate -> assertThat(fate.reason()).endsWith("Saved), Dovecot: saved mail to INBOX"));
        }
    }

    @Test
    void loginsOfBothVersionsAndRefusedOnesAreSeen() {
        read(
                LOGIN,
                HEAD + "dovecot[77]: imap-login: Logged in: user=<al@example.org>, method=PLAIN, rip=2001:db8::7, "
                        + "lip=2001:db8::1, mpid=3, TLS, session=<abc>",
                HEAD
                        + "dovecot: submission-login: Disconnected: Connection closed (auth failed, 2 attempts in 9 secs): "
                        + "user=<bob@example.org>, method=LOGIN, rip=203.0.113.5, lip=192.0.2.1, session=<YIy9>",
                HEAD + "dovecot[77]: pop3-login: Login aborted: Connection closed (auth failed, 1 attempts in 3 secs) "
                        + "(auth_failed): user=<bob@example.org>, method=PLAIN, rip=203.0.113.6, lip=192.0.2.1, TLS, "
                        + "session=<x>",
                HEAD + "dovecot: imap-login: Login: user=<bob@example.org>, method=PLAIN, rip=203.0.1");

        List<SeenLogin> logins = log.logins(10);
        assertThat(logins.stream().map(l -> l.login() + " " + l.address() + " " + l.failures()))
                .containsExactly(
                        "bob@example.org 198.51.100.7 0",
                        "al@example.org 2001:db8::7 0",
                        "bob@example.org 203.0.113.5 2",
                        "bob@example.org 203.0.113.6 1");
        assertThat(log.counts().damaged()).isEqualTo(1);
    }

    /** In a file of Dovecot's own no line names host or program, and the stamp is what log_timestamp says. */
    @ParameterizedTest
    @ValueSource(strings = {"Nov 24 17:00:00 ", "2026-11-24 17:00:00 ", "2026-11-24T17:00:00+0000 "})
    void linesOfAFileOfItsOwnAreRead(String stamp) {
        LoggedMessage message = read(
                own(stamp, LOGIN),
                CLIENT,
                ACTIVE,
                own(stamp, RELAYED),
                stamp + "lmtp(184): Info: Connect from local",
                stamp + "lmtp(al@example.org)<184><IPXnAsqpBmsOAQAAwX/9vA>: Warning: sieve: file storage: no directory",
                stamp
                        + "lmtp(al@example.org)<184><IPXnAsqpBmsOAQAAwX/9vA>: Info: sieve: msgid=<sub1@x>: fileinto action: "
                        + "stored mail into mailbox 'Junk'",
                SERVED,
                stamp + "master: Info: Dovecot v2.3.19.1 (9b53102964) starting up for lmtp, submission");

        assertThat(message.root().origin())
                .isEqualTo(new MailOrigin.Login("bob@example.org", "198.51.100.7", OptionalInt.empty()));
        assertThat(message.root().isDisputed()).isFalse();
        assertThat(message.recipients())
                .singleElement()
                .satisfies(
                        fate -> assertThat(fate.reason()).endsWith("fileinto action: stored mail into mailbox 'Junk'"));
        assertThat(log.counts().damaged()).isZero();
        assertThat(log.logins(10))
                .singleElement()
                .satisfies(login -> assertThat(login.at()).isEqualTo(Instant.parse("2026-11-24T17:00:00Z")));
    }

    private static String own(String stamp, String line) {
        String said = line.substring(line.indexOf("dovecot: ") + "dovecot: ".length());
        int prefix = said.indexOf(said.startsWith("submission(") ? ">: " : "-login: ");
        int end = said.indexOf(": ", prefix) + 2;
        return stamp + said.substring(0, end) + "Info: " + said.substring(end);
    }

    /** As the lines of a real run had it: Sieve hands in by sendmail before its service answers. */
    @Test
    void whatASieveScriptForwardsComesOutOfWhatItWasGiven() {
        Map<String, LoggedMessage> read = Corpus.read(
                log,
                Stream.of(
                                HEAD + "postfix/smtpd[5]: 0B74E1B9D93: client=mx.example.net[192.0.2.9]",
                                HEAD + "postfix/cleanup[6]: 0B74E1B9D93: message-id=<m2@gen.example>",
                                HEAD
                                        + "postfix/qmgr[3]: 0B74E1B9D93: from=<s@gen.example>, size=321, nrcpt=1 (queue active)",
                                HEAD + "postfix/pickup[7]: DE3E41EB22: uid=2917 from=<s@gen.example>",
                                HEAD + "postfix/cleanup[6]: DE3E41EB22: message-id=<m2@gen.example>",
                                HEAD
                                        + "postfix/qmgr[3]: DE3E41EB22: from=<s@gen.example>, size=748, nrcpt=1 (queue active)",
                                HEAD + "dovecot: lmtp(al@example.org)<270><IPXnAsqpBmsOAQAAwX/9vA>: sieve: "
                                        + "msgid=<m2@gen.example>: redirect action: forwarded to <far@elsewhere.example>",
                                SERVED)
                        .map(Corpus::utf8)
                        .toList());

        LoggedMessage back = read.get(Corpus.key("web1", "postfix", "DE3E41EB22", 0));
        assertThat(back.provenance().origin().kind()).isEqualTo("reinject");
        assertThat(back.provenance().origin().who()).isEqualTo("0B74E1B9D93");
        assertThat(back.root().origin()).isEqualTo(new MailOrigin.Client("192.0.2.9", OptionalInt.empty()));
        assertThat(back.root().isDisputed()).isFalse();
    }

    /** With auth_verbose; where a login service was asked, its own line tells of all its attempts. */
    @Test
    void whatAnotherProgramAskedItsAuthenticationAndWasRefusedIsALoginThatFailed() {
        read(
                "Nov 24 17:00:04 auth: Info: passwd-file(bob@example.org,127.0.0.1,<Kep4lm9hlLd/AAAB>): Password mismatch",
                "Nov 24 17:00:05 auth-worker(189): Info: conn unix:auth-worker (pid=182,uid=2915): auth-worker<1>: "
                        + "pam(bob@example.org,127.0.0.1,<Kep4lm9hlLd/AAAB>): pam_authenticate() failed: "
                        + "Authentication failure (Password mismatch?)",
                "Nov 24 17:00:26 auth: Info: passwd-file(bob@example.org,127.0.0.1): Password mismatch",
                "Nov 24 17:00:28 auth-worker(189): Info: conn unix:auth-worker (pid=182,uid=2915): auth-worker<3>: "
                        + "pam(bob@example.org,127.0.0.1): pam_authenticate() failed: Authentication failure "
                        + "(Password mismatch?)",
                "Nov 24 17:00:32 auth: Info: passwd-file(bob@example.org,127.0.0.1): Password mismatch",
                HEAD + "dovecot: auth: passwd-file(eve@example.org,192.0.2.110): unknown user");

        assertThat(log.logins(10).stream().map(l -> l.login() + " " + l.address() + " " + l.failures()))
                .containsExactly(
                        "bob@example.org 127.0.0.1 1", "bob@example.org 127.0.0.1 1", "eve@example.org 192.0.2.110 1");
    }
}
