package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.ndjson.Ndjson;

/** A flood that was recorded, and what is told of it. */
class IncidentTest {

    private static final Instant NOW = Instant.parse("2025-12-05T18:00:00Z");

    @TempDir
    Path folder;

    @Test
    void whatTurnedOutToBeAnothersCountsOnce() throws IOException {
        String moved = Ndjson.moved(Samples.after(3), new Snapshot.Moved("o-1", Optional.of("o-2")));
        History past = History.read(
                List.of(log(
                        "a.ndjson",
                        line("o-1", "203.0.113.80", "x7", 1000),
                        line("o-2", "203.0.113.80", "y", 1000),
                        moved)),
                offender -> true);

        assertThat(past.damaged()).isZero();
        assertThat(past.offenders()).extracting(offender -> offender.text("id")).containsExactly("o-2");
    }

    @Test
    void theLastLineOfAnOffenderCountsWithItsHighestRate() throws IOException {
        Path first = log("a.ndjson", line("o-1", "203.0.113.80", "x7", 170_000), "damaged", "null", "[]", "7");
        Path second = folder.resolve("b.ndjson.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(second))) {
            out.write((line("o-1", "203.0.113.80", "x7", 10) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        History past = History.read(List.of(first, second), offender -> true);

        // A line that is JSON and no object is none of a log, either.
        assertThat(past.damaged()).isEqualTo(4);
        assertThat(past.offenders()).hasSize(1);
        assertThat(past.offenders().get(0).peakPacketsPerSecond()).isEqualTo(170_000);
        assertThat(History.filesOf(folder)).containsExactly(first, second);
    }

    @Test
    void aLineAtWhichSomethingThrowsIsCountedAndTheNextOneIsRead() throws IOException {
        Path log = log("a.ndjson", line("o-1", "203.0.113.80", "x", 1), line("o-2", "203.0.113.80", "y", 1));
        History past = History.read(List.of(log), offender -> {
            if (offender.text("id").equals("o-1")) {
                throw new IllegalStateException("planted");
            }
            return true;
        });
        assertThat(past.damaged()).isEqualTo(1);
        assertThat(past.offenders()).extracting(offender -> offender.text("id")).containsExactly("o-2");
    }

    @Test
    void hostileTextIsTextInMarkdown() throws IOException {
        String report = IncidentReport.markdown(incident("](http://evil)|<script>`\u001b[2J\n# x"));
        assertThat(report)
                .contains("\\]\\(http\\://evil\\)\\|\\<script\\>\\`\\\\x1b\\[2J")
                .doesNotContain("<script>", "\u001b", "\n# x");
    }

    @Test
    void wordsBecomeNoLinksAndAddressesCanBeReadAsTheyAre() {
        assertThat(IncidentReport.escapeMarkdown("www.evil.example, WWW.x, https://x, a@b.example, ~~x~~"))
                .isEqualTo("www\\.evil.example, WWW\\.x, https\\://x, a\\@b.example, \\~\\~x\\~\\~");
        assertThat(IncidentReport.escapeMarkdown("[2001:db8::1]:80 /usr/bin/php8.2 2025-12-05T18:00:00Z"))
                .isEqualTo("\\[2001:db8::1\\]:80 /usr/bin/php8.2 2025-12-05T18:00:00Z");
    }

    @Test
    void hostileTextIsTextInHtml() throws IOException {
        String report = IncidentReport.html(incident("<script>alert(1)</script><img src=x onerror='a'>&\""));
        assertThat(report)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;")
                .doesNotContain("<script", "<img");
    }

    @Test
    void allThatAProviderWantsIsThere() throws IOException {
        assertThat(IncidentReport.markdown(incident("x7")))
                .contains("# Incident report of mail", "## Identified", "udp flood to 203.0.113.80:80", "php-fpm8.2")
                .contains("kernel 500 packets, 14.0 kB · wire 96 seen, then left out")
                .contains("## Done about it", "block", "done");
    }

    @Test
    @SuppressWarnings("unchecked")
    void xarfHasItsRequiredFieldsAndAnEvidenceThatItsHashFits() throws Exception {
        UUID id = UUID.fromString("789a0123-b456-48c9-9012-345678901234");
        String text = XarfReport.write(
                incident("x\u202e7"), new XarfReport.Reporter("192.0.2.10", "Example", "abuse@example.org"), () -> id);

        Map<String, Object> report = JSON.std.mapFrom(text);
        assertThat(report)
                .containsEntry("report_id", id.toString())
                .containsEntry("source_identifier", "192.0.2.10")
                .containsEntry("category", "connection")
                .containsEntry("type", "ddos")
                .containsEntry("protocol", "udp")
                .containsEntry("attack_vector", "udp_flood")
                .containsEntry("destination_ip", "203.0.113.80")
                .containsEntry("destination_port", 80)
                .containsEntry("peak_pps", 1000)
                .containsEntry("first_seen", "2025-12-05T15:59:00Z")
                .containsEntry("mitigation_applied", true);
        assertThat(String.valueOf(report.get("xarf_version"))).matches("4\\.\\d+\\.\\d+");
        assertThat((Map<String, Object>) report.get("reporter")).containsOnlyKeys("org", "contact", "domain");
        Map<String, Object> evidence = ((List<Map<String, Object>>) report.get("evidence")).get(0);
        byte[] payload = Base64.getDecoder().decode(String.valueOf(evidence.get("payload")));
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
        assertThat(evidence).containsEntry("hash", "sha256:" + hash).containsEntry("size", payload.length);
        assertThat(text).matches("[\\x20-\\x7e\\n]*");
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatWasTracedOfAnOffenderIsEvidenceOfIt() throws IOException {
        Incident plain = incident("x7");
        List<PastTrace> traces = List.of(
                PastTrace.read("{\"type\":\"trace\",\"asked\":\"offender o-1\",\"cms\":null}"),
                PastTrace.read("{\"type\":\"trace\",\"asked\":\"/var/www/x7.php\"}"));
        Incident traced = new Incident("mail", plain.at(), plain.since(), plain.offenders(), plain.deeds(), traces);
        Map<String, Object> report = JSON.std.mapFrom(XarfReport.write(
                traced, new XarfReport.Reporter("192.0.2.10", "Example", "abuse@example.org"), UUID::randomUUID));
        assertThat((List<Map<String, Object>>) report.get("evidence"))
                .extracting(item -> item.get("description"))
                .hasSize(2)
                .contains("How it came onto the source, and what was found there");
        assertThat(IncidentReport.markdown(traced)).contains("Every step of the clean-up was done");
        assertThatIOException().isThrownBy(() -> PastTrace.read("{\"type\":\"offender\"}"));
    }

    private Incident incident(String command) throws IOException {
        History past =
                History.read(List.of(log("a.ndjson", line("o-1", "203.0.113.80", command, 1000))), offender -> true);
        NetworkStep.Block step = new NetworkStep.Block(
                BlockTarget.parse("203.0.113.80", 80, "udp", 33).orElseThrow(), java.time.Duration.ofMinutes(10));
        Action action =
                new Action("a-1", NOW, "root", "", step, new Action.Plan("nft add element", "nft delete element"));
        return new Incident(
                "mail", NOW, NOW.minusSeconds(86_400), past.offenders(), List.of(new Incident.Deed(action, "done")));
    }

    private Path log(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private static String line(String id, String remote, String command, int rate) throws IOException {
        Map<String, Object> owner = Map.of(
                "pid",
                4711,
                "startTime",
                99,
                "command",
                command,
                "exe",
                "/dev/shm/x7",
                "exeDeleted",
                true,
                "commandLine",
                List.of("./x7", "80"),
                "uid",
                33,
                "user",
                "www-data",
                "script",
                "/var/www/x7.php",
                "parents",
                List.of(Map.of("pid", 600, "command", "php-fpm8.2")));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "offender");
        fields.put("id", id);
        fields.put("kind", "UDP_FLOOD");
        fields.put("verdict", "OFFENDING");
        fields.put("reason", "1,000 packets/s to one address");
        fields.put("protocol", "udp");
        fields.put("remotes", List.of(Map.of("address", remote, "port", 80, "packets", 500, "bytes", 14_000)));
        fields.put("remoteCount", 1);
        fields.put("packets", 500);
        fields.put("bytes", 14_000);
        fields.put(
                "eyes",
                Map.of(
                        "kernel",
                        Map.of("packets", 500, "bytes", 14_000),
                        "wire",
                        Map.of(
                                "packets",
                                96,
                                "kernelPackets",
                                500,
                                "sight",
                                "LEFT_OUT",
                                "destinations",
                                1,
                                "leftOut",
                                1)));
        fields.put("packetsPerSecond", rate);
        fields.put("bitsPerSecond", rate * 224);
        fields.put("firstSeen", "2025-12-05T15:59:00Z");
        fields.put("lastSeen", "2025-12-05T16:05:00Z");
        fields.put("owner", owner);
        fields.put("match", "EXACT");
        fields.put("matchedBy", "connected UDP socket");
        return JSON.std.asString(fields);
    }
}
