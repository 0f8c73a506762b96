package org.outguard.maillog;

import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage.State;
import org.outguard.mail.LoggedMessage.Status;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueueId;
import org.outguard.maillog.line.EximArrival;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.QueueIds;

/**
 * Entries of Exim's main log behind their stamp; see chapter "Log files" of its specification. With all log selectors
 * on, the pid stands in brackets before the rest.
 */
final class EximLog {

    private static final byte[] ARRIVED = LineCursor.ascii("<= ");
    /** The sender is told that it was refused, and it is taken (control = fakereject). */
    private static final byte[] ARRIVED_IN_SECRET = LineCursor.ascii("(= ");

    private static final byte[] SUPPRESSED = LineCursor.ascii("*> ");
    private static final byte[] IDENTIFICATION = LineCursor.ascii("SMTP connection identification ");
    private static final byte[] DELIVERED = LineCursor.ascii("=> ");
    private static final byte[] ALSO = LineCursor.ascii("-> ");
    private static final byte[] CUT_THROUGH = LineCursor.ascii(">> ");
    private static final byte[] FAILED = LineCursor.ascii("** ");
    private static final byte[] DEFERRED = LineCursor.ascii("== ");
    private static final byte[] COMPLETED = LineCursor.ascii("Completed");
    private static final byte[] FROZEN = LineCursor.ascii("Frozen");
    private static final byte[] FROZEN_BY = LineCursor.ascii("frozen by ");
    private static final byte[] UNFROZEN = LineCursor.ascii("Unfrozen ");
    private static final byte[] UNFROZEN_BY = LineCursor.ascii("unfrozen by ");
    private static final byte[] REMOVED_BY = LineCursor.ascii("removed by ");
    private static final byte[] CANCELLED_BY = LineCursor.ascii("cancelled by ");
    private static final byte[] CWD = LineCursor.ascii("cwd=");
    private static final byte[] OK_ID = LineCursor.ascii("250 OK id=");
    private static final byte[] CONFIRMED = LineCursor.ascii(" C=\"");
    private static final byte[] TRANSPORT = LineCursor.ascii(" T=");
    private static final byte[] HOST = LineCursor.ascii(" H=");
    private static final byte[] LOOPBACK = LineCursor.ascii("[127.");
    private static final byte[] LOOPBACK6 = LineCursor.ascii("[::1]");
    private static final int LONGEST_REASON = 160;

    private final Messages messages;
    private final EximArrival arrival = new EximArrival();
    private final EximOrigins origins;
    private final LmtpOutcomes outcomes;
    private final Reinjections reinjections;
    private final SameMessageIds sameIds;

    EximLog(
            Messages messages,
            Reinjections reinjections,
            SameMessageIds sameIds,
            LmtpOutcomes outcomes,
            ToIntFunction<String> uids) {
        this.messages = messages;
        this.reinjections = reinjections;
        this.sameIds = sameIds;
        this.outcomes = outcomes;
        this.origins = new EximOrigins(uids);
    }

    /**
     * Takes one entry in.
     *
     * @param pid of the writer as syslog has it, -1 where that does not say
     * @return false where it speaks of a message and cannot be read
     */
    boolean line(Site site, long micros, int pid, LineCursor line) {
        int writer = pid;
        if (line.take('[')) {
            writer = (int) Math.min(Integer.MAX_VALUE, line.number());
            if (writer < 0 || !line.take(']') || !line.take(' ')) {
                return false;
            }
        }
        if (line.looksAt(line.at, CWD)) {
            origins.called(writer, micros, line);
            return true;
        }
        int from = line.at;
        int length = QueueIds.exim(line, from);
        int to = from + length;
        if (length == 0 || line.peek(to) != ' ') {
            if (line.take(IDENTIFICATION)) {
                origins.identified(line, micros);
            }
            return true;
        }
        line.at = to + 1;
        return entry(site, micros, writer, line, from, to);
    }

