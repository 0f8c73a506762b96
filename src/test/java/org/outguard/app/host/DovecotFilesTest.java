package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dovecot's configuration names its log files, in one file or in many. */
class DovecotFilesTest {

    @TempDir
    Path folder;

    @Test
    void logFilesOfTheConfigurationAreFollowed() throws IOException {
        Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(folder.resolve("dovecot.conf"), "protocols = lmtp\n  log_path = /var/log/dovecot.log\n");
        Files.writeString(folder.resolve("conf.d/10-logging.conf"), """
                #log_path = /var/log/other.log
                info_log_path=/var/log/dovecot-info.log
                debug_log_path = /var/log/debug.log
                log_path = /dev/stderr
                log_path = syslog
                """);

        assertThat(DovecotFiles.configured(folder))
                .containsExactly(Path.of("/var/log/dovecot.log"), Path.of("/var/log/dovecot-info.log"));
    }

    @Test
    void withoutAConfigurationThereAreNone() {
        assertThat(DovecotFiles.configured(folder)).isEmpty();
    }
}
