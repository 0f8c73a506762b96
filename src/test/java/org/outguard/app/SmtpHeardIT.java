package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.kernel.EyeBed;

/** A program of www-data speaks SMTP to a mail server itself: the row of it says with which words, and what was answered. */
class SmtpHeardIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FAR = "10.99.0.2";
    private static final int CONNECTIONS = 60;

    @TempDir
    private Path folder;

    private final List<Process> running = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "wire"})
    void theRowOfADirectSenderSaysWhatItSaid(String eye) throws IOException {
        List<Map<String, Object>> lines = watch(eye, "clear");
        List<Map<String, Object>> rows = smtp(lines);
        long[] far = taken();
        System.out.printf(
                "SMTP heard, %s: %d of %d messages, %d of %d recipients, %d of %d refused, in %d rows%n",
                eye,
                sum(rows, "messages"),
                far[0],
                sum(rows, "recipients"),
                far[1],
                sum(rows, "refusedRecipients"),
                far[2],
                rows.size());
        Map<String, Object> direct = last(lines);
        assertThat(direct).containsEntry("encrypted", 0);
        assertThat(Json.object(direct, "replies")).containsKeys("220", "221", "250", "354", "550");
        assertThat(rows).allSatisfy(row -> {
            assertThat(Json.list(row, "ehlo"))
                    .singleElement()
                    .satisfies(name -> assertThat(name).containsEntry("text", "spam.example"));
            assertThat(row).containsEntry("lastSender", "two@b.example");
            assertThat(Json.object(row, "refusedByCode")).containsOnlyKeys("550");
        });
        if (eye.equals("kernel")) {
            assertThat(rows)
                    .as("the kernel names the sender of each connection")
                    .hasSize(1);
            assertThat(Json.number(direct, "senders")).isBetween(CONNECTIONS / 2L, CONNECTIONS + 4L);
        }
        // The first ones were over before anybody listened; what comes after them is heard nearly whole.
        assertThat(sum(rows, "connections")).isBetween(CONNECTIONS / 2L, (long) CONNECTIONS);
        assertThat(sum(rows, "messages")).isBetween(far[0] / 2, far[0]);
        assertThat(sum(rows, "recipients")).isBetween(far[1] / 2, far[1]);
        assertThat(sum(rows, "refusedRecipients")).isBetween(far[2] / 2, far[2]);
    }

    /* Of each row the last word. Without the kernel eye, connections too short to be looked up are in another row of the user. */
    private static List<Map<String, Object>> smtp(List<Map<String, Object>> lines) {
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        lines.stream()
                .filter(line -> line.get("mail") != null)
                .forEach(line -> rows.put(Json.text(line, "id"), Json.object(Json.object(line, "mail"), "smtp")));
        return List.copyOf(rows.values());
    }

    private static long sum(List<Map<String, Object>> rows, String field) {
        return rows.stream().mapToLong(row -> Json.number(row, field)).sum();
    }

    @Test
    void ofAnEncryptedConnectionItIsSaidThatItIs() throws IOException {
        Map<String, Object> smtp = last(watch("wire", "tls"));
        assertThat(Json.number(smtp, "encrypted")).isPositive();
        assertThat(Json.number(smtp, "messages")).isZero();
        assertThat(smtp).containsEntry("lastSender", "");
    }

    private List<Map<String, Object>> watch(String eye, String how) throws IOException {
        Programs.requireRoot();
        Programs.output("chmod", "a+rx", folder.toString());
        try (EyeBed bed = new EyeBed()) {
            Path ready = folder.resolve("ready");
            start(
                    bed.far,
                    ready,
                    "/usr/bin/python3",
                    script("sink.py"),
                    FAR,
                    folder.resolve("taken").toString());
            Patience.until(
                    "the mail server is there", PATIENCE, () -> read(ready).contains("ready"));
            ProgramUnderTest.Running watch = ProgramUnderTest.watch(
                    folder, eye, ProgramUnderTest.command("watch", "--netns", bed.host, "-i", "og0"));
            ProgramUnderTest.Ended ended;
            try {
                Process sender = start(
                        bed.host,
                        folder.resolve("said"),
                        "setpriv",
                        "--reuid=33",
                        "--regid=33",
                        "--clear-groups",
                        "/usr/bin/python3",
                        script("direct.py"),
                        FAR,
                        "" + CONNECTIONS,
                        how);
                Patience.until(() -> read(folder.resolve("said")), PATIENCE, () -> !sender.isAlive());
                assertThat(sender.exitValue()).as(read(folder.resolve("said"))).isZero();
                Patience.quiet(Duration.ofSeconds(2));
            } finally {
                watch.terminate();
                ended = watch.await(PATIENCE);
                running.forEach(Process::destroyForcibly);
            }
            return ended.withoutStackTrace().json();
        }
    }

    private String script(String name) throws IOException {
        Path script = folder.resolve(name);
        Files.copy(
                Objects.requireNonNull(SmtpHeardIT.class.getResourceAsStream("/smtp-lab/" + name), name),
                script,
                StandardCopyOption.REPLACE_EXISTING);
        Programs.output("chmod", "a+r", script.toString());
        return script.toString();
    }

    private Process start(String namespace, Path out, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        running.add(process);
        return process;
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /* Messages, recipients and refused ones, as the far end counts them. */
    private long[] taken() {
        long[] sums = new long[3];
        read(folder.resolve("taken")).lines().map(line -> line.split("\t")).forEach(counts -> {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Long.parseLong(counts[i]);
            }
        });
        return sums;
    }

    private static Map<String, Object> last(List<Map<String, Object>> lines) {
        Optional<Map<String, Object>> row = lines.stream()
                .filter(line -> "DIRECT_TO_MX".equals(line.get("kind")) && line.get("mail") != null)
                .reduce((before, after) -> after);
        assertThat(row).as(lines.toString()).isPresent();
        assertThat(row.get()).containsEntry("type", "offender");
        assertThat(Json.object(row.get(), "owner")).containsEntry("uid", 33);
        return Json.object(Json.object(row.get(), "mail"), "smtp");
    }
}
