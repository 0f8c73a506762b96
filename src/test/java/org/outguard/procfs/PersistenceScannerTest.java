package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever of a user's may start a program again: crontabs, at jobs, systemd units and keys of who may log in. */
class PersistenceScannerTest {

    private static final int WWW_DATA = 33;

    @TempDir
    private Path root;

    @Test
    void allPlacesOfAUserAndNobodyElses() throws IOException {
        write("var/spool/cron/crontabs/www-data", "# sites\n*/5 * * * * /var/www/x7.php\n");
        write("var/spool/cron/crontabs/games", "* * * * * /usr/games/nethack\n");
        write("etc/cron.d/site", "@reboot www-data /tmp/.x\n5 4 * * * root /usr/bin/true\n");
        write("etc/systemd/system/x.service", "[Service]\nUser=www-data\nExecStart=/tmp/.x\nRestart=always\n");
        write("etc/systemd/system/ssh.service", "[Service]\nExecStart=/usr/sbin/sshd -D\n");
        write("var/www/.config/systemd/user/y.timer", "[Timer]\nOnCalendar=minutely\n");
        write("var/www/.ssh/authorized_keys", "# mine\nssh-ed25519 AAAA evil@example.net\n");

        assertThat(places(WWW_DATA, ""))
                .containsExactly(
                        "crontab var/spool/cron/crontabs/www-data [*/5 * * * * /var/www/x7.php]",
                        "crontab etc/cron.d/site [@reboot www-data /tmp/.x]",
                        "unit etc/systemd/system/x.service [User=www-data, ExecStart=/tmp/.x, Restart=always]",
                        "unit var/www/.config/systemd/user/y.timer [OnCalendar=minutely]",
                        "authorized keys var/www/.ssh/authorized_keys [ssh-ed25519 AAAA evil@example.net]");
    }

    @Test
    void theUnitThatAProcessRunsInCountsWhoeverItsUserIs() throws IOException {
        write("usr/lib/systemd/system/apache2.service", "[Service]\nExecStart=/usr/sbin/apachectl start\n");

        assertThat(places(WWW_DATA, "apache2.service"))
                .containsExactly("unit usr/lib/systemd/system/apache2.service [ExecStart=/usr/sbin/apachectl start]");
        assertThat(places(WWW_DATA, "")).isEmpty();
    }

    @Test
    void atJobsGoByTheOwnerOfTheFile() throws IOException {
        write("var/spool/cron/atjobs/a0001", "#!/bin/sh\n# atrun uid=33 gid=33\nHOME=/var/www; export HOME\n/tmp/.x\n");
        int owner = (Integer) Files.getAttribute(root.resolve("var/spool/cron/atjobs/a0001"), "unix:uid");

        assertThat(places(owner, ""))
                .containsExactly("at job var/spool/cron/atjobs/a0001 [#!/bin/sh, # atrun uid=33 gid=33, /tmp/.x]");
        assertThat(places(owner + 1, "")).isEmpty();
    }

    private List<String> places(int uid, String unit) {
        return new PersistenceScanner(root, new TestFiles())
                .of(uid, "www-data", "/var/www", unit, new ForeignFiles.Reader(uid, List.of(uid))).stream()
                        .map(place -> place.kind() + " " + root.relativize(place.file()) + " " + place.lines())
                        .toList();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
