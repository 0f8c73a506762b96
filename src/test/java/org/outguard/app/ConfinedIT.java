package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands that do not act have given up, by what the kernel says of their threads, and what they say of it. */
class ConfinedIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Those of {@link Confining} for watching, as the kernel prints them: numbers 2, 6, 7, 12, 13, 18, 19, 21, 38, 39. */
    private static final String TO_WATCH = "000000c0002c30c4";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void requireRoot() {
        Programs.requireRoot();
    }

    @Test
    void whatOnlyWatchesKeepsWhatItWatchesBy() throws IOException {
        Path log = folder.resolve("watch.ndjson");
        ProgramUnderTest.Running watch = ProgramUnderTest.start(
                folder, ProgramUnderTest.command("watch", "-i", "lo", "--for", "60s", "--json", log.toString()));
        try {
            Patience.until(watch::all, PATIENCE, () -> watch.all().contains("outguard: confined: "));
            assertThat(statuses(watch.pid()))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(status -> assertThat(status)
                            .contains(
                                    "CapEff: " + TO_WATCH,
                                    "CapPrm: " + TO_WATCH,
                                    "CapBnd: " + TO_WATCH,
                                    "NoNewPrivs: 1",
                                    "Seccomp: 2"));
        } finally {
            watch.terminate();
        }
        assertThat(watch.await(PATIENCE).withoutStackTrace().status()).isIn(0, 128 + 15);
        Map<String, Object> last = ProgramUnderTest.ndjson(Files.readString(log)).stream()
                .filter(line -> Json.isType(line, "summary"))
                .reduce((before, after) -> after)
                .orElseThrow();
        assertThat(Objects.toString(last.get("confined"))).contains("no new privileges", "seccomp refuses mounts");
    }

    private static List<List<String>> statuses(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.map(ConfinedIT::status)
                    .filter(lines -> !lines.isEmpty())
                    .toList();
        }
    }

    private static List<String> status(Path task) {
        try {
            return Files.readAllLines(task.resolve("status")).stream()
                    .map(line -> line.replaceAll("\\s+", " "))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aReplayWritesToNothingButWhatItWasGiven() throws IOException {
        Path log = folder.resolve("mail.log");
        Files.writeString(
                log,
                "Mar  1 12:00:00 host postfix/pickup[1]: 4A1B2C3D4E: uid=33 from=<www-data>\n"
                        + "Mar  1 12:00:00 host postfix/qmgr[2]: 4A1B2C3D4E: from=<www-data@example.org>, size=400, nrcpt=1"
                        + " (queue active)\n");
        Programs.output("xz", "-k", log.toString());
        ProgramUnderTest.Ended ended =
                ProgramUnderTest.run(folder, PATIENCE, "replay", "--mail-log", log + ".xz", "--json", "-");
        assertThat(ended.withoutStackTrace().status()).as(ended.all()).isZero();
        Map<String, Object> summary = ended.json().stream()
                .filter(line -> Json.isType(line, "summary"))
                .reduce((before, after) -> after)
                .orElseThrow();
        assertThat(Objects.toString(summary.get("confined")))
                .contains("seccomp refuses connections, signals", "Landlock refuses changes to files");
        assertThat(ended.stdout()).contains("4A1B2C3D4E");
    }

    @Test
    void whoMayWriteNothingReadsAHistoryThatNobodyWrites() throws IOException {
        Path log = folder.resolve("past.ndjson");
        assertThat(ProgramUnderTest.run(folder, PATIENCE, "watch", "-i", "lo", "--for", "3s", "--json", log.toString())
                        .withoutStackTrace()
                        .status())
                .isZero();
        Path store = ProgramUnderTest.JOURNAL.resolveSibling("history.db");
        assertThat(store).exists();
        assertThat(store.resolveSibling("history.db-wal")).doesNotExist();
        Path complaint = Files.writeString(
                folder.resolve("complaint"), "2026-01-01 00:00:00 UTC 192.0.2.9:4444 -> 192.0.2.1:80 UDP\n");
        for (List<String> command : List.of(
                List.of("report", "--history", store.toString()),
                List.of("explain", "--history", store.toString(), complaint.toString()))) {
            ProgramUnderTest.Ended ended = ProgramUnderTest.run(folder, PATIENCE, command.toArray(String[]::new));
            assertThat(ended.withoutStackTrace().all()).doesNotContain("cannot be read");
        }
    }

    @Test
    void theConsoleGoesOnAfterACommandThatIsConfinedElsewhere() throws IOException {
        Path log = folder.resolve("console.log");
        Files.writeString(log, "Mar  1 12:00:00 host postfix/pickup[1]: 4A1B2C3D4E: uid=33 from=<www-data>\n");
        ProgramUnderTest.Running console = ProgramUnderTest.start(
                folder,
                ProgramUnderTest.command(
                        "console", "-c", "replay --mail-log " + log + " --json " + folder.resolve("new.ndjson")));
        assertThat(console.await(PATIENCE).withoutStackTrace().status()).isZero();
        assertThat(folder.resolve("new.ndjson")).content().contains("\"confined\":[]");
    }
}
