package org.outguard.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.Verdict;
import org.outguard.owner.Attribution;

/** What was handed over is found again, whatever time has passed and whatever happened to the file. */
class HistoryTest {

    private static final Attribution WEB = Traffic.process(4711, "/tmp/x", 33, "www-data");
    private static final Attribution NAMES = Traffic.process(99, "/usr/sbin/unbound", 105, "unbound");

    @TempDir
    Path folder;

    private final Traffic traffic = new Traffic();
    private Instant now = Instant.parse("2026-11-24T00:00:00Z");
    private HistorySettings settings;
    private HistoryHealth health = HistoryHealth.NONE;
    private HistoryWriter writer;

    @BeforeEach
    void open() {
        settings = HistorySettings.of(folder.resolve("history.db"), 64, 30);
        writer = newWriter();
    }

    private HistoryWriter newWriter() {
        return new HistoryWriter(settings, Traffic.LINES, () -> now, told -> health = told);
    }

    private void turn() {
        writer.record(traffic.at(now));
        writer.turn();
    }

    private void pass(Duration time) {
        now = now.plus(time);
        writer.turn();
    }

    private List<RecordedFlow> flows(HistoryQuery query) throws IOException {
        try (HistoryReader reader = HistoryReader.open(settings.file())) {
            return reader.flows(query, 1_000);
        }
    }

    private HistoryQuery lastDays(int days) {
        return HistoryQuery.of(now.minus(Duration.ofDays(days)), now);
    }

