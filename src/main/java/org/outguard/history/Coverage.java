package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** When something was recorded, so that "not seen" is not said of a time of which nothing is known. */
final class Coverage {

    /** A restart is no gap. */
    private static final long LEAST_SECONDS = 10;

    private Coverage() {}

    static List<HistoryReader.Gap> gaps(Connection connection, Instant from, Instant until) throws SQLException {
        List<HistoryReader.Gap> gaps = new ArrayList<>();
        long known = from.getEpochSecond();
        long end = until.getEpochSecond();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT started, last FROM session WHERE last >= ? AND started <= ? ORDER BY started")) {
            select.setLong(1, known);
            select.setLong(2, end);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    add(gaps, known, Math.min(end, row.getLong(1)), "Outguard did not run");
                    known = Math.max(known, row.getLong(2));
                }
            }
        }
        add(gaps, known, end, "Outguard did not run");
        try (PreparedStatement select =
                connection.prepareStatement("SELECT at, until, reason FROM gap WHERE until >= ? AND at <= ?")) {
            select.setLong(1, from.getEpochSecond());
            select.setLong(2, end);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    gaps.add(new HistoryReader.Gap(
                            Instant.ofEpochSecond(Math.max(from.getEpochSecond(), row.getLong(1))),
                            Instant.ofEpochSecond(Math.min(end, row.getLong(2))),
                            row.getString(3)));
                }
            }
        }
        gaps.sort(Comparator.comparing(HistoryReader.Gap::from));
        return gaps;
    }

    private static void add(List<HistoryReader.Gap> gaps, long from, long until, String reason) {
        if (until - from >= LEAST_SECONDS) {
            gaps.add(new HistoryReader.Gap(Instant.ofEpochSecond(from), Instant.ofEpochSecond(until), reason));
        }
    }
}
