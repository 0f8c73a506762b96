package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

class ProcessFactsTest {

    @TempDir
    Path folder;

    private FakeProc proc;
    private ProcessFacts facts;

    @BeforeEach
    void lay() throws IOException {
        Path passwd = folder.resolve("passwd");
        Files.writeString(passwd, "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n");
        proc = new FakeProc(Files.createDirectory(folder.resolve("proc")));
        facts = new ProcessFacts(proc.root, new PasswdFile(passwd));
    }

    @Test
    void everythingThatProcSays() throws IOException {
        proc.process(1, 0, 5, "systemd")
                .process(600, 1, 900, "php-fpm8.2")
                .process(777, 600, 123_456, "php-fpm8.2")
                .write(777, "status", "Name:\tphp\nUid:\t0\t33\t33\t33\nGid:\t33\t33\t33\t33\n")
                .write(777, "cmdline", "php-fpm: pool www\0\0\0")
                .write(777, "loginuid", "1000")
                .write(777, "cgroup", "0::/system.slice/php8.2-fpm.service\n")
                .link(777, "exe", "/usr/sbin/php-fpm8.2 (deleted)")
                .link(777, "cwd", "/var/www/shop/uploads")
                .link(777, "ns/net", "net:[4026531840]");

        Owner owner = facts.read(777).orElseThrow();

        assertThat(owner.id()).isEqualTo(new ProcessId(777, 123_456));
        assertThat(owner.command()).isEqualTo("php-fpm8.2");
        assertThat(owner.exe()).isEqualTo("/usr/sbin/php-fpm8.2");
        assertThat(owner.exeDeleted()).isTrue();
        assertThat(owner.cwd()).isEqualTo("/var/www/shop/uploads");
        assertThat(owner.commandLine()).containsExactly("php-fpm: pool www");
        assertThat(owner.uid()).isEqualTo(33);
        assertThat(owner.user()).isEqualTo("www-data");
        assertThat(owner.loginUid()).isEqualTo(OptionalInt.of(1000));
        assertThat(owner.cgroup()).isEqualTo("/system.slice/php8.2-fpm.service");
        assertThat(owner.unit()).isEqualTo("php8.2-fpm.service");
        assertThat(owner.container()).isEmpty();
        assertThat(owner.netns()).isEqualTo(4_026_531_840L);
        assertThat(owner.parents())
                .containsExactly(
                        new Owner.Ancestor(new ProcessId(600, 900), "php-fpm8.2"),
                        new Owner.Ancestor(new ProcessId(1, 5), "systemd"));
        assertThat(owner.script()).isEqualTo("pool www");
    }

    @Test
    void whatIsGoneIsEmpty() {
        assertThat(facts.read(4)).isEmpty();
    }

    @Test
    void whatMayNotBeReadIsEmptyAndTheRestStands() throws IOException {
        proc.process(9, 0, 44, "kworker/0:1").write(9, "loginuid", "4294967295");

        Owner owner = facts.read(9).orElseThrow();

        assertThat(owner.exe()).isEmpty();
        assertThat(owner.exeDeleted()).isFalse();
        assertThat(owner.commandLine()).isEmpty();
        assertThat(owner.loginUid()).isEmpty();
        assertThat(owner.netns()).isZero();
        assertThat(owner.uid()).isEqualTo(65_534);
        assertThat(owner.user()).isEqualTo("65534");
    }

    @Test
    void theNameMayHoldBracketsAndBlanks() throws IOException {
        proc.process(9, 1, 44, "a) S 5 (b\n) R");

        Owner owner = facts.read(9).orElseThrow();

        assertThat(owner.command()).isEqualTo("a) S 5 (b\n) R");
        assertThat(owner.id().startTicks()).isEqualTo(44);
    }

    @Test
    void parentsInACircleEnd() throws IOException {
        proc.process(5, 6, 1, "a").process(6, 7, 2, "b").process(7, 5, 3, "c");

        assertThat(facts.read(5).orElseThrow().parents())
                .extracting(ancestor -> ancestor.id().pid())
                .containsExactly(6, 7);
    }

    @Test
    void parentsAreBounded() throws IOException {
        for (int pid = 1; pid <= 100; pid++) {
            proc.process(pid, pid - 1, pid, "p");
        }

        assertThat(facts.read(100).orElseThrow().parents()).hasSize(32);
    }

    @Test
    void argumentsAreBounded() throws IOException {
        proc.process(5, 0, 1, "a").write(5, "cmdline", "x\0".repeat(100_000));
        assertThat(facts.read(5).orElseThrow().commandLine()).hasSize(128);

        proc.write(5, "cmdline", "y".repeat(1 << 20));
        assertThat(facts.read(5).orElseThrow().commandLine().get(0)).hasSize(4_096);
    }

    @Test
    void theScriptIsCompletedByTheWorkingDirectory() throws IOException {
        proc.process(5, 0, 1, "perl")
                .write(5, "cmdline", "/usr/bin/perl\0-w\0./mailer.pl\0--to\0x\0")
                .link(5, "exe", "/opt/perl/bin/perl")
                .link(5, "cwd", "/tmp/.x");

        assertThat(facts.read(5).orElseThrow().script()).isEqualTo("/tmp/.x/mailer.pl");
    }

    @Test
    void nothingThatAProcessCanWriteThrows() throws IOException {
        long seed = System.nanoTime();
        System.out.println("ProcessFactsTest seed " + seed);
        Random random = new Random(seed);
        String[] files = {"stat", "status", "cmdline", "loginuid", "cgroup"};
        proc.process(7, 8, 1, "x").process(8, 7, 2, "y");
        for (int round = 0; round < 2_000; round++) {
            proc.write(7, files[random.nextInt(files.length)], hostile(random));
            if (random.nextInt(4) == 0) {
                proc.process(7, 8, 1, "x");
            }

            Optional<Owner> owner = facts.read(7);

            owner.ifPresent(found -> {
                assertThat(found.commandLine()).hasSizeLessThanOrEqualTo(128);
                assertThat(found.parents()).hasSizeLessThanOrEqualTo(32);
            });
        }
    }

    private static byte[] hostile(Random random) {
        String[] pieces = {
            "7 (",
            ") S ",
            " ",
            "\0",
            "\n",
            ":",
            "/",
            "0::/",
            "Uid:\t",
            "-1",
            "99999999999999999999",
            ".service",
            "()",
            "php-fpm: pool ",
            "python3\0",
            "-c\0",
            "--\0",
            "\u001b[2J",
            "e\u0301",
            "../..",
            "lxc/"
        };
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            if (random.nextInt(3) == 0) {
                bytes.write(random.nextInt(256));
            } else {
                bytes.writeBytes(pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
