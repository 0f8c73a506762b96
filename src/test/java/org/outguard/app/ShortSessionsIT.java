package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.WithMailSystem;

/**
 * Four users hand mail in by SMTP on this machine at the same time, each message by a process that connects, hands it in
 * and is gone. With the kernel eye each is named, whether its queue file is seen (mail that is put off) or, as of what is
 * delivered at once, mostly lines of the log alone.
 */
@WithMailSystem
class ShortSessionsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int EACH = 60;

    /** Who hands in with which program, and what that says of itself. */
    private record Sender(int uid, String user, String program, String address) {

        String mailbox() {
            return user + "@mail.example.org";
        }
    }

    private static final List<Sender> SENDERS = List.of(
            new Sender(MailLab.WWW_DATA, "www-data", "hand.php", "127.0.0.1"),
            new Sender(MailLab.SITE, "site", "hand.py", "127.0.0.1"),
            new Sender(5, "games", "hand.py", "::1"),
            new Sender(65_534, "nobody", "hand.php", "::1"));

    @ParameterizedTest
    @ValueSource(strings = {"postfix slow.example", "exim slow.example", "postfix ok.example", "exim ok.example"})
    void everyMessageIsItsProcessesUsersAndNobodyElses(String how) {
        String system = how.split(" ")[0];
        try (MailLab lab = MailLab.start(system)) {
            ProgramUnderTest.Running watch = lab.watch("lo", "kernel");
            MailLab.Submission first =
                    lab.hand(MailLab.SITE, "hand.py", "127.0.0.1", 1, "first@mail.example.org", "a@slow.example");
            first.await(PATIENCE);
            Patience.until(watch::all, PATIENCE, () -> watch.stdout().contains("first@mail.example.org"));
            List<MailLab.Submission> all = SENDERS.stream()
                    .map(one ->
                            lab.hand(one.uid, one.program, one.address, EACH, one.mailbox(), "b@" + how.split(" ")[1]))
                    .toList();
            all.forEach(one -> one.await(PATIENCE));
            Patience.quiet(Duration.ofSeconds(4));
            watch.terminate();
            ProgramUnderTest.Ended ended = watch.await(PATIENCE).withoutStackTrace();
            judge(how, all.stream().mapToLong(MailLab.Submission::handed).sum(), ended.json());
        }
    }

    private static void judge(String how, long handed, List<Map<String, Object>> lines) {
        Map<String, Sender> senders = SENDERS.stream().collect(Collectors.toMap(Sender::mailbox, one -> one));
        List<Map<String, Object>> messages = lines.stream()
                .filter(line -> Json.isType(line, "message") && senders.containsKey(Json.text(line, "sender")))
                .collect(Collectors.toMap(line -> Json.text(line, "queueId"), line -> line, (one, last) -> last))
                .values()
                .stream()
                .toList();
        List<Map<String, Object>> named = messages.stream()
                .filter(line -> Json.text(Json.object(line, "root"), "kind").equals("uid"))
                .toList();
        long byLog = named.stream()
                .filter(line -> Json.text(Json.object(line, "root"), "evidence").equals("LOG"))
                .count();
        System.out.printf(
                "short sessions, %s: %d handed in, %d seen, %d named, of them %d by the log%n",
                how, handed, messages.size(), named.size(), byLog);
        assertThat(handed).isEqualTo((long) EACH * SENDERS.size());
        assertThat(named).allSatisfy(line -> {
            Sender sender = senders.get(Json.text(line, "sender"));
            assertThat(Json.text(Json.object(line, "root"), "who")).isEqualTo(sender.user);
            assertThat(Json.text(Json.object(line, "root"), "script"))
                    .satisfiesAnyOf(
                            script -> assertThat(script).endsWith("/" + sender.program),
                            script -> assertThat(script).isEmpty());
        });
        long byScript = named.stream()
                .filter(line -> !Json.text(Json.object(line, "root"), "script").isEmpty())
                .count();
        // Of what Postfix delivers at once, a share is left open by stamps of whole seconds.
        if (!how.equals("postfix ok.example")) {
            assertThat(byScript * 100).isGreaterThanOrEqualTo(98 * handed);
        }
    }
}
