package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.xml.sax.InputSource;

/** The graphs of a report. {@code -Dgolden.update=true} writes the page anew. */
class RateGraphTest {

    private static final Path GOLDEN = Path.of("src/test/resources/report/flood.html");
    private static final Instant START = Instant.parse("2025-12-05T16:00:00Z");
    private static final String HOSTILE =
            "\"/><script>alert(1)</script><image href='http://evil.example/x'>\u001b[2J]]>";

    @TempDir
    Path folder;

    @Test
    void theFloodIsDrawnWithItsLimitAndWhatWasDone() throws IOException {
        String page =
                IncidentReport.html(incident("UDP_FLOOD", 1, deed("o-1 (x7): over", "done"), deed("o-10", "done")));
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, page);
        }
        assertThat(page).isEqualTo(Files.readString(GOLDEN));
        assertThat(page)
                .contains("Highest rate 170,000 packets/s, limit 10,000 packets/s; began 2025-12-05T16:00:00Z;"
                        + " block 2025-12-05T16:00:30Z; ended 2025-12-05T16:01:10Z.")
                .contains("@media print");
    }

    @Test
    void nothingIsFetchedAndOnlyItsOwnStyleIsTaken() throws Exception {
        String page = IncidentReport.html(incident(HOSTILE, 1, deed("o-1", "done")));
        assertThat(page.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                .doesNotContain("src=", "href=\"", "url(", "@import", "=\"http", "<link", "<script", "<image");
        Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(page);
        assertThat(style.find()).isTrue();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(page)
                .contains("content=\"default-src 'none'; style-src 'sha256-"
                        + Base64.getEncoder().encodeToString(hash) + "'\"");
    }

    @Test
    void aHostileNameIsTextAndThePictureIsWellFormed() throws Exception {
        String page = IncidentReport.html(incident(HOSTILE, 1, deed("o-1", "done")));
        assertThat(page).doesNotContain("\u001b");
        Matcher svg = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
        assertThat(svg.find()).isTrue();
        var root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg.group())))
                .getDocumentElement();
        assertThat(root.getElementsByTagName("title").item(0).getTextContent()).contains("<script>alert(1)</script>");
        assertThat(root.getElementsByTagName("script").getLength()).isZero();
        assertThat(root.getElementsByTagName("desc").item(0).getTextContent()).startsWith("Highest rate");
    }

    @Test
    void whatFailedIsNotMarkedAndWithoutRatesThereIsNoPicture() throws IOException {
        assertThat(IncidentReport.html(incident("UDP_FLOOD", 1, deed("o-1", "failed: no nft"))))
                .contains("<svg")
                .doesNotContain("block 2025");
        PastOffender without = offenders("UDP_FLOOD", 1).get(0).withRates(RateCurve.NONE);
        assertThat(RateGraph.html(1, without, "x", List.of())).isEmpty();
    }

    @Test
    void aBlockOfItsAddressIsMarkedWhereItsLineNamesIt() throws IOException {
        PastOffender offender = offenders("UDP_FLOOD", 1).get(0);
        Incident.Deed byWord = deed("by word", "done");
        assertThat(RateGraph.html(1, offender, "x", List.of(byWord)).orElseThrow())
                .doesNotContain("block 2025");
        Map<String, Object> fields = new LinkedHashMap<>(offender.fields());
        fields.put("actions", List.of(Map.of("id", "a-1", "action", "block")));
        PastOffender blocked =
                new PastOffender(fields, offender.firstSeen(), offender.lastSeen(), 1, 1, offender.rates());
        assertThat(RateGraph.html(1, blocked, "x", List.of(byWord)).orElseThrow())
                .contains("block 2025-12-05T16:00:30Z");
    }

    @Test
    void thereAreNoMorePicturesThanAPageCanHold() throws IOException {
        String page = IncidentReport.html(incident("UDP_FLOOD", IncidentReport.MOST_GRAPHS + 20));
        assertThat(page.split("<svg", -1)).hasSize(IncidentReport.MOST_GRAPHS + 1);
        assertThat(page).contains("There are graphs of the 100 highest rates only.");
    }

    private Incident incident(String kind, int count, Incident.Deed... deeds) throws IOException {
        return new Incident(
                "mail", START.plusSeconds(7_200), START.minusSeconds(3_600), offenders(kind, count), List.of(deeds));
    }

    private static Incident.Deed deed(String why, String result) {
        NetworkStep.Block step = new NetworkStep.Block(
                BlockTarget.parse("203.0.113.80", 80, "udp", 33).orElseThrow(), Duration.ofMinutes(10));
        return new Incident.Deed(
                new Action(
                        "a-1",
                        START.plusSeconds(30),
                        "root",
                        why,
                        step,
                        new Action.Plan("nft add element", "nft delete element")),
                result);
    }

    /* A minute of flood: it swells, is blocked, falls. */
    private List<PastOffender> offenders(String kind, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            for (int second = 1; second <= (count == 1 ? 70 : 1); second++) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("type", "offender");
                fields.put("at", START.plusSeconds(second).toString());
                fields.put("id", "o-" + i);
                fields.put("kind", kind);
                fields.put("verdict", "OFFENDING");
                fields.put("reason", "170,000 packets/s of UDP, limit 10,000");
                fields.put("remotes", List.of(Map.of("address", "203.0.113.80", "port", 80, "packets", 500)));
                fields.put("remoteCount", 1);
                fields.put("packets", 500L * second);
                fields.put(
                        "packetsPerSecond",
                        second == 25 ? 170_000 : Math.max(0, 4_000 * Math.min(second, 60 - second)));
                fields.put("limitPacketsPerSecond", 10_000);
                fields.put("firstSeen", START.toString());
                fields.put("lastSeen", START.plusSeconds(second).toString());
                fields.put("endedAt", second == 70 ? START.plusSeconds(70).toString() : null);
                lines.add(JSON.std.asString(fields));
            }
        }
        Path file = Files.write(folder.resolve("a.ndjson"), lines);
        return History.read(List.of(file), offender -> true).offenders();
    }
}
