package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.Hostile;
import org.outguard.flow.IpAddress;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.ComplaintReader;
import org.outguard.headless.ndjson.MessageBook;

/** Complaints, and what was recorded at their time. */
class AbuseExplanationTest {

    private static final Instant NOW = Instant.parse("2025-12-05T18:00:00Z");
    private static final String MAIL = """
            Attack detail : 187Kpps/5Mbps
            2025.12.05 17:00:45 CET    192.0.2.10:59173       203.0.113.80:80         UDP      ---            28 ATTACK:UDP
            """;
    private static final String ARF = """
            Subject: FW: offer
            Date: Fri, 5 Dec 2025 17:00:00 +0000
            MIME-Version: 1.0
            Content-Type: multipart/report; boundary=b; report-type=feedback-report

            --b
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            Source-IP: 192.0.2.10

            --b
            Content-Type: message/rfc822

            Received: from mail.example.org (mail.example.org [192.0.2.10])
             by mx.example.net (Postfix) with ESMTPS id 4Zq1Lk2Tbdz3xY; Fri, 5 Dec 2025 16:00:02 +0000
            Received: by mail.example.org (Postfix, from userid 33)
             id 878D313894B; Fri, 5 Dec 2025 17:00:01 +0100 (CET)
            Message-ID: <one@mail.example.org>
            Subject: offer

            x
            --b--
            """;

    @TempDir
    private Path folder;

    private static AbuseExplanation explanation(String mail) {
        Predicate<IpAddress> nobody = address -> false;
        Complaint complaint = ComplaintReader.read(mail.getBytes(StandardCharsets.UTF_8), nobody, NOW);
        return new AbuseExplanation(complaint, nobody, NOW);
    }

    private String told(String mail, List<String> done, String... lines) throws IOException {
        AbuseExplanation abuseExplanation = explanation(mail);
        return ExplanationReport.text(abuseExplanation, result(abuseExplanation, done, lines));
    }

