package org.outguard.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever waits for a long trace sees how far it is, and nothing of it is left. */
class ReplayProgressTest {

    private static final Instant AT = Instant.parse("2025-12-05T16:13:49.750Z");

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private long now;
    private final ReplayProgress progress = new ReplayProgress(terminal, () -> now);

    @TempDir
    private Path folder;

    private String written() {
        String text = terminal.toString(StandardCharsets.UTF_8);
        terminal.reset();
        return text;
    }

    @Test
    void saysWhichPartOfTheFileWasRead() throws IOException {
        Path file = Files.write(folder.resolve("a\033[2J.pcap"), new byte[1_000]);
        progress.begin(file.toString(), () -> 450);
        progress.reached(AT);
        assertThat(written()).as("too early").isEmpty();
        now += 200_000_000L;
        progress.reached(AT);
        assertThat(written())
                .startsWith("\r\033[K")
                .endsWith(".pcap  45 %  2025-12-05T16:13:49Z")
                .doesNotContain("\033[2J");
        progress.end();
        assertThat(written()).isEqualTo("\r\033[K");
        progress.end();
        assertThat(written()).isEmpty();
    }

    @Test
    void ofAStreamItSaysHowMuch() {
        progress.begin("-", () -> 7L << 20);
        now += 200_000_000L;
        progress.reached(AT);
        assertThat(written()).contains("-  7 MB  2025");
    }
}
