package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.port.TrafficRecorder;

/** What left in each second of the last hour; all other tables of flows are made of this one. */
final class SecondTable implements AutoCloseable {

    private static final int SECONDS_SAVED = 300;

    private final OwnerTable owners;
    private final PreparedStatement insert;
    private final RowBudget budget;
    private long lastSecond = Long.MIN_VALUE;

    SecondTable(Connection connection, OwnerTable owners, HistorySettings settings) throws SQLException {
        this.owners = owners;
        this.budget = new RowBudget(settings.secondsEach(), SECONDS_SAVED, -1);
        insert = connection.prepareStatement(
                "INSERT INTO second (at, owner, protocol, remote, port, packets, bytes, connects, verdict)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET packets = packets + excluded.packets,"
                        + " bytes = bytes + excluded.bytes, connects = connects + excluded.connects,"
                        + " verdict = max(verdict, excluded.verdict)");
    }

    private record Key(
            int owner, Protocol protocol, @Nullable Endpoint remote) {}

    private static final class Sum {
        long packets;
        long bytes;
        long connects;
        int verdict;
    }

    /** Adds what the guard handed over. */
    void add(List<TrafficRecorder.Batch> batches) throws SQLException {
        Map<Key, Sum> sums = new HashMap<>();
        long second = Long.MIN_VALUE;
        for (TrafficRecorder.Batch batch : batches) {
            long at = batch.at().getEpochSecond();
            if (at != second) {
                write(second, sums);
                sums.clear();
                second = at;
            }
            for (TrafficRecorder.Count count : batch.counts()) {
                int owner = owners.id(count.attribution(), count.submitter(), at);
                Optional<Endpoint> remote = count.remote();
                Sum sum = sums.computeIfAbsent(new Key(owner, count.protocol(), remote.orElse(null)), k -> new Sum());
                sum.packets += count.packets();
                sum.bytes += count.bytes();
                sum.connects += count.connects();
                sum.verdict = Math.max(sum.verdict, FlowRow.number(count.verdict()));
            }
        }
        write(second, sums);
    }

    private void write(long second, Map<Key, Sum> sums) throws SQLException {
        if (sums.isEmpty()) {
            return;
        }
        if (lastSecond == Long.MIN_VALUE || second > lastSecond) {
            budget.passed(lastSecond == Long.MIN_VALUE ? 0.0 : (double) (second - lastSecond));
            lastSecond = second;
        }
        List<FlowRow> rows = new ArrayList<>(sums.size());
        sums.forEach((key, sum) -> rows.add(new FlowRow(
                key.owner,
                key.protocol.word(),
                key.remote == null ? "" : key.remote.address().toString(),
                key.remote == null ? 0 : key.remote.port(),
                sum.packets,
                sum.bytes,
                sum.connects,
                sum.verdict)));
        Map<FlowRow.Fold, FlowRow> rest = Map.of();
        if (rows.size() > budget.rows()) {
            rows.sort(FlowRow.WORTH);
            rest = new HashMap<>();
        }
        for (FlowRow row : rows) {
            if (row.remote().isEmpty() || budget.take()) {
                insert(row, second);
            } else {
                FlowRow.Fold fold = new FlowRow.Fold(row.owner(), row.protocol(), row.port());
                rest.merge(fold, row.to(fold), FlowRow::plus);
            }
        }
        for (FlowRow row : rest.values()) {
            insert(row, second);
        }
        insert.executeBatch();
    }

    private void insert(FlowRow row, long second) throws SQLException {
        if (!row.isNothing()) {
            row.bind(insert, second);
            insert.addBatch();
        }
    }

    @Override
    public void close() throws SQLException {
        insert.close();
    }
}
