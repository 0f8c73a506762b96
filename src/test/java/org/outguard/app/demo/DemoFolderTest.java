package org.outguard.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFolderTest {

    /** Above the largest pid that Linux gives (PID_MAX_LIMIT, 4,194,304). */
    private static final long NO_PID = 4_999_999;

    @TempDir
    private Path parent;

    @Test
    void aFolderGoesWithItsDemonstrationAndThatOfAKilledOneWithTheNext() throws IOException {
        Path leftOver = Files.createDirectory(parent.resolve("demo-" + NO_PID));
        Files.writeString(leftOver.resolve("journal.ndjson"), "{}");
        Path other = Files.createDirectory(parent.resolve("other"));
        DemoFolder folder = DemoFolder.make(parent, ProcessHandle.current().pid());
        assertThat(leftOver).doesNotExist();
        assertThat(other).exists();
        Files.writeString(folder.journal(), "{}");
        folder.close();
        assertThat(folder.path()).doesNotExist();
    }
}
