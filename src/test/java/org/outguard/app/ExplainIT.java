package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.demo.Lab;

/** A flood is watched; then a provider's mail about it is explained and reported by what the watching wrote. */
class ExplainIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private Lab lab;

    @BeforeEach
    void flood() {
        Programs.requireRoot();
        lab = BuiltLab.build();
        assertThat(lab.startFloods(Duration.ofSeconds(40))).isEmpty();
    }

    @AfterEach
    void tidyUp() {
        lab.close();
    }

    @Test
    void theMailsDestinationNamesTheProcessThatSent() throws IOException {
        Path log = folder.resolve("watch.ndjson");
        String namespace = String.valueOf(lab.serverNamespace().getFileName());
        ProgramUnderTest.Ended watched = ProgramUnderTest.run(
                folder, PATIENCE, "watch", "--netns", namespace, "-i", "any", "--for", "4s", "--json", log.toString());
        assertThat(watched.status()).as(watched.all()).isZero();
        String time = DateTimeFormatter.ofPattern("uuuu.MM.dd HH:mm:ss")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        Path mail = Files.writeString(
                folder.resolve("mail"),
                "Attack detail : 173Kpps/38Mbps\n" + time
                        + " UTC    192.0.2.10:40000       203.0.113.80:80         UDP      ---            29 ATTACK:UDP\n");

        ProgramUnderTest.Ended explained = ProgramUnderTest.run(
                        folder, PATIENCE, "explain", mail.toString(), "--history", log.toString())
                .withoutStackTrace();

        assertThat(explained.status()).as(explained.all()).isZero();
        assertThat(explained.stdout())
                .contains("sent by: process ", "user www-data (uid 33)", "match: ")
                .doesNotContain("do not fit");

        for (String form : List.of("markdown", "html", "xarf")) {
            ProgramUnderTest.Ended report = ProgramUnderTest.run(
                            folder,
                            PATIENCE,
                            "report",
                            "--format",
                            form,
                            "--history",
                            log.toString(),
                            "--source",
                            "192.0.2.10",
                            "--organisation",
                            "Example",
                            "--contact",
                            "abuse@example.org")
                    .withoutStackTrace();
            assertThat(report.status()).as(report.all()).isZero();
            assertThat(report.stdout()).contains("203.0.113.80");
            if (form.equals("xarf")) {
                assertThat(JSON.std.anyFrom(report.stdout())).isNotNull();
            }
        }
    }

    @Test
    void aMailWithoutRowsIsSaidToBeOne() throws IOException {
        Path mail = Files.writeString(folder.resolve("empty"), "Dear customer\n");
        ProgramUnderTest.Ended ended = ProgramUnderTest.run(folder, PATIENCE, "explain", mail.toString())
                .withoutStackTrace();
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.stderr()).contains("no row in this mail");
    }
}
