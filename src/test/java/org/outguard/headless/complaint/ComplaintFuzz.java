package org.outguard.headless.complaint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.outguard.fuzz.FuzzTarget;

/** Abuse mails, as {@code explain} and the mailbox of complaints are given them. */
public final class ComplaintFuzz implements FuzzTarget {

    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/complaints"))) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().endsWith("expect.json"))
                    .sorted()
                    .toList()) {
                byte[] mail = Files.readAllBytes(file);
                if (mail.length < 64 * 1024) {
                    seeds.add(mail);
                }
            }
        }
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
                "Content-Transfer-Encoding: base64\n",
                "Content-Transfer-Encoding: quoted-printable\n",
                "Content-Type: message/rfc822\n\n",
                "Content-Type: text/html; charset=utf-16\n\n",
                "<table><tr><td>",
                "&#x10ffff;",
                "=?utf-8?b?////?=",
                "+9999",
                "2026-02-30",
                "203.0.113.70:99999",
                "[2001:db8::]");
    }

    @Override
    public void feed(byte[] input) {
        Complaint read = ComplaintReader.read(input, address -> false, NOW);
        if (read.rows().size() > Complaint.MAX_ROWS) {
            throw new IllegalStateException("rows without a bound");
        }
    }
}
