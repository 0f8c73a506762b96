package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rules of a policy would have done about floods of the past, up to their bound of actions an hour. */
class ReplayRulesIT {

    private static final long BEGIN_MICROS = 1_764_950_400_000_000L;
    private static final int FLOODS = 3;
    private static final int PACKETS_EACH = 60_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    @Test
    void aReplayShowsWhatWouldHaveBeenDoneAndDoesNothing() throws IOException {
        Path policy = folder.resolve("policy.toml");
        Files.writeString(policy, """
                [[rule]]
                name = "floods"
                kind = "UDP_FLOOD"
                do = "block"
                scope = "remote"
                for = "10m"
                at_most_per_hour = 2
                """);
        Path journal = ProgramUnderTest.journal("none").resolveSibling("journal.ndjson");
        String before = MailLab.read(journal);

        ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                        folder,
                        PATIENCE,
                        "replay",
                        floods().toString(),
                        "--config",
                        policy.toString(),
                        "--enforce",
                        "--dry-run",
                        "--json",
                        "-")
                .withoutStackTrace();

        assertThat(ended.status()).as(ended.all()).isEqualTo(3);
        List<String> said = new ArrayList<>();
        ended.json().stream()
                .filter(line -> Json.isType(line, "notice"))
                .map(line -> Json.text(line, "text"))
                .filter(text -> text.startsWith("rule floods: "))
                .forEach(said::add);
        assertThat(said).hasSize(FLOODS);
        assertThat(said.subList(0, 2))
                .allMatch(text -> text.matches("rule floods: would block to 203\\.0\\.113\\.\\d+ udp for 600 s .*"))
                .doesNotHaveDuplicates();
        assertThat(said.get(2))
                .startsWith("rule floods: not done, since it has acted 2 times within an hour: block to 203.0.113.");
        assertThat(MailLab.read(journal)).as("nothing is journaled").isEqualTo(before);
    }

    /* One after the other, 30,000 packets a second each. */
    private static Path floods() throws IOException {
        Path file = folder.resolve("floods.pcap");
        byte[] from = {(byte) 198, 51, 100, 10};
        try (Capture capture = new Capture(file, Capture.ETHERNET)) {
            for (int i = 0; i < FLOODS * PACKETS_EACH; i++) {
                int which = i / PACKETS_EACH;
                byte[] to = {(byte) 203, 0, 113, (byte) (10 + which)};
                capture.udp(from, 40_000 + which, to, 80, 1, 0, BEGIN_MICROS + i * 1_000_000L / 30_000);
            }
        }
        return file;
    }
}
