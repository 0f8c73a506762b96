package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Deletes what is too old, and the oldest of what there is no room for. */
final class Retention {

    /** From here on the oldest goes: what is written until the next look must still find room. */
    private static final double FULL = 0.95;

    private static final int MOST_STEPS = 24;
    private static final long HOUR = 3600;
    private static final List<String> BY_TIME = List.of("minute", "hour", "day", "submission");

    private final Connection connection;
    private final HistorySettings settings;

    Retention(Connection connection, HistorySettings settings) {
        this.connection = connection;
        this.settings = settings;
    }

    /** Deletes seconds that are over an hour old and made into minutes. */
    void seconds(long nowSecond) throws SQLException {
        long from = nowSecond - HistorySettings.SECONDS_KEPT.toSeconds();
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM second WHERE at < ? AND at < (SELECT value FROM state WHERE name = 'rolled')")) {
            delete.setLong(1, from);
            delete.executeUpdate();
        }
    }

    /** Once a minute. Returns whether owners were deleted. */
    boolean tooOld(long nowSecond) throws SQLException {
        long from = nowSecond - settings.keep().toSeconds();
        for (String table : BY_TIME) {
            delete("DELETE FROM " + table + " WHERE at < ?", from);
        }
        delete("DELETE FROM message WHERE arrival < ?", from * 1000);
        delete("DELETE FROM offender WHERE last < ?", from * 1000);
        delete("DELETE FROM gap WHERE until < ?", from);
        delete("DELETE FROM session WHERE last < ?", from);
        // A day longer: rows by day begin before what they hold.
        return delete("DELETE FROM owner WHERE last < ?", from - 2 * 86_400) > 0;
    }

    /** Makes room; how many bytes are in use after that. */
    long tooMuch() throws SQLException {
        long used = used();
        for (int step = 0; used > settings.limitBytes() * FULL && step < MOST_STEPS && dropOldest(); step++) {
            connection.commit();
            used = used();
        }
        return used;
    }

    private boolean dropOldest() throws SQLException {
        long messages = HistorySchema.bigNumber(connection, "SELECT coalesce(min(arrival), 0) FROM message") / 1000;
        long minute = HistorySchema.bigNumber(connection, "SELECT coalesce(min(at), 0) FROM minute");
        if (messages != 0 && (minute == 0 || messages < minute)) {
            return delete("DELETE FROM message WHERE arrival < ?", (messages / HOUR + 1) * HOUR * 1000) > 0;
        }
        long until = (minute / HOUR + 1) * HOUR;
        int gone = minute == 0 ? 0 : delete("DELETE FROM minute WHERE at < ?", until);
        gone += minute == 0 ? 0 : delete("DELETE FROM hour WHERE at < ?", until);
        gone += minute == 0 ? 0 : delete("DELETE FROM day WHERE at < ?", until - 86_400);
        return gone > 0
                || delete(
                                "DELETE FROM second WHERE at < ?",
                                HistorySchema.bigNumber(connection, "SELECT coalesce(min(at), 0) FROM second") + 60)
                        > 0;
    }

    private int delete(String sql, long bound) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, bound);
            return delete.executeUpdate();
        }
    }

    /** Bytes of pages that hold something. */
    long used() throws SQLException {
        long pages = HistorySchema.bigNumber(connection, "PRAGMA page_count")
                - HistorySchema.bigNumber(connection, "PRAGMA freelist_count");
        return pages * HistorySettings.PAGE_BYTES;
    }
}
