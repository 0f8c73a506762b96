package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.ProcessStep.Scope;
import org.outguard.owner.ProcessId;

/** The process of the test is 500, a shell's child under an sshd of this session; 600 sends, and has a child. */
class ProcessRailsTest {

    @TempDir
    Path folder;

    private FakeProc proc;
    private Path cgroups;
    private ProcessRails rails;

    @BeforeEach
    void lay() throws IOException {
        proc = new FakeProc(Files.createDirectory(folder.resolve("proc")));
        cgroups = folder.resolve("cgroup");
        proc.process(1, 0, 1, "systemd")
                .write(2, "stat", "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 2 0 0")
                .process(300, 1, 3, "sshd")
                .process(400, 300, 4, "sshd")
                .process(450, 400, 5, "bash")
                .process(500, 450, 6, "java")
                .process(600, 1, 7, "x7")
                .process(601, 600, 8, "x7");
        for (int pid : new int[] {300, 400}) {
            proc.link(pid, "exe", "/usr/sbin/sshd").link(pid, "fd/3", "socket:[" + pid + "]");
        }
        proc.write(300, "net/tcp", socket("00000000:0016", "00000000:0000", "0A", 300))
                .write(400, "net/tcp", socket("0200000A:0016", "097100CB:C350", "01", 400));
        rails = new ProcessRails(proc.root, cgroups, 500, "203.0.113.9 50000 10.0.0.2 22");
    }

    private static String socket(String local, String remote, String state, int inode) {
        return "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: "
                + local + " " + remote + " " + state + " 00000000:00000000 00:00000000 00000000     0        0 " + inode
                + " 1 0000 100 0 0 10 0\n";
    }

    @Test
    void whoSendsMayBeStopped() {
        assertThat(freeze(600, 7, Scope.PROCESS)).isEmpty();
        assertThat(freeze(600, 7, Scope.TREE)).isEmpty();
    }

    @Test
    void whoRunsInAnotherPidNamespaceMayNotWhoeverHasItsNumberHere() {
        ProcessId elsewhere = ProcessId.elsewhere(600, 7);
        assertThat(freeze(elsewhere.pid(), elsewhere.startTicks(), Scope.PROCESS))
                .contains(ProcessId.NOT_HERE);
    }

    @Test
    void initAndTheKernelMayNot() {
        assertThat(freeze(1, 1, Scope.PROCESS).orElseThrow()).contains("init");
        assertThat(freeze(2, 2, Scope.PROCESS).orElseThrow()).contains("thread of the kernel");
    }

    @Test
    void outguardAndAllThatItRunsInMayNot() {
        assertThat(freeze(500, 6, Scope.PROCESS).orElseThrow()).contains("Outguard itself");
        assertThat(freeze(450, 5, Scope.PROCESS).orElseThrow()).contains("bash", "runs in");
        assertThat(freeze(300, 3, Scope.PROCESS).orElseThrow()).contains("runs in");
    }

    @Test
    void aTreeWithOneOfThemMayNot() throws IOException {
        proc.process(450, 1, 5, "bash").process(300, 600, 3, "sshd");
        assertThat(freeze(600, 7, Scope.TREE).orElseThrow()).contains("descendant", "300", "listens");
        assertThat(freeze(600, 7, Scope.PROCESS)).isEmpty();
    }

    @Test
    void theSshdThatListensAndThatOfThisSessionMayNot() throws IOException {
        // As in tmux, whose server is nobody's child: what we run in does not lead to sshd.
        proc.process(450, 1, 5, "bash");
        assertThat(freeze(300, 3, Scope.PROCESS).orElseThrow()).contains("listens");
        assertThat(freeze(400, 4, Scope.PROCESS).orElseThrow()).contains("of this session");
    }

    @Test
    void anotherSessionsSshdAndAProgramThatIsMerelyCalledSoMay() throws IOException {
        proc.process(450, 1, 5, "bash")
                .write(400, "net/tcp", socket("0200000A:0016", "077100CB:C350", "01", 400))
                .process(700, 1, 9, "sshd")
                .link(700, "exe", "/dev/shm/sshd")
                .link(700, "fd/3", "socket:[700]")
                .write(700, "net/tcp", socket("00000000:0016", "00000000:0000", "0A", 700));
        assertThat(freeze(400, 4, Scope.PROCESS)).isEmpty();
        assertThat(freeze(700, 9, Scope.PROCESS)).isEmpty();
    }

    @Test
    void aControlGroupThatIsSharedMayNot() throws IOException {
        Path group = Files.createDirectories(cgroups.resolve("system.slice/php.service"));
        Files.writeString(group.resolve("cgroup.freeze"), "0");
        Files.writeString(group.resolve("cgroup.procs"), "600\n601\n");
        proc.write(600, "cgroup", "0::/system.slice/php.service\n");
        status(600, 33);
        status(601, 33);
        assertThat(freeze(600, 7, Scope.CGROUP)).isEmpty();

        status(601, 0);
        assertThat(freeze(600, 7, Scope.CGROUP).orElseThrow()).contains("shared", "601");

        Files.writeString(group.resolve("cgroup.procs"), "600\n450\n");
        assertThat(freeze(600, 7, Scope.CGROUP).orElseThrow()).contains("450");
    }

    @Test
    void theRootGroupIsNone() throws IOException {
        proc.write(600, "cgroup", "0::/\n");
        assertThat(freeze(600, 7, Scope.CGROUP).orElseThrow()).contains("no control group");
    }

    @Test
    void anyoneMayBeLetGoOn() {
        assertThat(rails.refusal(new ProcessStep.Thaw(new ProcessId(450, 5), "bash", Scope.PROCESS, "")))
                .isEmpty();
    }

    private void status(int pid, int uid) throws IOException {
        proc.write(pid, "status", "Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\n");
    }

    private Optional<String> freeze(int pid, long start, Scope scope) {
        return rails.refusal(new ProcessStep.Freeze(new ProcessId(pid, start), "x", scope));
    }
}