    private AbuseExplanation.Result result(AbuseExplanation abuseExplanation, List<String> done, String... lines)
            throws IOException {
        MessageBook book = new MessageBook(abuseExplanation.complaint(), 7, NOW);
        Path log = Files.write(
                folder.resolve("watch.ndjson"), (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        History past = History.read(List.of(log), abuseExplanation::concerns, book::add);
        return abuseExplanation.answer(past.offenders(), List.of(), book, done);
    }

    @Test
    void whoSentWhatTheProviderSaw() throws IOException {
        String text = told(
                MAIL,
                List.of("a-1 block of 203.0.113.80: done", "other", "a-2 block of 203.0.113.8: done"),
                offender("o-1", "203.0.113.80", 80, "udp"),
                offender("o-2", "203.0.113.81", 80, "udp"));
        assertThat(text)
                .contains("complaint: an attack (DDoS) from here, said to be 187Kpps/5Mbps")
                .contains("time zone: taken from the row: CET", "udp to 203.0.113.80 port 80: 1 row")
                .contains("sent by: process 4711 /dev/shm/x7, user www-data (uid 33)", "script: /var/www/x7.php")
                .contains("match: EXACT, by destination, port and time", "recorded: 500 packets")
                .contains("stopped: a-1 block of 203.0.113.80: done\n", "goes on: not at the last record")
                .contains("stop it: outguard block --remote 203.0.113.80:80 --uid 33 --proto udp --for 1h")
                .contains("stop it: outguard kill 4711")
                .doesNotContain("o-2", "other", "a-2");
    }

    @ParameterizedTest
    @CsvSource({"2025.12.05 17:00:45 CET,2025.11.05 17:00:45 CET", "17:00:45 CET,17:00:45 PST"})
    void atAnotherTimeItWasNotSeen(String right, String wrong) throws IOException {
        String line = offender("o-1", "203.0.113.80", 80, "udp");
        assertThat(told(MAIL, List.of(), line)).contains("sent by: process 4711");
        assertThat(told(MAIL.replace(right, wrong), List.of(), line))
                .contains("not seen: nothing was recorded")
                .doesNotContain("sent by");
    }

    @Test
    void aMaskedAddressIsFoundByPortAndTime() throws IOException {
        String masked = MAIL.replace("192.0.2.10", "xx.xx.xx.xx").replace("203.0.113.80", "203.0.113.x");
        assertThat(told(masked, List.of(), offender("o-1", "203.0.113.80", 80, "udp")))
                .contains("match: PROBABLE, by port and time", "sent by: process 4711");
        assertThat(told(masked, List.of(), offender("o-1", "198.51.100.80", 80, "udp")))
                .contains("not seen");
        assertThat(told(masked, List.of(), offender("o-1", "203.0.113.80", 81, "udp")))
                .contains("not seen");
        assertThat(told(masked, List.of(), offender("o-1", "203.0.113.80", 80, "tcp")))
                .contains("not seen");
    }

    @Test
    void nobodyIsMadeUp() throws IOException {
        AbuseExplanation abuseExplanation = explanation(MAIL);
        AbuseExplanation.Result result = result(abuseExplanation, List.of());
        assertThat(result.named()).isZero();
        assertThat(result.asked()).isEqualTo(1);
        Map<String, Object> json = JSON.std.mapFrom(ExplanationReport.json(abuseExplanation.complaint(), result));
        assertThat(json).containsEntry("kind", "ddos").containsEntry("mail", null);
        assertThat((List<?>) json.get("answers")).isEmpty();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", "2025-12-05T16:00:45Z");
        row.put("source", "192.0.2.10");
        row.put("sourcePort", 59173);
        row.put("destination", "203.0.113.80");
        row.put("destinationPort", 80);
        row.put("protocol", "udp");
        assertThat(json.get("rows")).isEqualTo(List.of(row));
    }

    @Test
    void aMessageIsFoundWithItsSubmitterAndThoseLikeIt() throws IOException {
        String text = told(
                ARF,
                List.of("a-7 ban www-data: done"),
                message("878D313894B", "one@mail.example.org", "2025-12-05T16:00:01Z", "www-data", 33, "x7.php"),
                message("978D313894C", "two@mail.example.org", "2025-12-05T16:00:05Z", "www-data", 33, "x7.php"),
                message("A78D313894D", "three@mail.example.org", "2025-12-05T16:00:09Z", "alice", 1000, ""));
        assertThat(text)
                .contains("message: one@mail.example.org", "queue id: 878D313894B")
                .contains("sent by: user www-data (uid 33), script x7.php", "match: EXACT, by its queue id")
                .contains("2 messages to 6 recipients", "stopped: a-7 ban www-data: done")
                .contains("stop it: outguard hold --uid 33", "stop it: outguard ban www-data")
                .doesNotContain("alice");
    }

    @Test
    void anotherMessageWithAQueueIdThatCameBackIsNotMeant() throws IOException {
        assertThat(told(
                        ARF,
                        List.of(),
                        message("878D313894B", "late@mail.example.org", "2025-11-01T16:00:01Z", "alice", 1000, ""),
                        message("878D313894B", "late@mail.example.org", "2025-12-05T15:00:01Z", "alice", 1000, "")))
                .contains("the message: not seen")
                .doesNotContain("alice");
    }

    @Test
    void aListingShowsTheTopSendersOfTheDaysBefore() throws IOException {
        String notice = """
                Subject: 192.0.2.10 was added to the Example Block List
                Date: Fri, 5 Dec 2025 17:00:00 +0000

                IP address: 192.0.2.10
                Issue: unsolicited bulk mail
                Ask for removal at https://blocklist.example/
                """;
        String text = told(
                notice,
                List.of(),
                message("878D313894B", "1@a", "2025-12-03T16:00:01Z", "www-data", 33, "x7.php"),
                message("878D313894C", "2@a", "2025-12-03T16:00:02Z", "www-data", 33, "x7.php"),
                message("878D313894D", "3@a", "2025-12-03T16:00:03Z", "alice", 1000, ""),
                message("878D313894E", "4@a", "2025-10-03T16:00:03Z", "carol", 1001, ""));
        assertThat(text)
                .contains("complaint: a listing on a block list", "about: 192.0.2.10")
                .containsSubsequence("sent by: user www-data", "2 messages to 6 recipients", "sent by: user alice")
                .doesNotContain("carol");
    }

    @Test
    void aReplyIsDrafted() throws IOException {
        AbuseExplanation abuseExplanation = explanation(MAIL);
        String found = ProviderReply.of(
                abuseExplanation,
                result(
                        abuseExplanation,
                        List.of("a-1 block of 203.0.113.80: done"),
                        offender("o-1", "203.0.113.80", 80, "udp")));
        assertThat(found)
                .contains("of an attack from 192.0.2.10 at 2025-12-05 16:00:45 UTC", "it has ended", "a-1 block")
                .doesNotContain("4711", "/dev/shm");
        assertThat(ProviderReply.of(abuseExplanation, result(abuseExplanation, List.of())))
                .contains("do not show this traffic", "ports at both ends");
    }

    @Test
    void hostileTextIsMadeSafe() throws IOException {
        Hostile hostile = Hostile.begin("ExplanationTest");
        for (int i = 0; i < 60; i++) {
            String name = hostile.text();
            String mail = i % 2 == 0
                    ? MAIL
                    : ARF.replace("one@mail.example.org", hostile.text().replace("\n", " "));
            AbuseExplanation abuseExplanation =
                    explanation("Subject: " + hostile.text().replace("\n", " ") + "\n" + mail);
            AbuseExplanation.Result result = result(
                    abuseExplanation,
                    List.of("block of 203.0.113.80 " + name),
                    offender("o-1", "203.0.113.80", 80, "udp").replace("/dev/shm/x7", escaped(name)),
                    message("878D313894B", "one@mail.example.org", "2025-12-05T16:00:01Z", escaped(name), 33, "x"));
            for (String shown : List.of(
                    ExplanationReport.text(abuseExplanation, result),
                    ExplanationReport.json(abuseExplanation.complaint(), result),
                    ProviderReply.of(abuseExplanation, result))) {
                assertThat(Hostile.unsafe(shown)).as("seed %d", hostile.seed()).isEmpty();
            }
        }
    }

    private static String escaped(String text) throws IOException {
        String json = JSON.std.asString(text);
        return json.substring(1, json.length() - 1);
    }

    private static String message(String id, String messageId, String at, String user, int uid, String script) {
        String origin = "{\"kind\":\"uid\",\"who\":\"" + user + "\",\"uid\":" + uid + ",\"script\":\"" + script
                + "\",\"evidence\":\"QUEUE_FILE\",\"disputed\":null}";
        return "{\"type\":\"message\",\"at\":\"" + at + "\",\"queueId\":\"" + id + "\",\"instance\":\"\",\"origin\":"
                + origin + ",\"root\":" + origin + ",\"arrival\":\"" + at
                + "\",\"sender\":\"a@b\",\"recipients\":3,\"sent\":2,\"bounced\":0,\"deferred\":1,\"status\":\"sent\",\"messageId\":\""
                + messageId + "\"}";
    }

    private static String offender(String id, String remote, int port, String protocol) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "offender");
        fields.put("id", id);
        fields.put("kind", "UDP_FLOOD");
        fields.put("verdict", "OFFENDING");
        fields.put("protocol", protocol);
        fields.put("remotes", List.of(Map.of("address", remote, "port", port, "packets", 500, "bytes", 14_000)));
        fields.put("remoteCount", 1);
        fields.put("packetsPerSecond", 1000);
        fields.put("firstSeen", "2025-12-05T16:00:00Z");
        fields.put("lastSeen", "2025-12-05T16:01:00Z");
        fields.put(
                "owner",
                Map.of(
                        "pid",
                        4711,
                        "command",
                        "x7",
                        "exe",
                        "/dev/shm/x7",
                        "uid",
                        33,
                        "user",
                        "www-data",
                        "script",
                        "/var/www/x7.php"));
        fields.put("match", "EXACT");
        fields.put("matchedBy", "kernel eye");
        return JSON.std.asString(fields);
    }
}
