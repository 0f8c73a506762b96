package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;

/**
 * Mail that comes by Dovecot's submission service reaches Postfix from 127.0.0.1, and its queue file says no more; the
 * login stands in Dovecot's lines, which are in a file of its own here. What a Sieve script forwards comes back by
 * sendmail(1), as the user who owns the mailboxes. Both are real, and Dovecot keeps the logins of Postfix too.
 */
@WithMailSystem
class DovecotIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whoIsBehindWhatDovecotRelaysAndForwardsIsNamed() {
        try (MailLab lab = MailLab.start("dovecot")) {
            ProgramUnderTest.Running watch = lab.watch("lo", "wire");
            // Dovecot may answer 451 where two deliveries at once make a new mailbox.
            lab.submit(MailLab.SITE, "smtp", 1, "first@mail.example.org", "alice@example.org")
                    .await(PATIENCE);
            Patience.until(
                    "alice has a mailbox",
                    PATIENCE,
                    () -> MailLab.read(lab.path("/var/log/dovecot.log")).contains("stored mail into mailbox 'INBOX'"));
            // Mail that is put off stays in the queue, where its file says something else than the log.
            List<MailLab.Submission> all = List.of(
                    lab.submit(MailLab.SITE, "relay", 5, "info@shop.example", "a@slow.example", "alice@example.org"),
                    lab.submit(MailLab.SITE, "login", 5, "bob@example.org", "b@slow.example", "bob@example.org"),
                    lab.submit(MailLab.SITE, "smtp", 5, "shop@mail.example.org", "alice@example.org"),
                    lab.submit(MailLab.SITE, "sendmail", 5, "site@mail.example.org", "alice@example.org"));
            all.forEach(one -> one.await(PATIENCE));
            Patience.quiet(Duration.ofSeconds(3));
            watch.terminate();
            ProgramUnderTest.Ended ended = watch.await(PATIENCE).withoutStackTrace();
            assertThat(all)
                    .allSatisfy(one -> assertThat(one.taken()).as(one.output()).isNotEmpty());
            Map<String, Map<String, Object>> messages = ended.json().stream()
                    .filter(line -> Json.isType(line, "message"))
                    .collect(Collectors.toMap(line -> Json.text(line, "queueId"), line -> line, (one, last) -> last));

            isOf(
                    messages,
                    "info@shop.example",
                    "alice@example.org",
                    all.get(0).taken().size());
            isOf(
                    messages,
                    "bob@example.org",
                    "bob@example.org",
                    all.get(1).taken().size());
            List<Map<String, Object>> local = from(messages, "shop@mail.example.org");
            assertThat(local).hasSize(all.get(2).taken().size()).allSatisfy(line -> {
                assertThat(Json.text(Json.object(line, "root"), "kind")).isNotEqualTo("sasl");
                assertThat(Json.number(line, "sent"))
                        .as(() -> linesOf(lab, Json.text(line, "queueId")))
                        .isEqualTo(1);
            });
            assertThat(MailLab.read(lab.path("/var/log/dovecot.log"))).contains("stored mail into mailbox 'INBOX'");
            wasForwarded(messages, all.get(3).taken().size());
        }
    }

    private static String linesOf(MailLab lab, String queueId) {
        return MailLab.read(lab.path("/var/log/mail.log"))
                .lines()
                .filter(line -> line.contains(queueId))
                .collect(Collectors.joining("\n"));
    }

    /** Each came once from the user's sendmail, and once more from Dovecot's. */
    private static void wasForwarded(Map<String, Map<String, Object>> messages, int count) {
        List<Map<String, Object>> both = from(messages, "site@mail.example.org");
        assertThat(both).hasSize(2 * count);
        List<Map<String, Object>> back = both.stream()
                .filter(line -> Json.text(Json.object(line, "origin"), "kind").equals("reinject"))
                .toList();
        // One that a look at the queue finds is its mailbox's user's by its file, and disputed.
        assertThat(back.size()).as(both.toString()).isBetween(count / 2, count);
        assertThat(back).allSatisfy(line -> {
            Map<String, Object> root = Json.object(line, "root");
            assertThat(Json.text(root, "kind")).as(line.toString()).isEqualTo("uid");
            assertThat(Json.text(root, "who")).isEqualTo("site");
        });
    }

    private static void isOf(Map<String, Map<String, Object>> messages, String sender, String login, int count) {
        assertThat(from(messages, sender)).hasSize(count).allSatisfy(line -> {
            Map<String, Object> root = Json.object(line, "root");
            assertThat(Json.text(root, "kind")).as(line.toString()).isEqualTo("sasl");
            assertThat(Json.text(root, "who")).isEqualTo(login);
            assertThat(Json.text(root, "client")).isEqualTo("127.0.0.1");
            assertThat(root.get("disputed")).as(line.toString()).isNull();
        });
    }

    private static List<Map<String, Object>> from(Map<String, Map<String, Object>> messages, String sender) {
        return messages.values().stream()
                .filter(line -> Json.text(line, "sender").equals(sender))
                .toList();
    }
}
