package org.outguard.headless.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger may send: it costs a bounded effort, is never an error of the program, and what was read before counts. */
class HostileComplaintTest {

    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final String ROW = "2026-04-10T09:00:00Z 198.51.100.24:4000 -> 203.0.113.70:80 UDP 1400\n";

    private static Complaint read(byte[] mail) {
        return ComplaintReader.read(mail, address -> false, NOW);
    }

    private static Complaint read(String mail) {
        return read(mail.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String attached(String name, byte[] file) {
        return "Subject: flood\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n" + ROW
                + "--b\nContent-Type: application/octet-stream; name=" + name
                + "\nContent-Transfer-Encoding: base64\n\n"
                + Base64.getMimeEncoder().encodeToString(file) + "\n--b--\n";
    }

    private static byte[] zip(byte[] file, int copies) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < copies; i++) {
                out.putNextEntry(new ZipEntry("file" + i));
                out.write(file);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aBombIsUnpackedInPart() throws IOException {
        byte[] zeros = new byte[1 << 20];
        Arrays.fill(zeros, (byte) 'x');
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            for (int i = 0; i < 200; i++) {
                out.write(zeros);
            }
        }
        byte[] many = zip(zeros, 90);
        for (byte[] bomb : List.of(gzip.toByteArray(), many, zip(many, 90), zip(zip(zip(many, 3), 3), 3))) {
            Complaint read = read(attached("bomb", bomb));
            assertThat(read.rows()).hasSize(1);
            assertThat(read.notes()).isNotEmpty();
        }
    }

    @Test
    void whatIsPackedAndDamagedIsReadAsFarAsItGoes() throws IOException {
        byte[] whole = zip(ROW.replace("4000", "4001").getBytes(StandardCharsets.US_ASCII), 1);
        assertThat(read(attached("a.zip", whole)).rows()).hasSize(2);
        for (int length = 0; length < whole.length; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(read(attached("a.zip", cut)).rows()).hasSizeBetween(1, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"multipart/mixed; boundary=b%d", "message/rfc822", "multipart/alternative; boundary=\"b%d\""})
    void nestedAThousandDeep(String type) {
        StringBuilder mail = new StringBuilder("Subject: flood\n");
        for (int i = 0; i < 1_000; i++) {
            mail.append("Content-Type: ").append(type.formatted(i)).append("\n\n");
            mail.append(type.startsWith("multi") ? "--b" + i + "\n" : "Subject: " + i + "\n");
        }
        Complaint read = read(mail.append("\n").append(ROW).toString());
        assertThat(read.notes()).anyMatch(note -> note.contains("nested"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "1.2.3.4 ",
                "12:00:00 ",
                "<a",
                "&",
                "=",
                "> ",
                "::",
                "2026-01-01 ",
                "\u00ff",
                "{\"a\":[",
                "port : ",
                "a@"
            })
    void aLineOfManyMegabytes(String piece) {
        // Fifty of one kind; of the others as much as tells a bound from none.
        int length = piece.equals("A") ? 50_000_000 : 4_000_000;
        String line = piece.repeat(length / piece.length());
        assertThat(read(ROW + line).rows()).hasSize(1);
        assertThat(read("Subject: x\nX-Long: " + line + "\n\n" + ROW).rows().size())
                .isLessThanOrEqualTo(1);
        assertThat(read("Subject: x\nContent-Type: text/html\n\n<pre>" + ROW + line.substring(0, length / 10))
                        .rows())
                .hasSize(1);
    }

    @Test
    void manyRowsAndManyParts() {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            rows.append("2026-04-10T09:00:00Z 198.51.100.24:").append(i + 1).append(" -> 203.0.113.70:80 UDP\n");
        }
        assertThat(read(rows.toString()).rows()).hasSize(Complaint.MAX_ROWS);
        StringBuilder mail = new StringBuilder("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n");
        for (int i = 0; i < 5_000; i++) {
            mail.append("--b\n\n").append(i == 0 ? ROW : "x\n");
        }
        assertThat(read(mail.toString()).rows()).hasSize(1);
    }

    @Test
    void unknownCharsetsAndControlCharacters() {
        for (String charset : List.of("no-such", "\"\"", "../../etc", "utf-16", "utf-7", "x".repeat(5_000))) {
            Complaint read = read("Subject: x\nContent-Type: text/plain; charset=" + charset + "\n\n" + ROW);
            assertThat(read.rows().size()).as(charset).isLessThanOrEqualTo(1);
        }
        assertThat(read("\u0000\u001b[2J\u0007" + ROW.replace(" ", "\u0000 \u001b "))
                        .rows())
                .hasSize(1);
        assertThat(read(new byte[0]).rows()).isEmpty();
        assertThat(read("=?utf-8?B?////?=\n").kind()).isEqualTo(Kind.OTHER);
        assertThat(read("Subject: =?no-such?Q?=FF=00?= =?utf-8?B?%%%?=\n\n" + ROW)
                        .rows())
                .hasSize(1);
    }

    @Test
    void numbersThatAreNone() {
        assertThat(read("2026-13-45T99:99:99Z 999.1.1.1:70000 -> 203.0.113.70:99999 UDP\n")
                        .rows())
                .isEmpty();
        assertThat(read("2026-02-30T09:00:00Z 198.51.100.24:4000 -> 203.0.113.70:80 UDP\n")
                        .rows())
                .allMatch(row -> row.at().isEmpty());
        assertThat(read("ts,src,sport,dst,dport\n9999999999999999999,198.51.100.1,-1,203.0.113.1,1e9\n")
                        .rows())
                .allMatch(row ->
                        row.sourcePort().isEmpty() && row.destinationPort().isEmpty());
    }

    /** Bytes of good mails are changed, dropped, doubled and joined: nothing is thrown. */
    @Test
    void mutatedMails() throws IOException {
        long seed = Long.getLong("outguard.seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> mails = new ArrayList<>();
        for (String name : ComplaintCasesTest.cases().toList()) {
            mails.add(ComplaintCasesTest.mail(name));
        }
        ComplaintFormsTest.forms().forEach(form -> mails.add(form.mail().getBytes(StandardCharsets.UTF_8)));
        for (int round = 0; round < 400; round++) {
            byte[] mutated = mutate(mails.get(random.nextInt(mails.size())), mails, random);
            try {
                assertThat(read(mutated).rows().size()).isLessThanOrEqualTo(Complaint.MAX_ROWS);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("-Doutguard.seed=" + seed + ", round " + round, e);
            }
        }
    }

    private static byte[] mutate(byte[] mail, List<byte[]> mails, Random random) {
        byte[] bytes = mail.clone();
        for (int i = random.nextInt(12); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "\n\r\t :;,|=\"'()[]{}<>.-/%&\\0".charAt(random.nextInt(26));
                case 2 -> bytes = joined(bytes, at, bytes, Math.min(bytes.length, at + random.nextInt(40)));
                case 3 -> {
                    byte[] other = mails.get(random.nextInt(mails.size()));
                    bytes = joined(bytes, at, other, random.nextInt(other.length));
                }
                default -> bytes = joined(bytes, at, bytes, Math.max(0, at - random.nextInt(200)));
            }
            if (bytes.length == 0) {
                return mail;
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] head, int to, byte[] tail, int from) {
        byte[] bytes = new byte[Math.min(200_000, to + tail.length - from)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = i < to ? head[i] : tail[from + i - to];
        }
        return bytes;
    }
}
