package org.outguard.history;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.Verdict;
import org.outguard.owner.Attribution;

/**
 * What history costs on a busy mail server: {@code HistoryBench FOLDER [days [megabytes [flows a minute]]]}, by a clock of its
 * own. First ten minutes second by second, for the writer's share of a core; then days minute by minute, for the size; then
 * questions. Shares of the size are by the day, so 2 days of 68 MB fill as 30 days of 1 GB do.
 */
final class HistoryBench {

    private static final int DESTINATIONS = 40_000;

    private final Random random = new Random(7);
    private final List<Attribution> owners = new ArrayList<>();
    private final Traffic traffic = new Traffic();
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");

    private HistoryBench() {
        for (int i = 0; i < 30; i++) {
            owners.add(Traffic.process(1000 + i, "/usr/bin/p" + i, 1000 + i, "u" + i));
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int days = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        int megabytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 68;
        int flows = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 50_000;
        Path file = folder.resolve("bench.db");
        for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(file + end));
        }
        new HistoryBench().run(HistorySettings.of(file, megabytes, days), days, flows);
    }

    private void run(HistorySettings settings, int days, int flows) throws IOException {
        HistoryWriter writer = new HistoryWriter(settings, Traffic.LINES, () -> now, health -> {});
        seconds(writer, 120, flows);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long making = seconds(writer, 600, flows);
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before - making;
        System.out.printf("writing %d flows a minute takes %.2f %% of a core%n", flows, cpu / 600e9 * 100);

        long most = 0;
        for (int minute = 0; minute < days * 1440; minute++) {
            count(flows);
            writer.record(traffic.at(now));
            now = now.plusSeconds(60);
            writer.turn();
            most = Math.max(most, Files.size(settings.file()));
        }
        now = now.plusSeconds(70);
        writer.turn();
        System.out.printf(
                "%d days: %.1f MB at most, of %.1f; %s%n",
                days, most / 1048576.0, settings.limitBytes() / 1048576.0, writer.health());
        writer.stop();
        writer.run();
        questions(settings.file(), days);
    }

    private long seconds(HistoryWriter writer, int seconds, int flows) {
        long making = 0;
        for (int second = 0; second < seconds; second++) {
            for (int half = 0; half < 2; half++) {
                long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                count(flows / 120);
                var batch = traffic.at(now);
                making += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
                writer.record(batch);
                writer.turn();
                now = now.plusMillis(500);
            }
        }
        return making;
    }

    private void count(int flows) {
        for (int i = 0; i < flows; i++) {
            // Few destinations have most of the mail.
            int destination = (int) (DESTINATIONS * Math.pow(random.nextDouble(), 3));
            Attribution who = owners.get(destination % 3 == 0 ? random.nextInt(30) : 0);
            traffic.add(
                    who,
                    Protocol.TCP,
                    IpAddress.v4(0xC6120000 + destination),
                    25,
                    1 + random.nextInt(40),
                    Verdict.CLEAN);
        }
    }

    private void questions(Path file, int days) throws IOException {
        List<Long> millis = new ArrayList<>();
        for (int hour = 1; hour < days * 24; hour += Math.max(1, days / 2)) {
            Instant from = now.minus(Duration.ofHours(hour));
            long begun = System.nanoTime();
            try (HistoryReader reader = HistoryReader.open(file)) {
                HistoryQuery query = HistoryQuery.of(from, from.plus(Duration.ofHours(1)));
                if (reader.owners(query, 10).isEmpty()
                        || reader.flows(query, 10).isEmpty()) {
                    throw new IllegalStateException("nothing at " + from);
                }
            }
            millis.add((System.nanoTime() - begun) / 1_000_000);
        }
        millis.sort(null);
        System.out.println("an hour: " + millis.get(millis.size() / 2) + " ms in the middle, "
                + millis.get(millis.size() - 1) + " ms at most, of " + millis.size());
        long begun = System.nanoTime();
        try (HistoryReader reader = HistoryReader.open(file)) {
            HistoryQuery query = HistoryQuery.of(now.minus(Duration.ofDays(days)), now)
                    .to(Optional.of("198.18.3.7"), OptionalInt.empty(), "");
            System.out.println("one destination in all days: "
                    + reader.flows(query, 10).size() + " rows, " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        }
    }
}
