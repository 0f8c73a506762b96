package org.outguard.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.action.Steps;

class JournalTest {

    private static final Instant NOW = Instant.parse("2025-12-05T16:00:45.123456789Z");
    private static final Duration LENGTH = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    private Path file;
    private Journal journal;

    @BeforeEach
    void makeJournal() {
        file = directory.resolve("lib/outguard/journal.ndjson");
        journal = new Journal(file);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Action action = block("a-1", target(33, "192.0.2.1", Protocol.UDP, 80));
        Outcome outcome = new Outcome("a-1", NOW.plusMillis(3), Outcome.Result.DONE, "");

        assertThat(journal.before(action)).isEmpty();
        assertThat(journal.after(outcome)).isEmpty();

        assertThat(journal.read())
                .isEqualTo(new Journal.Contents(
                        List.of(new JournalEntry.Decided(action), new JournalEntry.Ended(outcome)), List.of(), false));
    }

    @Test
    void aLineSaysWhatThePersonAndTheProgramNeed() throws IOException {
        journal.before(block("a-1", target(33, "2001:db8::", 32, Protocol.UDP, 80)));
        journal.after(new Outcome("a-1", NOW, Outcome.Result.FAILED, "no nft"));

        assertThat(Files.readString(file)).isEqualTo("""
                        {"type":"action","at":"2025-12-05T16:00:45.123456789Z","id":"a-1","by":"root on pts/0","why":"o-1: 173,000 packets/s","action":"block","remote":"2001:db8::/32","port":80,"protocol":"udp","uid":33,"length":"PT10M","command":"nft add","undo":"nft delete","crc":"a963080a"}
                        {"type":"outcome","at":"2025-12-05T16:00:45.123456789Z","id":"a-1","result":"FAILED","detail":"no nft","crc":"c4cc1265"}
                        """);
    }

    @Test
    void aByteThatIsAnotherDamagesItsLineAlone() throws IOException {
        JournalEntry first = write(new JournalEntry.Decided(block("a-1", target(33, null, null, 0))));
        int begin = Files.readAllBytes(file).length;
        write(new JournalEntry.Ended(new Outcome("a-1", NOW, Outcome.Result.DONE, "")));
        int end = Files.readAllBytes(file).length;
        JournalEntry last = write(new JournalEntry.Decided(block("a-2", target(33, null, null, 0))));
        byte[] whole = Files.readAllBytes(file);
        String crc = ",\"crc\":\"";
        int name = new String(whole, begin, end - begin, StandardCharsets.US_ASCII).indexOf(crc) + begin + 2;
        for (int at = begin; at < end - 1; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            if (at >= name && at < name + 3) {
                // Under another name it is a field that nobody knows, and the line one of those without.
                assertThat(journal.read().damagedLines()).isEmpty();
            } else {
                assertThat(journal.read())
                        .as("byte %d", at - begin)
                        .isEqualTo(new Journal.Contents(List.of(first, last), List.of(2L), false));
            }
        }
    }

