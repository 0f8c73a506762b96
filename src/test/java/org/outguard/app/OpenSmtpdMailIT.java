package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;

/** A real OpenSMTPD: its queue is read, and messages are paused, resumed, saved and removed; all new mail waits. */
@WithMailSystem
class OpenSmtpdMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SPAM = "www-data@mail.example.org";
    private static final String BYSTANDER = "shop@mail.example.org";

    private MailLab lab;

    @BeforeEach
    void start() {
        lab = MailLab.start("opensmtpd");
    }

    @AfterEach
    void end() {
        lab.close();
    }

    @Test
    void messagesArePausedResumedSavedAndRemoved() {
        lab.submit(MailLab.WWW_DATA, "sendmail", 1, SPAM, "a@slow.example").await(PATIENCE);
        lab.submit(MailLab.SITE, "smtp", 1, BYSTANDER, "b@slow.example").await(PATIENCE);
        Patience.until(
                "both are deferred",
                PATIENCE,
                () -> !messages("--sender", SPAM).isEmpty()
                        && !messages("--sender", BYSTANDER).isEmpty());
        Map<String, Object> spam = messages("--sender", SPAM).get(0);
        assertThat(spam).containsEntry("instance", "opensmtpd");
        assertThat(Json.object(spam, "origin")).containsEntry("kind", "unknown");
        assertThat(Json.object(messages("--sender", BYSTANDER).get(0), "origin"))
                .containsEntry("kind", "client")
                .containsEntry("who", "127.0.0.1");

        lab.act("hold", "--sender", SPAM, "--yes");
        int count = messages("--sender", SPAM).size();
        assertThat(paused()).hasSize(count).allMatch(line -> line.contains(SPAM));
        lab.act("undo", "--all", "--yes");
        assertThat(paused()).isEmpty();

        assertThat(lab.outguard("delete", "--sender", SPAM, "--yes").status())
                .as("not on the word of a sender, which anybody may choose")
                .isEqualTo(4);
        List<String> words = new ArrayList<>(List.of("delete", "--yes", "--evidence", lab.work() + "/saved.mbox"));
        messages("--sender", SPAM).forEach(one -> words.add(Json.text(one, "queueId")));
        lab.act(words.toArray(String[]::new));
        assertThat(messages("--sender", SPAM)).isEmpty();
        assertThat(messages("--sender", BYSTANDER)).isNotEmpty();
        assertThat(MailLab.read(lab.work().resolve("saved.mbox")))
                .contains("X-Outguard-Queue-Id: opensmtpd/", "Subject: sendmail 1\n");
    }

    @Test
    void allNewMailWaitsAndGoesOn() {
        lab.act("hold-all", "--yes");
        lab.submit(MailLab.SITE, "smtp", 1, BYSTANDER, "friend@ok.example").await(PATIENCE);
        Patience.until("it is in the queue", PATIENCE, () -> !messages().isEmpty());
        assertThat(lab.deliveredFrom(BYSTANDER)).isZero();
        lab.act("accept-all", "--yes");
        Patience.until("it is delivered", PATIENCE, () -> lab.deliveredFrom(BYSTANDER) > 0);
        ProgramUnderTest.Ended ban = lab.outguard("ban", "www-data", "--yes");
        assertThat(ban.status()).isEqualTo(1);
        assertThat(ban.all()).contains("OpenSMTPD has no switch for one user");
    }

    private List<Map<String, Object>> messages(String... filters) {
        List<String> words = new ArrayList<>(List.of("queue", "--json"));
        words.addAll(List.of(filters));
        return lab.outguard(words.toArray(String[]::new)).json().stream()
                .filter(one -> Json.isType(one, "message"))
                .toList();
    }

    private List<String> paused() {
        return lab.run("/usr/sbin/smtpctl", "show", "queue")
                .lines()
                .filter(line -> line.contains("suspend"))
                .toList();
    }
}
