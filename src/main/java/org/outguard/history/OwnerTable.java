package org.outguard.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/**
 * Who sends, as rows: a program of a user, not a process, so that one that forks for each packet is one row. The facts are
 * those of the process that was seen first, or again after a minute.
 */
final class OwnerTable {

    /** Owners that are told apart; any program may have as many names as it likes. */
    static final int MAX_OWNERS = 50_000;

    private static final int MAX_CACHED = 4_096;
    private static final int MAX_TEXT = 512;
    private static final String MANY = "more owners than are told apart";

    private final Connection connection;
    private final HistoryLines lines;
    private final IdentityHashMap<Attribution, Map<String, Integer>> bySight = new IdentityHashMap<>();
    private final Map<String, Integer> byIdentity = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_CACHED;
        }
    };
    private final Set<Integer> seen = new HashSet<>();
    private final Map<Integer, Attribution> fresh = new HashMap<>();
    private int count;

    OwnerTable(Connection connection, HistoryLines lines) throws SQLException {
        this.connection = connection;
        this.lines = lines;
        count = HistorySchema.number(connection, "SELECT count(*) FROM owner");
    }

    /** The row of who sends; made where there is none. */
    int id(Attribution attribution, Optional<MailOrigin> submitter, long atSecond) throws SQLException {
        String mail = submitter.map(MailOrigin::key).orElse("");
        Map<String, Integer> known = bySight.get(attribution);
        Integer id = known == null ? null : known.get(mail);
        if (id == null) {
            if (bySight.size() >= MAX_CACHED) {
                bySight.clear();
            }
            id = find(attribution, submitter, atSecond);
            bySight.computeIfAbsent(attribution, a -> new HashMap<>(2)).put(mail, id);
            fresh.put(id, attribution);
        }
        seen.add(id);
        return id;
    }

    private int find(Attribution attribution, Optional<MailOrigin> submitter, long atSecond) throws SQLException {
        String identity = identity(attribution)
                + '\u001f'
                + submitter.map(MailOrigin::key).orElse("");
        Integer cached = byIdentity.get(identity);
        if (cached != null) {
            return cached;
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM owner WHERE identity = ?")) {
            select.setString(1, identity);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    byIdentity.put(identity, row.getInt(1));
                    return row.getInt(1);
                }
            }
        }
        if (count >= MAX_OWNERS && !identity.startsWith(MANY)) {
            return find(new Attribution.Unknown(MANY), Optional.empty(), atSecond);
        }
        int id = insert(identity, attribution, submitter, atSecond);
        count++;
        byIdentity.put(identity, id);
        return id;
    }

    private int insert(String identity, Attribution attribution, Optional<MailOrigin> submitter, long atSecond)
            throws SQLException {
        Optional<Owner> owner = attribution.knownOwner();
        Optional<Account> account = attribution.account();
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO owner (identity, program, uid, user, script, unit, container, submitter, match, facts, first,"
                        + " last) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")) {
            insert.setString(1, identity);
            insert.setString(2, cut(owner.map(OwnerTable::program).orElse("")));
            insert.setObject(
                    3, account.map(a -> Integer.toUnsignedLong(a.uid())).orElse(null));
            insert.setString(4, cut(account.map(Account::user).orElse("")));
            insert.setString(5, cut(owner.map(Owner::script).orElse("")));
            insert.setString(6, cut(owner.map(Owner::unit).orElse("")));
            insert.setString(7, cut(owner.map(Owner::container).orElse("")));
            insert.setString(8, cut(submitter.map(MailOrigin::key).orElse("")));
            insert.setString(9, attribution.quality().name());
            insert.setString(10, lines.owner(attribution));
            insert.setLong(11, atSecond);
            insert.setLong(12, atSecond);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Notes who was seen since the last call, and the newest process of each. */
    void noteSeen(long atSecond) throws SQLException {
        try (PreparedStatement last = connection.prepareStatement("UPDATE owner SET last = ? WHERE id = ?");
                PreparedStatement facts = connection.prepareStatement("UPDATE owner SET facts = ? WHERE id = ?")) {
            for (int id : seen) {
                last.setLong(1, atSecond);
                last.setInt(2, id);
                last.executeUpdate();
            }
            for (Map.Entry<Integer, Attribution> one : fresh.entrySet()) {
                facts.setString(1, lines.owner(one.getValue()));
                facts.setInt(2, one.getKey());
                facts.executeUpdate();
            }
        }
        seen.clear();
        fresh.clear();
    }

    /** Rows were deleted: what is remembered of them may be wrong. */
    void forget() throws SQLException {
        bySight.clear();
        byIdentity.clear();
        count = HistorySchema.number(connection, "SELECT count(*) FROM owner");
    }

    static String program(Owner owner) {
        return owner.exe().isEmpty() ? owner.command() : owner.exe();
    }

    private static String identity(Attribution attribution) {
        Optional<Owner> owner = attribution.knownOwner();
        if (owner.isPresent()) {
            Owner one = owner.get();
            String program = one.exe().isEmpty() ? "? " + one.command() : one.exe();
            return String.join(
                    "\u001f",
                    "process",
                    Integer.toUnsignedString(one.uid()),
                    cut(program),
                    cut(one.script()),
                    cut(one.unit()),
                    cut(one.container()),
                    attribution.quality().name());
        }
        if (attribution instanceof Attribution.OfUser user) {
            return String.join(
                    "\u001f", "user", Integer.toUnsignedString(user.opener().uid()), cut(user.cgroup()));
        }
        // Numbers in it would make a row of each.
        String why = attribution.matchedBy().replaceAll("[0-9]+", "#");
        return why.equals(MANY) ? MANY : String.join("\u001f", "nobody", cut(why));
    }

    static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
