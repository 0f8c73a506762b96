package org.outguard.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.IpAddress;

/** Reads history, also while it is written. One thread. */
public final class HistoryReader implements AutoCloseable {

    private final Path file;
    private final Connection connection;
    private final Map<Integer, RecordedOwner> owners = new HashMap<>();
    private final long rolled;

    private HistoryReader(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        int version = HistorySchema.checked(connection);
        if (version == 0) {
            // Whoever made it ended before its first write.
            throw new SQLException("it is empty; 'outguard watch' writes it");
        }
        if (version != HistorySchema.VERSION) {
            throw new SQLException("it has version " + version + " and is renewed by the next 'outguard watch'");
        }
        this.rolled = RollUp.rolled(connection);
    }

    /**
     * Opens it.
     *
     * @throws IOException where it is absent, damaged or not to be read; the message is one sentence
     */
    public static HistoryReader open(Path file) throws IOException {
        if (!Files.exists(file)) {
            boolean hidden =
                    file.getParent() != null && Files.exists(file.getParent()) && !Files.isReadable(file.getParent());
            throw new IOException(
                    hidden
                            ? "history in " + file + " may be read by root only"
                            : "there is no history in " + file + "; 'outguard watch' writes it");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("history in " + file + " may be read by root only");
        }
        try {
            Connection connection = Sqlite.read(file);
            try {
                return new HistoryReader(file, connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static IOException failure(Path file, SQLException e) {
        if (Sqlite.isDamaged(e)) {
            return new IOException(
                    "history in " + file + " is damaged; the next 'outguard watch' puts it aside and begins anew", e);
        }
        return new IOException("history in " + file + " cannot be read: " + e.getMessage(), e);
    }

    /** A question to the tables. */
    private interface Question<T> {
        T ask() throws SQLException;
    }

    private <T> T asked(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    /** What was sent where, most packets first; destinations that were not told apart are among them. */
    public List<RecordedFlow> flows(HistoryQuery query, int most) throws IOException {
        return asked(() -> {
            FlowSql sql = new FlowSql(query, rolled, true, matching(query.owner()));
            try (PreparedStatement select = connection.prepareStatement(sql.byDestination());
                    ResultSet row = sql.bound(select).executeQuery()) {
                List<RecordedFlow> flows = new ArrayList<>();
                while (row.next() && flows.size() < most) {
                    boolean asked = query.remote()
                            .map(meant -> {
                                try {
                                    return meant.test(row.getString(3));
                                } catch (SQLException e) {
                                    throw new IllegalStateException(e);
                                }
                            })
                            .orElse(true);
                    if (asked) {
                        flows.add(flow(row));
                    }
                }
                return flows;
            }
        });
    }

    private RecordedFlow flow(ResultSet row) throws SQLException {
        FlowRow sums = FlowRow.read(row);
        return new RecordedFlow(
                owner(sums.owner()),
                sums.protocol(),
                sums.remote(),
                sums.port(),
                sums.packets(),
                sums.bytes(),
                sums.connects(),
                FlowRow.verdict(sums.verdict()),
                Instant.ofEpochSecond(row.getLong(9)),
                Instant.ofEpochSecond(row.getLong(10)),
                RecordedFlow.Span.of(row.getInt(11)));
    }

    /**
     * What one owner sent in all, exact to the minute.
     *
     * @param remotes how many destinations, where each minute's are told apart; else the most of one minute
     */
    public record OwnerSum(
            RecordedOwner owner, long packets, long bytes, long connects, long remotes, Instant first, Instant last) {}

    /** Sums of owners, most packets first. */
    public List<OwnerSum> owners(HistoryQuery query, int most) throws IOException {
        return asked(() -> {
            FlowSql sql = new FlowSql(query, rolled, false, matching(query.owner()));
            try (PreparedStatement select = connection.prepareStatement(sql.byOwner());
                    ResultSet row = sql.bound(select).executeQuery()) {
                List<OwnerSum> sums = new ArrayList<>();
                while (row.next() && sums.size() < most) {
                    sums.add(new OwnerSum(
                            owner(row.getInt(1)),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            Instant.ofEpochSecond(row.getLong(6)),
                            Instant.ofEpochSecond(row.getLong(7))));
                }
                return sums;
            }
        });
    }

    /** Packets and bytes of a span. */
    public record Point(Instant at, long packets, long bytes) {}

    /** Sums by time, oldest first, in spans of so many minutes. */
    public List<Point> series(HistoryQuery query, int minutes) throws IOException {
        return asked(() -> {
            FlowSql sql = new FlowSql(query, rolled, false, matching(query.owner()));
            try (PreparedStatement select = connection.prepareStatement(sql.byTime(minutes * 60L));
                    ResultSet row = sql.bound(select).executeQuery()) {
                List<Point> points = new ArrayList<>();
                while (row.next()) {
                    points.add(new Point(Instant.ofEpochSecond(row.getLong(1)), row.getLong(2), row.getLong(3)));
                }
                return points;
            }
        });
    }

    /** Packets over time; spans come in no order. */
    public void rates(RateQuery query, RateQuery.Taker taker) throws IOException {
        asked(() -> {
            try (PreparedStatement select = query.prepared(connection);
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    taker.take(Instant.ofEpochSecond(row.getLong(1)), row.getLong(2), row.getLong(3));
                }
            }
            return true;
        });
    }

    /** Offenders whose time has a moment in common with this one, oldest first. */
    public void offenders(Instant from, Instant until, Consumer<RecordedOffender> taken) throws IOException {
        asked(() -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT line, first, last, peak_packets, peak_bits"
                            + " FROM offender WHERE last >= ? AND first <= ? ORDER BY first")) {
                select.setLong(1, from.toEpochMilli());
                select.setLong(2, until.toEpochMilli());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        taken.accept(new RecordedOffender(
                                row.getString(1),
                                Instant.ofEpochMilli(row.getLong(2)),
                                Instant.ofEpochMilli(row.getLong(3)),
                                row.getDouble(4),
                                row.getDouble(5)));
                    }
                }
            }
            return true;
        });
    }

    /** Messages that arrived in a time, oldest first. */
    public void messages(Instant from, Instant until, Consumer<RecordedMessage> taken) throws IOException {
        asked(() -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT arrival, queue_id, message_id, kind, who, uid, script, trusted, sender, recipients, sent, status"
                            + " FROM message WHERE arrival >= ? AND arrival <= ? ORDER BY arrival")) {
                select.setLong(1, from.toEpochMilli());
                select.setLong(2, until.toEpochMilli());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        taken.accept(new RecordedMessage(
                                Instant.ofEpochMilli(row.getLong(1)),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getLong(6),
                                row.getString(7),
                                row.getInt(8) != 0,
                                row.getString(9),
                                row.getLong(10),
                                row.getLong(11),
                                row.getString(12)));
                    }
                }
            }
            return true;
        });
    }

    /** What one submitter handed in. */
    public record SubmitterSum(
            String kind,
            String who,
            String script,
            long messages,
            long recipients,
            long sent,
            long bounced,
            long deferred) {}

    /** Sums of submitters, most recipients first. */
    public List<SubmitterSum> submitters(Instant from, Instant until, int most) throws IOException {
        return asked(() -> {
            List<SubmitterSum> sums = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT kind, who, script, sum(messages), sum(recipients), sum(sent), sum(bounced), sum(deferred)"
                            + " FROM submission WHERE at >= ? AND at <= ? GROUP BY 1, 2, 3 ORDER BY 5 DESC LIMIT ?")) {
                select.setLong(1, from.getEpochSecond() / 60 * 60);
                select.setLong(2, until.getEpochSecond());
                select.setInt(3, most);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        sums.add(new SubmitterSum(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8)));
                    }
                }
            }
            return sums;
        });
    }

    /**
     * A time without records.
     *
     * @param reason why
     */
    public record Gap(Instant from, Instant until, String reason) {}

    /** When nothing was recorded between two moments, oldest first; less than a few seconds is none. */
    public List<Gap> gaps(Instant from, Instant until) throws IOException {
        return asked(() -> Coverage.gaps(connection, from, until));
    }

    private @Nullable List<Integer> matching(String owner) throws SQLException {
        if (owner.isEmpty()) {
            return null;
        }
        List<Integer> ids = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM owner WHERE user = ?1 OR uid = ?1"
                + " OR instr(program, ?1) OR instr(script, ?1) OR instr(unit, ?1) OR instr(container, ?1)"
                + " OR instr(submitter, ?1)")) {
            select.setString(1, owner);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getInt(1));
                }
            }
        }
        return ids;
    }

    private RecordedOwner owner(int id) throws SQLException {
        RecordedOwner known = owners.get(id);
        if (known != null) {
            return known;
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT program, uid, user, script, submitter, match, facts FROM owner WHERE id = ?")) {
            select.setInt(1, id);
            try (ResultSet row = select.executeQuery()) {
                RecordedOwner owner = new RecordedOwner(id, "", -1, "", "", "", "NONE", "{}");
                if (row.next()) {
                    long uid = row.getLong(2);
                    owner = new RecordedOwner(
                            id,
                            row.getString(1),
                            row.wasNull() ? -1 : uid,
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7));
                }
                owners.put(id, owner);
                return owner;
            }
        }
    }

    /** Whether a text is this address, however it is written. */
    public static Optional<String> canonical(String address) {
        return IpAddress.parse(address).map(IpAddress::toString);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing was written.
        }
    }
}
