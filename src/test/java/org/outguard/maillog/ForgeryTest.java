package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;

/** Lines that www-data wrote with logger(1), in between those of Postfix; and the incident that Outguard was made for. */
class ForgeryTest {

    private static final String HEAD = "Nov 24 16:58:36 web1 postfix/";

    private static Map<String, LoggedMessage> read(String... lines) {
        return Corpus.read(Stream.of(lines).map(Corpus::utf8).toList());
    }

    private static LoggedMessage message(Map<String, LoggedMessage> read, String id, int life) {
        return read.get(Corpus.key("web1", "postfix", id, life));
    }

    @Test
    void theIncident() {
        LoggedMessage message = message(
                read(
                        HEAD + "pickup[14702]: 878D313894B: uid=33 from=<www-data>",
                        HEAD + "cleanup[14710]: 878D313894B: message-id=<a@web1>",
                        HEAD + "qmgr[1200]: 878D313894B: from=<www-data@web1>, size=433, nrcpt=1 (queue active)",
                        HEAD + "smtp[14712]: 878D313894B: to=<x@example.net>, relay=mx.example.net[192.0.2.1]:25, "
                                + "delay=0.4, delays=0.1/0/0.1/0.2, dsn=5.1.1, status=bounced (host said: 550 no)",
                        HEAD + "cleanup[14710]: 9A1D313894C: message-id=<b@web1>",
                        HEAD + "bounce[14713]: 878D313894B: sender non-delivery notification: 9A1D313894C",
                        HEAD + "qmgr[1200]: 9A1D313894C: from=<>, size=2433, nrcpt=1 (queue active)",
                        HEAD + "qmgr[1200]: 878D313894B: removed"),
                "9A1D313894C",
                0);

        assertThat(message.provenance().origin().kind()).isEqualTo("bounce");
        assertThat(message.provenance().origin().who()).isEqualTo("878D313894B");
        assertThat(message.root().origin()).isEqualTo(new MailOrigin.LocalUser(33, "www-data", ""));
        assertThat(message.root().evidence().trusted()).isFalse();
    }

    @Test
    void aSecondFirstLineDisputesTheOrigin() {
        LoggedMessage message = message(
                read(
                        HEAD + "pickup[1]: 878D313894B: uid=33 from=<www-data>",
                        HEAD + "cleanup[2]: 878D313894B: message-id=<a@web1>",
                        HEAD + "pickup[1]: 878D313894B: uid=1001 from=<www-data>",
                        HEAD + "qmgr[3]: 878D313894B: from=<www-data@web1>, size=433, nrcpt=1 (queue active)"),
                "878D313894B",
                0);

        assertThat(message.provenance().isDisputed()).isTrue();
    }

    @Test
    void aForgedEndAndBeginningBlameNobody() {
        Map<String, LoggedMessage> read = read(
                HEAD + "pickup[1]: 878D313894B: uid=33 from=<www-data>",
                HEAD + "qmgr[3]: 878D313894B: removed",
                HEAD + "pickup[1]: 878D313894B: uid=1001 from=<www-data>",
                HEAD + "cleanup[2]: 878D313894B: message-id=<a@web1>",
                HEAD + "qmgr[3]: 878D313894B: from=<www-data@web1>, size=433, nrcpt=1 (queue active)");

        assertThat(message(read, "878D313894B", 1).provenance().isDisputed()).isTrue();
    }

    @Test
    void aLoneLineIsNotBelieved() {
        LoggedMessage message = message(read(HEAD + "pickup[1]: 878D313894B: uid=1001 from=<site1>"), "878D313894B", 0);

        assertThat(message.provenance().isDisputed()).isTrue();
    }

