package org.outguard.mta.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers are named by what docker and podman have written down of them. */
class ContainerRuntimesTest {

    private static final String ID = "3f".repeat(32);

    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/system.slice/docker-%s.scope",
                "12:pids:/docker/%s\n0::/",
                "0::/machine.slice/libpod-%s.scope/container",
                "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-%s.scope",
                "0::/kubepods/besteffort/pod1/%s",
            })
    void anIdIsInTheControlGroup(String cgroup) {
        assertThat(ContainerRuntimes.id(cgroup.formatted(ID))).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0::/", "0::/system.slice/postfix@-.service", "0::/docker/3f3f", ""})
    void whatIsNoContainerHasNone(String cgroup) {
        assertThat(ContainerRuntimes.id(cgroup)).isEmpty();
    }

    @Test
    void dockerHasNameAndLogBesideEachOther() throws IOException {
        write("var/lib/docker/containers/" + ID + "/config.v2.json", "{\"ID\":\"x\",\"Name\":\"/mailcow-postfix-1\"}");
        Path log = write("var/lib/docker/containers/" + ID + "/" + ID + "-json.log", "");
        ContainerRuntimes runtimes = new ContainerRuntimes(root);
        assertThat(runtimes.name(ID)).isEqualTo("mailcow-postfix-1");
        assertThat(runtimes.logs(ID)).containsExactly(log);
    }

    @Test
    void podmanHasAllNamesInOneFile() throws IOException {
        String storage = "var/lib/containers/storage/overlay-containers/";
        write(
                storage + "containers.json",
                "[{\"id\":\"aa\",\"names\":[\"db\"]},{\"id\":\"" + ID + "\",\"names\":[\"mail a\"]}]");
        Path log = write(storage + ID + "/userdata/ctr.log", "");
        ContainerRuntimes runtimes = new ContainerRuntimes(root);
        assertThat(runtimes.name(ID)).isEqualTo("mail_a");
        assertThat(runtimes.logs(ID)).containsExactly(log);
    }

    @Test
    void aFileThatIsNoneOfTheirsNamesNobody() throws IOException {
        write("var/lib/docker/containers/" + ID + "/config.v2.json", "{\"Name\":");
        ContainerRuntimes runtimes = new ContainerRuntimes(root);
        assertThat(runtimes.name(ID)).isEqualTo("3f3f3f3f3f3f");
        assertThat(runtimes.logs(ID)).isEmpty();
    }

    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }
}
