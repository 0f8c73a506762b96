package org.outguard.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The writer is killed at random moments, again and again on the same file: the file stays whole, and at most the last second is
 * missing. {@code -Doutguard.history.rounds=200
 * -Doutguard.history.lost.millis=1000} for the long run, alone on a machine.
 */
class HistoryCrashIT {

    private static final int ROUNDS = Integer.getInteger("outguard.history.rounds", 5);
    private static final long SEED = Long.getLong("outguard.history.seed", System.nanoTime());

    /** The last second; where the machine is busy with other tests its thread may be as long without a processor. */
    private static final long MAY_BE_LOST_NANOS = Long.getLong("outguard.history.lost.millis", 2_000) * 1_000_000;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @Test
    void atMostTheLastSecondIsLostWheneverItIsKilled() throws Exception {
        Path file = folder.resolve("history.db");
        long certain = 0;
        long possible = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<long[]> sent = run(file);
            long killed = sent.get(sent.size() - 1)[1];
            certain += sent.stream()
                    .filter(one -> killed - one[1] > MAY_BE_LOST_NANOS)
                    .count();
            possible += sent.size();
            long found = found(file);
            // One more than was printed may have been recorded.
            assertThat(found).as("seed %d, round %d", SEED, round).isBetween(certain, possible + round + 1);
            certain = found;
            possible = found;
            assertThat(integrity(file)).as("seed %d, round %d", SEED, round).isEqualTo("ok");
        }
    }

    /* A process that was killed before its first write leaves a file without tables. */
    private static long found(Path file) throws IOException {
        try (HistoryReader reader = HistoryReader.open(file)) {
            return reader.owners(HistoryQuery.of(Instant.EPOCH, Instant.now().plusSeconds(60)), 100).stream()
                    .mapToLong(HistoryReader.OwnerSum::packets)
                    .sum();
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("there is no history in .*|history in .* it is empty; .*");
            return 0;
        }
    }

    private List<long[]> run(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Doutguard.native=" + System.getProperty("outguard.native"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HistoryVictim.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        List<long[]> sent = new ArrayList<>();
        int stopAfter = 1 + random.nextInt(250);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                assertThat(line).as("seed %d", SEED).matches("\\d+ -?\\d+");
                String[] words = line.split(" ");
                sent.add(new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])});
                if (sent.size() == stopAfter) {
                    // The process alone: what it has printed is still to be read.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        return sent;
    }

    private static String integrity(Path file) throws Exception {
        try (Connection connection = Sqlite.read(file);
                ResultSet row = connection.createStatement().executeQuery("PRAGMA integrity_check")) {
            row.next();
            return row.getString(1);
        }
    }
}
