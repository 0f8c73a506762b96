package org.outguard.app.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.ProgramUnderTest;

/** {@code outguard replay --mail-log} names who sent the spam in a log of real Postfix. */
class MailReplayIT {

    @TempDir
    Path folder;

    @Test
    void aLogAloneNamesItsOffenders() throws IOException {
        Path log = folder.resolve("mail.log.gz");
        try (InputStream in =
                Objects.requireNonNull(MailReplayIT.class.getResourceAsStream("/mail/postfix-rfc3339/mail.log.gz"))) {
            Files.copy(in, log);
        }
        ProgramUnderTest.Ended run = ProgramUnderTest.run(
                        folder, Duration.ofSeconds(60), "replay", "--mail-log", log.toString(), "--json", "-")
                .withoutStackTrace();

        String said = run.stdout();
        assertThat(run.status()).as(run.stderr()).isEqualTo(3);
        assertThat(said.lines())
                .anyMatch(line -> line.contains("\"type\":\"offender\"")
                        && line.contains("SUBMISSION_BURST")
                        && line.contains("\"kind\":\"uid\"")
                        && line.contains("www-data"))
                .anyMatch(line -> line.contains("\"type\":\"message\"") && line.contains("\"kind\":\"bounce\""));
    }
}
