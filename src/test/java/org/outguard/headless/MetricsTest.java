package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.tui.MailScenes;

class MetricsTest {

    @Test
    void theSnapshotInPrometheusWords() throws Exception {
        assertThat(told(flooders(1)))
                .contains("# TYPE outguard_packets_total counter")
                .contains("outguard_packets_total 1000.0")
                .contains("outguard_capture_dropped_packets_total 12.0")
                .contains("outguard_talkers{kind=\"UDP_FLOOD\",verdict=\"OFFENDING\"} 1.0")
                .contains("outguard_actions{state=\"standing\"} 0.0");
    }

    @Test
    void mailBySubmittersAndByWhatIsQueued() throws Exception {
        assertThat(told(Samples.withMail(flooders(1), MailScenes.picture())))
                .contains("outguard_submitters{kind=\"SUBMISSION_BURST\",verdict=\"OFFENDING\"} 1.0")
                .contains("outguard_submitters{kind=\"SUBMISSION_BURST\",verdict=\"SUSPECT\"} 1.0")
                .contains("outguard_submitters{kind=\"BACKSCATTER\",verdict=\"OFFENDING\"} 0.0")
                .contains("outguard_mail_queue_messages{state=\"held\"} 2.0")
                .contains("outguard_mail_queue_messages{state=\"deferred\"} 3877.0")
                .contains("outguard_mail_queue_messages{state=\"other\"} 431.0");
    }

    @Test
    void manySendersMakeNoMoreSeriesAndNoNameIsALabel() throws Exception {
        String many = told(flooders(200));
        assertThat(series(many)).isEqualTo(series(told(flooders(1)))).isLessThan(160);
        assertThat(many.lines().filter(line -> line.contains("{") && !line.startsWith("#")))
                .allMatch(line -> line.matches(
                        "outguard_\\w+\\{((kind|verdict|state|quantile)=\"[A-Za-z_0-9.]+\",?)+} [-0-9.E+]+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"outguard.dashboard.json", "outguard.rules.yml"})
    void dashboardAndRulesAskForWhatIsThere(String file) throws Exception {
        String text = Files.readString(Path.of("packaging/prometheus", file));
        List<String> asked = Pattern.compile("\\boutguard_\\w+")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(asked).hasSizeGreaterThan(5);
        assertThat(told(flooders(1)).lines().map(line -> line.split("[{ ]", 2)[0]))
                .containsAll(asked);
    }

    @Test
    void theDashboardIsJson() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(
                        Path.of("packaging/prometheus/outguard.dashboard.json").toFile());

        assertThat(dashboard.get("panels")).hasSizeGreaterThan(5).allSatisfy(panel -> {
            assertThat(panel.get("title").asText()).isNotEmpty();
            assertThat(panel.get("targets").get(0).get("expr").asText()).contains("$instance");
        });
    }

    @Test
    void aFileIsReplacedAndNotWrittenInto(@TempDir Path folder) throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "not ours");
        Path file = Files.createSymbolicLink(folder.resolve("outguard.prom"), other);
        MetricsFile metrics = new MetricsFile(file, () -> flooders(1), new TickTimes(), () -> Samples.START);

        metrics.turn();

        assertThat(other).hasContent("not ours");
        assertThat(file).isRegularFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)))
                .isEqualTo("rw-r--r--");
        assertThat(Files.readString(file))
                .contains("outguard_packets_total 1000.0\n")
                .doesNotContain("_created ");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("other", "outguard.prom");
        metrics.close();
        assertThat(folder.toFile().list()).containsExactly("other");
    }

    @Test
    void aFileIsWrittenEveryFifteenSeconds(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("outguard.prom");
        AtomicReference<Snapshot> newest = new AtomicReference<>(Samples.snapshot(Samples.START, List.of()));
        MetricsFile metrics = new MetricsFile(file, newest::get, new TickTimes(), () -> Samples.START);
        metrics.turn();
        Files.delete(file);

        newest.set(Samples.snapshot(Samples.after(14.9), List.of()));
        metrics.turn();
        assertThat(file).doesNotExist();

        newest.set(Samples.snapshot(Samples.after(15), List.of()));
        metrics.turn();
        assertThat(file).exists();
    }

    private static long series(String text) {
        return text.lines().filter(line -> !line.startsWith("#")).count();
    }

    private static Snapshot flooders(int count) {
        Talker[] talkers = IntStream.range(0, count)
                .mapToObj(i -> Samples.talker("o-" + i, Verdict.OFFENDING, Samples.EXACT, 1_000))
                .toArray(Talker[]::new);
        return Samples.snapshot(Samples.START, List.of(), talkers);
    }

    @Test
    void twoRequestsThatNeverEndDoNotKeepOutTheThird() throws IOException, InterruptedException {
        Snapshot snapshot = flooders(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Metrics metrics = Metrics.open(
                        InetAddress.getLoopbackAddress(), 0, threads, () -> snapshot, ticks(), snapshot::at);
                Socket one = new Socket(InetAddress.getLoopbackAddress(), metrics.port());
                Socket other = new Socket(InetAddress.getLoopbackAddress(), metrics.port())) {
            for (Socket half : List.of(one, other)) {
                half.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.US_ASCII));
                half.getOutputStream().flush();
            }
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics.port() + "/metrics"))
                    .timeout(Duration.ofSeconds(60))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theAgeOfTheLastTickIsToldByTheClock() throws IOException, InterruptedException {
        assertThat(told(flooders(1))).contains("outguard_last_tick_age_seconds 3.0");
    }

    @Test
    void ticksAreToldByTheirTimes() throws IOException, InterruptedException {
        assertThat(told(flooders(1)))
                .contains("outguard_tick_seconds{quantile=\"0.5\"} 0.002")
                .contains("outguard_tick_seconds{quantile=\"0.99\"} 0.09");
        assertThat(new TickTimes().seconds(0.99)).isZero();
    }

    /** A thousand of 50 ms that are forgotten, then 2,400 of 2 ms, of which two in a hundred take 90. */
    private static TickTimes ticks() {
        TickTimes times = new TickTimes();
        IntStream.range(0, 1_000).forEach(i -> times.add(50_000_000));
        IntStream.range(0, 2_400).forEach(i -> times.add(i % 50 == 0 ? 90_000_000 : 2_000_000));
        return times;
    }

    private static String told(Snapshot snapshot) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Metrics metrics = Metrics.open(
                InetAddress.getLoopbackAddress(),
                0,
                threads,
                () -> snapshot,
                ticks(),
                () -> snapshot.at().plusSeconds(3))) {
            return get(metrics);
        }
    }

    private static String get(Metrics metrics) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics.port() + "/metrics"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
