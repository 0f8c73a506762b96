package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes minutes of seconds. The sums of a minute are exact; which destinations are told apart in it depends on how much room
 * there is: the worst and busiest first, the rest by hour, what finds no room there by day. A minute is made in one
 * transaction with the note that it was, so it is made once, whenever the program is killed.
 */
final class RollUp {

    /** Ports of one owner that are told apart among the rest of a minute: one who scans has thousands. */
    private static final int MAX_PORTS = 32;

    /** What may be saved up is so much of all, else a busy hour would push out the oldest. */
    private static final int SAVED = 60;

    private static final String ROLLED = "rolled";

    private final Connection connection;
    private final OwnerTable owners;
    private final RowBudget minutes;
    private final RowBudget hours;
    private final RowBudget days;
    private final Map<String, Double> state = new HashMap<>();
    private long rolled;

    RollUp(Connection connection, OwnerTable owners, HistorySettings settings) throws SQLException {
        this.connection = connection;
        this.owners = owners;
        try (PreparedStatement all = connection.prepareStatement("SELECT name, value FROM state");
                ResultSet row = all.executeQuery()) {
            while (row.next()) {
                state.put(row.getString(1), row.getDouble(2));
            }
        }
        int saved = (int) Math.max(60, settings.keep().toMinutes() / SAVED);
        minutes = new RowBudget(settings.minutesEach(), saved, state.getOrDefault("minutes", -1.0));
        hours = new RowBudget(settings.hoursEach() / 60, saved, state.getOrDefault("hours", -1.0));
        days = new RowBudget(settings.daysEach() / 1440, saved, state.getOrDefault("days", -1.0));
        rolled = state.getOrDefault(ROLLED, 0.0).longValue();
    }

    /** The second up to which there are minutes, since the epoch. */
    static long rolled(Connection connection) throws SQLException {
        return HistorySchema.bigNumber(connection, "SELECT value FROM state WHERE name = '" + ROLLED + "'");
    }

    /**
     * Makes one minute that is over.
     *
     * @return whether there was one to be made
     */
    boolean next(long nowSecond) throws SQLException {
        long first =
                HistorySchema.bigNumber(connection, "SELECT coalesce(min(at), 0) FROM second WHERE at >= " + rolled);
        long minute = first / 60 * 60;
        // Counts of its last second may still be on their way.
        if (first == 0 || minute + 62 > nowSecond) {
            return false;
        }
        double passed = rolled == 0 ? 1 : Math.max(1, (minute + 60 - rolled) / 60.0);
        minutes.passed(passed);
        hours.passed(passed);
        days.passed(passed);
        List<FlowRow> rows = sums(minute);
        rows.sort(FlowRow.WORTH);
        write(minute, rows);
        rolled = minute + 60;
        remember();
        owners.noteSeen(minute + 59);
        return true;
    }

    private List<FlowRow> sums(long minute) throws SQLException {
        List<FlowRow> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT owner, protocol, remote, port, sum(packets), sum(bytes), sum(connects), max(verdict) FROM second"
                        + " WHERE at >= ? AND at < ? GROUP BY owner, protocol, remote, port")) {
            select.setLong(1, minute);
            select.setLong(2, minute + 60);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    FlowRow sum = FlowRow.read(row);
                    if (!sum.isNothing()) {
                        rows.add(sum);
                    }
                }
            }
        }
        return rows;
    }

    private void write(long minute, List<FlowRow> rows) throws SQLException {
        Map<FlowRow.Fold, FlowRow> rest = new HashMap<>();
        Map<FlowRow.Fold, Integer> folded = new HashMap<>();
        Map<String, Set<Integer>> ports = new HashMap<>();
        try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT OR REPLACE INTO minute (at, owner, protocol, remote, port, packets, bytes, connects, verdict,"
                                + " remotes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                Coarse hour = new Coarse(connection, "hour", 3600, hours);
                Coarse day = new Coarse(connection, "day", 86_400, days)) {
            for (FlowRow row : rows) {
                if (!row.remote().isEmpty() && minutes.take()) {
                    insert(insert, row, minute, 1);
                    continue;
                }
                Set<Integer> told = ports.computeIfAbsent(row.owner() + row.protocol(), k -> new HashSet<>());
                boolean apart = told.contains(row.port()) || told.size() < MAX_PORTS && told.add(row.port());
                FlowRow.Fold fold = new FlowRow.Fold(row.owner(), row.protocol(), apart ? row.port() : 0);
                rest.merge(fold, row.to(fold), FlowRow::plus);
                folded.merge(fold, row.remote().isEmpty() ? 0 : 1, Integer::sum);
                if (!row.remote().isEmpty() && !hour.add(row, minute)) {
                    day.add(row, minute);
                }
            }
            for (Map.Entry<FlowRow.Fold, FlowRow> one : rest.entrySet()) {
                insert(insert, one.getValue(), minute, folded.getOrDefault(one.getKey(), 0));
            }
            insert.executeBatch();
        }
    }

    private static void insert(PreparedStatement insert, FlowRow row, long minute, int remotes) throws SQLException {
        row.bind(insert, minute);
        insert.setInt(10, remotes);
        insert.addBatch();
    }

    private void remember() throws SQLException {
        try (PreparedStatement put = connection.prepareStatement("INSERT OR REPLACE INTO state VALUES (?, ?)")) {
            put(put, ROLLED, (double) rolled);
            put(put, "minutes", minutes.left());
            put(put, "hours", hours.left());
            put(put, "days", days.left());
            put.executeBatch();
        }
    }

    private static void put(PreparedStatement put, String name, double value) throws SQLException {
        put.setString(1, name);
        put.setDouble(2, value);
        put.addBatch();
    }

    /** A table of longer spans, whose rows grow. */
    private static final class Coarse implements AutoCloseable {
        private final int seconds;
        private final RowBudget budget;
        private final PreparedStatement update;
        private final PreparedStatement insert;

        Coarse(Connection connection, String table, int seconds, RowBudget budget) throws SQLException {
            this.seconds = seconds;
            this.budget = budget;
            update = connection.prepareStatement("UPDATE " + table
                    + " SET packets = packets + ?, bytes = bytes + ?, connects = connects + ?, verdict = max(verdict, ?),"
                    + " last = ? WHERE at = ? AND owner = ? AND protocol = ? AND remote = ? AND port = ?");
            insert = connection.prepareStatement("INSERT INTO " + table
                    + " (at, owner, protocol, remote, port, packets, bytes, connects, verdict, first, last)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        }

        /** Adds to a row, or makes one; false where there is neither a row nor room for one. */
        boolean add(FlowRow row, long minute) throws SQLException {
            long at = minute / seconds * seconds;
            update.setLong(1, row.packets());
            update.setLong(2, row.bytes());
            update.setLong(3, row.connects());
            update.setInt(4, row.verdict());
            update.setLong(5, minute + 59);
            update.setLong(6, at);
            update.setInt(7, row.owner());
            update.setString(8, row.protocol());
            update.setString(9, row.remote());
            update.setInt(10, row.port());
            if (update.executeUpdate() > 0) {
                return true;
            }
            if (!budget.take()) {
                return false;
            }
            row.bind(insert, at);
            insert.setLong(10, minute);
            insert.setLong(11, minute + 59);
            insert.executeUpdate();
            return true;
        }

        @Override
        public void close() throws SQLException {
            update.close();
            insert.close();
        }
    }
}
