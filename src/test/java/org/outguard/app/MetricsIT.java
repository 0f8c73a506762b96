package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code outguard watch --metrics}: a scraper on this machine is answered while the watching goes on. */
class MetricsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    @Test
    void aScraperOnThisMachineIsAnswered() throws IOException {
        Programs.requireRoot();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path file = folder.resolve("outguard.prom");
        ProgramUnderTest.Running watch = ProgramUnderTest.start(
                folder,
                ProgramUnderTest.command(
                        "watch",
                        "-i",
                        "lo",
                        "--for",
                        "30s",
                        "--json",
                        "/dev/null",
                        "--metrics",
                        Integer.toString(port),
                        "--metrics-file",
                        file.toString()));
        AtomicReference<String> answer = new AtomicReference<>("");
        try {
            Patience.until(watch::all, PATIENCE, () -> {
                answer.set(get(port));
                return answer.get().contains("outguard_packets_total ");
            });
            assertThat(file).content().contains("outguard_packets_total ");
        } finally {
            watch.terminate();
        }
        assertThat(answer.get()).contains("outguard_talkers{kind=\"UDP_FLOOD\",verdict=\"CLEAN\"}");
        assertThat(watch.await(PATIENCE).withoutStackTrace().status()).isIn(0, 128 + 15);
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String wrong : new String[] {"localhost:9099", "70000", "1.2.3.4:", "x"}) {
            ProgramUnderTest.Ended ended = ProgramUnderTest.run(folder, PATIENCE, "watch", "--metrics", wrong)
                    .withoutStackTrace();
            assertThat(ended.status()).as(ended.all()).isEqualTo(2);
        }
    }

    private static String get(int port) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
