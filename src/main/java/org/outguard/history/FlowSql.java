package org.outguard.history;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that read the tables of flows: minutes, and seconds of which no minute was made yet. */
final class FlowSql {

    private final List<Object> values = new ArrayList<>();
    private final String sources;

    /**
     * A statement.
     *
     * @param rolled the second up to which there are minutes
     * @param coarse whether destinations count that are told apart by hour or day alone; sums have them already
     * @param owners rows of owners that are meant; null for all
     */
    FlowSql(HistoryQuery query, long rolled, boolean coarse, @Nullable List<Integer> owners) {
        long from = query.from().getEpochSecond();
        long until = query.until().getEpochSecond();
        List<String> parts = new ArrayList<>();
        // A minute that has a moment in common with the time.
        parts.add(part("minute", "at", "at + 59", "at >= ? AND at <= ?", query, owners, 1, from - 59, until));
        parts.add(part("second", "at", "at", "at >= ? AND at <= ?", query, owners, 0, Math.max(from, rolled), until));
        if (coarse) {
            String overlaps = "at >= ? AND at <= ? AND last >= ? AND first <= ? AND remote <> ''";
            parts.add(part("hour", "first", "last", overlaps, query, owners, 2, from - 3_599, until, from, until));
            parts.add(part("day", "first", "last", overlaps, query, owners, 3, from - 86_399, until, from, until));
        }
        sources = String.join(" UNION ALL ", parts);
    }

    private String part(
            String table,
            String first,
            String last,
            String time,
            HistoryQuery query,
            @Nullable List<Integer> owners,
            int span,
            long... times) {
        StringBuilder sql = new StringBuilder(
                        "SELECT owner, protocol, remote, port, packets, bytes, connects, verdict, at, ")
                .append(first)
                .append(" AS first, ")
                .append(last)
                .append(" AS last, ")
                .append(span)
                .append(" AS span, ")
                .append(table.equals("minute") ? "remotes" : "1")
                .append(" AS remotes FROM ")
                .append(table)
                .append(" WHERE ")
                .append(time);
        for (long each : times) {
            values.add(each);
        }
        query.address().ifPresent(address -> with(sql, " AND remote = ?", address));
        query.port().ifPresent(port -> with(sql, " AND port = ?", port));
        if (!query.protocol().isEmpty()) {
            with(sql, " AND protocol = ?", query.protocol());
        }
        if (query.verdict() > 0) {
            with(sql, " AND verdict >= ?", query.verdict());
        }
        if (owners != null) {
            sql.append(" AND owner IN (")
                    .append(String.join(
                            ",", owners.stream().map(String::valueOf).toList()))
                    .append(')');
        }
        return sql.toString();
    }

    private void with(StringBuilder sql, String condition, Object value) {
        sql.append(condition);
        values.add(value);
    }

    String byDestination() {
        return "SELECT owner, protocol, remote, port, sum(packets) AS packets, sum(bytes), sum(connects), max(verdict),"
                + " min(first), max(last), max(span) FROM (" + sources + ") GROUP BY owner, protocol, remote, port"
                + " HAVING sum(packets) > 0 ORDER BY packets DESC";
    }

    String byOwner() {
        return "SELECT owner, sum(packets) AS packets, sum(bytes), sum(connects),"
                + " max(count(DISTINCT CASE WHEN remote <> '' THEN remote END), max(remotes)), min(first), max(last)"
                + " FROM (" + sources + ") GROUP BY owner HAVING sum(packets) > 0 ORDER BY packets DESC";
    }

    String byTime(long seconds) {
        return "SELECT at / " + seconds + " * " + seconds + " AS slot, sum(packets), sum(bytes) FROM (" + sources
                + ") GROUP BY slot ORDER BY slot";
    }

    PreparedStatement bound(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        return statement;
    }
}
