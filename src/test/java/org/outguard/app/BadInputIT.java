package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;

/** Whatever it is given, it says what is wrong in words, with the right exit status, and never with a stack trace. */
class BadInputIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int LACKS_PRIVILEGE = 77;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void root() {
        Programs.requireRoot();
    }

    @Test
    void anUnknownOptionOrCommandIsAQuestionOfUsage() {
        assertThat(run("watch", "--no-such-option").status()).isEqualTo(USAGE);
        assertThat(run("watch", "--for", "soon").status()).isEqualTo(USAGE);
        ProgramUnderTest.Ended unknown = run("wacht");
        assertThat(unknown.status()).isEqualTo(USAGE);
        assertThat(unknown.stderr()).contains("there is no command 'wacht'; did you mean watch");
    }

    @Test
    void aMissingFileIsNamed() {
        ProgramUnderTest.Ended ended = run("replay", "/nonexistent/capture.pcap", "--json", "-");

        assertThat(ended.status()).isEqualTo(FAILED);
        assertThat(ended.stderr()).contains("/nonexistent/capture.pcap");
        assertThat(run("explain", "/nonexistent/mail").stderr()).contains("/nonexistent/mail: there is no such file");
    }

    @Test
    void aUserIsNamedByNameOrNumber() {
        for (String user : List.of("www-data", "33")) {
            ProgramUnderTest.Ended ended = run("block", "--uid", user, "--dry-run");
            assertThat(ended.status()).as(ended.all()).isEqualTo(DONE);
            assertThat(ended.stdout()).contains("block uid 33");
        }
        assertThat(run("block", "--uid", "no-such-user", "--dry-run").stderr()).contains("'no-such-user' is no user");
        assertThat(run("unblock", "--uid", "-5", "--dry-run").status()).isEqualTo(USAGE);
    }

    @Test
    void aFileThatIsNoCaptureIsNamed() throws Exception {
        Path file = folder.resolve("garbage.pcap");
        byte[] garbage = new byte[5000];
        new Random(11).nextBytes(garbage);
        Files.write(file, garbage);

        ProgramUnderTest.Ended ended = run("replay", file.toString(), "--json", "-");

        assertThat(ended.status()).isEqualTo(FAILED);
        assertThat(ended.stderr()).contains("garbage.pcap");
    }

    @Test
    void whatStandsBeforeTheEndOfATruncatedFileIsCounted() throws Exception {
        Path file = folder.resolve("truncated.pcap");
        writeFlood(file, 100);
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() - 20);
        }

        ProgramUnderTest.Ended ended = run("replay", file.toString(), "--json", "-");

        assertThat(ended.stderr()).contains("truncated.pcap");
        assertThat(Json.number(lastSummary(ended), "packets")).isEqualTo(99);
    }

    @Test
    void anUnknownLinkTypeIsNamed() throws Exception {
        Path file = folder.resolve("link.pcap");
        int userDefined = 147;
        try (Capture capture = new Capture(file, userDefined)) {
            ByteBuffer frame = capture.frame();
            frame.put(new byte[64]);
            capture.end(frame, 64, 1);
        }

        ProgramUnderTest.Ended ended = run("replay", file.toString(), "--json", "-");

        assertThat(ended.status()).isEqualTo(FAILED);
        assertThat(ended.stderr()).contains("link.pcap").contains("147");
    }

    @Test
    void malformedPacketsAreCounted() throws Exception {
        Path file = folder.resolve("malformed.pcap");
        Random random = new Random(12);
        try (Capture capture = new Capture(file, Capture.ETHERNET)) {
            for (int i = 0; i < 200; i++) {
                ByteBuffer frame = capture.frame();
                byte[] garbage = new byte[random.nextInt(80)];
                random.nextBytes(garbage);
                frame.put(new byte[12])
                        .putShort((short) (i % 2 == 0 ? 0x0800 : 0x86dd))
                        .put(garbage);
                capture.end(frame, frame.position(), i);
            }
        }

        ProgramUnderTest.Ended ended = run("replay", file.toString(), "--json", "-");

        assertThat(ended.status()).as(ended.all()).isEqualTo(DONE);
        assertThat(Json.number(lastSummary(ended), "malformed")).isPositive();
    }

    @Test
    void anInterfaceThatIsNotThereIsWaitedFor() {
        ProgramUnderTest.Ended ended = run("watch", "-i", "og-nosuch0", "--for", "2s", "--json", "-");

        assertThat(ended.status()).as(ended.all()).isEqualTo(DONE);
        assertThat(ended.all()).contains("og-nosuch0");
        assertThat(Json.number(lastSummary(ended), "packets")).isZero();

        ProgramUnderTest.Ended once = run("once", "-i", "og-nosuch0", "--for", "1s");
        assertThat(once.status()).as("one look waits for nothing").isEqualTo(FAILED);
        assertThat(once.stderr()).contains("og-nosuch0: there is no such interface");
        assertThat(once.stdout()).isEmpty();
    }

    @Test
    void whereNothingWasCountedNothingIsSaidOfIt() {
        for (List<String> arguments :
                List.of(List.of("-i", "og-nosuch0"), List.of("replay", "/nonexistent/capture.pcap"))) {
            ProgramUnderTest.Ended ended = run(arguments.toArray(String[]::new));
            assertThat(ended.status()).as(arguments + ": " + ended.all()).isEqualTo(FAILED);
            assertThat(ended.all()).doesNotContain("nothing over the limits").contains("no such ");
        }
    }

    @Test
    void aFileOfTypesThatIsNoneIsNamed() {
        ProgramUnderTest.Ended ended = run("watch", "-i", "lo", "--for", "1s", "--btf", "/etc/passwd");
        assertThat(ended.status()).as(ended.all()).isEqualTo(FAILED);
        assertThat(ended.stderr()).contains("--btf /etc/passwd: neither BTF nor an ELF file with BTF");
    }

    @Test
    void withoutPrivilegeItNamesWhatIsMissing() throws Exception {
        Path copy = Files.createTempDirectory("outguard-it-copy");
        try {
            ProgramUnderTest.copyTo(copy);
            Programs.output("chmod", "755", copy.toString());
            for (List<String> arguments : List.of(
                    List.of("watch", "--for", "2s", "--json", "-"),
                    List.of("once", "--for", "1s"),
                    List.of("block", "--remote", "192.0.2.1", "--yes"),
                    List.of("ban", "www-data", "--yes"),
                    List.of("demo", "--headless", "--for", "8s", "--json", "-"))) {
                List<String> command = new ArrayList<>(
                        List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"));
                command.addAll(ProgramUnderTest.command(copy, arguments.toArray(String[]::new)));

                ProgramUnderTest.Ended ended =
                        ProgramUnderTest.start(folder, command).await(LIMIT).withoutStackTrace();

                assertThat(ended.status()).as(arguments + ": " + ended.all()).isEqualTo(LACKS_PRIVILEGE);
                assertThat(ended.stderr().lines())
                        .as(arguments.toString())
                        .singleElement()
                        .asString()
                        .startsWith("outguard needs root: sudo outguard " + String.join(" ", arguments) + " (or CAP_");
                assertThat(ended.stdout()).as("nothing that is no NDJSON").isEmpty();
            }
        } finally {
            Programs.output("rm", "-r", copy.toString());
        }
    }

    private static ProgramUnderTest.Ended run(String... arguments) {
        return ProgramUnderTest.run(folder, LIMIT, arguments).withoutStackTrace();
    }

    private static Map<String, Object> lastSummary(ProgramUnderTest.Ended ended) {
        return ended.json().stream()
                .filter(line -> Json.isType(line, "summary"))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no summary in " + ended.all()));
    }

    private static void writeFlood(Path file, int packets) throws Exception {
        byte[] from = IpAddress.parse("198.51.100.10").orElseThrow().bytes();
        byte[] to = IpAddress.parse("203.0.113.80").orElseThrow().bytes();
        try (Capture capture = new Capture(file, Capture.ETHERNET)) {
            for (int i = 0; i < packets; i++) {
                capture.udp(from, 40_000, to, 80, 1, 0, i);
            }
        }
    }
}
