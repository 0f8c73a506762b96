package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NDJSON that cannot be written: that is said, and the exit status says it too. */
class LostOutputIT {

    @TempDir
    private Path folder;

    private OwnNamespace namespace;

    @BeforeEach
    void prepare() {
        namespace = new OwnNamespace("lost").withWayOut("sink");
    }

    @AfterEach
    void tidyUp() {
        namespace.close();
    }

    private Process watch(File out, String... more) throws IOException {
        String[] words = new String[7 + more.length];
        System.arraycopy(
                new String[] {"watch", "-i", "sink", "--netns", namespace.name, "--eye", "wire"}, 0, words, 0, 7);
        System.arraycopy(more, 0, words, 7, more.length);
        ProcessBuilder builder = new ProcessBuilder(ProgramUnderTest.command(words))
                .redirectError(folder.resolve("err").toFile());
        return (out == null ? builder : builder.redirectOutput(out)).start();
    }

    private int status(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aFullDiskIsAnErrorAlsoForStandardOutput() throws IOException, InterruptedException {
        assertThat(status(watch(new File("/dev/full"), "--for", "2s"))).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err"))).contains("No space left on device");
        assertThat(status(watch(null, "--for", "2s", "--json", "/dev/full"))).isEqualTo(1);
    }

    @Test
    void aReaderThatIsGoneEndsItQuietly() throws IOException, InterruptedException {
        Process process = watch(null);
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(reader.readLine()).contains("\"type\"");
        }
        assertThat(status(process)).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err"))).doesNotContain("Broken pipe");
    }

    @Test
    void aNewFileIsItsOwnersAloneAndALinkIsNotFollowed() throws IOException, InterruptedException {
        Path file = folder.resolve("watch.ndjson");
        assertThat(status(watch(null, "--for", "1s", "--json", file.toString())))
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Path target = folder.resolve("target");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        assertThat(status(watch(null, "--for", "1s", "--json", link.toString())))
                .isEqualTo(1);
        assertThat(target).doesNotExist();
        assertThat(Files.readString(folder.resolve("err"))).contains("is a symbolic link, which is not followed");
    }
}
