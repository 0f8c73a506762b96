package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whose rates are asked for. What is told apart by second is read so, the time before by minute.
 *
 * @param program path of the program, or its name where there is none; empty where it is not known
 * @param uid of the user; empty where it is not known
 * @param script that ran; empty for none
 * @param protocol word of the protocol
 * @param destination the one that is meant; empty for all
 */
public record RateQuery(
        String program,
        OptionalLong uid,
        String script,
        String protocol,
        Optional<Destination> destination,
        Instant from,
        Instant until) {

    /** One destination, its address as it is printed. */
    public record Destination(String address, int port) {}

    /** Takes the packets of a span of so many seconds. */
    public interface Taker {
        void take(Instant from, long seconds, long packets);
    }

    PreparedStatement prepared(Connection connection) throws SQLException {
        String to = destination.isPresent() ? " AND remote = ?6 AND port = ?7" : "";
        String whose = " AND protocol = ?3 AND owner IN (SELECT id FROM owner WHERE program = ?4 AND script = ?5"
                + " AND uid IS ?8)" + to + " GROUP BY at HAVING sum(packets) >= 0";
        PreparedStatement select =
                connection.prepareStatement("SELECT at, 60, sum(packets) FROM minute WHERE at > ?1 - 60 AND at <= ?2"
                        + " AND at < coalesce((SELECT min(at) FROM second), ?2 + 1)" + whose
                        + " UNION ALL SELECT at, 1, sum(packets) FROM second WHERE at >= ?1 AND at <= ?2" + whose);
        select.setLong(1, from.getEpochSecond());
        select.setLong(2, until.getEpochSecond());
        select.setString(3, protocol);
        select.setString(4, OwnerTable.cut(program));
        select.setString(5, OwnerTable.cut(script));
        select.setString(6, destination.map(Destination::address).orElse(""));
        select.setInt(7, destination.map(Destination::port).orElse(0));
        select.setObject(8, uid.isPresent() ? uid.getAsLong() : null);
        return select;
    }
}
