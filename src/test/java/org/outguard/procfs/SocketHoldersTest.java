package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.kernel.SocketScan;
import org.outguard.owner.ProcessId;

class SocketHoldersTest {

    @TempDir
    Path folder;

    private FakeProc proc;
    private long nowNanos;
    private SocketHolders holders;

    @BeforeEach
    void lay() throws IOException {
        proc = new FakeProc(folder)
                .process(7, 1, 70, "a")
                .link(7, "fd/0", "pipe:[500]")
                .link(7, "fd/3", "socket:[501]")
                .link(7, "fd/4", "socket:[501]")
                .link(7, "fd/5", "socket:[502]")
                .process(8, 7, 80, "b")
                .link(8, "fd/3", "socket:[502]")
                .link(8, "fd/4", "pipe:[503]")
                .process(9, 7, 90, "no descriptors may be listed");
        Files.createDirectory(folder.resolve("self"));
        holders = new SocketHolders(folder, SocketScan::holders, () -> nowNanos);
    }

    @Test
    void oneScanAnswersAllThatIsAskedFor() {
        Map<Long, List<ProcessId>> found = holders.holdersOf(Set.of(501L, 502L, 503L, 504L));

        assertThat(found).containsOnlyKeys(501L, 502L);
        assertThat(found.get(501L)).containsExactly(new ProcessId(7, 70));
        assertThat(found.get(502L)).containsExactlyInAnyOrder(new ProcessId(7, 70), new ProcessId(8, 80));
    }

    @Test
    void whatWasFoundIsRememberedForASecond() throws IOException {
        holders.holdersOf(Set.of(501L));
        Files.delete(folder.resolve("7/fd/3"));
        Files.delete(folder.resolve("7/fd/4"));

        assertThat(holders.holdersOf(Set.of(501L))).containsOnlyKeys(501L);

        nowNanos += Duration.ofSeconds(2).toNanos();
        assertThat(holders.holdersOf(Set.of(501L))).isEmpty();
    }

    @Test
    void whatWasNotFoundIsLookedForAgain() throws IOException {
        assertThat(holders.holdersOf(Set.of(600L))).isEmpty();
        proc.link(8, "fd/9", "socket:[600]");

        assertThat(holders.holdersOf(Set.of(600L))).containsOnlyKeys(600L);
    }

    @Test
    void oddNamesAreNoProcesses() throws IOException {
        Files.createDirectories(folder.resolve("99999999999999/fd"));
        Files.createDirectories(folder.resolve("-5/fd"));
        proc.link(8, "fd/10", "socket:[x]").link(8, "fd/11", "socket:[99999999999999999999]");

        assertThat(holders.holdersOf(Set.of(0L))).isEmpty();
    }
}
