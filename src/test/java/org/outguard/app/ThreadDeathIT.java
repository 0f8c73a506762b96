package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever thread dies of an Error, the program ends with status 1 within a second, and says which it was. Those that look at
 * the queue of a mail system end by themselves where there is none.
 */
class ThreadDeathIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The second that is promised, and what a busy machine needs to look. */
    private static final Duration END = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    private OwnNamespace namespace;
    private ProgramUnderTest.Running running;

    @BeforeEach
    void prepare() {
        namespace = new OwnNamespace("death").withWayOut("sink");
    }

    @AfterEach
    void tidyUp() {
        if (running != null) {
            running.kill();
            running.await(PATIENCE);
        }
        namespace.close();
    }

    private String policy() throws IOException {
        return Files.writeString(folder.resolve("policy.toml"), """
                [[rule]]
                name = "floods"
                kind = "UDP_FLOOD"
                do = "block"
                for = "1m"
                """).toString();
    }

    /* Status 3 of the JVM's own switch would say that there are offenders. */
    @Test
    void theProgramEndsWithItsMemory() throws IOException {
        List<String> command =
                new ArrayList<>(ProgramUnderTest.command("watch", "-i", "sink", "--netns", namespace.name));
        plant(command, PlantedError.HEAP);
        running = ProgramUnderTest.start(folder, command);
        Patience.until(running::all, PATIENCE, () -> running.stdout().contains("planted"));
        ProgramUnderTest.Ended ended = running.await(PATIENCE);
        assertThat(ended.status()).as(ended.all()).isEqualTo(1);
        assertThat(ended.stderr()).contains("outguard: out of memory: Java heap");
    }

    private static void plant(List<String> command, String what) {
        int main = command.indexOf("org.outguard.app.Main");
        command.set(main, PlantedError.class.getName());
        command.add(main + 1, what);
        int path = command.indexOf("-cp") + 1;
        command.set(
                path,
                command.get(path) + ":" + Path.of("target", "test-classes").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "guard",
                "capture",
                "kernel eye",
                "memory",
                "owners",
                "mail log",
                "counters of blocks",
                "surroundings",
                "respawns",
                "metrics"
            })
    void theProgramEndsWithTheThread(String thread) throws Exception {
        List<String> command = new ArrayList<>(ProgramUnderTest.command(
                "watch",
                "-i",
                "sink",
                "--netns",
                namespace.name,
                "--enforce",
                "--config",
                policy(),
                "--mail-log",
                Files.writeString(folder.resolve("mail.log"), "").toString(),
                "--metrics",
                "127.0.0.1:0"));
        plant(command, "");
        try (Debugger debugger = new Debugger(PATIENCE)) {
            command.add(command.indexOf("-cp"), debugger.option());
            running = ProgramUnderTest.start(folder, command);
            Debugger.Attached program = debugger.attach();
            if (thread.equals("metrics")) {
                readMetrics();
            }
            program.plant(thread, PATIENCE);
        }
        ProgramUnderTest.Ended ended = running.await(END);
        assertThat(ended.status()).as(ended.all()).isEqualTo(1);
        assertThat(ended.stderr()).contains("outguard: internal error in thread " + thread + ": ");
    }

    private void readMetrics() {
        Patience.until(running::all, PATIENCE, () -> running.all().contains("metrics at port "));
        String port = running.all().replaceAll("(?s).*metrics at port (\\d+).*", "$1");
        Programs.output(
                "ip",
                "netns",
                "exec",
                namespace.name,
                "python3",
                "-c",
                "import urllib.request as u; u.urlopen('http://127.0.0.1:" + port + "/metrics').read()");
    }
}
