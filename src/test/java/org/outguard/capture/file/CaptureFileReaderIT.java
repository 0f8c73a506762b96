package org.outguard.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.live.Watching;
import org.outguard.guard.observation.Observation;

/** A million packets, counted by this reader and by tshark (package tshark). */
class CaptureFileReaderIT {

    @TempDir
    Path directory;

    @Test
    void aMillionPacketsAreCountedAsTsharkCountsThem() throws Exception {
        Path file = directory.resolve("million.pcap");
        CaptureFileReaderTest.writeMillion(file, 7);
        List<Observation> seen = new ArrayList<>();
        new CaptureFileReader(Set.of(), new EvidenceRing(), seen::add, now -> {})
                .read(file.toString(), InputStream.nullInputStream());
        assertThat(Watching.counts(seen)).isEqualTo(tshark(file)).hasSizeGreaterThan(100);
    }

    private static Map<String, String> tshark(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "tshark", "-n", "-r", file.toString(), "-T", "fields", "-e", "ip.dst", "-e", "ip.len")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Map<String, long[]> sums = new HashMap<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                long[] sum = sums.computeIfAbsent(line.substring(0, tab), key -> new long[2]);
                sum[0]++;
                sum[1] += Long.parseLong(line.substring(tab + 1));
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        Map<String, String> text = new TreeMap<>();
        sums.forEach((key, sum) -> text.put("udp " + key + ":80", sum[0] + "/" + sum[1] + "/0"));
        return text;
    }
}
