package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.Programs;

/** What an attacker may put in the place of a file, as root opens it on behalf of a user: real files, real rights. */
class ForeignFileIT {

    private static final int USER = 33;
    private static final int GROUP = 33;
    private static final int OTHER_GROUP = 4_321;
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    @TempDir
    private Path root;

    @BeforeEach
    void open() throws IOException {
        Programs.requireRoot();
        mode(root, "rwxr-xr-x");
        write("script.php", "<?php", "rw-r--r--");
        write("secret", "root only", "rw-------");
    }

    private Path write(String name, String text, String mode) throws IOException {
        return mode(Files.writeString(root.resolve(name), text), mode);
    }

    private static Path mode(Path file, String mode) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private String read(String below, int uid, int... groups) throws IOException {
        try (InputStream in = ForeignFile.open(root, below, uid, groups, false).stream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void refused(String below, String reason) {
        assertTimeoutPreemptively(
                AT_ONCE,
                () -> assertThatThrownBy(() -> read(below, USER, GROUP))
                        .isInstanceOf(IOException.class)
                        .hasMessage(reason));
    }

    @Test
    void whatTheUserMayReadIsRead() throws IOException {
        assertThat(read("script.php", USER, GROUP)).isEqualTo("<?php");
    }

    @Test
    void whatOnlyRootMayReadIsNotReadOnBehalfOfAUser() throws IOException {
        refused("secret", "its user may not read it");
        Files.createSymbolicLink(root.resolve("named.php"), Path.of("secret"));
        refused("named.php", "its user may not read it");
    }

    @Test
    void aHardLinkGivesNoRights() throws IOException {
        Files.createLink(root.resolve("linked.php"), root.resolve("secret"));
        refused("linked.php", "its user may not read it");
    }

    @Test
    void ofAnEndlessFileNoMoreIsReadThanIsWanted() throws IOException {
        Programs.output("truncate", "-s", "1T", root.resolve("sparse").toString());
        mode(root.resolve("sparse"), "rw-r--r--");
        assertTimeoutPreemptively(AT_ONCE, () -> {
            try (InputStream in = ForeignFile.open(root, "sparse", USER, new int[] {GROUP}, false).stream()) {
                assertThat(in.readNBytes(100_000)).hasSize(100_000).containsOnly(0);
            }
        });
    }

    @Test
    void theRightsOfThisProgramAreItsOwnAgainAfterwards() throws IOException {
        refused("secret", "its user may not read it");
        assertThat(read("secret", ForeignFile.OWN_RIGHTS)).isEqualTo("root only");
        assertThat(Files.readString(root.resolve("secret"))).isEqualTo("root only");
        Files.createFile(root.resolve("made"));
        assertThat(Files.getAttribute(root.resolve("made"), "unix:uid")).isEqualTo(0);
    }

    @Test
    void aSupplementaryGroupCounts() throws IOException {
        Path file = write("shared", "by group", "rw-r-----");
        Files.setAttribute(file, "unix:gid", OTHER_GROUP);
        refused("shared", "its user may not read it");
        assertThat(read("shared", USER, GROUP, OTHER_GROUP)).isEqualTo("by group");
    }

    @Test
    void noPathLeavesItsRoot() throws IOException {
        Files.createDirectory(root.resolve("etc"));
        write("etc/passwd", "of the container", "rw-r--r--");
        mode(root.resolve("etc"), "rwxr-xr-x");
        Files.createSymbolicLink(root.resolve("absolute"), Path.of("/etc/passwd"));
        assertThat(read("absolute", USER, GROUP)).isEqualTo("of the container");
        assertThat(read("../../../../etc/passwd", USER, GROUP)).isEqualTo("of the container");
        Files.createSymbolicLink(root.resolve("magic"), Path.of("/proc/self/root/etc/passwd"));
        refused("magic", "no such file");
    }

    @Test
    void aPipeIsNotWaitedFor() throws IOException {
        Programs.output("mkfifo", "-m", "666", root.resolve("pipe").toString());
        refused("pipe", "not a regular file");
    }

    @Test
    void aDeviceIsNotOpened() throws IOException {
        Programs.output("mknod", "-m", "666", root.resolve("device").toString(), "c", "1", "5");
        refused("device", "not a regular file");
    }

    @Test
    void aFolderIsListedByItsDescriptorWhateverItsNameIsBecoming() throws IOException {
        Files.createDirectory(root.resolve("shop"));
        mode(root.resolve("shop"), "rwxr-xr-x");
        write("shop/x7.php", "<?php flood();", "rw-r--r--");
        try (ForeignFile folder = ForeignFile.open(root, "shop", USER, new int[] {GROUP}, true)) {
            Files.move(root.resolve("shop"), root.resolve("moved"));
            Files.createSymbolicLink(root.resolve("shop"), Path.of("/etc"));
            try (var names = Files.list(folder.path())) {
                assertThat(names.map(Path::getFileName).map(Path::toString)).isEqualTo(List.of("x7.php"));
            }
        }
        assertThatThrownBy(() -> ForeignFile.open(root, "secret", USER, new int[] {GROUP}, true))
                .hasMessage("not a folder");
    }

    @Test
    void aNameWithAZeroIsNoOtherName() {
        assertThatThrownBy(() -> read("script.php\0.txt", USER, GROUP)).hasMessage("no name of a file");
    }

    /** The file is a pipe and a file by turns, thousands of times; each attempt ends. */
    @Test
    void aPipeThatTakesTheFilesPlaceMeanwhileHoldsNobodyUp() throws Exception {
        Programs.output("mkfifo", "-m", "666", root.resolve("spare-pipe").toString());
        write("spare-file", "a file", "rw-r--r--");
        write("swapped", "a file", "rw-r--r--");
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper = new Thread(() -> swap(over), "swapper");
        swapper.setDaemon(true);
        swapper.start();
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                for (int round = 0; round < 5_000; round++) {
                    try {
                        assertThat(read("swapped", USER, GROUP)).isEqualTo("a file");
                    } catch (IOException e) {
                        assertThat(e).hasMessageMatching("not a regular file|no such file|nothing is behind it");
                    }
                }
            });
        } finally {
            over.set(true);
            swapper.join(10_000);
        }
    }

    private void swap(AtomicBoolean over) {
        Path link = root.resolve("next");
        try {
            for (boolean pipe = true; !over.get(); pipe = !pipe) {
                Files.createLink(link, root.resolve(pipe ? "spare-pipe" : "spare-file"));
                Files.move(link, root.resolve("swapped"), StandardCopyOption.ATOMIC_MOVE);
                // Where both are the same file already, rename(2) leaves the new name.
                Files.deleteIfExists(link);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
