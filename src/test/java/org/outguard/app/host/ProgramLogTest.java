package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramLogTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-01T04:00:00.1234Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("outguard.log");
    }

    @ParameterizedTest
    @CsvSource({
        "INFO, ERROR WARNING INFO",
        "DEBUG, ERROR WARNING INFO DEBUG",
        "TRACE, ERROR WARNING INFO DEBUG TRACE",
    })
    void whatIsLessSevereThanItsLevelIsNotWritten(Level least, String written) throws IOException {
        try (ProgramLog log = ProgramLog.open(file, least, CLOCK)) {
            for (Level level : List.of(Level.ERROR, Level.WARNING, Level.INFO, Level.DEBUG, Level.TRACE, Level.OFF)) {
                log.log(level, "a line");
            }
        }
        assertThat(Files.readAllLines(file))
                .containsExactlyElementsOf(List.of(written.split(" ")).stream()
                        .map(level -> "2026-12-01T04:00:00.123Z " + level + " a line")
                        .toList());
    }

    @Test
    void itIsInForceUntilItIsClosed() throws IOException {
        assertThat(ProgramLog.inForce()).isEmpty();
        try (ProgramLog log = ProgramLog.open(file, Level.INFO, CLOCK)) {
            assertThat(ProgramLog.inForce()).containsSame(log);
            try (ProgramLog inner = ProgramLog.open(folder.resolve("inner.log"), Level.INFO, CLOCK)) {
                assertThat(ProgramLog.inForce()).containsSame(inner);
            }
            assertThat(ProgramLog.inForce()).containsSame(log);
            assertThat(log.loss()).isEmpty();
        }
        assertThat(ProgramLog.inForce()).isEmpty();
    }

    @Test
    void anEventIsOneLineWhateverItsTextIs() throws IOException {
        try (ProgramLog log = ProgramLog.open(file, Level.INFO, CLOCK)) {
            log.log(Level.INFO, "a\u001b[2J\r\nb \u202ec {0}");
            log.log(Level.INFO, "of {0}", "x\ny");
            log.log(Level.ERROR, "ended", new IllegalStateException("z\nw"));
        }
        assertThat(Files.readAllLines(file)).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(0)).endsWith("INFO a\\x1b[2J\\x0d\\x0ab \\u202ec {0}");
            assertThat(lines.get(1)).endsWith("INFO of x\\x0ay");
            assertThat(lines.get(2)).contains("ERROR ended: java.lang.IllegalStateException: z\\x0aw\\x0a");
        });
    }

    @Test
    void itIsBoundedWithOneOlderFile() throws IOException {
        try (ProgramLog log = ProgramLog.open(file, Level.INFO, 200, CLOCK)) {
            for (int number = 0; number < 100; number++) {
                log.log(Level.INFO, "line " + number);
            }
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("outguard.log", "outguard.log.1");
        assertThat(Files.size(file)).isLessThanOrEqualTo(200);
        assertThat(Files.size(folder.resolve("outguard.log.1"))).isBetween(150L, 200L);
        assertThat(Files.readString(file)).endsWith("line 99\n");
    }

    @Test
    void itIsForItsOwnerAloneAndNoLinkIsFollowed() throws IOException {
        ProgramLog.open(file, Level.INFO, CLOCK).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
        assertThatThrownBy(() -> ProgramLog.open(link, Level.INFO, CLOCK)).hasMessageContaining("symbolic link");
        assertThat(ProgramLog.inForce()).isEmpty();
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void linesThatCouldNotBeWrittenAreCounted() throws IOException {
        try (ProgramLog log = ProgramLog.open(Path.of("/dev/full"), Level.INFO, CLOCK)) {
            log.log(Level.INFO, "one");
            log.log(Level.INFO, "two");
            assertThat(log.loss())
                    .contains("2 lines of the log /dev/full could not be written: No space left on device");
        }
    }
}