    private boolean entry(Site site, long micros, int pid, LineCursor line, int from, int to) {
        if (line.take(ARRIVED) || line.take(ARRIVED_IN_SECRET)) {
            return arrived(site, micros, pid, line, from, to);
        }
        if (line.take(SUPPRESSED)) {
            // exim -N: nothing was delivered.
            return true;
        }
        if (line.take(DELIVERED) || line.take(ALSO)) {
            return served(site, micros, line, from, to, Status.SENT) != null;
        }
        if (line.take(CUT_THROUGH)) {
            MessageRecord message = served(site, micros, line, from, to, Status.SENT);
            if (message != null && message.origin == null) {
                message.cutThrough = true;
            }
            return message != null;
        }
        if (line.take(IDENTIFICATION)) {
            origins.identified(line, micros);
            return true;
        }
        if (line.take(FAILED)) {
            return served(site, micros, line, from, to, Status.BOUNCED) != null;
        }
        if (line.take(DEFERRED)) {
            return served(site, micros, line, from, to, Status.DEFERRED) != null;
        }
        if (line.take(COMPLETED)) {
            messages.became(site, line, from, to, micros, State.DONE);
        } else if (line.take(REMOVED_BY)) {
            messages.became(site, line, from, to, micros, State.DELETED);
        } else if (line.take(CANCELLED_BY)) {
            messages.returned(site, line, from, to, micros);
        } else if (line.take(UNFROZEN) || line.take(UNFROZEN_BY)) {
            messages.became(site, line, from, to, micros, State.OPEN);
        } else if (line.take(FROZEN) || line.take(FROZEN_BY)) {
            messages.became(site, line, from, to, micros, State.HELD);
        }
        return true;
    }

    private boolean arrived(Site site, long micros, int pid, LineCursor line, int from, int to) {
        if (!arrival.read(line)) {
            messages.startedUnreadably(site, line, from, to, micros);
            return false;
        }
        MailOrigin origin = origins.of(pid, micros, arrival, line, from, to);
        MessageRecord parent = null;
        if (arrival.parentFrom >= 0) {
            parent = messages.table.get(site, line.bytes, arrival.parentFrom, arrival.parentTo);
            QueueId parentId = new QueueId(site.host, site.instance, line.text(arrival.parentFrom, arrival.parentTo));
            MailOrigin.Link link =
                    arrival.senderTo == arrival.senderFrom ? MailOrigin.Link.BOUNCE : MailOrigin.Link.FORWARD;
            MailOrigin derived = new MailOrigin.Derived(link, Optional.of(parentId));
            MessageRecord message = messages.started(site, line, from, to, micros, derived, "");
            if (message.rival == null && !EximOrigins.isExim(origin)) {
                // Only Exim itself makes bounces; with -oMm a trusted user can name any parent.
                message.rival = origin;
            }
            message.comesOutOf(parent == message ? null : parent);
            describe(message, line, micros);
            return true;
        }
        MessageRecord message = messages.started(site, line, from, to, micros, origin, "");
        String doubt = origins.doubt(pid, micros, arrival);
        if (!doubt.isEmpty() && message.rival == null) {
            message.rival = new MailOrigin.Unknown(doubt);
        }
        if (origin instanceof MailOrigin.Login login) {
            message.loginWhole = true;
            site.countLogin(login, message, messages.table::judgedAnew);
        } else if (origin instanceof MailOrigin.LocalUser user) {
            site.pipeFilters.handedIn(user, message);
        } else if (origin instanceof MailOrigin.Client client && Reinjections.isLoopback(client.address())) {
            site.cameByLoopback(message);
        }
        describe(message, line, micros);
        return true;
    }

