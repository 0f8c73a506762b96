package org.outguard.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.Protocol;
import org.outguard.owner.Attribution;

/** Rates of the last hour are read by second, those before by minute, and each packet once. */
class RateQueryTest {

    private static final Attribution WEB = Traffic.process(4711, "/tmp/x", 33, "www-data");
    private static final Attribution OTHER = Traffic.process(4712, "/tmp/x", 34, "other");
    private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

    @TempDir
    Path folder;

    private Instant now = START;

    private Map<Instant, Long> rates(HistorySettings settings, Optional<RateQuery.Destination> to) throws IOException {
        Map<Instant, Long> found = new TreeMap<>();
        try (HistoryReader reader = HistoryReader.open(settings.file())) {
            reader.rates(
                    new RateQuery("/tmp/x", OptionalLong.of(33), "", "udp", to, START, START.plus(Duration.ofDays(1))),
                    (from, seconds, packets) -> found.merge(from, packets / seconds, Long::sum));
        }
        return found;
    }

    @Test
    void secondsOfTheLastHourAndMinutesBefore() throws IOException {
        HistorySettings settings = HistorySettings.of(folder.resolve("history.db"), 64, 30);
        HistoryWriter writer = new HistoryWriter(settings, Traffic.LINES, () -> now, told -> {});
        Traffic traffic = new Traffic();
        for (int second = 0; second < 130; second++) {
            traffic.add(WEB, Protocol.UDP, "203.0.113.7", 80, 600 + second);
            traffic.add(WEB, Protocol.UDP, "203.0.113.8", 80, 1_000);
            traffic.add(OTHER, Protocol.UDP, "203.0.113.7", 80, 5_000_000);
            writer.record(traffic.at(now));
            writer.turn();
            now = now.plusSeconds(1);
        }
        Optional<RateQuery.Destination> one = Optional.of(new RateQuery.Destination("203.0.113.7", 80));
        Map<Instant, Long> fine = rates(settings, one);
        assertThat(fine).hasSize(130).containsEntry(START, 600L).containsEntry(START.plusSeconds(129), 729L);
        assertThat(rates(settings, Optional.empty())).containsEntry(START.plusSeconds(1), 1_601L);

        now = now.plus(Duration.ofHours(3));
        writer.turn();
        writer.stop();
        writer.run();
        Map<Instant, Long> coarse = rates(settings, one);
        assertThat(coarse).hasSize(3).containsEntry(START, 629L).containsEntry(START.plusSeconds(60), 689L);
    }
}
