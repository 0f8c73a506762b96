package org.outguard.maillog;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.SeenLogin;
import org.outguard.maillog.dovecot.DovecotLog;
import org.outguard.maillog.dovecot.DovecotLogins;
import org.outguard.maillog.file.ReadLines;
import org.outguard.maillog.line.LineKind;
import org.outguard.maillog.line.TimestampParser;

/**
 * Puts the lines of mail logs together to messages. Any number of {@link Source}s write into it, of which each has its
 * own year and format; one thread at a time uses it. Memory is bounded by the number of messages given at the start.
 */
public final class MailLog {

    private static final int MAX_LONE = 65_536;

    public final Sites sites = new Sites();
    final Messages messages;
    final PostfixLog postfix;
    final EximLog exim;
    final DovecotLog dovecot;
    private final DovecotLogins dovecotLogins = new DovecotLogins();
    private final MessageRecords table;
    private final ZoneId zone;

    /** Messages of local users that are judged again when no other line has come. */
    private final Deque<MessageRecord> lone = new ArrayDeque<>();

    long nowMicros = TimestampParser.NONE;
    private final ReadLines lines = new ReadLines();

    /**
     * What was read so far.
     *
     * @param lines all lines
     * @param damaged lines that could not be read: cut, mixed, too long, or of no known form
     * @param forged lines whose writer is not the program that they name, as the journal knows it
     * @param messages messages followed at this moment
     * @param forgotten messages that were let go while in the queue because there was no room for more
     */
    public record Counts(long lines, long damaged, long forged, long messages, long forgotten) {}

    /** Names of users, both ways. */
    public interface Users {
        /** Name of a uid, or the number as text. */
        String name(int uid);

        /** Uid of a name, -1 where there is none. */
        int uid(String name);
    }

    /**
     * Empty.
     *
     * @param users of this machine
     * @param zone of stamps that name none
     * @param most messages to follow at a time
     */
    public MailLog(Users users, ZoneId zone, int most) {
        this.zone = zone;
        this.table = new MessageRecords(most);
        this.messages = new Messages(table, sites);
        sites.onLearned(table::move);
        IntFunction<String> names = users::name;
        ToIntFunction<String> uids = users::uid;
        Reinjections reinjections = new Reinjections(messages);
        SameMessageIds sameIds = new SameMessageIds(table);
        LmtpOutcomes outcomes = new LmtpOutcomes(messages, sameIds);
        DovecotRelays dovecotRelays = new DovecotRelays(messages);
        this.postfix = new PostfixLog(
                messages, reinjections, sameIds, dovecotRelays, outcomes, dovecotLogins, names, this::watchLone);
        this.exim = new EximLog(messages, reinjections, sameIds, outcomes, uids);
        this.dovecot = new DovecotLog(dovecotRelays, outcomes, dovecotLogins);
    }

    /**
     * A file or stream of lines.
     *
     * @param latest a time that its first line is not much younger than: the year of stamps without one
     */
    public Source source(Instant latest) {
        return source("", latest, Set.of());
    }

    /**
     * The same.
     *
     * @param name of the file or stream, for people
     * @param mailUids users as which mail systems run, beside root, for entries of the journal; empty where they are not
     *     known
     */
    public Source source(String name, Instant latest, Set<Integer> mailUids) {
        return new Source(this, name, latest, mailUids);
    }

    TimestampParser stamps(Instant latest) {
        return new TimestampParser(zone, latest);
    }

    /** Messages that changed since the last call, at most so many. */
    public List<LoggedMessage> changed(int most) {
        List<LoggedMessage> changed = new ArrayList<>();
        for (LoggedMessage moved = table.pollMoved(); moved != null; moved = table.pollMoved()) {
            changed.add(moved);
        }
        while (changed.size() < most) {
            MessageRecord message = table.pollChanged();
            if (message == null) {
                break;
            }
            LoggedMessage logged = MessageAssembler.message(message, nowMicros);
            message.tell(logged.root(), table::judgedAnew);
            changed.add(logged);
        }
        return changed;
    }

    /** Logins by Dovecot's services since the last call, at most so many. */
    public List<SeenLogin> logins(int most) {
        List<SeenLogin> logins = new ArrayList<>();
        while (logins.size() < most) {
            SeenLogin login = dovecotLogins.poll();
            if (login == null) {
                break;
            }
            logins.add(login);
        }
        return logins;
    }

    /** Lets the log's clock go on where no line comes, so that what was waited for counts as missing. */
    public void passed(Instant now) {
        advance(java.time.temporal.ChronoUnit.MICROS.between(Instant.EPOCH, now));
    }

    /** What was read so far. */
    public Counts counts() {
        return new Counts(
                lines.all(),
                lines.notUnderstood(),
                lines.count(LineKind.FORGED),
                table.size(),
                table.forgottenInFlight());
    }

    /** How much was read and understood so far. */
    public LogReading reading() {
        return lines.reading();
    }

    public void advance(long micros) {
        if (micros <= nowMicros) {
            return;
        }
        nowMicros = micros;
        while (!lone.isEmpty() && nowMicros - lone.peek().startMicros > MessageAssembler.LONE_MICROS) {
            MessageRecord message = lone.poll();
            if (message != null && !message.confirmed()) {
                table.judgedAnew(message);
            }
        }
    }

    private void watchLone(MessageRecord message) {
        if (lone.size() < MAX_LONE) {
            lone.add(message);
        }
    }

    void count(LineKind kind, String name, long number) {
        lines.count(kind, name, number);
        messages.damaged += kind.understood() ? 0 : 1;
    }

    void unsupported(String system) {
        lines.unsupported(system);
    }
}
