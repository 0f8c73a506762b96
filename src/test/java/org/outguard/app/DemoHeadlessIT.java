package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.demo.LabMail;

/** The demonstration without a screen: a real flood is found, named and counted, an innocent program is not accused. */
class DemoHeadlessIT {

    private static final String LARGE = "203.0.113.80";
    private static final String SMALL = "203.0.113.81";
    private static final String RESOLVER = "203.0.113.53";

    /** As many packets of a flow are kept, and so were seen. */
    private static final long EVIDENCE = 16;

    @TempDir
    private static Path folder;

    private ProgramUnderTest.Running demo;

    @BeforeAll
    static void root() {
        Programs.requireRoot();
    }

    @AfterEach
    void tidyUp() {
        if (demo != null) {
            demo.kill();
            Leftovers.remove(demo.pid());
        }
    }

    @Test
    void theFloodIsFoundNamedAndCounted() {
        demo = start("12s");
        ProgramUnderTest.Ended ended = demo.await(Duration.ofSeconds(50)).withoutStackTrace();
        assertThat(ended.status()).as(ended.all()).isZero();

        List<Map<String, Object>> lines = ended.json();
        Map<String, Object> flood = labLine(lines, LARGE);
        Map<String, Object> offender = lastOffender(lines, LARGE);
        assertThat(offender).containsEntry("verdict", "OFFENDING").containsEntry("kind", "UDP_FLOOD");
        assertThat(Json.object(offender, "owner"))
                .containsEntry("pid", flood.get("pid"))
                .containsEntry("uid", 33)
                .containsEntry("user", "www-data");
        assertThat(Json.object(lastOffender(lines, SMALL), "owner"))
                .containsEntry("pid", labLine(lines, SMALL).get("pid"));

        Instant started = Instant.parse(Json.text(flood, "startedAt"));
        assertThat(firstOffending(lines, LARGE)).isBetween(started, started.plusSeconds(2));

        assertCountedIsSent(lines);
        assertBothEyesCounted(lines);
        assertThat(lines)
                .filteredOn(line -> Json.isType(line, "offender"))
                .noneMatch(line -> Json.sendsTo(line, RESOLVER));
        assertThat(Json.number(labLine(lines, RESOLVER), "sent")).isGreaterThan(100);
        assertThat(Leftovers.namespaces(ended.pid())).isEmpty();
        // With one there is what DemoMailIT tries.
        assertThat(ended.stderr().contains("the demo is without mail: neither Postfix nor Exim is installed\n"))
                .isEqualTo(LabMail.Software.installed().isEmpty());
    }

    /** Each packet was counted, or was reported as dropped by the capture. */
    private static void assertCountedIsSent(List<Map<String, Object>> lines) {
        long dropped = Json.number(Json.object(last(lines, "summary"), "capture"), "dropped");
        long missing = 0;
        for (String address : List.of(LARGE, SMALL)) {
            long sent = Json.number(labLine(lines, address), "sent");
            long counted = Json.packetsTo(lastOffender(lines, address), address);
            assertThat(counted).as("packets to " + address).isBetween(sent - dropped, sent);
            missing += sent - counted;
        }
        // The bystander's queries may be among the dropped ones.
        assertThat(dropped - missing)
                .as("dropped, less those that are missing from the counts of the floods")
                .isBetween(0L, Json.number(labLine(lines, RESOLVER), "sent"));
    }

    /** By the kernel eye all of it; the wire eye saw the evidence, and says that it then left the flood out. */
    private static void assertBothEyesCounted(List<Map<String, Object>> lines) {
        boolean kernel = "kernel".equals(Json.text(last(lines, "summary"), "eye"));
        for (String address : List.of(LARGE, SMALL)) {
            Map<String, Object> offender = lastOffender(lines, address);
            long packets = Json.number(offender, "packets");
            Map<String, Object> eyes = Json.object(offender, "eyes");
            Map<String, Object> wire = Json.object(eyes, "wire");
            assertThat(Json.number(wire, "nobodysPackets")).isZero();
            assertThat(Json.number(wire, "otherPackets")).isZero();
            if (kernel) {
                assertThat(Json.number(Json.object(eyes, "kernel"), "packets")).isEqualTo(packets);
                assertThat(Json.number(wire, "kernelPackets")).isEqualTo(packets);
                assertThat(Json.text(wire, "sight")).startsWith("LEFT_OUT");
                assertThat(Json.number(wire, "packets")).isBetween(EVIDENCE, packets / 2);
            } else {
                assertThat(eyes).containsEntry("kernel", null);
                assertThat(Json.number(wire, "packets")).isEqualTo(packets);
            }
        }
    }

    @Test
    void oneThatIsToldToEndTakesItsLabDown() {
        demo = start("60s");
        awaitFlood();
        List<ProcessHandle> senders = Leftovers.senders(demo.pid());
        assertThat(senders).hasSize(3);

        demo.terminate();

        demo.await(Duration.ofSeconds(10)).withoutStackTrace();
        assertThat(senders).noneMatch(Leftovers::isRunning);
        assertThat(Leftovers.namespaces(demo.pid())).isEmpty();
    }

    @Test
    void theFloodEndsWithADemonstrationThatIsKilled() {
        demo = start("60s");
        awaitFlood();
        List<ProcessHandle> senders = Leftovers.senders(demo.pid());
        assertThat(senders).hasSize(3);

        demo.kill();

        Patience.until(
                "the senders are gone",
                Duration.ofSeconds(2),
                () -> senders.stream().noneMatch(Leftovers::isRunning));
    }

    private static ProgramUnderTest.Running start(String length) {
        return ProgramUnderTest.start(
                folder, ProgramUnderTest.command("demo", "--headless", "--for", length, "--json", "-"));
    }

    private void awaitFlood() {
        Patience.until(
                demo::all,
                Duration.ofSeconds(15),
                () -> demo.json().stream()
                        .anyMatch(line -> Json.isType(line, "offender") && Json.sendsTo(line, LARGE)));
    }

    private static Instant firstOffending(List<Map<String, Object>> lines, String address) {
        return lines.stream()
                .filter(line -> Json.isType(line, "offender") && Json.sendsTo(line, address))
                .filter(line -> "OFFENDING".equals(line.get("verdict")))
                .map(line -> Instant.parse(Json.text(line, "at")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> lastOffender(List<Map<String, Object>> lines, String address) {
        return lines.stream()
                .filter(line -> Json.isType(line, "offender") && Json.sendsTo(line, address))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no offender sends to " + address + " in " + lines));
    }

    private static Map<String, Object> last(List<Map<String, Object>> lines, String type) {
        return lines.stream()
                .filter(line -> Json.isType(line, type))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no " + type + " in " + lines));
    }

    private static Map<String, Object> labLine(List<Map<String, Object>> lines, String address) {
        return lines.stream()
                .filter(line -> Json.isType(line, "lab") && address.equals(line.get("address")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no lab line for " + address + " in " + lines));
    }
}
