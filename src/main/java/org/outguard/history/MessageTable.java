package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.mail.MailOrigin;

/** Messages, and their sums by minute and submitter. */
final class MessageTable {

    private static final int MAX_TEXT = 256;
    /** Of those that are too many, so many go at a time. */
    private static final long GO_TOGETHER = 1_000;

    private final Connection connection;
    private final long most;
    private long count;

    MessageTable(Connection connection, HistorySettings settings) throws SQLException {
        this.connection = connection;
        this.most = Math.max(GO_TOGETHER, settings.messages());
        count = HistorySchema.bigNumber(connection, "SELECT count(*) FROM message");
    }

    private record Counts(long recipients, long sent, long bounced, long deferred) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    /** Adds messages, or what is newer of them. */
    void add(List<MailSnapshot.Message> messages) throws SQLException {
        try (PreparedStatement before =
                        connection.prepareStatement("SELECT recipients, sent, bounced, deferred FROM message"
                                + " WHERE arrival = ? AND queue_id = ? AND instance = ?");
                PreparedStatement put = connection.prepareStatement(
                        "INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                PreparedStatement sum = connection.prepareStatement(
                        "INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                                + " messages = messages + excluded.messages, recipients = recipients + excluded.recipients,"
                                + " sent = sent + excluded.sent, bounced = bounced + excluded.bounced,"
                                + " deferred = deferred + excluded.deferred")) {
            for (MailSnapshot.Message message : messages) {
                add(message, before, put, sum);
            }
        }
        makeRoom();
    }

    private void add(
            MailSnapshot.Message message, PreparedStatement before, PreparedStatement put, PreparedStatement sum)
            throws SQLException {
        long arrival = message.arrival().toEpochMilli();
        before.setLong(1, arrival);
        before.setString(2, cut(message.id().id()));
        before.setString(3, cut(message.id().instance()));
        Counts known = Counts.NONE;
        boolean fresh;
        try (ResultSet row = before.executeQuery()) {
            fresh = !row.next();
            if (!fresh) {
                known = new Counts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
            }
        }
        count += fresh ? 1 : 0;
        MailOrigin origin = message.root().origin();
        put.setLong(1, arrival);
        put.setString(2, cut(message.id().id()));
        put.setString(3, cut(message.id().instance()));
        put.setString(4, cut(message.attributes().messageId()));
        put.setString(5, origin.kind());
        put.setString(6, cut(origin.who()));
        put.setLong(7, origin instanceof MailOrigin.LocalUser user ? user.uid() : -1);
        put.setString(8, cut(origin.script()));
        put.setInt(9, message.root().evidence().trusted() ? 1 : 0);
        put.setString(10, cut(message.sender()));
        put.setLong(11, message.recipientCount());
        put.setLong(12, message.sent());
        put.setLong(13, message.bounced());
        put.setLong(14, message.deferred());
        put.setString(15, message.status());
        put.executeUpdate();
        MailOrigin submitter = origin.submitter();
        sum.setLong(1, arrival / 60_000 * 60);
        sum.setString(2, submitter.kind());
        sum.setString(3, cut(submitter.who()));
        sum.setString(4, cut(origin.script()));
        sum.setLong(5, fresh ? 1 : 0);
        sum.setLong(6, message.recipientCount() - known.recipients);
        sum.setLong(7, message.sent() - known.sent);
        sum.setLong(8, message.bounced() - known.bounced);
        sum.setLong(9, message.deferred() - known.deferred);
        sum.executeUpdate();
    }

    private void makeRoom() throws SQLException {
        if (count <= most) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM message WHERE arrival <="
                + " (SELECT max(arrival) FROM (SELECT arrival FROM message ORDER BY arrival LIMIT ?))")) {
            delete.setLong(1, count - most + GO_TOGETHER);
            count -= delete.executeUpdate();
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