    @Test
    void whatARemoteHostSaysIsNoField() {
        LoggedMessage message = message(
                read(
                        HEAD + "pickup[1]: 878D313894B: uid=33 from=<www-data>",
                        HEAD + "cleanup[2]: 878D313894B: message-id=<a@web1>",
                        HEAD + "qmgr[3]: 878D313894B: from=<www-data@web1>, size=433, nrcpt=2 (queue active)",
                        HEAD + "smtp[4]: 878D313894B: to=<\"x>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, "
                                + "status=sent (ok)\"@evil.example>, relay=mx.evil.example[192.0.2.1]:25, delay=1, "
                                + "delays=1/0/0/0, dsn=5.0.0, status=bounced (host said: 550 status=sent (forwarded as "
                                + "9A1D313894C))",
                        HEAD + "smtp[4]: 878D313894B: to=<y@evil.example>, relay=mx.evil.example[192.0.2.1]:25, "
                                + "delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 forwarded as 9A1D313894C)",
                        HEAD + "smtpd[5]: 9A1D313894C: client=bob.example[192.0.2.9], sasl_method=PLAIN, "
                                + "sasl_username=bob@example.org",
                        HEAD + "cleanup[2]: 9A1D313894C: message-id=<b@web1>"),
                "9A1D313894C",
                0);

        assertThat(message.provenance().origin()).isInstanceOf(MailOrigin.Login.class);
        assertThat(message.provenance().isDisputed()).isFalse();
    }

    @Test
    void whoNamesABounceWithASenderIsDisputed() {
        Map<String, LoggedMessage> read = read(
                HEAD + "pickup[1]: 878D313894B: uid=1001 from=<site1>",
                HEAD + "cleanup[2]: 878D313894B: message-id=<a@web1>",
                HEAD + "qmgr[3]: 878D313894B: from=<site1@web1>, size=433, nrcpt=1 (queue active)",
                // The first line of this one is lost, and www-data charges it to the message above.
                HEAD + "cleanup[2]: 9A1D313894C: message-id=<b@web1>",
                HEAD + "bounce[9]: 878D313894B: sender non-delivery notification: 9A1D313894C",
                HEAD + "qmgr[3]: 9A1D313894C: from=<spam@web1>, size=433, nrcpt=1 (queue active)");

        assertThat(message(read, "9A1D313894C", 0).provenance().isDisputed()).isTrue();
    }

    @Test
    void whatAFilterHandsBackIsChargedToItsSender() {
        List<String> common = List.of(
                HEAD + "pickup[1]: 878D313894B: uid=33 from=<www-data>",
                HEAD + "cleanup[2]: 878D313894B: message-id=<a@web1>",
                HEAD + "qmgr[3]: 878D313894B: from=<www-data@web1>, size=433, nrcpt=1 (queue active)");
        Map<String, LoggedMessage> bySmtp = read(Stream.concat(
                        common.stream(),
                        Stream.of(
                                HEAD + "smtpd[5]: 9A1D313894C: client=localhost[127.0.0.1]",
                                HEAD + "cleanup[2]: 9A1D313894C: message-id=<a@web1>",
                                HEAD + "smtp[4]: 878D313894B: to=<x@example.net>, relay=127.0.0.1[127.0.0.1]:10024, "
                                        + "delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 from "
                                        + "MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 9A1D313894C)"))
                .toArray(String[]::new));
        Map<String, LoggedMessage> byPipe = read(Stream.concat(
                        common.stream(),
                        Stream.of(
                                HEAD + "pickup[1]: 9A1D313894C: uid=115 from=<www-data@web1>",
                                HEAD + "pipe[4]: 878D313894B: to=<x@example.net>, relay=filter, delay=1, "
                                        + "delays=1/0/0/0, dsn=2.0.0, status=sent (delivered via filter service)",
                                HEAD + "cleanup[2]: 9A1D313894C: message-id=<a@web1>",
                                HEAD + "qmgr[3]: 9A1D313894C: from=<www-data@web1>, size=533, nrcpt=1 (queue active)"))
                .toArray(String[]::new));

        for (Map<String, LoggedMessage> read : List.of(bySmtp, byPipe)) {
            LoggedMessage message = message(read, "9A1D313894C", 0);
            assertThat(message.provenance().origin().kind()).isEqualTo("reinject");
            assertThat(message.root().origin()).isEqualTo(new MailOrigin.LocalUser(33, "www-data", ""));
            assertThat(message.root().isDisputed()).isFalse();
        }
    }
}
