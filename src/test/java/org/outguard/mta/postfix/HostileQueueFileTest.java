package org.outguard.mta.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.mta.MailCorpus;

/** What is in a queue file, sound or not, neither breaks the reader nor makes it grow. */
class HostileQueueFileTest {

    @TempDir
    Path folder;

    @Test
    void everyTruncationIsDamagedOrBeingWritten() throws IOException {
        for (Path sample : samples()) {
            try (FileChannel channel = FileChannel.open(sample, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                assertThat(QueueFile.read(channel).state()).isEqualTo(QueueFile.State.WHOLE);
                for (long length = channel.size() - 3; length >= 0; length--) {
                    channel.truncate(length).position(0);
                    assertThat(QueueFile.read(channel).state())
                            .as("%s cut at %s", sample, length)
                            .isNotEqualTo(QueueFile.State.WHOLE);
                }
            }
        }
    }

    @Test
    void randomDamageNeverThrows() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Path> samples = samples();
        for (int round = 0; round < 4_000; round++) {
            byte[] bytes = Files.readAllBytes(samples.get(random.nextInt(samples.size())));
            for (int i = random.nextInt(20); i >= 0; i--) {
                bytes[random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 300) : bytes.length)] =
                        (byte) random.nextInt(256);
            }
            QueueFile file = read(bytes);
            assertThat(file.recipients()).as("seed %s", seed).hasSizeLessThanOrEqualTo(QueueFile.MOST_RECIPIENTS);
            new OriginRules("postfix", 100, MailCorpus.users()).of(file);
        }
    }

    @Test
    void aLengthOfAllOnesEndsTheFile() throws IOException {
        byte[] huge = {'A', -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 'x'};
        assertThat(read(huge).state()).isEqualTo(QueueFile.State.DAMAGED);
        byte[] farAway = {'A', -1, -1, -1, -1, 0x7f, 'x'};
        assertThat(read(farAway).attributes()).isEmpty();
    }

    @Test
    void aHeaderOfTenMegabytesIsCut() throws IOException {
        ByteArrayOutputStream file = start();
        for (int i = 0; i < 5_000; i++) {
            record(file, 'N', "Received: " + "a".repeat(2_000));
        }
        record(file, 'N', "Subject: too far down");
        QueueFile read = read(file.toByteArray());
        assertThat(read.header().received()).hasSizeLessThanOrEqualTo(200);
        assertThat(read.header().received()).allMatch(field -> field.length() <= 500);
        assertThat(read.header().attributes().subject()).isEmpty();
    }

    @Test
    void manyRecipientsAreCountedAndFewAreKept() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        record(
                file,
                'C',
                "            100              10           50000               0             100               0");
        record(file, 'S', "a@example.org");
        for (int i = 0; i < 50_000; i++) {
            record(file, 'R', "someone" + i + "@example.org");
        }
        QueueFile read = read(file.toByteArray());
        assertThat(read.recipients()).hasSize(QueueFile.MOST_RECIPIENTS);
        assertThat(read.recipientCount()).isEqualTo(50_000);
        assertThat(read.state()).isEqualTo(QueueFile.State.WHOLE);
    }

    @Test
    void pointersInACircleEnd() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        record(
                file,
                'C',
                "            100              10               1               0             100               0");
        int here = file.size();
        record(file, 'p', String.format("%15d", here));
        assertThat(read(file.toByteArray()).state()).isEqualTo(QueueFile.State.DAMAGED);
    }

    @Test
    void aPointerToNoPositionOfAnyFileEndsIt() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        record(
                file,
                'C',
                "            100              10               1               0             100               0");
        record(file, 'p', Long.toString(Long.MAX_VALUE / 10));
        assertThat(read(file.toByteArray()).state()).isEqualTo(QueueFile.State.DAMAGED);
    }

    @Test
    void nulBytesAndForeignCharactersAreText() throws IOException {
        ByteArrayOutputStream file = start();
        record(file, 'N', "Subject: a\0b\u001b[2J");
        record(file, 'N', "");
        record(file, 'X', "");
        record(file, 'R', "b@example.org");
        record(file, 'E', "");
        assertThat(read(file.toByteArray()).header().attributes().subject()).isEqualTo("a\0b\u001b[2J");
    }

    private static ByteArrayOutputStream start() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        record(file, 'T', "1795543087 379017");
        record(file, 'S', "a@example.org");
        record(file, 'M', "");
        return file;
    }

    private static void record(ByteArrayOutputStream file, char type, String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        file.write(type);
        int length = data.length;
        while (length > 0x7f) {
            file.write(length & 0x7f | 0x80);
            length >>= 7;
        }
        file.write(length);
        file.writeBytes(data);
    }

    private QueueFile read(byte[] bytes) throws IOException {
        Path file = folder.resolve("file");
        Files.write(file, bytes);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return QueueFile.read(channel);
        }
    }

    private List<Path> samples() throws IOException {
        Path spool = Files.createTempDirectory(folder, "spool");
        List<Path> files = new ArrayList<>();
        for (String corpus : List.of("postfix-spool", "postfix-bounces")) {
            Path here = Files.createDirectory(spool.resolve(corpus));
            MailCorpus.unpack(corpus, here);
            try (Stream<Path> all = Files.walk(here)) {
                all.filter(f -> Files.isRegularFile(f)
                                && (f.toString().contains("/deferred/")
                                        || f.toString().contains("/hold/")))
                        .forEach(files::add);
            }
        }
        files.sort(null);
        return files;
    }
}
