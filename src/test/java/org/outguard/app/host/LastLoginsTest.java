package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;

/** Addresses of logins, by files of the test's own. */
class LastLoginsTest {

    @TempDir
    private Path folder;

    private static byte[] login(int type, String address) {
        ByteBuffer record = ByteBuffer.allocate(LastLogins.RECORD).order(ByteOrder.nativeOrder());
        record.putShort(0, (short) type);
        record.put(LastLogins.ADDRESS, IpAddress.parse(address).orElseThrow().bytes());
        return record.array();
    }

    @Test
    void theNewestComeFirstAndOthersAreNoLogins() throws IOException {
        Path wtmp = folder.resolve("wtmp");
        ByteBuffer file = ByteBuffer.allocate(2_000 * LastLogins.RECORD + 17);
        for (int i = 0; i < 1_990; i++) {
            file.put(login(7, "192.0.2." + i % 100));
        }
        file.put(login(7, "2001:db8::7"));
        file.put(login(8, "198.51.100.8"));
        file.put(login(7, "127.0.0.1"));
        Files.write(wtmp, file.array());
        Path sessions = Files.createDirectory(folder.resolve("sessions"));
        Files.writeString(sessions.resolve("3"), "UID=0\nREMOTE=1\nREMOTE_HOST=203.0.113.9\n");
        Files.writeString(sessions.resolve("4"), "UID=0\nREMOTE_HOST=not an address\n");

        assertThat(LastLogins.read(wtmp, sessions))
                .hasSize(32)
                .startsWith(address("203.0.113.9"), address("2001:db8::7"), address("192.0.2.89"))
                .doesNotContain(address("198.51.100.8"), address("127.0.0.1"));
        assertThat(LastLogins.read(folder.resolve("none"), folder.resolve("none")))
                .isEmpty();
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
