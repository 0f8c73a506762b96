package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code outguard doctor} in a network namespace: it finds that www-data may send what it likes, and its fix mends that. */
class DoctorIT {

    /* It opens the kernel eye, which takes its time on a busy machine. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private OwnNamespace namespace;

    @BeforeEach
    void add() {
        namespace = new OwnNamespace("doc");
    }

    @AfterEach
    void delete() {
        namespace.close();
    }

    @Test
    void theFixOfAFindingMendsIt() {
        Map<String, Object> finding = findings().stream()
                .filter(each -> "outbound-open".equals(each.get("id")))
                .findFirst()
                .orElseThrow();

        Programs.output("ip", "netns", "exec", namespace.name, "sh", "-c", String.valueOf(finding.get("fix")));

        assertThat(findings()).extracting(each -> each.get("id")).doesNotContain("outbound-open");
    }

    @Test
    void peopleReadTheReasonAndTheFix() {
        ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                        folder, LIMIT, "doctor", "--only", "outbound-open", "--netns", namespace.name)
                .withoutStackTrace();
        assertThat(ended.status()).as(ended.all()).isEqualTo(3);
        assertThat(ended.stdout()).contains("lets it happen: no rule limits what uid 33", "  why: ", "  fix: nft '");
    }

    private List<Map<String, Object>> findings() {
        ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                        folder, LIMIT, "doctor", "--only", "outbound-open", "--netns", namespace.name, "--json")
                .withoutStackTrace();
        assertThat(ended.status()).as(ended.all()).isIn(0, 3);
        return ended.json();
    }
}
