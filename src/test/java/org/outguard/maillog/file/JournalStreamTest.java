package org.outguard.maillog.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.LoggedMessage.State;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.Corpus;
import org.outguard.maillog.MailLog;

/** The incident as {@code journalctl -f -o json} prints it: one message is followed to its end, and a forged line is not. */
class JournalStreamTest {

    private static final Instant SINCE = Instant.parse("2026-11-24T16:00:00Z");

    @TempDir
    Path folder;

    private final MailLog log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 100);

    @Test
    void whatJournalctlPrintsBecomesMessages() {
        JournalStream stream = new JournalStream(
                log, SINCE, Set.of(109), List.of("/bin/cat", recorded().toString()));
        read(stream);
        List<LoggedMessage> messages = log.changed(10);
        assertThat(messages).hasSize(1);
        LoggedMessage message = messages.get(0);
        assertThat(message.id().id()).isEqualTo("878D313894B");
        assertThat(message.provenance().origin()).isEqualTo(new MailOrigin.LocalUser(33, "www-data", ""));
        assertThat(message.provenance().isDisputed()).isFalse();
        assertThat(message.state()).isEqualTo(State.DONE);
        assertThat(message.sent()).isEqualTo(1);
        assertThat(message.recipients().get(0).address()).isEqualTo("j\u00f6rg@example.org");
        assertThat(log.counts().forged()).isEqualTo(1);
        stream.close();
    }

    @Test
    void aJournalctlThatEndsIsSaidSo() {
        JournalStream stream = new JournalStream(log, SINCE, Set.of(), List.of("/bin/true"));
        read(stream);
        assertThat(stream.problem()).contains("journal: journalctl has ended");
    }

    @Test
    void aJournalctlThatIsNotThereIsSaidSo() {
        JournalStream stream = new JournalStream(log, SINCE, Set.of(), List.of("/bin/no-such-program"));
        assertThat(stream.read()).isZero();
        assertThat(stream.problem())
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("journal: "));
    }

    /* A program is waited for, at most as long as a busy machine takes to start one. */
    private static void read(JournalStream stream) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (stream.problem().isEmpty() && System.nanoTime() < until) {
            stream.read();
            Thread.onSpinWait();
        }
    }

    private Path recorded() {
        Path file = folder.resolve("journal.json");
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("/mail/journal/incident.json"))) {
            Files.copy(in, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
