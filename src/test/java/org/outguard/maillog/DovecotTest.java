package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
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
}
