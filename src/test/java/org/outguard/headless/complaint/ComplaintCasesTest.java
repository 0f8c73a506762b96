package org.outguard.headless.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder of {@code complaints} has a mail and what is right: kind, every row with its instant, the message. */
class ComplaintCasesTest {

    private static final Path CASES = Path.of("src/test/resources/complaints");
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    static Stream<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
        }
    }

    static byte[] mail(String name) throws IOException {
        Path eml = CASES.resolve(name).resolve("mail.eml");
        return Files.readAllBytes(Files.exists(eml) ? eml : CASES.resolve(name).resolve("mail.txt"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReadExactly(String name) throws IOException {
        Complaint read = ComplaintReader.read(mail(name), address -> false, NOW);
        Map<String, Object> expected =
                JSON.std.mapFrom(Files.readString(CASES.resolve(name).resolve("expect.json")));

        List<String> rows = new ArrayList<>();
        for (Object each : (List<?>) expected.get("rows")) {
            Map<?, ?> row = (Map<?, ?>) each;
            Object at = row.get("at");
            rows.add((at == null ? null : Instant.parse(String.valueOf(at))) + " " + row.get("source") + " "
                    + row.get("sourcePort") + " " + row.get("destination") + " " + row.get("destinationPort") + " "
                    + row.get("protocol"));
        }
        assertThat(read.rows().stream().map(ComplaintCasesTest::text))
                .as(read.zone())
                .containsExactlyElementsOf(rows);
        assertThat(read.kind().word()).isEqualTo(expected.get("kind"));
        if (expected.get("mail") instanceof Map<?, ?> message) {
            assertThat(read.message()).hasValueSatisfying(found -> {
                assertThat(found.messageId()).isEqualTo(message.get("messageId"));
                assertThat(found.queueId()).isEqualTo(message.get("queueId"));
            });
        } else {
            assertThat(read.message()).isEmpty();
        }
    }

    /** What a mail program makes of a mail on its way changes nothing of what it says. */
    @ParameterizedTest
    @MethodSource("cases")
    void isReadTheSameWithCrlfAndForwardedAsAnAttachment(String name) throws IOException {
        Complaint read = ComplaintReader.read(mail(name), address -> false, NOW);
        String text = new String(mail(name), StandardCharsets.ISO_8859_1);

        String crlf = text.replace("\r\n", "\n").replace("\n", "\r\n");
        assertThat(ComplaintReader.read(bytes(crlf), address -> false, NOW).rows())
                .isEqualTo(read.rows());
    }

    @Test
    void thereAreCases() throws IOException {
        assertThat(cases().count()).isGreaterThanOrEqualTo(20);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(Row row) {
        return row.at().map(Instant::toString).orElse(null) + " " + address(row.source()) + " " + port(row.sourcePort())
                + " " + address(row.destination()) + " " + port(row.destinationPort()) + " "
                + (row.protocol().isEmpty() ? null : row.protocol());
    }

    private static String address(Host host) {
        return host.address().map(Object::toString).orElse(null);
    }

    private static String port(OptionalInt port) {
        return port.isEmpty() ? null : String.valueOf(port.getAsInt());
    }
}
