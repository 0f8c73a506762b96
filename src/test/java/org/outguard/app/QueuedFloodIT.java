package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.kernel.EyeBed;

/**
 * A flood behind a rule that has each packet go through a program of user space (NFQUEUE): the whole program logs it under
 * the flooder, to the packet, and never names the program that gives it back, by either eye.
 */
class QueuedFloodIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PACKETS_A_SECOND = "12000";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "wire"})
    void itIsTheFloodersByEitherEye(String eye) throws IOException {
        Programs.requireRoot();
        try (EyeBed bed = new EyeBed();
                EyeBed.Queue firewall = bed.startQueue()) {
            bed.queueAll("10.130.0.0/16");
            ProgramUnderTest.Running watch = ProgramUnderTest.watch(
                    folder, eye, ProgramUnderTest.command("watch", "--netns", bed.host, "-i", "og0"));
            EyeBed.Report report;
            ProgramUnderTest.Ended ended;
            try {
                report = bed.attack(
                        bed.host,
                        Map.of(),
                        List.of(
                                EyeBed.ATTACKS.resolve("b_sendto").toString(),
                                "10.130.1.2",
                                "7777",
                                PACKETS_A_SECOND,
                                "2",
                                "29"));
                assertThat(firewall.end()).isGreaterThanOrEqualTo(report.sent());
                Patience.until(
                        watch::all,
                        PATIENCE,
                        () -> talkers(watch.json()).values().stream()
                                .anyMatch(line -> Long.valueOf(report.sent()).equals(packets(line))));
            } finally {
                watch.terminate();
                ended = watch.await(PATIENCE);
            }
            assertThat(talkers(ended.json()).values()).singleElement().satisfies(line -> {
                Map<?, ?> owner = (Map<?, ?>) line.get("owner");
                assertThat(owner.get("pid")).isEqualTo(report.pid());
                assertThat(owner.get("uid")).isEqualTo(33);
                assertThat(line.get("match")).isEqualTo("EXACT");
                assertThat(line.get("verdict")).isEqualTo("OFFENDING");
                assertThat(packets(line)).isEqualTo(report.sent());
            });
            assertThat(ended.all()).doesNotContain("z_queue");
        }
    }

    private static Map<Object, Map<String, Object>> talkers(List<Map<String, Object>> lines) {
        Map<Object, Map<String, Object>> latest = new LinkedHashMap<>();
        lines.stream()
                .filter(line -> "offender".equals(line.get("type")) || "talker".equals(line.get("type")))
                .forEach(line -> latest.put(line.get("id"), line));
        return latest;
    }

    private static Long packets(Map<String, Object> line) {
        return ((Number) line.get("packets")).longValue();
    }
}
