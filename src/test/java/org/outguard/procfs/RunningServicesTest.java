package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.observation.NeededService;

/** Name and time servers, and where sshd listens, by a /proc and units of the test's own. */
class RunningServicesTest {

    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    private Path folder;

    private FakeProc proc;
    private PasswdFile users;

    @BeforeEach
    void aMachine() throws IOException {
        proc = new FakeProc(Files.createDirectory(folder.resolve("proc")));
        Path passwd = folder.resolve("passwd");
        Files.writeString(passwd, """
                root:x:0:0::/root:/bin/sh
                unbound:x:113:113::/:/
                www-data:x:33:33::/var/www:/
                nobody:x:65534:65534::/:/
                """);
        users = new PasswdFile(passwd);
    }

    private void process(int pid, String command, String exe, int uid, String cgroup) throws IOException {
        proc.process(pid, 1, pid, command)
                .link(pid, "exe", exe)
                .write(
                        pid,
                        "status",
                        "Name:\t" + command + "\nUid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\n")
                .write(pid, "cgroup", "0::/" + cgroup + "\n");
    }

    @Test
    void serversAreFoundByWhatTheyAreAndWhereTheyRun() throws IOException {
        process(100, "unbound", "/usr/sbin/unbound", 113, "system.slice/unbound.service");
        process(
                101,
                "systemd-resolve",
                "/usr/lib/systemd/systemd-resolved",
                0,
                "system.slice/systemd-resolved.service");
        process(102, "dnsmasq", "/usr/sbin/dnsmasq", 65534, "system.slice/dnsmasq.service");
        process(103, "kresd", "/usr/sbin/kresd", 65534, "system.slice/system-kresd.slice/kresd@1.service");
        process(104, "chronyd", "/usr/sbin/chronyd", 65534, "system.slice/chrony.service");
        process(105, "pdns_recursor", "/usr/sbin/pdns_recursor (deleted)", 65534, "system.slice/pdns-recursor.service");

        assertThat(RunningServices.read(proc.root, users).services())
                .extracting(NeededService::command, NeededService::role, NeededService::user)
                .containsExactlyInAnyOrder(
                        row("unbound", NeededService.Role.NAMES, "unbound"),
                        row("systemd-resolved", NeededService.Role.NAMES, "root"),
                        row("dnsmasq", NeededService.Role.NAMES, "nobody"),
                        row("kresd", NeededService.Role.NAMES, "nobody"),
                        row("chronyd", NeededService.Role.TIME, "nobody"),
                        row("pdns_recursor", NeededService.Role.NAMES, "nobody"));
    }

    private static Tuple row(Object... values) {
        return Tuple.tuple(values);
    }

    @Test
    void nobodyBecomesOneByItsName() throws IOException {
        process(200, "unbound", "/tmp/unbound", 33, "system.slice/apache2.service");
        process(201, "named", "/usr/bin/perl", 33, "system.slice/apache2.service");
        process(202, "chronyd", "/usr/sbin/chronyd", 33, "system.slice/apache2.service");
        process(203, "dnsmasq", "/usr/sbin/dnsmasq", 33, "user.slice/dnsmasq.service");
        process(204, "ntpd\n0", "/usr/sbin/ntpd", 0, "system.slice/ntp.service");

        assertThat(RunningServices.read(proc.root, users).services()).isEmpty();
    }

    @Test
    void sshdOfRootIsFoundByItsSockets() throws IOException {
        for (int pid : List.of(300, 301)) {
            process(pid, "sshd", "/usr/sbin/sshd", pid == 300 ? 0 : 33, "system.slice/ssh.service");
            proc.link(pid, "fd/3", "socket:[" + pid + "]")
                    .write(pid, "net/tcp", HEAD + listener("0AAA", 300) + listener("0BBB", 301));
        }

        assertThat(RunningServices.read(proc.root, users).sshPorts()).containsExactly(0xaaa);
    }

    private static String listener(String port, int inode) {
        return "   0: 00000000:" + port + " 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
                + inode + " 1\n";
    }

    @Test
    void aSocketUnitThatStartsSshdCounts() throws IOException {
        Path etc = Files.createDirectory(folder.resolve("etc"));
        Path lib = Files.createDirectory(folder.resolve("lib"));
        Files.writeString(lib.resolve("ssh.socket"), "[Socket]\nListenStream=22\nAccept=no\n");
        Files.writeString(lib.resolve("ssh.service"), "[Service]\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n");
        Path dropIns = Files.createDirectory(etc.resolve("ssh.socket.d"));
        Files.writeString(
                dropIns.resolve("listen.conf"),
                "[Socket]\nListenStream=\nListenStream=0.0.0.0:2022\nListenStream=[::]:2023\n");
        Files.writeString(lib.resolve("rescue.socket"), "[Socket]\nListenStream=2222\nAccept=yes\n");
        Files.writeString(lib.resolve("rescue@.service"), "[Service]\nExecStart=-/usr/sbin/sshd -i\n");
        Files.writeString(lib.resolve("web.socket"), "[Socket]\nListenStream=80\nListenStream=/run/web\n");
        Files.writeString(lib.resolve("web.service"), "[Service]\nExecStart=/usr/sbin/web\n");

        assertThat(new SshSocketUnits(List.of(etc, lib, folder.resolve("none"))).ports())
                .containsExactlyInAnyOrder(2022, 2023, 2222);
    }
}
