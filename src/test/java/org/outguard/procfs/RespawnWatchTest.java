package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.owner.ProcessId;

/** Process 600 was ended; what comes afterwards is it again, or is not. */
class RespawnWatchTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir
    Path folder;

    private Path root;
    private Path program;
    private FakeProc proc;
    private RespawnWatch watch;

    @BeforeEach
    void lay() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        proc = new FakeProc(Files.createDirectory(folder.resolve("proc")));
        Path passwd = Files.writeString(folder.resolve("passwd"), "www-data:x:33:33::/var/www:/bin/sh\n");
        program = Files.writeString(folder.resolve("x7"), "");
        watch = new RespawnWatch(proc.root, root, new PasswdFile(passwd), new TestFiles());
        proc.process(1, 0, 1, "systemd").process(50, 1, 2, "cron").process(222, 1, 3, "sh");
        add(600, 222, 33, program, "./x7 192.0.2.1 80");
        watch.expect("a-1", List.of(new ProcessId(600, 600)), NOW);
    }

    private void add(int pid, int parent, int uid, Path exe, String words) throws IOException {
        proc.process(pid, parent, pid, "x7")
                .write(pid, "status", "Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\n")
                .write(pid, "cmdline", words.replace(' ', '\0') + "\0")
                .link(pid, "exe", exe.toString());
    }

    @Test
    void theSameProgramOfTheSameUserIsBackAndItsParentIsNamed() throws IOException {
        assertThat(watch.look(NOW)).isEmpty();
        add(601, 222, 33, program, "./x7 192.0.2.1 443");

        List<RespawnWatch.Back> back = watch.look(NOW.plusSeconds(1));

        assertThat(back).hasSize(1);
        assertThat(back.get(0).actionId()).isEqualTo("a-1");
        assertThat(back.get(0).owner().pid()).isEqualTo(601);
        assertThat(back.get(0).cause().words()).isEqualTo("process 222 sh");
        assertThat(watch.look(NOW.plusSeconds(2))).as("said once").isEmpty();
    }

    @Test
    void aNewCopyUnderTheSameWordsIsBackToo() throws IOException {
        add(601, 222, 33, Files.writeString(folder.resolve("copy"), ""), "./x7 192.0.2.1 80");
        assertThat(watch.look(NOW)).hasSize(1);
    }

    @Test
    void anotherUsersOrAnotherProgramIsNotBack() throws IOException {
        add(601, 222, 34, program, "./x7 192.0.2.1 80");
        add(602, 222, 33, Files.writeString(folder.resolve("other"), ""), "./other");
        assertThat(watch.look(NOW)).isEmpty();
    }

    @Test
    void aCopyOfTheParentThatBecomesItLaterIsSeenThen() throws IOException {
        add(601, 222, 0, Files.writeString(folder.resolve("sh"), ""), "sh");
        assertThat(watch.look(NOW)).isEmpty();
        Files.delete(proc.root.resolve("601/exe"));
        add(601, 222, 33, program, "./x7 192.0.2.1 80");
        assertThat(watch.look(NOW.plusMillis(500))).hasSize(1);
    }

    @Test
    void cronIsNamedByItsLine() throws IOException {
        Path spool = Files.createDirectories(root.resolve("var/spool/cron/crontabs"));
        Files.writeString(spool.resolve("www-data"), "# comment x7\n0 0 * * * backup\n* * * * * /tmp/x7 192.0.2.1\n");
        add(601, 50, 33, program, "./x7 192.0.2.1 80");

        assertThat(watch.look(NOW).get(0).cause().words()).endsWith("/www-data: * * * * * /tmp/x7 192.0.2.1");
    }

    @Test
    void aUnitIsNamed() throws IOException {
        add(601, 1, 33, program, "./x7 192.0.2.1 80");
        proc.write(601, "cgroup", "0::/system.slice/x7.service\n");

        assertThat(watch.look(NOW).get(0).cause()).isEqualTo(new RespawnCause.Cause.Unit("x7.service"));
    }

    @Test
    void waitingEnds() throws IOException {
        assertThat(watch.expects()).isTrue();
        watch.look(NOW.plus(RespawnWatch.KEEP).plusSeconds(1));
        assertThat(watch.expects()).isFalse();
        add(601, 222, 33, program, "./x7 192.0.2.1 80");
        assertThat(watch.look(NOW.plus(RespawnWatch.KEEP).plusSeconds(2))).isEmpty();
    }

    @Test
    void anInterpreterAloneIsNoProgram() throws IOException {
        Path php = Files.writeString(folder.resolve("php"), "");
        add(700, 222, 33, php, "php /var/www/bad.php");
        watch.expect("a-2", List.of(new ProcessId(700, 700)), NOW);
        add(701, 222, 33, php, "php /var/www/good.php");
        assertThat(watch.look(NOW)).isEmpty();
        add(702, 222, 33, php, "php /var/www/bad.php --again");
        assertThat(watch.look(NOW)).hasSize(1);
    }
}
