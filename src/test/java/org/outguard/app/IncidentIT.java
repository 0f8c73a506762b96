package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The incident for which Outguard was made: a mail log full of {@code uid=33 from=<www-data>} and of bounces, and a table of
 * the provider in which the own address is masked. Ten lines answer who, by which way, which messages, whether it is
 * backscatter, what to run now, and what let it happen.
 */
class IncidentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a watch had recorded of the flood. */
    private static final String RECORDED = """
            {"type":"offender","id":"o-1","kind":"UDP_FLOOD","verdict":"OFFENDING","protocol":"udp","remotes":[\
            {"address":"185.211.78.1","port":80,"packets":865000,"bytes":25085000}],"remoteCount":1,\
            "packetsPerSecond":173000,"firstSeen":"2025-12-05T16:00:40Z","lastSeen":"2025-12-05T16:01:00Z","owner":\
            {"pid":4711,"command":"x7","exe":"/dev/shm/x7","uid":33,"user":"www-data","script":"/var/www/x7.php"},\
            "match":"EXACT","matchedBy":"kernel eye"}
            """;

    @TempDir
    Path folder;

    @Test
    void theLogIsAnsweredInTenLines() throws IOException {
        ProgramUnderTest.Ended ended = run("replay", "--mail-log", given("mail.log.gz"));
        assertThat(ended.status()).as(ended.all()).isEqualTo(3);
        assertThat(ended.stdout().lines().count()).as(ended.stdout()).isLessThanOrEqualTo(10);
        assertThat(ended.stdout())
                .contains("OFFENDING", "uid www-data")
                .contains("its own mail; submitted on this machine")
                .containsPattern("messages: [0-9A-F]{11} ")
                .contains("let in: every local user may run sendmail(1): 'outguard doctor'")
                .contains("run: outguard hold --uid www-data; outguard ban www-data")
                .contains("580 lines read, 0 not understood")
                .doesNotContain("backscatter");
    }

    @Test
    void theProvidersTableIsAnsweredThoughItHidesTheOwnAddress() throws IOException {
        Path history = Files.writeString(folder.resolve("watch.ndjson"), RECORDED);
        ProgramUnderTest.Ended ended = run("explain", "--history", history.toString(), given("provider.txt"));
        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.stdout())
                .contains("173Kpps/38Mbps", "xx.xx.xx.xx port 41403 -> 185.211.78.1 port 80")
                .contains("x7", "user www-data (uid 33)", "/var/www/x7.php");
    }

    private ProgramUnderTest.Ended run(String... words) {
        return ProgramUnderTest.run(folder, PATIENCE, words).withoutStackTrace();
    }

    private String given(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Objects.requireNonNull(IncidentIT.class.getResourceAsStream("/mail/incident/" + name))) {
            Files.copy(in, file);
        }
        return file.toString();
    }
}
