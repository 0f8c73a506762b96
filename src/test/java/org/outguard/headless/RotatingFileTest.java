package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("watch.ndjson");
    }

    private void write(String... parts) throws Exception {
        try (OutputStream out = RotatingFile.open(file, 10)) {
            for (String part : parts) {
                out.write(part.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private String text(String suffix) throws Exception {
        return Files.readString(folder.resolve("watch.ndjson" + suffix));
    }

    @Test
    void itIsAppendedToUntilItIsFull() throws Exception {
        write("one\n");
        write("two\n");
        assertThat(text("")).isEqualTo("one\ntwo\n");
        write("three\n");
        assertThat(text("")).isEqualTo("three\n");
        assertThat(text(".1")).isEqualTo("one\ntwo\n");
    }

    @Test
    void aLineIsNotCutInTwoHoweverItComes() throws Exception {
        write("one\ntwo\nthr", "ee\nfour\n", "a line that is longer than all\nfive\n");
        assertThat(text("")).isEqualTo("five\n");
        assertThat(text(".1")).isEqualTo("a line that is longer than all\n");
        assertThat(text(".2") + text(".3")).contains("three\n", "four\n");
    }

    /* Here something is in the way; on a full disk there is no room for a new file. */
    @Test
    void afterItCouldNotBeBegunAnewItGoesOnWhenItCan() throws Exception {
        try (OutputStream out = RotatingFile.open(file, 10)) {
            out.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
            Files.createFile(folder.resolve("watch.ndjson.3"));
            Path inTheWay = Files.createDirectory(folder.resolve("watch.ndjson.4"));
            Path within = Files.createFile(inTheWay.resolve("within"));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> out.write("three\n".getBytes(StandardCharsets.UTF_8)))
                        .isInstanceOf(IOException.class);
            }
            Files.delete(within);
            out.write("four\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(text("")).isEqualTo("four\n");
        assertThat(text(".1")).isEqualTo("one\ntwo\n");
    }

    /* Anybody may write to /dev/shm; what the kernel links to is as safe as the program's own output. */
    @Test
    void aLinkIsNotFollowedButForThoseOfTheKernel() throws Exception {
        Path shared = Files.createTempDirectory(Path.of("/dev/shm"), "outguard");
        Path link = shared.resolve("watch.ndjson");
        try {
            Files.createSymbolicLink(link, file);
            assertThatThrownBy(() -> RotatingFile.open(link, 10)).hasMessageContaining("symbolic link");
            assertThat(file).doesNotExist();
            RotatingFile.append(Path.of("/dev/stdout")).flush();
        } finally {
            Files.delete(link);
            Files.delete(shared);
        }
    }

    @Test
    void theOldestGoes() throws Exception {
        write(IntStream.range(0, 40).mapToObj(i -> "line " + (100 + i) + "\n").toArray(String[]::new));
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "watch.ndjson", "watch.ndjson.1", "watch.ndjson.2", "watch.ndjson.3", "watch.ndjson.4");
        }
        assertThat(text("")).isEqualTo("line 139\n");
        assertThat(text(".4")).isEqualTo("line 135\n");
    }
}
