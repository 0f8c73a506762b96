package org.outguard.procfs.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FpmStatusTest {

    @TempDir
    Path root;

    @Test
    void aPoolSaysWhereItCanBeAsked() throws IOException {
        pool("""
                [www]
                listen = /run/php/$pool.sock
                ;pm.status_path = /commented
                [shop]
                listen = 127.0.0.1:9000
                pm.status_path = "/status"
                pm.status_listen = /run/php/status.sock
                """);
        FpmStatus status = new FpmStatus(root);

        assertThat(status.pool("www")).as("its status page is off").isEmpty();
        assertThat(status.pool("shop")).contains(new FpmStatus.Pool("/run/php/status.sock", "/status"));
        assertThat(status.pool("none")).isEmpty();
    }

    @Test
    void theWorkerIsFoundInThePage() {
        String page = "{\"pool\":\"www\",\"processes\":[{\"pid\":1,\"script\":\"/a.php\"},"
                + "{\"pid\":777,\"script\":\"/var/www/x7.php\",\"request uri\":\"/x7.php\"}]}";

        assertThat(FpmStatus.worker(page, 777).orElseThrow())
                .containsEntry("script", "/var/www/x7.php")
                .containsEntry("request uri", "/x7.php");
        assertThat(FpmStatus.worker(page, 778)).isEmpty();
        assertThat(FpmStatus.worker("no JSON", 777)).isEmpty();
    }

    @Test
    void anAnswerIsReadRecordByRecord() {
        byte[] answer = (record(6, "Content-type: application/json\r\n\r\n{\"a\"")
                        + record(7, "a warning")
                        + record(6, ":1}")
                        + record(3, "\0\0\0\0\0\0\0\0"))
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(FastCgi.body(answer)).contains("{\"a\":1}");
        for (int length = 0; length < answer.length - 8; length++) {
            assertThat(FastCgi.body(java.util.Arrays.copyOf(answer, length)))
                    .as("cut at " + length)
                    .isEmpty();
        }
    }

    private static String record(int type, String content) {
        return "\u0001" + (char) type + "\0\u0001\0" + (char) content.length() + "\0\0" + content;
    }

    private void pool(String text) throws IOException {
        Path folder = Files.createDirectories(root.resolve("etc/php/8.2/fpm/pool.d"));
        Files.writeString(folder.resolve("www.conf"), text);
    }
}