    @Test
    void linesWithoutACrcAreReadAsBefore() throws IOException {
        JournalEntry first = write(new JournalEntry.Decided(block("a-1", target(33, null, null, 0))));
        JournalEntry second = write(new JournalEntry.Ended(new Outcome("a-1", NOW, Outcome.Result.DONE, "")));
        Files.writeString(file, Files.readString(file).replaceAll(",\"crc\":\"[0-9a-f]{8}\"", ""));
        assertThat(journal.read()).isEqualTo(new Journal.Contents(List.of(first, second), List.of(), false));
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        journal.before(block("a-1", target(33, null, null, 0)));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aJournalThatIsNotThereIsEmpty() throws IOException {
        assertThat(journal.read()).isEqualTo(new Journal.Contents(List.of(), List.of(), false));
        assertThat(journal.standing(NOW)).isEmpty();
    }

    @Test
    void foreignTextIsPrintableAsciiInTheFile() throws IOException {
        StringBuilder every = new StringBuilder("\uD800 alone, \uD83D\uDE00 pair, \u202E\u2066\u200D\uFEFF");
        for (char c = 0; c < 0x180; c++) {
            every.append(c);
        }
        Action action = new Action(
                "a-1",
                NOW,
                every.toString(),
                every.toString(),
                new NetworkStep.Unblock(target(33, null, null, 0), every.toString()),
                new Action.Plan(every.toString(), every.toString()));

        journal.before(action);
        journal.after(new Outcome(every.toString(), NOW, Outcome.Result.DONE, every.toString()));

        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).chars())
                .allMatch(c -> c == '\n' || c >= 0x20 && c < 0x7f);
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(journal.read().entries())
                .containsExactly(
                        new JournalEntry.Decided(action),
                        new JournalEntry.Ended(
                                new Outcome(every.toString(), NOW, Outcome.Result.DONE, every.toString())));
    }

    @Test
    void whateverIsInAnEntryComesBack() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("JournalTest.whateverIsInAnEntryComesBack: seed " + seed);
        Random random = new Random(seed);
        List<JournalEntry> written = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            written.add(write(entry(random)));
        }

        assertThat(journal.read()).isEqualTo(new Journal.Contents(written, List.of(), false));
    }

    @Test
    void whereverTheFileIsCutItsWholeLinesAreRead() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("JournalTest.whereverTheFileIsCutItsWholeLinesAreRead: seed " + seed);
        Random random = new Random(seed);
        List<JournalEntry> written = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            written.add(write(entry(random)));
        }
        byte[] whole = Files.readAllBytes(file);
        int[] ends = ends(whole);

        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int cut = length;
            // A line that lacks nothing but its end is whole.
            int lines = (int) Arrays.stream(ends).filter(end -> end - 1 <= cut).count();
            boolean torn = cut > 0 && Arrays.stream(ends).noneMatch(end -> end == cut || end - 1 == cut);

            assertThat(journal.read())
                    .as("cut at byte %d", cut)
                    .isEqualTo(new Journal.Contents(written.subList(0, lines), List.of(), torn));
        }
    }

    @Test
    void afterATornLineTheNextStartsOnALineOfItsOwn() throws IOException {
        JournalEntry first = write(new JournalEntry.Decided(block("a-1", target(33, null, null, 0))));
        byte[] whole = Files.readAllBytes(file);
        int step = Math.max(1, whole.length / 40);
        for (int length = 1; length < whole.length; length += step) {
            Files.write(file, whole);
            Files.write(file, Arrays.copyOf(whole, length), StandardOpenOption.APPEND);

            JournalEntry next = write(new JournalEntry.Ended(new Outcome("a-1", NOW, Outcome.Result.DONE, "")));

            // Nothing is lost of what was there, and a line that lacked only its end has got it.
            boolean lackedItsEndOnly = length == whole.length - 1;
            assertThat(journal.read())
                    .as("torn after %d bytes", length)
                    .isEqualTo(new Journal.Contents(
                            lackedItsEndOnly ? List.of(first, first, next) : List.of(first, next),
                            lackedItsEndOnly ? List.of() : List.of(2L),
                            false));
        }
    }

    @Test
    void foreignLinesAreReportedByNumberAndHideNothing() throws IOException {
        JournalEntry first = write(new JournalEntry.Decided(block("a-1", target(33, null, null, 0))));
        String line = Files.readString(file).strip();
        List<String> foreign = List.of(
                "",
                "hello",
                "{",
                "null",
                "[]",
                "7",
                "{}",
                "{\"type\":\"action\"}",
                "{\"type\":\"other\"}",
                line + "x",
                line + line,
                line.replace("\"uid\":33", "\"uid\":null"),
                line.replace("\"uid\":33", "\"uid\":4294967296"),
                line.replace("\"uid\":33", "\"uid\":-1"),
                line.replace("\"uid\":33", "\"uid\":3.5"),
                line.replace("\"uid\":33,", ""),
                line.replace("\"uid\":33", "\"port\":99999999999"),
                line.replace("PT10M", "soon"),
                line.replace("2025-12", "2025-13"),
                line.replace("\"block\"", "\"bless\""),
                line.replace("\"why\"", "\"who\""),
                line.replace("{", "{\"crc\":\"00000000\","),
                "\"" + "x".repeat(2_000_000) + "\"",
                "[".repeat(100_000));
        Files.write(file, foreign, StandardCharsets.ISO_8859_1, StandardOpenOption.APPEND);
        Files.write(file, new byte[] {(byte) 0xff, 0, (byte) 0x9b, '\n'}, StandardOpenOption.APPEND);
        JournalEntry last = write(new JournalEntry.Ended(new Outcome("a-1", NOW, Outcome.Result.DONE, "")));

        Journal.Contents contents = journal.read();

        assertThat(contents.entries()).containsExactly(first, last);
        assertThat(contents.damagedLines()).hasSize(foreign.size() + 1).startsWith(2L, 3L);
        assertThat(contents.torn()).isFalse();
    }

    @Test
    void whatCannotBeWrittenIsAReasonNotToAct() throws IOException {
        Files.createDirectories(file);
        assertThat(journal.before(block("a-1", target(33, null, null, 0))))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("could not be journaled: "));
        assertThatThrownBy(journal::read).isInstanceOf(IOException.class);

        Journal below = new Journal(Files.createFile(directory.resolve("plain")).resolve("journal.ndjson"));
        assertThat(below.before(block("a-1", target(33, null, null, 0)))).isPresent();

        Journal full = new Journal(Path.of("/dev/full"));
        assertThat(full.after(new Outcome("a-1", NOW, Outcome.Result.DONE, ""))).isPresent();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
        Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);

        assertThat(new Journal(link).before(block("a-1", target(33, null, null, 0))))
                .isPresent();
        assertThat(elsewhere).hasContent("precious");
    }

    @Test
    void anInterruptedWriterDoesNotAct() {
        Thread.currentThread().interrupt();
        try {
            assertThat(journal.before(block("a-1", target(33, null, null, 0)))).isPresent();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void manyWritersTakeTurns() throws Exception {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Journal another = new Journal(file);
            String id = "a-" + i;
            writers.add(new Thread(() -> {
                for (int n = 0; n < 10; n++) {
                    assertThat(another.before(block(id, target(33, null, null, 0))))
                            .isEmpty();
                }
            }));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(journal.read().entries()).hasSize(40);
        assertThat(journal.read().damagedLines()).isEmpty();
    }

    private JournalEntry write(JournalEntry entry) {
        Optional<String> problem;
        if (entry instanceof JournalEntry.Decided decided) {
            problem = journal.before(decided.action());
        } else if (entry instanceof JournalEntry.Ended ended) {
            problem = journal.after(ended.outcome());
        } else {
            problem = journal.refused((JournalEntry.Refused) entry);
        }
        assertThat(problem).isEmpty();
        return entry;
    }

    private static int[] ends(byte[] whole) {
        return java.util.stream.IntStream.rangeClosed(1, whole.length)
                .filter(end -> whole[end - 1] == '\n')
                .toArray();
    }

    static JournalEntry entry(Random random) {
        if (random.nextInt(8) == 0) {
            return new JournalEntry.Refused(
                    time(random), text(random), text(random), text(random), random.nextInt(Integer.MAX_VALUE));
        }
        if (random.nextBoolean()) {
            Outcome.Result[] results = Outcome.Result.values();
            return new JournalEntry.Ended(
                    new Outcome(text(random), time(random), results[random.nextInt(results.length)], text(random)));
        }
        BlockTarget target = randomTarget(random);
        List<Step> others = Steps.all(random, JournalTest::text);
        Step step = random.nextBoolean()
                ? new NetworkStep.Block(target, Duration.ofNanos(random.nextLong() & Long.MAX_VALUE))
                : others.get(random.nextInt(others.size()));
        return new JournalEntry.Decided(new Action(
                text(random),
                time(random),
                text(random),
                text(random),
                step,
                new Action.Plan(text(random), text(random))));
    }

    private static BlockTarget randomTarget(Random random) {
        boolean remote = random.nextBoolean();
        boolean port = remote && random.nextBoolean();
        boolean uid = !remote || random.nextBoolean();
        return new BlockTarget(
                remote ? Optional.of(randomRemote(random)) : Optional.empty(),
                port ? OptionalInt.of(random.nextInt(65536)) : OptionalInt.empty(),
                port ? Optional.of(random.nextBoolean() ? Protocol.UDP : Protocol.TCP) : Optional.empty(),
                uid ? OptionalInt.of(random.nextInt()) : OptionalInt.empty());
    }

    private static BlockTarget.Remote randomRemote(Random random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        int prefix = random.nextInt(bytes.length * 8 + 1);
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return new BlockTarget.Remote(IpAddress.of(bytes), prefix);
    }

    private static Instant time(Random random) {
        return Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L), random.nextInt(1_000_000_000));
    }

    /* Of every kind: letters, controls, C1, the ends of lines, halves of pairs. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append((char) (random.nextBoolean() ? random.nextInt(0x10000) : random.nextInt(0xa0)));
        }
        return text.toString();
    }

    static Action block(String id, BlockTarget target) {
        return new Action(
                id,
                NOW,
                "root on pts/0",
                "o-1: 173,000 packets/s",
                new NetworkStep.Block(target, LENGTH),
                new Action.Plan("nft add", "nft delete"));
    }

    static BlockTarget target(int uid, String remote, Protocol protocol, int port) {
        return target(uid, remote, 32, protocol, port);
    }

    private static BlockTarget target(int uid, String remote, int prefix, Protocol protocol, int port) {
        return new BlockTarget(
                Optional.ofNullable(remote)
                        .map(text ->
                                new BlockTarget.Remote(IpAddress.parse(text).orElseThrow(), prefix)),
                protocol == null ? OptionalInt.empty() : OptionalInt.of(port),
                Optional.ofNullable(protocol),
                uid < 0 ? OptionalInt.empty() : OptionalInt.of(uid));
    }
}
