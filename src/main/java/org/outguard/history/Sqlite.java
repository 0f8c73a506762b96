package org.outguard.history;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens databases. The driver's native library is loaded from the program's own folder: nothing is unpacked at run time. */
final class Sqlite {

    private static final String FOLDER_PROPERTY = "org.sqlite.lib.path";
    private static final String LIBRARY = "libsqlitejdbc.so";

    /** Readers and the writer wait for each other so long. */
    private static final int BUSY_MILLIS = 2_000;

    private Sqlite() {}

    /** A connection that writes; the file is made where it is missing. */
    static Connection write(Path file, long limitBytes) throws SQLException {
        findLibrary();
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // A commit survives the program; after a power cut the last ones may be missing, and the file is whole.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setPageSize(HistorySettings.PAGE_BYTES);
        config.setCacheSize(-4_000);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalSizeLimit(8 << 20);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setMaxPageCount((int) Math.min(Integer.MAX_VALUE, limitBytes / HistorySettings.PAGE_BYTES));
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        connection.setAutoCommit(false);
        return connection;
    }

    /**
     * A connection that only reads; fails where there is no file. A file in WAL mode that nobody writes has no index beside it, and
     * who may write nothing there can make none (sqlite.org/wal.html, "Read-Only Databases"): then it is read as one that nobody
     * changes.
     */
    static Connection read(Path file) throws SQLException {
        findLibrary();
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA schema_version")) {
            row.next();
            return connection;
        } catch (SQLException e) {
            connection.close();
            if (!mayMakeNoIndex(e) || Files.exists(file.resolveSibling(file.getFileName() + "-wal"))) {
                throw e;
            }
            return config.createConnection(
                    "jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath() + "?immutable=1");
        }
    }

    private static boolean mayMakeNoIndex(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CANTOPEN
                        || (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_READONLY.code);
    }

    private static synchronized void findLibrary() throws SQLException {
        if (System.getProperty(FOLDER_PROPERTY) != null) {
            return;
        }
        Path natives = Path.of(System.getProperty("outguard.native", "/usr/lib/outguard/native"));
        String machine = System.getProperty("os.arch", "").replace("amd64", "x86_64");
        // Packages have the one library; a build has those of all machines, as the driver's jar brings them.
        for (Path folder : new Path[] {natives, natives.resolve("sqlite").resolve(machine)}) {
            if (Files.exists(folder.resolve(LIBRARY))) {
                System.setProperty(FOLDER_PROPERTY, folder + File.separator);
                System.setProperty("org.sqlite.lib.name", LIBRARY);
                return;
            }
        }
        throw new SQLException(LIBRARY + " is missing in " + natives + ": the installation is damaged");
    }

    /** Whether the file itself is no good, so that only a new one helps. */
    static boolean isDamaged(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                        || (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CORRUPT.code);
    }

    /** Whether there is no room, on the disk or by the limit. */
    static boolean isFull(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_FULL.code;
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
