package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.ComplaintReader;
import org.outguard.headless.complaint.Row;
import org.outguard.headless.ndjson.MessageBook;

/** Each composed mail that shows packets, with a sender that was recorded then, and with one that was recorded at another time. */
class ComplaintAnswersTest {

    private static final Path CASES = Path.of("src/test/resources/complaints");
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    @TempDir
    private Path folder;

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.sorted().filter(ComplaintAnswersTest::showsPackets).toList().stream();
        }
    }

    private static boolean showsPackets(Path folder) {
        return !read(folder).rows().isEmpty();
    }

    private static Complaint read(Path folder) {
        try {
            Path eml = folder.resolve("mail.eml");
            byte[] mail = Files.readAllBytes(Files.exists(eml) ? eml : folder.resolve("mail.txt"));
            return ComplaintReader.read(mail, address -> false, NOW);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isNamedThenAndNotSeenAtAnotherTime(Path name) throws IOException {
        Complaint complaint = read(name);
        Row row = complaint.rows().get(0);
        Instant at = row.at().orElseThrow();

        assertThat(answers(complaint, row, at))
                .isNotEmpty()
                .allMatch(answer -> answer.name().contains("process 4711 /dev/shm/x7"));
        assertThat(answers(complaint, row, at.minus(Duration.ofDays(40)))).isEmpty();
        assertThat(answers(complaint, row, at.plus(Duration.ofDays(2)))).isEmpty();
    }

    private List<Answer> answers(Complaint complaint, Row row, Instant at) throws IOException {
        AbuseExplanation abuseExplanation = new AbuseExplanation(complaint, address -> false, NOW);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "offender");
        fields.put("id", "o-1");
        fields.put("verdict", "OFFENDING");
        fields.put("protocol", row.protocol().isEmpty() ? "udp" : row.protocol());
        String remote =
                row.destination().told() ? row.destination().toString().replaceAll("[xX]+", "7") : "203.0.113.99";
        fields.put(
                "remotes",
                List.of(Map.of("address", remote, "port", row.destinationPort().orElse(4242), "packets", 500)));
        fields.put("remoteCount", 1);
        fields.put("firstSeen", at.minusSeconds(5).toString());
        fields.put("lastSeen", at.plusSeconds(5).toString());
        fields.put("owner", Map.of("pid", 4711, "command", "x7", "exe", "/dev/shm/x7", "uid", 33, "user", "www-data"));
        fields.put("match", "EXACT");
        fields.put("matchedBy", "kernel eye");
        Path log = Files.write(
                folder.resolve("a.ndjson"), (JSON.std.asString(fields) + "\n").getBytes(StandardCharsets.UTF_8));
        History past = History.read(List.of(log), abuseExplanation::concerns);
        return abuseExplanation
                .answer(past.offenders(), List.of(), new MessageBook(complaint, 1, NOW), List.of())
                .answers();
    }
}
