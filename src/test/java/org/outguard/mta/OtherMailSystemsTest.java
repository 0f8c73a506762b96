package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mail system that is not supported is named, by its files or by what runs. */
class OtherMailSystemsTest {

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "Sendmail, usr/sbin/sendmail.sendmail",
        "OpenSMTPD, etc/smtpd.conf",
        "qmail, var/qmail/bin/qmail-send",
        "Courier, usr/lib/courier/courierd",
        "Haraka, etc/haraka/config",
        "Stalwart, opt/stalwart/bin"
    })
    void byAFile(String name, String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
        assertThat(OtherMailSystems.names(root)).containsExactly(name);
        assertThat(OtherMailSystems.limits(root))
                .singleElement()
                .asString()
                .startsWith(
                        name.equals("OpenSMTPD")
                                ? name + " is here: its queue is read and acted on; its log is not read"
                                : name + " is here: flows and blocks work; its queue and logs are not read");
    }

    @Test
    void byAProcess() throws IOException {
        process(100, "qmail-send", "/usr/sbin/qmail-send");
        process(101, "smtpd", "/usr/lib/postfix/sbin/smtpd");
        assertThat(OtherMailSystems.names(root)).containsExactly("qmail");
        process(102, "smtpd", "/usr/sbin/smtpd");
        assertThat(OtherMailSystems.names(root)).containsExactly("OpenSMTPD", "qmail");
    }

    private void process(int pid, String command, String program) throws IOException {
        Path folder = Files.createDirectories(root.resolve("proc").resolve(Integer.toString(pid)));
        Files.writeString(folder.resolve("comm"), command + "\n");
        Files.createSymbolicLink(folder.resolve("exe"), Path.of(program));
    }
}
