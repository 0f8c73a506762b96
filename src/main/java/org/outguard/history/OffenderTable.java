package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;

/** Offenders whole, as their newest line of NDJSON has them. */
final class OffenderTable {

    private static final long EVERY_MILLIS = 2_000;
    /** Rows that only have grown, of one snapshot; the worst come first. */
    private static final int MAX_GROWN = 64;

    private final Connection connection;
    private final HistoryLines lines;
    private final int most;
    private Map<String, Written> written = new HashMap<>();
    private int count;

    private record Written(Instant at, Verdict verdict, long packets) {}

    OffenderTable(Connection connection, HistoryLines lines, int most) throws SQLException {
        this.connection = connection;
        this.lines = lines;
        this.most = most;
        count = HistorySchema.number(connection, "SELECT count(*) FROM offender");
    }

    /** Keeps what is new of the suspects. */
    void add(Snapshot snapshot) throws SQLException {
        Map<String, Written> next = new HashMap<>();
        int grown = 0;
        try (PreparedStatement put = connection.prepareStatement(
                "INSERT INTO offender VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                        + " first = min(first, excluded.first), last = max(last, excluded.last), kind = excluded.kind,"
                        + " verdict = max(verdict, excluded.verdict), peak_packets = max(peak_packets, excluded.peak_packets),"
                        + " peak_bits = max(peak_bits, excluded.peak_bits), line = excluded.line")) {
            for (Talker talker : snapshot.talkers()) {
                Written before = written.get(talker.id());
                if (talker.verdict() == Verdict.CLEAN) {
                    continue;
                }
                boolean changed = before == null || before.verdict != talker.verdict();
                if (changed || due(before, talker, snapshot.at()) && grown++ < MAX_GROWN) {
                    put(put, snapshot.at(), talker);
                    count += before == null ? 1 : 0;
                    before = new Written(snapshot.at(), talker.verdict(), talker.packets());
                }
                if (before != null) {
                    next.put(talker.id(), before);
                }
            }
        }
        written = next;
        makeRoom();
    }

    private static boolean due(@Nullable Written before, Talker talker, Instant at) {
        return before != null
                && before.packets != talker.packets()
                && Math.abs(at.toEpochMilli() - before.at.toEpochMilli()) >= EVERY_MILLIS;
    }

    private void put(PreparedStatement put, Instant at, Talker talker) throws SQLException {
        put.setString(1, talker.id());
        put.setLong(2, talker.firstSeen().toEpochMilli());
        put.setLong(3, talker.lastSeen().toEpochMilli());
        put.setString(4, talker.kind().name());
        put.setInt(5, FlowRow.number(talker.verdict()));
        put.setDouble(6, talker.rate().packets1s());
        put.setDouble(7, talker.rate().bits1s());
        put.setString(8, lines.offender(at, talker));
        put.executeUpdate();
    }

    private void makeRoom() throws SQLException {
        if (count <= most) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM offender WHERE id IN (SELECT id FROM offender ORDER BY verdict, last LIMIT ?)")) {
            delete.setInt(1, count - most + most / 20);
            count -= delete.executeUpdate();
        }
    }
}
