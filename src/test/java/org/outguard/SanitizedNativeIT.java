package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every program of native/check runs without a report of the address and undefined-behaviour sanitizers. */
class SanitizedNativeIT {

    private static final long MOST_SECONDS = 300;

    @TempDir
    Path out;

    @Test
    void theCodeInCKeepsWithinItsMemoryWhateverComes() throws Exception {
        List<String> checks;
        try (var files = Files.list(Path.of("native/check"))) {
            checks = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".c"))
                    .map(name -> name.substring(0, name.length() - 2))
                    .toList();
        }
        File said = out.resolve("said").toFile();
        long seed = System.nanoTime();
        Process make = new ProcessBuilder("make", "-C", "native", "OUT=" + out, "SEED=" + seed, "sanitize")
                .redirectErrorStream(true)
                .redirectOutput(said)
                .redirectInput(new File("/dev/null"))
                .start();
        try {
            assertThat(make.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            make.destroyForcibly();
        }
        String text = Files.readString(said.toPath(), StandardCharsets.UTF_8);
        System.out.println(text);
        assertThat(make.exitValue()).as(text).isZero();
        assertThat(checks).isNotEmpty().allSatisfy(check -> assertThat(text).contains(out + "/sanitize/" + check));
    }
}
