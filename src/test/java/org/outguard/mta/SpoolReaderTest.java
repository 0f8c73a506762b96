package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Status;

/** A queue is followed by its names: each message is read once, and again only where it moved. */
class SpoolReaderTest {

    @TempDir
    Path spool;

    private final List<String> reads = new ArrayList<>();
    private long tick;
    private Instant time = Instant.parse("2026-11-25T00:00:00Z");
    private SpoolReader reader;

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectory(spool.resolve("active"));
        Files.createDirectory(spool.resolve("deferred"));
        reader = reader(1_000);
    }

    private SpoolReader reader(int most) {
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return time;
            }
        };
        ParallelHeaderReader heads =
                new ParallelHeaderReader(new ParallelHeaderReader.Helpers(Runnable::run, 1), () -> tick);
        return new SpoolReader("test", "files", new Layout(), heads, clock, () -> tick, most);
    }

    @Test
    void messagesComeMoveAndGo() throws IOException {
        put("active", "A00001");
        QueueChange first = look();
        assertThat(first.seen())
                .singleElement()
                .satisfies(m -> assertThat(m.status()).isEqualTo(Status.ACTIVE));

        Files.move(spool.resolve("active/A00001"), spool.resolve("deferred/A00001"));
        touch("active", "deferred");
        QueueChange moved = look();
        assertThat(moved.gone()).isEmpty();
        assertThat(moved.seen())
                .singleElement()
                .satisfies(m -> assertThat(m.status()).isEqualTo(Status.DEFERRED));

        Files.delete(spool.resolve("deferred/A00001"));
        touch("deferred");
        assertThat(look().gone()).as("it may be on its way to another folder").isEmpty();
        assertThat(look().gone()).extracting(QueueId::id).containsExactly("A00001");
        assertThat(reader.messages()).isEmpty();
    }

    @Test
    void whatDoesNotChangeIsNotReadAgain() throws IOException {
        for (int i = 0; i < 100; i++) {
            put("deferred", "B" + (10_000 + i));
        }
        look();
        assertThat(reads).hasSize(100);
        put("deferred", "C00001");
        touch("deferred");
        QueueChange change = look();
        assertThat(reads).hasSize(101);
        assertThat(change.seen()).extracting(m -> m.id().id()).containsExactly("C00001");
        assertThat(look().seen()).isEmpty();
        assertThat(reads).hasSize(101);
    }

    @Test
    void aBigQueueIsReadInParts() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            put("deferred", "B" + (10_000 + i));
        }
        QueueChange part = reader.look(Duration.ZERO);
        assertThat(part.seen()).isNotEmpty();
        assertThat(part.unread()).isPositive();
        assertThat(part.seen().size() + part.unread()).isEqualTo(1_000);
        while (part.unread() > 0) {
            part = reader.look(Duration.ZERO);
        }
        assertThat(reader.messages()).hasSize(1_000);
        assertThat(reads).hasSize(1_000);
    }

    @Test
    void beyondTheMostThereAreOnlyCounts() throws IOException {
        reader = reader(10);
        for (int i = 0; i < 25; i++) {
            put("deferred", "B" + (10_000 + i));
        }
        QueueChange change = look();
        assertThat(change.seen()).hasSize(10);
        assertThat(change.uncounted()).isEqualTo(15);
    }

    @Test
    void oneThatIsBeingWrittenIsTriedAgain() throws IOException {
        put("active", "UNFINISHED1");
        assertThat(look().seen()).isEmpty();
        assertThat(look().unread()).isEqualTo(1);
        assertThat(reads).hasSize(2);
    }

    @Test
    void whatAFileMakesItsParserThrowIsAboutThatMessageAlone() throws IOException {
        put("active", "A00001");
        put("active", "PLANTED1");
        put("active", "Z00001");
        QueueChange change = look();
        assertThat(change.seen())
                .extracting(m -> m.id().id())
                .containsExactlyInAnyOrder("A00001", "PLANTED1", "Z00001");
        assertThat(change.seen())
                .filteredOn(m -> m.id().id().equals("PLANTED1"))
                .allSatisfy(m -> assertThat(m.root().origin())
                        .isEqualTo(Provenance.unknown("its queue file could not be parsed")
                                .origin()));
        assertThat(change.problem())
                .contains(
                        "queue files could not be parsed 1 times; last: PLANTED1, java.lang.IllegalStateException: planted");
        put("deferred", "REASONS1");
        touch("deferred");
        assertThat(look().problem()).hasValueSatisfying(said -> assertThat(said).contains("2 times; last: REASONS1"));
        assertThat(reader.messages()).hasSize(4);
    }

    @Test
    void aSlowFolderRestsFortyTimesAsLong() throws IOException {
        put("deferred", "SLOW00001");
        look();
        put("deferred", "SLOW00002");
        touch("deferred");
        assertThat(reader.look(Duration.ofSeconds(1)).seen()).isEmpty();
        tick += Duration.ofSeconds(41).toNanos();
        assertThat(reader.look(Duration.ofSeconds(1)).seen()).hasSize(1);
    }

    private void put(String queue, String id) throws IOException {
        Files.createFile(spool.resolve(queue).resolve(id));
    }

    /* As if time had passed between two changes, which a fast test does not see. */
    private void touch(String... queues) throws IOException {
        time = time.plusSeconds(10);
        for (String queue : queues) {
            Files.setLastModifiedTime(spool.resolve(queue), FileTime.from(time));
        }
    }

    private QueueChange look() {
        tick += Duration.ofMinutes(1).toNanos();
        time = time.plusSeconds(60);
        return reader.look(Duration.ofSeconds(1));
    }

    private final class Layout implements SpoolLayout {
        @Override
        public List<Folder> folders() {
            return List.of(
                    new Folder(spool.resolve("active"), Status.ACTIVE),
                    new Folder(spool.resolve("deferred"), Status.DEFERRED));
        }

        @Override
        public Optional<QueueId> id(String fileName) {
            if (fileName.startsWith("SLOW")) {
                tick += Duration.ofSeconds(1).toNanos();
            }
            return Optional.of(new QueueId("", "test", fileName));
        }

        @Override
        public boolean replacesFiles() {
            return false;
        }

        @Override
        public Reading read(Folder folder, QueueId id) {
            reads.add(id.id());
            if (id.id().startsWith("UNFINISHED")) {
                return new Reading.Unfinished();
            }
            if (id.id().startsWith("PLANTED")) {
                throw new IllegalStateException("planted");
            }
            Provenance unknown = Provenance.unknown("");
            return new Reading.Message(new QueuedMessage(
                    id, folder.status(), Instant.EPOCH, 1, "", List.of(), 0, unknown, unknown, Attributes.NONE));
        }

        @Override
        public QueuedMessage withReasons(Folder folder, QueuedMessage message) {
            if (message.id().id().startsWith("REASONS")) {
                throw new IllegalStateException("planted");
            }
            return message;
        }
    }
}
