package org.outguard.trace.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.procfs.TestFiles;
import org.outguard.trace.tree.ForeignText;

class AccessLogsTest {

    private static final String TIME = "[05/Mar/2024:03:14:07 +0000]";
    private static final String COMBINED = "192.0.2.9 - - " + TIME + " \"GET /x.php HTTP/1.1\" 200 5 \"-\" \"agent\"";

    @TempDir
    private Path root;

    private final List<WebRequest> requests = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "/var/log/a/access.log, access.log",
        "/var/log/a/access.log, access.log.1",
        "/var/log/a/access.log, access.log.12.gz",
        "/var/log/a/access.log, access.log-20240305.gz",
        "/var/log/a/access.log, access.log.1709600000",
        "/var/log/a/access.log, access-20240305.log",
        "/var/log/a/access.log, access-2024-03-05T03-14-07.123.log.gz",
        "/var/log/a/access_log, access_log-20240305",
        "/var/log/a/a.%Y%m%d, a.20240305",
        "/var/log/a/a.%Y%m%d.log, a.20240305.log",
        "/var/log/a/a.%Y%m%d.log, a.20240305.log.gz",
        "/var/log/a/$host.access.log, shop.example.access.log",
        "/var/log/a/${host}_access.log, shop.example_access.log.2.gz",
    })
    void aLogIsReadWithWhatWasPutAside(String log, String file) throws IOException {
        write(file, COMBINED + "\n");
        write("error.log", "no request, of x.php\n");
        write("other-access.log.txt", COMBINED + "\n");
        AccessLogs logs = read(log);
        assertThat(requests).extracting(WebRequest::log).containsExactly("/var/log/a/" + file);
        assertThat(logs.files()).isEqualTo(1);
        assertThat(logs.gaps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.9 - - " + TIME + " \"GET /x.php HTTP/1.1\" 200 5 \"-\" \"agent\"",
                "192.0.2.9 - a b " + TIME + " \"GET /x.php HTTP/1.1\" 200 5 \"-\" \"agent\"",
                "192.0.2.9 - a [b " + TIME + " \"GET /x.php HTTP/1.1\" 200 5 \"-\" \"agent\"",
                "192.0.2.9 - - " + TIME + " \"GET /x.php HTTP/1.1\" 200 5",
                "shop.example:443 192.0.2.9 - - " + TIME + " \"GET /x.php HTTP/1.1\" 200 5 \"-\" \"agent\"",
                "shop.example 192.0.2.9 - - " + TIME + " \"GET /x.php HTTP/1.1\" 200 5",
                "{\"ts\":1709608447.25,\"request\":{\"client_ip\":\"192.0.2.9\",\"method\":\"GET\",\"uri\":\"/x.php\"},\"status\":200}",
                "{\"time_iso8601\":\"2024-03-05T03:14:07+00:00\",\"remote_addr\":\"192.0.2.9\",\"request\":\"GET /x.php HTTP/1.1\",\"status\":\"200\"}",
            })
    void aLineOfAnotherFormatThanTheConfigurationSaysIsRead(String line) throws IOException {
        write("access.log", line + "\r\n");
        assertThat(read("/var/log/a/access.log").gaps()).isEmpty();
        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.client()).isEqualTo("192.0.2.9");
            assertThat(request.words()).isEqualTo("GET /x.php by 192.0.2.9, answered 200");
            assertThat(request.at().getEpochSecond()).isEqualTo(1_709_608_447L);
        });
    }

    @Test
    void theLastLineCountsWithoutItsEndAndLongOnesAreCut() throws IOException {
        String agent = "x".repeat(100_000);
        write("access.log", COMBINED.replace("agent", agent) + "\n" + "y".repeat(1 << 20) + "\n\n" + COMBINED);
        read("/var/log/a/access.log");
        assertThat(requests).extracting(WebRequest::path).containsExactly("/x.php", "/x.php");
    }

    @ParameterizedTest
    @CsvSource({"xz, xz", "zstd, zst", "bzip2, bz2"})
    void aLogIsReadHoweverItIsCompressed(String program, String ending) throws Exception {
        Path plain = file("plain");
        Files.writeString(plain, (COMBINED + "\n").repeat(3_000));
        // Named by a client: a name is never an option of the program.
        Path packed = file("-d.access.log.7." + ending);
        Process compress = new ProcessBuilder(program, "-c")
                .redirectInput(plain.toFile())
                .redirectOutput(packed.toFile())
                .start();
        assertThat(compress.waitFor()).isZero();
        AccessLogs logs = read("/var/log/a/$host.access.log");
        assertThat(logs.gaps()).isEmpty();
        assertThat(requests).hasSize(3_000).allMatch(request -> request.log().endsWith(ending));
    }

    @Test
    void whatIsUnpackedBeyondTheBoundIsNotReadToItsEnd() throws Exception {
        Path plain = file("plain");
        Files.writeString(plain, (COMBINED + "\n").repeat(100_000));
        Process compress = new ProcessBuilder("xz", "-0", "-c")
                .redirectInput(plain.toFile())
                .redirectOutput(file("access.log.1.xz").toFile())
                .start();
        assertThat(compress.waitFor()).isZero();
        AccessLogs logs = new AccessLogs(texts(), 100_000, Duration.ofMinutes(1), () -> 0, () -> false);
        logs.read(new WebSite.Log("/var/log/a/access.log", LogFormat.COMBINED), List.of("x.php"), requests::add);
        assertThat(requests).isNotEmpty().hasSizeLessThan(5_000);
        assertThat(logs.gaps()).singleElement().asString().contains("more than may be read");
    }

    @Test
    void whatIsNotReadIsSaid() throws IOException {
        write("access.log", "x.php of nothing\n" + COMBINED + "\n");
        Files.write(file("access.log.1.xz"), new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0});
        byte[] cut = packed((COMBINED + "\n").repeat(10));
        Files.write(file("access.log.2.gz"), Arrays.copyOf(cut, cut.length - 12));
        Files.write(file("access.log.3.gz"), new byte[0]);
        assertThat(read("/var/log/a/access.log").gaps())
                .hasSize(3)
                .anyMatch(gap ->
                        gap.startsWith("/var/log/a/access.log.1.xz could not be read: /usr/bin/xz ended with status"))
                .anyMatch(gap -> gap.startsWith("/var/log/a/access.log.2.gz could not be read"))
                .anyMatch(gap -> gap.startsWith("1 of ") && gap.endsWith("not understood"));
    }

    @Test
    void whatIsTooMuchIsSaid() throws IOException {
        write("access.log", COMBINED + "\n");
        write("access.log.1.gz", (COMBINED + "\n").repeat(10_000));
        write("access.log.2", COMBINED + "\n");
        AccessLogs logs = new AccessLogs(texts(), 100_000, Duration.ofMinutes(1), () -> 0, () -> false);
        logs.read(new WebSite.Log("/var/log/a/access.log", LogFormat.COMBINED), List.of("x.php"), requests::add);
        assertThat(requests).hasSizeLessThan(5_000);
        assertThat(logs.gaps()).isNotEmpty().allMatch(gap -> gap.contains("more than may be read"));
    }

    @Test
    void aLogThatIsCutAtTheBoundIsSaidEvenIfItIsTheLast() throws IOException {
        write("access.log", (COMBINED + "\n").repeat(10_000));
        AccessLogs logs = new AccessLogs(texts(), 100_000, Duration.ofMinutes(1), () -> 0, () -> false);
        logs.read(new WebSite.Log("/var/log/a/access.log", LogFormat.COMBINED), List.of("x.php"), requests::add);
        assertThat(logs.gaps()).singleElement().asString().contains("/var/log/a/access.log", "more than may be read");
    }

    private AccessLogs read(String log) {
        AccessLogs logs = new AccessLogs(texts(), 1L << 30, Duration.ofMinutes(1), () -> 0, () -> false);
        logs.read(
                new WebSite.Log(log, LogFormat.nginx("$msec|$remote_addr|$request")),
                List.of("x.php", "%"),
                requests::add);
        return logs;
    }

    private ForeignText texts() {
        return new ForeignText(root, new TestFiles());
    }

    private Path file(String name) throws IOException {
        return Files.createDirectories(root.resolve("var/log/a")).resolve(name);
    }

    private void write(String name, String text) throws IOException {
        Files.write(file(name), name.endsWith(".gz") ? packed(text) : text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}
