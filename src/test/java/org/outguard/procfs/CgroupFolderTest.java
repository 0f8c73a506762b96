package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which control group can stop a process with all others of its group, in the three set-ups that there are. */
class CgroupFolderTest {

    @TempDir
    Path folder;

    private FakeProc proc;
    private Path cgroups;

    @BeforeEach
    void lay() throws IOException {
        proc = new FakeProc(Files.createDirectory(folder.resolve("proc")));
        proc.process(600, 1, 7, "x7");
        cgroups = Files.createDirectory(folder.resolve("cgroup"));
    }

    @Test
    void versionTwoAlone() throws IOException {
        group("web.slice/php.service", "cgroup.freeze", "0");
        assertThat(of("0::/web.slice/php.service\n")).hasValueSatisfying(found -> {
            assertThat(found.v2()).isTrue();
            assertThat(found.turn(true)).isEmpty();
            assertThat(found.switchFile()).hasContent("1");
        });
    }

    @Test
    void versionTwoBesideVersionOne() throws IOException {
        group("unified/web", "cgroup.freeze", "0");
        assertThat(of("5:freezer:/other\n0::/web\n").orElseThrow().folder()).isEqualTo(cgroups.resolve("unified/web"));
    }

    @Test
    void theFreezerOfVersionOne() throws IOException {
        group("freezer/web", "freezer.state", "THAWED");
        CgroupFolder found = of("6:freezer:/web\n0::/\n").orElseThrow();
        assertThat(found.v2()).isFalse();
        assertThat(found.turn(true)).isEmpty();
        assertThat(found.isFrozen()).isTrue();
        assertThat(found.killAll()).hasValueSatisfying(why -> assertThat(why).contains("cgroup.kill"));
    }

    @Test
    void theRootStopsNothing() throws IOException {
        Files.writeString(cgroups.resolve("cgroup.freeze"), "0");
        assertThat(of("0::/\n")).isEmpty();
        assertThat(of("0::/../..\n")).isEmpty();
        assertThat(of("nonsense")).isEmpty();
    }

    @Test
    void thoseBelowAreMembersToo() throws IOException {
        group("web", "cgroup.freeze", "0");
        group("web", "cgroup.procs", "600\n");
        group("web/inner", "cgroup.procs", "601\nnonsense\n0\n");
        assertThat(of("0::/web\n").orElseThrow().pids()).containsExactly(600, 601);
    }

    private void group(String path, String file, String text) throws IOException {
        Path group = Files.createDirectories(cgroups.resolve(path));
        Files.writeString(group.resolve(file), text);
    }

    private Optional<CgroupFolder> of(String text) throws IOException {
        proc.write(600, "cgroup", text);
        return CgroupFolder.of(proc.root, cgroups, 600);
    }
}