    @Test
    void aFloodOfSixDaysAgoHasItsOwner() throws IOException {
        for (int second = 0; second < 130; second++) {
            traffic.add(NAMES, Protocol.UDP, "192.0.2.53", 53, 3);
            traffic.add(
                    WEB, Protocol.UDP, IpAddress.parse("203.0.113.7").orElseThrow(), 80, 170_000, Verdict.OFFENDING);
            turn();
            now = now.plusSeconds(1);
        }
        Instant end = now;
        pass(Duration.ofDays(6));
        writer.stop();
        writer.run();

        List<RecordedFlow> there = flows(
                HistoryQuery.of(end.minusSeconds(300), end).to(Optional.of("203.0.113.7"), OptionalInt.of(80), "udp"));
        assertThat(there).hasSize(1);
        RecordedFlow flood = there.get(0);
        assertThat(flood.owner().program()).isEqualTo("/tmp/x");
        assertThat(flood.owner().user()).isEqualTo("www-data");
        assertThat(flood.packets()).isEqualTo(130L * 170_000);
        assertThat(flood.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(flood.first()).isEqualTo("2026-11-24T00:00:00Z");
        assertThat(flood.last()).isEqualTo("2026-11-24T00:02:59Z");
        assertThat(flows(lastDays(7).to(Optional.of("203.0.113.8"), OptionalInt.empty(), "")))
                .isEmpty();
        assertThat(flows(HistoryQuery.of(end.plusSeconds(60), now))).isEmpty();
    }

    @Test
    void whatTurnsOutToBeAnothersIsCountedOnce() throws IOException {
        Attribution unknown = new Attribution.Unknown("not looked up yet");
        traffic.add(unknown, Protocol.TCP, "198.51.100.1", 25, 10);
        turn();
        now = now.plusSeconds(1);
        traffic.add(unknown, Protocol.TCP, "198.51.100.1", 25, -10).add(WEB, Protocol.TCP, "198.51.100.1", 25, 12);
        turn();
        assertThat(flows(lastDays(1)))
                .extracting(flow -> flow.owner().user() + flow.packets())
                .containsExactly("www-data12");
        pass(Duration.ofMinutes(3));
        assertThat(flows(lastDays(1)))
                .extracting(flow -> flow.owner().user() + flow.packets())
                .containsExactly("www-data12");
    }

    @Test
    void aFullDiskIsToldAndNothingIsLostThatFitsInMemory() throws IOException {
        traffic.add(WEB, Protocol.UDP, "203.0.113.7", 80, 1);
        turn();
        Files.move(settings.file(), folder.resolve("away"));
        Files.createDirectory(settings.file());
        writer.stop();
        writer.run();
        writer = newWriter();
        traffic.add(WEB, Protocol.UDP, "203.0.113.7", 80, 20);
        turn();
        assertThat(health.words()).contains("history is not written").contains("1 rows wait");
        Files.delete(settings.file());
        Files.move(folder.resolve("away"), settings.file());
        for (int turn = 0; turn < 30 && !health.problem().isEmpty(); turn++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(health.words()).isEmpty();
        assertThat(flows(lastDays(1))).extracting(RecordedFlow::packets).containsExactly(21L);
    }

    @Test
    void aDamagedFileIsPutAside() throws IOException {
        Files.writeString(settings.file(), "this is no database, and long enough to be taken for one ".repeat(40));
        assertThatThrownBy(() -> HistoryReader.open(settings.file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
        traffic.add(WEB, Protocol.UDP, "203.0.113.7", 80, 5);
        turn();
        assertThat(flows(lastDays(1))).hasSize(1);
        assertThat(folder.resolve("history.db.damaged")).exists();
        try (HistoryReader reader = HistoryReader.open(settings.file())) {
            assertThat(reader.gaps(now.minus(Duration.ofHours(1)), now))
                    .anyMatch(gap -> gap.reason().contains("damaged"));
        }
    }

    @Test
    void nothingThereIsOneSentence() {
        assertThatThrownBy(() -> HistoryReader.open(folder.resolve("none.db")))
                .hasMessage("there is no history in " + folder.resolve("none.db") + "; 'outguard watch' writes it");
    }

    @Test
    void aNewerVersionIsLeftAlone() throws Exception {
        writer.turn();
        writer.stop();
        writer.run();
        try (Connection connection = Sqlite.write(settings.file(), settings.limitBytes())) {
            Sqlite.run(connection, "PRAGMA user_version = 99");
            connection.commit();
        }
        assertThatThrownBy(() -> HistoryReader.open(settings.file())).hasMessageContaining("a newer Outguard wrote it");
        writer = newWriter();
        turn();
        assertThat(health.words()).contains("a newer Outguard wrote it");
        assertThat(folder.resolve("history.db.damaged")).doesNotExist();
    }

    @Test
    void aScanKeepsItsSumsAndItsTotalsWhereThereIsNoRoomForEachDestination() throws IOException {
        settings = HistorySettings.of(folder.resolve("small.db"), 16, 30);
        writer = newWriter();
        long sent = 0;
        for (int second = 0; second < 900; second++) {
            for (int i = 0; i < 300; i++) {
                int n = second * 300 + i;
                traffic.add(WEB, Protocol.TCP, IpAddress.v4(0xC6120000 + n), 22, 1, Verdict.SUSPECT);
                sent++;
            }
            writer.record(traffic.at(now));
            if (second % 5 == 4) {
                writer.turn();
            }
            now = now.plusSeconds(1);
        }
        pass(Duration.ofMinutes(3));
        assertThat(health.usedBytes()).isLessThan(settings.limitBytes());
        try (HistoryReader reader = HistoryReader.open(settings.file())) {
            List<HistoryReader.OwnerSum> sums = reader.owners(lastDays(1), 10);
            assertThat(sums).hasSize(1);
            assertThat(sums.get(0).packets()).isEqualTo(sent);
            assertThat(sums.get(0).owner().program()).isEqualTo("/tmp/x");
            assertThat(reader.flows(lastDays(1).to(Optional.of("198.18.0.5"), OptionalInt.of(22), "tcp"), 5))
                    .hasSize(1);
            assertThat(reader.series(lastDays(1), 1).stream()
                            .mapToLong(HistoryReader.Point::packets)
                            .sum())
                    .isEqualTo(sent);
        }
    }

    @Test
    void timeWithoutRecordsIsKnown() throws IOException {
        for (int second = 0; second < 30; second++) {
            pass(Duration.ofSeconds(1));
        }
        Instant end = now;
        writer.stop();
        writer.run();
        now = now.plus(Duration.ofHours(2));
        writer = newWriter();
        for (int second = 0; second < 30; second++) {
            pass(Duration.ofSeconds(1));
        }
        try (HistoryReader reader = HistoryReader.open(settings.file())) {
            List<HistoryReader.Gap> gaps = reader.gaps(end.minusSeconds(20), now);
            assertThat(gaps).hasSize(1);
            assertThat(Duration.between(gaps.get(0).from(), gaps.get(0).until()))
                    .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
        }
    }
}
