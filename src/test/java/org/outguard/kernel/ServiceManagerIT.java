package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, by sd_notify(3): once that the service has begun, then that it is alive, once a second at most. */
class ServiceManagerIT {

    private static final String LISTENER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print("bound", flush=True)
            while True:
                print(s.recv(4096).decode().replace("\\n", " "), flush=True)
            """;

    @TempDir
    private Path folder;

    private long nowNanos;

    @Test
    void itIsToldOnceASecondThatTheGuardTicks() throws IOException {
        Path socket = folder.resolve("notify");
        Process systemd = new ProcessBuilder("python3", "-c", LISTENER, socket.toString()).start();
        try (BufferedReader told = systemd.inputReader(StandardCharsets.UTF_8)) {
            assertThat(told.readLine()).isEqualTo("bound");
            ServiceManager manager = new ServiceManager(Map.of("NOTIFY_SOCKET", socket.toString()), () -> nowNanos);
            manager.alive();
            assertThat(told.readLine()).isEqualTo("READY=1 WATCHDOG=1");
            nowNanos += 999_000_000;
            manager.alive();
            assertThat(told.ready()).as("less than a second after it").isFalse();
            nowNanos += 1_000_000;
            manager.alive();
            assertThat(told.readLine()).isEqualTo("WATCHDOG=1");
        } finally {
            systemd.destroyForcibly();
        }
    }

    @Test
    void nobodyIsToldWhereNobodyAsked() {
        new ServiceManager(Map.of(), () -> nowNanos).alive();
        new ServiceManager(Map.of("NOTIFY_SOCKET", "vsock:2:1234"), () -> nowNanos).alive();
        ServiceManager gone = new ServiceManager(
                Map.of("NOTIFY_SOCKET", folder.resolve("gone").toString()), () -> nowNanos);
        gone.alive();
        gone.alive();
    }
}