    private void describe(MessageRecord message, LineCursor line, long micros) {
        message.sessionOver = true;
        message.active = true;
        if (!message.senderKnown) {
            message.sender = line.copy(arrival.senderFrom, arrival.senderTo);
            message.senderKnown = true;
            message.size = arrival.size;
            message.messageId = arrival.messageIdFrom < 0
                    ? MessageRecord.NOTHING
                    : line.copy(arrival.messageIdFrom, arrival.messageIdTo);
            message.recipientCount = arrival.recipients;
        }
        messages.table.changed(message, micros);
        sameIds.known(message, micros);
    }

    private @Nullable MessageRecord served(Site site, long micros, LineCursor line, int from, int to, Status status) {
        int addressFrom = line.at;
        int addressTo = addressFrom;
        // A quoted local part may hold spaces (RFC 5321, 4.1.2).
        boolean quoted = false;
        while (addressTo < line.end) {
            byte b = line.bytes[addressTo];
            if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && (b == ' ' || b == ':' && line.peek(addressTo + 1) == ' ')) {
                break;
            }
            addressTo++;
        }
        if (addressTo == addressFrom || addressTo >= line.end) {
            return null;
        }
        int original = isMailbox(line, addressFrom, addressTo) ? original(line, addressTo) : 0;
        if (original > 0) {
            addressFrom = addressTo + 2;
            addressTo = original;
        }
        MessageRecord message = messages.served(
                site,
                line,
                from,
                to,
                micros,
                -1,
                status,
                addressFrom,
                addressTo,
                addressTo,
                Math.min(line.end, addressTo + LONGEST_REASON));
        if (status == Status.SENT) {
            outcomes.served(message, line, addressFrom, addressTo, addressTo, line.end);
            line.at = addressTo;
            handedOut(message, line, micros);
        }
        return message;
    }

    /** Whether it is a mailbox of this machine, without a domain. */
    private static boolean isMailbox(LineCursor line, int from, int to) {
        return line.allOf(from, to, b -> b != '@');
    }

    /**
     * End of the address as it was given, {@code local <user@domain>}, where the one before it is what a router has made of
     * it; 0 where there is none.
     */
    private static int original(LineCursor line, int from) {
        if (line.peek(from) != ' ' || line.peek(from + 1) != '<') {
            return 0;
        }
        int at = line.at;
        line.at = from + 2;
        int close = line.addressEnd();
        line.at = at;
        boolean whole = close > from + 2 && close + 1 < line.end && !line.holdsClock(from, close);
        return whole && (line.peek(close + 1) == ' ' || line.peek(close + 1) == ':') ? close : 0;
    }

    /**
     * Where it went: by SMTP or LMTP to a relay on this machine, which answered with the id that the message has now; or
     * by a transport that may be a pipe. Those that write files never hand anything back.
     */
    private void handedOut(MessageRecord parent, LineCursor line, long micros) {
        int from = line.at;
        if (line.holdsClock(from, line.end)) {
            // Another line begins inside of this one.
            return;
        }
        int host = line.find(HOST);
        int confirmed = line.find(CONFIRMED);
        if (confirmed >= 0) {
            line.at = Math.max(from, host);
            int open = host < 0 ? confirmed : line.find('[');
            boolean local = host < 0 || open >= 0 && (line.looksAt(open, LOOPBACK) || line.looksAt(open, LOOPBACK6));
            line.at = confirmed;
            int words = Reinjections.lastOf(line, OK_ID);
            int childFrom = words + OK_ID.length;
            int length = words < 0 || open < 0 || open > confirmed ? 0 : QueueIds.exim(line, childFrom);
            if (local && length > 0) {
                reinjections.wentOutAs(
                        parent, line, childFrom, childFrom + length, micros, Reinjections.Relay.LOOPBACK);
            }
            return;
        }
        int transport = line.find(TRANSPORT);
        if (host < 0 && transport >= 0 && parent.messageId != null) {
            line.at = transport + TRANSPORT.length;
            int space = line.find(' ');
            sameIds.wentOut(parent, line.text(line.at, space < 0 ? line.end : space), 0, micros);
        }
    }
}
