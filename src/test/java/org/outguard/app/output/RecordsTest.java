package org.outguard.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.TrafficRecorder;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.Incident;
import org.outguard.headless.IncidentReport;
import org.outguard.headless.PastOffender;
import org.outguard.headless.Samples;
import org.outguard.history.HistoryLines;
import org.outguard.history.HistorySettings;
import org.outguard.history.HistoryWriter;
import org.outguard.owner.Attribution;

/** The database and the lines of watches answer as one. */
class RecordsTest {

    private static final HistoryLines LINES = new HistoryLines() {
        @Override
        public String owner(Attribution attribution) {
            return "{}";
        }

        @Override
        public String offender(Instant at, Talker talker) {
            return "{}";
        }
    };

    @TempDir
    Path folder;

    private Path database;
    private Instant now = Samples.START;

    /* Ten seconds of 500 packets each, and of each as much by nobody. */
    @BeforeEach
    void write() {
        HistorySettings settings = HistorySettings.of(folder.resolve("history.db"), 64, 30);
        database = settings.file();
        HistoryWriter writer = new HistoryWriter(settings, LINES, () -> now, told -> {});
        for (int second = 0; second < 10; second++) {
            writer.record(
                    new TrafficRecorder.Batch(now, List.of(count(Samples.EXACT, 500), count(Samples.NOBODY, 70))));
            writer.turn();
            now = now.plusSeconds(1);
        }
        writer.stop();
        writer.run();
    }

    private static TrafficRecorder.Count count(Attribution who, long packets) {
        return new TrafficRecorder.Count(
                who,
                Optional.empty(),
                Protocol.UDP,
                Optional.of(Samples.remote("203.0.113.80", 80)),
                packets,
                packets * 29,
                0,
                OffenceKind.UDP_FLOOD,
                Verdict.OFFENDING);
    }

    private String page(String line) throws IOException {
        Path lines = Files.writeString(folder.resolve("a.ndjson"), line + "\n");
        try (Records records = Records.open(List.of(lines, database), folder.resolve("none.db"))) {
            List<PastOffender> offenders =
                    records.withRates(records.offenders(offender -> true, now, message -> {}), 10);
            return IncidentReport.html(new Incident("mail", now, Samples.START, offenders, List.of()));
        }
    }

    private static String line(String rate, String owner) {
        return "{\"type\":\"offender\",\"at\":\"2026-03-01T12:00:09.000Z\",\"id\":\"o-1\",\"kind\":\"UDP_FLOOD\","
                + "\"protocol\":\"udp\",\"remotes\":[{\"address\":\"203.0.113.80\",\"port\":80,\"packets\":5000}],"
                + "\"remoteCount\":1,\"firstSeen\":\"2026-03-01T12:00:00.000Z\",\"lastSeen\":\"2026-03-01T12:00:09.000Z\","
                + "\"packetsPerSecond\":" + rate + ",\"owner\":" + owner + "}";
    }

    @Test
    void whereNoLineHasARateTheDatabaseHasIt() throws IOException {
        assertThat(page(line("null", "{\"exe\":\"/tmp/x7\",\"command\":\"x7\",\"uid\":33}")))
                .contains("Highest rate 500 packets/s", "recorded in one second, of all that its program sent there;");
        assertThat(page(line("null", "null")))
                .contains("Highest rate 70 packets/s", "of all that unknown senders sent there;");
        assertThat(page(line("null", "{\"exe\":\"/tmp/other\",\"uid\":33}"))).doesNotContain("<svg");
    }

    @Test
    void theLinesOfAWatchComeFirst() throws IOException {
        assertThat(page(line("1234", "{\"exe\":\"/tmp/x7\",\"command\":\"x7\",\"uid\":33}")))
                .contains("Highest rate 1,234 packets/s")
                .doesNotContain("its program sent");
    }
}
