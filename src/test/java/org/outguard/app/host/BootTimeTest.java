package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The boot stays where it is to the last digit, and moves only with a clock that was set. */
class BootTimeTest {

    private static final Instant BOOT = Instant.parse("2025-12-04T14:58:45Z");

    @TempDir
    private Path folder;

    @Test
    void movesWithAClockThatWasSetAndNotOtherwise() throws IOException {
        Path uptime = folder.resolve("uptime");
        AtomicReference<Instant> now = new AtomicReference<>(BOOT.plusSeconds(100));
        BootTime boot = new BootTime(uptime, now::get);
        assertThat(boot.get()).as("no such file").isEmpty();

        Files.writeString(uptime, "100.00 180.12\n");
        assertThat(boot.get()).contains(BOOT);
        now.set(BOOT.plusSeconds(200));
        Files.writeString(uptime, "199.63 380.12\n");
        assertThat(boot.get()).as("read a little later than the clock").contains(BOOT);
        now.set(BOOT.plusSeconds(3_800));
        Files.writeString(uptime, "200.00 380.12\n");
        assertThat(boot.get()).as("the clock was put on by an hour").contains(BOOT.plusSeconds(3_600));
        Files.writeString(uptime, "soon\n");
        assertThat(boot.get()).isEmpty();
    }
}
