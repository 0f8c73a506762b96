package org.outguard.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;

/** Whoever reads along learns of each action once its outcome is written, by whom it may be. */
class JournalTailTest {

    private static final Instant START = Instant.parse("2025-12-05T16:00:00Z");

    @TempDir
    private Path directory;

    private Path file;
    private Journal journal;

    @BeforeEach
    void makeJournal() {
        file = directory.resolve("journal.ndjson");
        journal = new Journal(file);
    }

    @Test
    void anActionIsToldWhenItsOutcomeIsWritten() throws IOException {
        decide("a-1");
        end("a-1");
        decide("a-2");
        JournalTail tail = journal.tail();
        assertThat(tail.next()).as("what was there before").isEmpty();

        end("a-2");
        decide("a-3");
        assertThat(ids(tail)).as("begun before, ended since").containsExactly("a-2");
        end("a-3");
        assertThat(ids(tail)).containsExactly("a-3");
        assertThat(ids(tail)).isEmpty();
    }

    @Test
    void aJournalThatIsNotThereYetIsReadFromItsBeginning() throws IOException {
        JournalTail tail = journal.tail();
        assertThat(ids(tail)).isEmpty();

        decide("a-1");
        end("a-1");

        assertThat(ids(tail)).containsExactly("a-1");
    }

    @Test
    void oneThatIsBegunAnewIsReadFromItsBeginning() throws IOException {
        decide("a-1");
        end("a-1");
        JournalTail tail = journal.tail();
        Files.move(file, directory.resolve("journal.ndjson.1"));

        decide("a-2");
        end("a-2");

        assertThat(ids(tail)).containsExactly("a-2");
    }

    @Test
    void halfALineIsReadWhenItIsWhole() throws IOException {
        JournalTail tail = journal.tail();
        decide("a-1");
        end("a-1");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThat(tail.next()).as("after %s bytes", length).isEmpty();
        }
        Files.write(file, whole);
        assertThat(ids(tail)).containsExactly("a-1");
    }

    @Test
    void aForeignLineHidesNothing() throws IOException {
        JournalTail tail = journal.tail();
        decide("a-1");
        Files.write(file, "{]\n\u0000\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        end("a-1");

        assertThat(ids(tail)).containsExactly("a-1");
    }

    private static List<String> ids(JournalTail tail) throws IOException {
        return tail.next().stream().map(done -> done.action().id()).toList();
    }

    private void decide(String id) {
        NetworkStep step =
                new NetworkStep.Block(JournalTest.target(33, "192.0.2.1", Protocol.UDP, 80), Duration.ofMinutes(10));
        assertThat(journal.before(new Action(id, START, "test", "", step, new Action.Plan("do", "undo"))))
                .isEmpty();
    }

    private void end(String id) {
        assertThat(journal.after(new Outcome(id, START, Outcome.Result.DONE, "")))
                .isEmpty();
    }
}
