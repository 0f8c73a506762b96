package org.outguard.history;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import org.outguard.guard.policy.Verdict;

/**
 * A row of one of the tables of flows.
 *
 * @param owner row of the owner
 * @param protocol word of the protocol
 * @param remote address; empty for all that are not told apart
 * @param port port of the destination, 0 where there is none
 * @param verdict worst verdict on its owner, 0 CLEAN to 2 OFFENDING
 */
record FlowRow(
        int owner, String protocol, String remote, int port, long packets, long bytes, long connects, int verdict) {

    /** Those that explain most. */
    static final Comparator<FlowRow> WORTH =
            Comparator.comparingInt((FlowRow row) -> -row.verdict()).thenComparingLong(row -> -Math.abs(row.packets()));

    /** Destinations of one owner and port that are not told apart. */
    record Fold(int owner, String protocol, int port) {}

    static int number(Verdict verdict) {
        return switch (verdict) {
            case CLEAN -> 0;
            case SUSPECT -> 1;
            case OFFENDING -> 2;
        };
    }

    /** The verdict of such a number. */
    static Verdict verdict(int number) {
        return number == 0 ? Verdict.CLEAN : number == 1 ? Verdict.SUSPECT : Verdict.OFFENDING;
    }

    /** Reads columns in the order of this record. */
    static FlowRow read(ResultSet row) throws SQLException {
        return new FlowRow(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getInt(8));
    }

    FlowRow to(Fold fold) {
        return new FlowRow(fold.owner, fold.protocol, "", fold.port, packets, bytes, connects, verdict);
    }

    FlowRow plus(FlowRow other) {
        return new FlowRow(
                owner,
                protocol,
                remote,
                port,
                packets + other.packets,
                bytes + other.bytes,
                connects + other.connects,
                Math.max(verdict, other.verdict));
    }

    boolean isNothing() {
        return packets == 0 && bytes == 0 && connects == 0;
    }

    /** Sets the nine parameters that every table of flows begins with. */
    void bind(PreparedStatement statement, long at) throws SQLException {
        statement.setLong(1, at);
        statement.setInt(2, owner);
        statement.setString(3, protocol);
        statement.setString(4, remote);
        statement.setInt(5, port);
        statement.setLong(6, packets);
        statement.setLong(7, bytes);
        statement.setLong(8, connects);
        statement.setInt(9, verdict);
    }
}
