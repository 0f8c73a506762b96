package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;

/** Two users hand mail in by SMTP over loopback at the same time, each message by a connection of its own: whose is it? */
@WithMailSystem
class LoopbackSubmitterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> USERS =
            Map.of("w@mail.example.org", "www-data", "shop@mail.example.org", "site");

    @Test
    void theProcessThatHasThePortIsNamedAndNobodyElseEver() {
        SideBySide.each(List.of("postfix", "exim"), LoopbackSubmitterIT::isNamed);
    }

    private static void isNamed(String system) {
        try (MailLab lab = MailLab.start(system)) {
            ProgramUnderTest.Running watch = lab.watch("lo", "wire");
            // Recipients whose mail is put off, so that each message is in the queue when it is looked at.
            // Of connections that are over within milliseconds looks find few, of those that last half a second most.
            List<MailLab.Submission> all = Stream.of("smtp", "lasting")
                    .flatMap(way -> Stream.of(
                            lab.submit(MailLab.WWW_DATA, way, 15, "w@mail.example.org", "a@slow.example"),
                            lab.submit(MailLab.SITE, way, 15, "shop@mail.example.org", "b@slow.example")))
                    .toList();
            all.forEach(one -> one.await(PATIENCE));
            Patience.quiet(Duration.ofSeconds(3));
            watch.terminate();
            Map<String, Map<String, Object>> messages = watch.await(PATIENCE).withoutStackTrace().json().stream()
                    .filter(line -> Json.isType(line, "message"))
                    .collect(Collectors.toMap(line -> Json.text(line, "queueId"), line -> line, (one, last) -> last));
            List<Map<String, Object>> named = messages.values().stream()
                    .filter(line ->
                            Json.text(Json.object(line, "root"), "evidence").equals("PROCESS"))
                    .toList();
            System.out.printf(
                    "handed in over loopback, %s: %d messages, %d named by process%n",
                    system, messages.size(), named.size());
            assertThat(named)
                    .allSatisfy(line -> assertThat(Json.text(Json.object(line, "root"), "who"))
                            .isEqualTo(USERS.get(Json.text(line, "sender"))));
            assertThat(named.stream().map(line -> Json.text(line, "sender")).distinct())
                    .containsExactlyInAnyOrderElementsOf(USERS.keySet());
            assertThat(named)
                    .allSatisfy(line -> assertThat(Json.text(Json.object(line, "root"), "script"))
                            .endsWith("/submit.py"));
        }
    }
}
