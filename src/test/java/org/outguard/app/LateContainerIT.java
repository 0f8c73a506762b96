package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;

/** A watch that began before the container finds its mail system, reads its queue and its log, and says when it has ended. */
@WithMailSystem
class LateContainerIT {

    /** Containers are looked for the less often, the longer a look takes; what runs in one has a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final MailLab lab = MailLab.machine("postfix");

    @AfterEach
    void end() {
        lab.close();
    }

    @Test
    void aContainerThatComesLaterIsReadAndItsEndIsSeen() {
        Path lines = lab.work().resolve("watch.ndjson");
        ProgramUnderTest.Running watch =
                ProgramUnderTest.start(lab.work(), lab.programOutside("watch", "-i", "lo", "--json", lines.toString()));
        try {
            Patience.until("the watch has begun", PATIENCE, () -> Files.exists(lines));
            lab.startContainer();
            lab.php(3).await(PATIENCE);
            Patience.until(
                    () -> "the mail in the container is read: " + MailLab.read(lines) + watch.all(),
                    PATIENCE,
                    () -> MailLab.read(lines)
                            .lines()
                            .anyMatch(line -> line.contains("\"type\":\"message\"")
                                    && line.contains("\"instance\":\"postfix@pid-")
                                    && line.contains("www-data")));
            lab.killContainer();
            Patience.until(
                    () -> "its end is seen: " + MailLab.read(lines),
                    PATIENCE,
                    () -> MailLab.read(lines)
                            .lines()
                            .anyMatch(line -> line.contains("\"type\":\"notice\"")
                                    && line.contains("has ended: its queue and its log are not read any more")));
        } finally {
            watch.kill();
        }
        assertThat(watch.all()).doesNotContain("Exception");
    }
}
