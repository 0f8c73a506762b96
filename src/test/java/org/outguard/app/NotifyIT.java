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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.demo.Lab;

/** A flood is watched: a program is told of it within seconds, once, and history has it for whoever asks later. */
class NotifyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** From its first packet on; what the program takes to be scheduled on a busy machine is in it. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(5);

    @TempDir
    private static Path folder;

    private Lab lab;

    @BeforeEach
    void build() {
        Programs.requireRoot();
        lab = BuiltLab.build();
        assertThat(lab.startFloods(Duration.ofSeconds(40))).isEmpty();
    }

    @AfterEach
    void tidyUp() {
        lab.close();
    }

    @Test
    void aFloodIsToldOnceAndFoundInHistory() throws IOException {
        Path told = folder.resolve("told");
        Path policy = Files.writeString(folder.resolve("outguard.toml"), """
                [[notify]]
                by = "exec"
                command = ["/usr/bin/tee", "-a", "%s"]
                """.formatted(told));
        String namespace = String.valueOf(lab.serverNamespace().getFileName());
        ProgramUnderTest.Ended watched = ProgramUnderTest.run(
                folder,
                PATIENCE,
                "watch",
                "--netns",
                namespace,
                "-i",
                "any",
                "--for",
                "8s",
                "--config",
                policy.toString(),
                "--json",
                folder.resolve("watch.ndjson").toString());
        assertThat(watched.status()).as(watched.all()).isZero();

        List<Map<String, Object>> messages =
                Files.readAllLines(told).stream().map(NotifyIT::object).toList();
        List<? extends Map<?, ?>> floods = messages.stream()
                .flatMap(message -> ((List<?>) message.get("events")).stream())
                .map(event -> (Map<?, ?>) event)
                .filter(event -> String.valueOf(event.get("remotes")).contains("203.0.113.80"))
                .toList();
        assertThat(floods).as("%s", messages).hasSize(1);
        Map<?, ?> flood = floods.get(0);
        assertThat(flood.get("event")).isEqualTo("begun");
        assertThat(flood.get("user")).isEqualTo("www-data");
        Instant begun = Instant.parse(String.valueOf(flood.get("firstSeen")));
        Instant at = Instant.parse(String.valueOf(flood.get("at")));
        assertThat(Duration.between(begun, at)).isLessThan(TOLD_WITHIN);

        Path store = ProgramUnderTest.journal(namespace).resolveSibling("history-netns-" + namespace + ".db");
        ProgramUnderTest.Ended history = ProgramUnderTest.run(
                        folder,
                        PATIENCE,
                        "history",
                        "--json",
                        "--remote",
                        "203.0.113.80",
                        "--history",
                        store.toString())
                .withoutStackTrace();
        assertThat(history.status()).as(history.all()).isZero();
        assertThat(history.stdout()).contains("\"user\":\"www-data\"", "\"address\":\"203.0.113.80\"");

        explains(store, "203.0.113.80", Instant.now(), 0, "user www-data (uid 33)");
        explains(store, "203.0.113.81", Instant.now(), 1, "not seen");
    }

    /* As a provider writes. */
    private void explains(Path store, String address, Instant at, int status, String words) throws IOException {
        String time = DateTimeFormatter.ofPattern("uuuu.MM.dd HH:mm:ss")
                .withZone(ZoneOffset.UTC)
                .format(at);
        Path mail = Files.writeString(
                folder.resolve("mail"),
                "Attack detail : 173Kpps/38Mbps\n" + time + " UTC    192.0.2.10:40000       " + address
                        + ":80         UDP      ---            29 ATTACK:UDP\n");
        ProgramUnderTest.Ended explained = ProgramUnderTest.run(
                        folder, PATIENCE, "explain", mail.toString(), "--history", store.toString())
                .withoutStackTrace();
        assertThat(explained.status()).as(explained.all()).isEqualTo(status);
        assertThat(explained.stdout()).contains(words);
    }

    private static Map<String, Object> object(String line) {
        try {
            return JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
