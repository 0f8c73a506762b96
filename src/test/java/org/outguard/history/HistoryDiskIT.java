package org.outguard.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.Verdict;
import org.outguard.owner.Attribution;

/** A disk that is full, and has room again. */
class HistoryDiskIT {

    private static final Attribution WHO = Traffic.process(1, "/bin/x", 33, "www-data");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-24T00:00:00Z");
    private HistoryHealth health = HistoryHealth.NONE;
    private final Traffic traffic = new Traffic();
    private long sent;

    @BeforeEach
    void mount() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", folder.toString());
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s (as root): %s", List.of(command), said)
                .isZero();
    }

    private void second(HistoryWriter writer) {
        for (int i = 0; i < 50; i++) {
            traffic.add(WHO, Protocol.UDP, IpAddress.v4((int) (0xCB000000 + sent++)), 80, 1, Verdict.CLEAN);
        }
        writer.record(traffic.at(now));
        writer.turn();
        now = now.plusSeconds(1);
    }

    @Test
    void whatCannotBeWrittenWaitsAndIsWrittenWhenThereIsRoom() throws IOException {
        HistorySettings settings = HistorySettings.of(folder.resolve("history.db"), 64, 30);
        HistoryWriter writer = new HistoryWriter(settings, Traffic.LINES, () -> now, told -> health = told);
        second(writer);
        assertThat(health.words()).isEmpty();
        Path filler = folder.resolve("filler");
        assertThat(fill(filler)).isPositive();
        for (int i = 0; i < 30; i++) {
            second(writer);
        }
        assertThat(health.words()).contains("history is not written").contains("rows wait");
        Files.delete(filler);
        for (int i = 0; i < 40; i++) {
            second(writer);
        }
        assertThat(health.words()).isEmpty();
        writer.stop();
        writer.run();
        try (HistoryReader reader = HistoryReader.open(settings.file())) {
            HistoryQuery all = HistoryQuery.of(Instant.EPOCH, now);
            assertThat(reader.owners(all, 10).get(0).packets()).isEqualTo(sent);
        }
    }

    private static long fill(Path file) throws IOException {
        long written = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[4096]);
                written += 4096;
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
            return written;
        }
    }
}
