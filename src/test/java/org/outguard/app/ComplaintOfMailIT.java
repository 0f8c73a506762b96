package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A receiver's complaint (ARF, RFC 5965) about one message: the whole program names who submitted it, from what a log says. */
class ComplaintOfMailIT {

    private static final Path LAB = Path.of("src/test/resources/mail-lab/arf").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "postfix, pf-one, 'user www-data (uid 33)', outguard ban www-data",
        "postfix, pf-two, login alice@example.org, outguard ban alice@example.org",
        "exim, ex-one, 'user www-data (uid 33)', outguard ban www-data",
        "exim, ex-two, login alice, outguard ban alice",
    })
    void namesTheUserOrTheLogin(String system, String complaint, String who, String stop) {
        Path history = folder.resolve("history.ndjson");
        ProgramUnderTest.run(
                folder,
                PATIENCE,
                "replay",
                "--mail-log",
                LAB.resolve(system + ".log").toString(),
                "--json",
                history.toString());
        ProgramUnderTest.Ended explained = ProgramUnderTest.run(
                folder,
                PATIENCE,
                "explain",
                "--history",
                history.toString(),
                LAB.resolve(complaint + ".eml").toString());
        assertThat(explained.stdout())
                .contains("sent by: " + who + "\n", "1 of 1 recipients", "stop it: " + stop + "\n");
    }
}
