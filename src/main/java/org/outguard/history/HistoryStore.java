package org.outguard.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.port.TrafficRecorder;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;

/** The open database of the one who writes. Each call is one transaction; after a failure it is closed and opened anew. */
final class HistoryStore implements AutoCloseable {

    private final HistorySettings settings;
    private final Connection connection;
    private final OwnerTable owners;
    private final SecondTable seconds;
    private final RollUp rollUp;
    private final Retention retention;
    private final MessageTable messages;
    private final OffenderTable offenders;
    private final long session;
    private long cleanedMinute;
    private long usedBytes;

    private HistoryStore(HistorySettings settings, HistoryLines lines, Connection connection, long nowSecond)
            throws SQLException {
        this.settings = settings;
        this.connection = connection;
        HistorySchema.migrate(connection);
        owners = new OwnerTable(connection, lines);
        seconds = new SecondTable(connection, owners, settings);
        rollUp = new RollUp(connection, owners, settings);
        retention = new Retention(connection, settings);
        messages = new MessageTable(connection, settings);
        offenders = new OffenderTable(connection, lines, settings.offenders());
        session = begin(nowSecond);
        usedBytes = retention.used();
        connection.commit();
    }

    /**
     * Opens it; a damaged file is put aside as {@code history.db.damaged}, in the place of an earlier one.
     *
     * @throws SQLException where it cannot be written now
     */
    static HistoryStore open(HistorySettings settings, HistoryLines lines, long nowSecond)
            throws SQLException, IOException {
        Path file = settings.file();
        makePrivate(file);
        try {
            return attempt(settings, lines, nowSecond);
        } catch (SQLException e) {
            if (!Sqlite.isDamaged(e)) {
                throw e;
            }
            putAside(file);
            makePrivate(file);
            HistoryStore fresh = attempt(settings, lines, nowSecond);
            fresh.gap(0, nowSecond, 0, "the file was damaged, and is now " + aside(file));
            return fresh;
        }
    }

    private static HistoryStore attempt(HistorySettings settings, HistoryLines lines, long nowSecond)
            throws SQLException {
        Connection connection = Sqlite.write(settings.file(), settings.limitBytes());
        try {
            return new HistoryStore(settings, lines, connection, nowSecond);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /* Who sent mail to whom is nobody else's business. */
    private static void makePrivate(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".damaged");
    }

    private static void putAside(Path file) throws IOException {
        Files.move(file, aside(file), StandardCopyOption.REPLACE_EXISTING);
        for (String end : List.of("-wal", "-shm")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
        }
    }

    private long begin(long nowSecond) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO session (started, last) VALUES (?, ?) RETURNING id")) {
            insert.setLong(1, nowSecond);
            insert.setLong(2, nowSecond);
            try (var row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Adds what left, and what is new of offenders and messages. */
    void write(
            List<TrafficRecorder.Batch> batches,
            @Nullable Snapshot snapshot,
            List<MailSnapshot.Message> news,
            HistoryQueue.@Nullable Gap gap,
            long nowSecond)
            throws SQLException {
        seconds.add(batches);
        if (snapshot != null) {
            offenders.add(snapshot);
        }
        if (!news.isEmpty()) {
            messages.add(news);
        }
        if (gap != null) {
            insertGap(gap.from(), gap.until(), gap.packets(), "it could not be written in time");
        }
        try (PreparedStatement alive = connection.prepareStatement("UPDATE session SET last = ? WHERE id = ?")) {
            alive.setLong(1, nowSecond);
            alive.setLong(2, session);
            alive.executeUpdate();
        }
        connection.commit();
    }

    /** Makes minutes, and deletes what is too old or too much. */
    void tidy(long nowSecond) throws SQLException {
        while (rollUp.next(nowSecond)) {
            connection.commit();
        }
        long minute = nowSecond / 60;
        if (minute == cleanedMinute) {
            return;
        }
        cleanedMinute = minute;
        retention.seconds(nowSecond);
        if (retention.tooOld(nowSecond)) {
            owners.forget();
        }
        connection.commit();
        usedBytes = retention.tooMuch();
        connection.commit();
    }

    /** Makes room where the limit is met before its time. */
    void makeRoom() throws SQLException {
        usedBytes = retention.tooMuch();
        connection.commit();
    }

    private void gap(long from, long until, long packets, String reason) throws SQLException {
        insertGap(from, until, packets, reason);
        connection.commit();
    }

    private void insertGap(long from, long until, long packets, String reason) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO gap VALUES (?, ?, ?, 0, ?)")) {
            insert.setLong(1, from);
            insert.setLong(2, until);
            insert.setLong(3, packets);
            insert.setString(4, reason);
            insert.executeUpdate();
        }
    }

    HistorySettings settings() {
        return settings;
    }

    long usedBytes() {
        return usedBytes;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
