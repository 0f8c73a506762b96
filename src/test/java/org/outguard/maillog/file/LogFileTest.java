package org.outguard.maillog.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.mail.LoggedMessage;
import org.outguard.maillog.Corpus;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.Verdicts;

/** A log is followed through whatever logrotate(8) does to it, from some minutes ago on. */
class LogFileTest {

    private static final Instant NOW = Instant.parse("2026-11-24T17:00:00Z");

    @TempDir
    Path folder;

    private final MailLog log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 10_000);

    private void write(String... lines) throws IOException {
        Files.writeString(
                folder.resolve("mail.log"),
                String.join("\n", lines) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static String line(String time, int number) {
        return "Nov 24 " + time + " web1 postfix/pickup[1]: " + String.format("A%010X", number) + ": uid=" + number
                + " from=<x>";
    }

    private LogFile follow(Duration back) {
        return new LogFile(folder.resolve("mail.log"), log, NOW, NOW.minus(back));
    }

    private List<String> read(LogFile file) {
        while (file.read() > 0) {
            // Until nothing is new.
        }
        return log.changed(1_000).stream()
                .map(LoggedMessage::provenance)
                .map(p -> p.origin().who())
                .toList();
    }

    @Test
    void aRenamedFileIsReadToItsEndAndTheNewOneFromItsStart() throws IOException {
        write(line("16:59:01", 1));
        try (LogFile file = follow(Duration.ofMinutes(10))) {
            assertThat(read(file)).containsExactly("1");
            write(line("16:59:02", 2));
            Path old = Files.move(folder.resolve("mail.log"), folder.resolve("mail.log.1"));
            Files.writeString(old, line("16:59:03", 3) + "\n", StandardOpenOption.APPEND);
            assertThat(read(file)).containsExactly("2", "3");
            Files.delete(old);
            write(line("16:59:04", 4));
            assertThat(read(file)).containsExactly("4");
        }
    }

    @Test
    void aTruncatedFileIsReadFromItsStart() throws IOException {
        write(line("16:59:01", 1), line("16:59:01", 2));
        try (LogFile file = follow(Duration.ofMinutes(10))) {
            assertThat(read(file)).containsExactly("1", "2");
            Files.write(folder.resolve("mail.log"), new byte[0]);
            assertThat(read(file)).isEmpty();
            write(line("16:59:05", 3));
            assertThat(read(file)).containsExactly("3");
            // Truncated, and longer than before at the next look.
            Files.write(folder.resolve("mail.log"), new byte[0]);
            write(line("16:59:06", 4), line("16:59:06", 5), line("16:59:06", 6));
            assertThat(read(file)).containsExactly("4", "5", "6");
        }
    }

    @Test
    void aLineIsTakenWhenItsEndHasCome() throws IOException {
        String whole = line("16:59:01", 17);
        Files.writeString(folder.resolve("mail.log"), whole.substring(0, whole.length() - 10));
        try (LogFile file = follow(Duration.ofMinutes(10))) {
            assertThat(read(file)).isEmpty();
            write(whole.substring(whole.length() - 10));
            assertThat(read(file)).containsExactly("17");
        }
    }

    @Test
    void onlyTheLastMinutesAreReadAlsoOfRotatedFiles() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(Corpus.utf8(line("16:30:00", 1) + "\n" + line("16:52:00", 2) + "\n"));
        }
        Files.write(folder.resolve("mail.log.2.gz"), zipped.toByteArray());
        Files.setLastModifiedTime(folder.resolve("mail.log.2.gz"), FileTime.from(NOW.minusSeconds(480)));
        Files.writeString(folder.resolve("mail.log.1"), line("16:53:00", 3) + "\n");
        Files.setLastModifiedTime(folder.resolve("mail.log.1"), FileTime.from(NOW.minusSeconds(400)));
        Files.writeString(folder.resolve("mail.log.3.gz"), "old");
        Files.setLastModifiedTime(folder.resolve("mail.log.3.gz"), FileTime.from(NOW.minusSeconds(4_000)));
        write(line("16:54:00", 4));
        try (LogFile file = follow(Duration.ofMinutes(10))) {
            assertThat(read(file)).containsExactly("2", "3", "4");
        }
    }

    @Test
    void theStartInALongFileIsFoundByHalving() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int second = 0; second < 3_600; second++) {
            lines.add(line(String.format("16:%02d:%02d", second / 60, second % 60), second));
        }
        write(lines.toArray(String[]::new));
        try (LogFile file = follow(Duration.ofMinutes(2))) {
            List<String> read = read(file);
            assertThat(read).hasSize(120).startsWith("3480").endsWith("3599");
        }
        assertThat(log.counts().lines()).isEqualTo(120);
    }

    @Test
    void aMessageGoesOnAcrossARotation() throws IOException {
        List<byte[]> lines = Corpus.lines("postfix-syslog/mail.log");
        Path current = folder.resolve("mail.log");
        try (LogFile file = new LogFile(current, log, Corpus.LATEST, Instant.EPOCH)) {
            var all = new java.util.HashMap<String, LoggedMessage>();
            for (int i = 0; i < lines.size(); i++) {
                Files.write(current, lines.get(i), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Files.write(current, new byte[] {'\n'}, StandardOpenOption.APPEND);
                if (i % 500 == 250) {
                    file.read();
                    Files.move(current, folder.resolve("mail.log." + i));
                }
            }
            while (file.read() > 0) {
                // Until nothing is new.
            }
            log.passed(Corpus.LATEST);
            log.changed(10_000)
                    .forEach(m -> all.put(Corpus.key(m.id().host(), m.id().instance(), m.id().id(), m.life()), m));
            List<Map<String, Object>> truths = Corpus.truths("postfix-syslog");
            Verdicts verdicts = Verdicts.of(truths, all, "web1", false, false);
            assertThat(verdicts.wrong).isEmpty();
        }
    }

    @Test
    void aFileThatIsNotThereIsWaitedFor() throws IOException {
        try (LogFile file = follow(Duration.ofMinutes(10))) {
            assertThat(read(file)).isEmpty();
            assertThat(file.problem()).hasValue(folder.resolve("mail.log") + ": no such file");
            write(line("16:59:01", 1));
            assertThat(read(file)).containsExactly("1");
            assertThat(file.problem()).isEmpty();
        }
    }
}
