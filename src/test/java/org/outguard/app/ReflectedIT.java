package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody sends echo requests and SYNs in the name of another host, whom the kernel here answers: a rule that would block
 * everything blocks nothing, and the answers are shown as what they are.
 */
class ReflectedIT {

    private static final String FORGED = "203.0.113.80";
    private static final String CLOSED_PORT = "9";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final String here = "og-refl-" + ProcessHandle.current().pid() + "-h";
    private final String there = "og-refl-" + ProcessHandle.current().pid() + "-t";
    private Attacks attacks;
    private FarSide far;
    private Path policy;

    @BeforeEach
    void cable() throws IOException {
        Programs.requireRoot();
        Programs.output("ip", "netns", "add", here);
        Programs.output("ip", "netns", "add", there);
        Programs.output(
                "ip", "-n", here, "link", "add", "cable", "type", "veth", "peer", "name", "far", "netns", there);
        Programs.output("ip", "-n", here, "addr", "add", "192.0.2.1/24", "dev", "cable");
        Programs.output("ip", "-n", there, "addr", "add", "192.0.2.2/24", "dev", "far");
        for (String[] end : new String[][] {{here, "cable"}, {here, "lo"}, {there, "far"}}) {
            Programs.output("ip", "-n", end[0], "link", "set", end[1], "up");
        }
        Programs.output("ip", "-n", here, "route", "add", "default", "via", "192.0.2.2");
        far = new FarSide(Path.of("/run/netns", there), List.of(FORGED));
        attacks = new Attacks(folder, there).with("r_forged");
        policy = folder.resolve("policy.toml");
        Files.writeString(policy, """
                [limits]
                suspect_to_one_remote_pps = 500
                suspect_in_all_pps = 500
                offending_pps = 1000
                [safety]
                never_block = []
                [[rule]]
                name = "all"
                verdict = "SUSPECT"
                do = "block"
                """);
    }

    @AfterEach
    void tidyUp() {
        attacks.close();
        Programs.output("ip", "netns", "del", here);
        Programs.output("ip", "netns", "del", there);
    }

    @Test
    void theKernelEyeShowsAnswersOfBothKindsAndNoRuleActs() {
        send("echo");
        send("syn");
        assertThat(reflected("kernel", 2)).contains("icmp", "tcp");
    }

    @Test
    void soDoesTheWireEyeOfEchoReplies() {
        send("echo");
        assertThat(reflected("wire", 1)).containsExactly("icmp");
    }

    private void send(String variant) {
        attacks.start(Map.of("GEN_SRC", FORGED), "r_forged", "192.0.2.1", CLOSED_PORT, "4000", "60", "8", variant);
    }

    /* Protocols of the rows. */
    private Set<String> reflected(String eye, int protocols) {
        Patience.until("answers arrive", PATIENCE, () -> far.packets(FORGED) > 1_000);
        ProgramUnderTest.Running running = ProgramUnderTest.watch(
                folder,
                eye,
                ProgramUnderTest.command(
                        "watch",
                        "--netns",
                        here,
                        "--config",
                        policy.toString(),
                        "--enforce",
                        "--no-history",
                        "--for",
                        "60s"));
        Patience.until(running::all, PATIENCE, () -> protocols(running).size() >= protocols);
        long before = far.packets(FORGED);
        Patience.until("they go on", PATIENCE, () -> far.packets(FORGED) > before + 8_000);
        running.terminate();
        ProgramUnderTest.Ended ended = running.await(PATIENCE);

        assertThat(ended.stderr()).doesNotContain("rule all: block");
        assertThat(ended.json()).noneMatch(line -> Json.isType(line, "action"));
        assertThat(rows(running)).allSatisfy(row -> {
            assertThat(row.get("kind")).isEqualTo("REFLECTED");
            assertThat(row.get("owner")).isNull();
            assertThat(row.get("match")).isEqualTo("NONE");
            assertThat(Json.text(row, "reason")).contains("that the kernel sends in answer to what comes in");
        });
        return protocols(running);
    }

    /* A row has a line each time that it changes. */
    private static Set<String> protocols(ProgramUnderTest.Running running) {
        return rows(running).stream().map(row -> Json.text(row, "protocol")).collect(Collectors.toSet());
    }

    private static List<Map<String, Object>> rows(ProgramUnderTest.Running running) {
        return running.json().stream()
                .filter(line -> Json.isType(line, "offender") && Json.sendsTo(line, FORGED))
                .filter(line -> "OFFENDING".equals(line.get("verdict")))
                .toList();
    }
}
