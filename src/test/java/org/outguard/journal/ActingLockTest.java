package org.outguard.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One acts at a time; who waits in vain learns for whom. */
class ActingLockTest {

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("journal.ndjson");
    }

    @Test
    void theTurnIsFreeAgainWhenItIsGivenBack() throws IOException {
        Journal journal = new Journal(file());
        journal.turn(0).close();
        journal.turn(0).close();
    }

    @Test
    void anotherThreadOfThisProgramHasIt() throws IOException {
        try (Journal.Turn held = new Journal(file()).turn(0)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> new Journal(file()).turn(0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " holds ");
        }
    }

    @Test
    void anotherProcessThatHangsIsNamedAndNotWaitedForForEver() throws IOException {
        Path lock = directory.resolve("journal.ndjson.acting");
        Process other = new ProcessBuilder(
                        "perl",
                        "-e",
                        // struct flock of a 64-bit Linux: type F_WRLCK, whence SEEK_SET, start and length 0 (fcntl(2)).
                        "use Fcntl; my $lock = pack('s s x4 q q i x4', F_WRLCK, 0, 0, 0, 0); "
                                + "open(my $f, '+>', $ARGV[0]) or die; "
                                + "fcntl($f, F_SETLK, $lock) or die; "
                                + "$| = 1; print qq(held\\n); sleep 60",
                        lock.toString())
                .start();
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> new Journal(file()).turn(0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + other.pid() + " holds " + lock);
        } finally {
            other.destroyForcibly();
        }
        // The kernel lets go of the locks of what has ended.
        new Journal(file()).turn(30).close();
    }
}
