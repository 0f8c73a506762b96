package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interface that goes away while it is watched is waited for, and watched again when it is back; that its namespace is deleted is said. */
class VanishingInterfaceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAMESPACE =
            "outguard-it-" + ProcessHandle.current().pid();

    @TempDir
    private static Path folder;

    private ProgramUnderTest.Running program;

    @BeforeEach
    void namespace() {
        Programs.requireRoot();
        Programs.output("ip", "netns", "add", NAMESPACE);
        plugIn();
    }

    @AfterEach
    void tidyUp() {
        if (program != null) {
            program.kill();
        }
        if (Files.exists(Path.of("/run/netns", NAMESPACE))) {
            Programs.output("ip", "netns", "delete", NAMESPACE);
        }
    }

    @Test
    void itIsWatchedAgainWhenItIsBack() {
        program = ProgramUnderTest.start(
                folder,
                ProgramUnderTest.command("watch", "--netns", NAMESPACE, "-i", "wire0", "--for", "60s", "--json", "-"));
        Patience.until(() -> "a first packet is counted: " + program.all(), PATIENCE, () -> countsAnother(0));

        ip("link", "delete", "wire0");
        Patience.until(
                () -> "it says so: " + program.all(),
                PATIENCE,
                () -> program.all().contains("wire0"));
        assertThat(ProcessHandle.of(program.pid())).isPresent();
        long before = packets();

        plugIn();
        Patience.until(() -> "it counts again: " + program.all(), PATIENCE, () -> countsAnother(before));

        Programs.output("ip", "netns", "delete", NAMESPACE);
        Patience.until(
                () -> "its namespace is gone: " + program.all(),
                PATIENCE,
                () -> program.all().contains("network namespace " + NAMESPACE + " has been deleted"));

        program.terminate();
        assertThat(program.await(PATIENCE).withoutStackTrace().status()).isIn(0, 3, 128 + 15);
    }

    private static void plugIn() {
        ip("link", "add", "name", "wire0", "type", "veth", "peer", "name", "far0");
        ip("link", "set", "dev", "far0", "up");
        ip("link", "set", "dev", "wire0", "up");
        ip("address", "add", "198.51.100.10/24", "dev", "wire0");
        ip("neighbour", "add", "198.51.100.1", "lladdr", "02:00:5e:00:53:01", "dev", "wire0", "nud", "permanent");
    }

    /** Sends a few packets and looks whether more are counted than before. */
    private boolean countsAnother(long before) {
        Programs.output(
                "nsenter",
                "--net=/run/netns/" + NAMESPACE,
                "--",
                ProgramUnderTest.NATIVE.resolve("outguard-lab-sender").toString(),
                "flood",
                "198.51.100.1",
                "80",
                "20",
                "1",
                "1");
        return packets() > before;
    }

    private long packets() {
        List<Map<String, Object>> summaries = program.json().stream()
                .filter(line -> Json.isType(line, "summary"))
                .toList();
        return summaries.isEmpty() ? 0 : Json.number(summaries.get(summaries.size() - 1), "packets");
    }

    private static void ip(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("ip", "-n", NAMESPACE));
        argv.addAll(List.of(arguments));
        Programs.output("", argv);
    }
}
