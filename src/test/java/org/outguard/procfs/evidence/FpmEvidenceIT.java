package org.outguard.procfs.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.Patience;
import org.outguard.owner.Owner;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessFacts;
import org.outguard.procfs.TestFiles;

/** A worker of a real php-fpm is at a script that does not end: the evidence names the script, its address and its client. */
class FpmEvidenceIT {

    private static final Path PROC = Path.of("/proc");

    @TempDir
    Path folder;

    private Process fpm;
    private Process client;
    private Path script;
    private int port;

    @BeforeEach
    void serve() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path shop = Files.createDirectories(folder.resolve("shop"));
        script = Files.writeString(
                shop.resolve("x7.php"), "<?php set_time_limit(0); touch(__DIR__.'/at'); while (true) usleep(1000);");
        Path pools = Files.createDirectories(folder.resolve("etc/php/8.2/fpm/pool.d"));
        Files.writeString(pools.resolve("shop.conf"), """
                [shop]
                user = %s
                listen = 127.0.0.1:%d
                pm = static
                pm.max_children = 2
                pm.status_path = /status
                """.formatted(user(), port));
        Path main = Files.writeString(
                folder.resolve("fpm.conf"),
                "[global]\nerror_log = " + folder.resolve("log") + "\npid = " + folder.resolve("pid") + "\ninclude = "
                        + pools + "/*.conf\n");
        new ProcessBuilder("chmod", "-R", "a+rwX", folder.toString())
                .start()
                .onExit()
                .join();
        fpm = new ProcessBuilder(program(), "-F", "-R", "-y", main.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        Patience.until(
                () -> "php-fpm answers: " + text("out") + text("log"),
                Duration.ofSeconds(10),
                () -> FastCgi.get(folder, "127.0.0.1:" + port, "/status", "json")
                        .isPresent());
    }

    @AfterEach
    void end() throws InterruptedException {
        if (client != null) {
            client.destroyForcibly().waitFor();
        }
        fpm.descendants().forEach(ProcessHandle::destroyForcibly);
        fpm.destroyForcibly().waitFor();
    }

    @Test
    void theRunningRequestIsNamed() throws IOException {
        ProcessBuilder request = new ProcessBuilder("cgi-fcgi", "-bind", "-connect", "127.0.0.1:" + port);
        request.environment()
                .putAll(Map.of(
                        "SCRIPT_FILENAME",
                        script.toString(),
                        "SCRIPT_NAME",
                        "/x7.php",
                        "REQUEST_METHOD",
                        "GET",
                        "REQUEST_URI",
                        "/x7.php?go=1",
                        "REMOTE_ADDR",
                        "203.0.113.9"));
        client = request.redirectErrorStream(true)
                .redirectOutput(folder.resolve("answer").toFile())
                .start();
        Patience.until(
                () -> "the script runs: " + text("answer"),
                Duration.ofSeconds(10),
                () -> Files.exists(script.resolveSibling("at")));

        ProcessEvidenceResult.Kept kept = keepOfBusyWorker();

        assertThat(kept.script()).isEqualTo(script.toString());
        assertThat(Files.readString(kept.folder().resolve("script"))).contains("set_time_limit");
        Map<String, Object> index =
                JSON.std.mapFrom(Files.readString(kept.folder().resolve("index.json")));
        assertThat(memory(index, "SCRIPT_FILENAME")).contains(script.toString());
        assertThat(memory(index, "REQUEST_URI")).contains("/x7.php?go=1");
        assertThat(memory(index, "REMOTE_ADDR")).contains("203.0.113.9");
        assertThat((Map<?, ?>) index.get("fpmStatus"))
                .extracting("script", "request uri")
                .containsExactly(script.toString(), "/x7.php");
    }

    private static List<String> memory(Map<String, Object> index, String name) {
        List<?> values = (List<?>) ((Map<?, ?>) index.get("requestInMemory")).get(name);
        return values.stream().map(String::valueOf).toList();
    }

    private ProcessEvidenceResult.Kept keepOfBusyWorker() {
        PasswdFile users = new PasswdFile(Path.of("/etc/passwd"));
        ProcessFacts facts = new ProcessFacts(PROC, users);
        FpmStatus status = new FpmStatus(folder);
        Owner busy = fpm.descendants()
                .map(worker -> facts.read((int) worker.pid()).orElseThrow())
                .filter(worker -> status.of(worker)
                        .filter(entry -> entry.get("script").equals(script.toString()))
                        .isPresent())
                .findFirst()
                .orElseThrow();
        ProcessEvidenceResult result = new EvidenceKeeper(PROC, folder, users, new TestFiles(), Clock.systemUTC())
                .keep(busy.id(), folder.resolve("kept"), "test");
        assertThat(result).isInstanceOf(ProcessEvidenceResult.Kept.class);
        return (ProcessEvidenceResult.Kept) result;
    }

    private String text(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }

    private static String user() {
        return System.getProperty("user.name").equals("root") ? "www-data" : System.getProperty("user.name");
    }

    private static String program() throws IOException {
        try (Stream<Path> programs = Files.list(Path.of("/usr/sbin"))) {
            return programs.map(Path::toString)
                    .filter(name -> name.matches(".*/php-fpm[0-9.]+"))
                    .sorted()
                    .reduce((older, newer) -> newer)
                    .orElseThrow(() -> new AssertionError("needs php-fpm and libfcgi-bin"));
        }
    }
}
