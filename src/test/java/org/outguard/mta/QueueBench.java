package org.outguard.mta;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.outguard.mail.OriginGroup;
import org.outguard.mta.postfix.PostfixInstance;
import org.outguard.mta.postfix.PostfixLayout;

/**
 * How long a queue takes to read, as a program of its own: {@code QueueBench [MESSAGES [FOLDER]]}, 100,000 in a folder of
 * its own if not given; a folder that is given stays, and is filled only where it is empty. The files are those of a real
 * Postfix with other ids, so they are in the page cache: figures are those of a warm start. Beside them stands what the same
 * machine needs at that moment to read the beginning of each file by {@code find -type f | xargs head -c 4096}, since
 * figures drift with load and ratios hardly do.
 */
final class QueueBench {

    private static final Duration LOOK = Duration.ofMillis(200);

    private QueueBench() {}

    public static void main(String[] arguments) throws IOException {
        int messages = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        Path folder = arguments.length < 2 ? Files.createTempDirectory("queue-bench") : Path.of(arguments[1]);
        ExecutorService others = Executors.newCachedThreadPool();
        try {
            if (!Files.exists(folder.resolve("deferred"))) {
                fill(Files.createDirectories(folder), messages);
            }
            peer(folder, System.out);
            measure(folder, others, System.out);
        } finally {
            others.shutdown();
            if (arguments.length < 2) {
                try (Stream<Path> all = Files.walk(folder)) {
                    all.sorted(Comparator.reverseOrder())
                            .forEach(path -> path.toFile().delete());
                }
            }
        }
    }

    private static void peer(Path folder, PrintStream out) throws IOException {
        for (int round = 0; round < 2; round++) {
            long begun = System.nanoTime();
            Process process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "find \"$1\" -type f -print0 | xargs -0 head -qc 4096",
                            "peer",
                            folder + "/deferred")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            out.printf("find and head:     %5d ms%n", since(begun));
        }
    }

    private static void fill(Path folder, int messages) throws IOException {
        MailCorpus.unpack("postfix-spool", folder);
        List<Path> samples;
        try (Stream<Path> all = Files.walk(folder.resolve("deferred"))) {
            samples = all.filter(Files::isRegularFile).toList();
        }
        byte[][] bytes = new byte[samples.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Files.readAllBytes(samples.get(i));
        }
        for (int i = 0; i < messages; i++) {
            String id = String.format(Locale.ROOT, "%X%010X", i % 16, 0x1000000L + i);
            Files.write(folder.resolve("deferred").resolve(id.substring(0, 1)).resolve(id), bytes[i % bytes.length]);
            Files.writeString(
                    folder.resolve("defer").resolve(id.substring(0, 1)).resolve(id),
                    "recipient=a@example.org\nreason=host said: 451 later\n",
                    StandardCharsets.US_ASCII);
        }
    }

    private static void measure(Path folder, ExecutorService others, PrintStream out) throws IOException {
        PostfixLayout layout = new PostfixLayout(PostfixInstance.plain(folder, 100), MailCorpus.users());
        SpoolReader reader = new SpoolReader(
                "postfix",
                "files",
                layout,
                new ParallelHeaderReader(
                        new ParallelHeaderReader.Helpers(
                                others, Runtime.getRuntime().availableProcessors() - 1),
                        System::nanoTime),
                Clock.systemUTC(),
                System::nanoTime);
        long before = processor();
        long begun = System.nanoTime();
        QueueChange change = reader.look(LOOK);
        out.printf(
                "first look:        %5d ms, %d read, %d to go%n",
                since(begun), change.seen().size(), change.unread());
        while (change.unread() > 0) {
            change = reader.look(LOOK);
        }
        int groups = OriginGroup.of(reader.messages()).size();
        out.printf(
                "all by origin:     %5d ms (%d ms of processor), %d messages, %d origins%n",
                since(begun), processor() - before, reader.messages().size(), groups);
        while (!change.seen().isEmpty()) {
            change = reader.look(LOOK);
        }
        out.printf("reasons too:       %5d ms%n", since(begun));
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        out.printf("heap:              %5d MB%n", heap >> 20);
        refresh(folder, reader, out);
    }

    /* Once a second a few messages come; the worst of them is a folder that holds everything. */
    private static void refresh(Path folder, SpoolReader reader, PrintStream out) throws IOException {
        long cpu = cpu();
        long begun = System.nanoTime();
        long longest = 0;
        byte[] sample;
        try (Stream<Path> all = Files.walk(folder.resolve("deferred"))) {
            sample = Files.readAllBytes(
                    all.filter(Files::isRegularFile).findFirst().orElseThrow());
        }
        int rounds = 20;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 16; i++) {
                String id = String.format(Locale.ROOT, "%XF%09X", i, round);
                Files.write(
                        folder.resolve("deferred").resolve(id.substring(0, 1)).resolve(id), sample);
            }
            long start = System.nanoTime();
            reader.look(LOOK);
            longest = Math.max(longest, System.nanoTime() - start);
            pause();
        }
        out.printf(
                "refresh:           %5d ms at most, %.1f %% of a core%n",
                longest / 1_000_000, 100.0 * (cpu() - cpu) / (System.nanoTime() - begun));
    }

    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long processor() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }

    private static long since(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
