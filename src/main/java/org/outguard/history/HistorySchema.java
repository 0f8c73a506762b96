package org.outguard.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, see src/docs/history.md; {@code PRAGMA user_version} says which of their versions a file has. */
final class HistorySchema {

    /** "OutG", so that file(1) and we know what it is. */
    static final int APPLICATION_ID = 0x4f757447;

    private static final String FLOW = """
            (at INTEGER NOT NULL, owner INTEGER NOT NULL, protocol TEXT NOT NULL, remote TEXT NOT NULL, port INTEGER NOT NULL,
             packets INTEGER NOT NULL, bytes INTEGER NOT NULL, connects INTEGER NOT NULL, verdict INTEGER NOT NULL%s,
             PRIMARY KEY (at, owner, protocol, remote, port)) WITHOUT ROWID""";

    /** What makes each version of the one before; the first makes it of an empty file. */
    private static final List<List<String>> VERSIONS = List.of(List.of(
            "CREATE TABLE state (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID",
            "CREATE TABLE session (id INTEGER PRIMARY KEY, started INTEGER NOT NULL, last INTEGER NOT NULL)",
            """
                    CREATE TABLE gap (at INTEGER NOT NULL, until INTEGER NOT NULL, packets INTEGER NOT NULL,
                     messages INTEGER NOT NULL, reason TEXT NOT NULL)""",
            """
                    CREATE TABLE owner (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, program TEXT NOT NULL,
                     uid INTEGER, user TEXT NOT NULL, script TEXT NOT NULL, unit TEXT NOT NULL, container TEXT NOT NULL,
                     submitter TEXT NOT NULL, match TEXT NOT NULL, facts TEXT NOT NULL, first INTEGER NOT NULL,
                     last INTEGER NOT NULL)""",
            "CREATE TABLE second " + FLOW.formatted(""),
            "CREATE TABLE minute " + FLOW.formatted(", remotes INTEGER NOT NULL"),
            "CREATE TABLE hour " + FLOW.formatted(", first INTEGER NOT NULL, last INTEGER NOT NULL"),
            "CREATE TABLE day " + FLOW.formatted(", first INTEGER NOT NULL, last INTEGER NOT NULL"),
            """
                    CREATE TABLE offender (id TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
                     kind TEXT NOT NULL, verdict INTEGER NOT NULL, peak_packets REAL NOT NULL, peak_bits REAL NOT NULL,
                     line TEXT NOT NULL)""",
            "CREATE INDEX offender_last ON offender (last)",
            """
                    CREATE TABLE message (arrival INTEGER NOT NULL, queue_id TEXT NOT NULL, instance TEXT NOT NULL,
                     message_id TEXT NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL, uid INTEGER NOT NULL,
                     script TEXT NOT NULL, trusted INTEGER NOT NULL, sender TEXT NOT NULL, recipients INTEGER NOT NULL,
                     sent INTEGER NOT NULL, bounced INTEGER NOT NULL, deferred INTEGER NOT NULL, status TEXT NOT NULL,
                     PRIMARY KEY (arrival, queue_id, instance)) WITHOUT ROWID""",
            """
                    CREATE TABLE submission (at INTEGER NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL,
                     script TEXT NOT NULL, messages INTEGER NOT NULL, recipients INTEGER NOT NULL, sent INTEGER NOT NULL,
                     bounced INTEGER NOT NULL, deferred INTEGER NOT NULL,
                     PRIMARY KEY (at, kind, who, script)) WITHOUT ROWID""",
            """
                    CREATE VIEW traffic AS SELECT datetime(minute.at, 'unixepoch') AS minute, user, program, script,
                     submitter, match, protocol, remote, port, packets, bytes, connects,
                     CASE verdict WHEN 0 THEN 'CLEAN' WHEN 1 THEN 'SUSPECT' ELSE 'OFFENDING' END AS verdict
                     FROM minute JOIN owner ON owner.id = minute.owner"""));

    /** The version that this program writes. */
    static final int VERSION = VERSIONS.size();

    private HistorySchema() {}

    /**
     * Makes a file what this program writes.
     *
     * @throws SQLException where it is another program's, or a newer version's
     */
    static void migrate(Connection connection) throws SQLException {
        int version = checked(connection);
        if (version == VERSION) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (List<String> step : VERSIONS.subList(version, VERSION)) {
                for (String sql : step) {
                    statement.executeUpdate(sql);
                }
            }
            statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
            statement.executeUpdate("PRAGMA user_version = " + VERSION);
        }
        connection.commit();
    }

    /**
     * The version of a file, 0 of an empty one.
     *
     * @throws SQLException where it is another program's, or a newer version's
     */
    static int checked(Connection connection) throws SQLException {
        int application = number(connection, "PRAGMA application_id");
        int version = number(connection, "PRAGMA user_version");
        boolean empty =
                application == 0 && version == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != APPLICATION_ID) {
            throw new SQLException("it is another program's database");
        }
        if (version > VERSION) {
            throw new SQLException(
                    "a newer Outguard wrote it: its version is " + version + ", this program knows " + VERSION);
        }
        return version;
    }

    static int number(Connection connection, String sql) throws SQLException {
        return (int) Math.min(Integer.MAX_VALUE, bigNumber(connection, sql));
    }

    static long bigNumber(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
