package org.outguard.app;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.Alone;

/** The whole program is stopped around a flood: what the kernel kept meanwhile is judged by the rate that it had. */
@Alone("the rate of a real sender is compared with what was judged")
class StoppedIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VICTIM = "198.51.100.80";

    @TempDir
    private Path folder;

    private OwnNamespace namespace;
    private Attacks attacks;
    private ProgramUnderTest.Running watch;

    @BeforeEach
    void prepare() {
        namespace = new OwnNamespace("stopped").withWayOut("sink");
        // Without an answer to ARP nothing leaves the device.
        Programs.output(
                "ip", "-n", namespace.name, "route", "replace", VICTIM, "via", "192.0.2.1", "dev", "sink", "onlink");
        Programs.output(
                "ip",
                "-n",
                namespace.name,
                "neigh",
                "replace",
                "192.0.2.1",
                "lladdr",
                "02:00:00:00:00:01",
                "dev",
                "sink");
        attacks = new Attacks(folder, namespace.name).with("a_connected");
    }

    @AfterEach
    void tidyUp() {
        attacks.close();
        if (watch != null) {
            Programs.output("kill", "-CONT", Long.toString(watch.pid()));
            watch.terminate();
            watch.await(PATIENCE);
        }
        namespace.close();
    }

    @ParameterizedTest
    @CsvSource({"kernel, 3500", "kernel, 6000", "wire, 6000"})
    void aFloodWithinAStopIsOffendingAfterwards(String eye, long millis) throws InterruptedException {
        watch = ProgramUnderTest.watch(
                folder, eye, ProgramUnderTest.command("watch", "-i", "sink", "--netns", namespace.name));
        Programs.output("kill", "-STOP", Long.toString(watch.pid()));
        Instant goesOn = Instant.now().plusMillis(millis);
        attacks.start("a_connected", VICTIM, "80", "30000", "2");
        // The stop itself is what is tested: nothing but time can end it.
        Thread.sleep(Math.max(1, Duration.between(Instant.now(), goesOn).toMillis()));
        Programs.output("kill", "-CONT", Long.toString(watch.pid()));
        // What the ring holds is read in parts, so the first line may be of one of them.
        Patience.until(watch::all, PATIENCE, () -> watch.json().stream().anyMatch(StoppedIT::isJudgedByItsRate));
    }

    private static boolean isJudgedByItsRate(Map<String, Object> line) {
        if (!"OFFENDING".equals(line.get("verdict"))) {
            return false;
        }
        Duration sent = Duration.between(
                Instant.parse((String) line.get("firstSeen")), Instant.parse((String) line.get("lastSeen")));
        double mean = ((Number) line.get("packets")).doubleValue() * 1000 / sent.toMillis();
        double judged = Double.parseDouble(((String) line.get("reason"))
                .replaceFirst(" packets/s of UDP.*", "")
                .replace(",", ""));
        // A sender that a busy machine held up makes up for it within a second. All at once would be twice the mean.
        return sent.toMillis() > 1_500 && judged > mean * 0.9 && judged < mean * 1.6;
    }
}
