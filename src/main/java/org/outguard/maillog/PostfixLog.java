package org.outguard.maillog;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage.State;
import org.outguard.mail.LoggedMessage.Status;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueueId;
import org.outguard.maillog.dovecot.DovecotLogins;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.QueueIds;
import org.outguard.maillog.line.SyslogHeader;

/**
 * Lines of Postfix behind their syslog header. Their forms are those of the sources of Postfix 3.7: pickup.c, smtpd.c,
 * cleanup_message.c, qmgr_active.c, log_adhoc.c, bounce_notify_service.c, local/forward.c, postsuper.c.
 */
final class PostfixLog {

    private static final byte[] NOQUEUE = LineCursor.ascii("NOQUEUE");
    private static final byte[] UID = LineCursor.ascii("uid=");
    private static final byte[] SPACE_FROM = LineCursor.ascii(" from=<");
    private static final byte[] FROM = LineCursor.ascii("from=<");
    private static final byte[] ORIG_ID = LineCursor.ascii(" orig_id=");
    private static final byte[] CONNECT = LineCursor.ascii("connect from ");
    private static final byte[] DISCONNECT = LineCursor.ascii("disconnect from ");
    private static final byte[] MESSAGE_ID = LineCursor.ascii("message-id=");
    private static final byte[] MILTER_HOLD = LineCursor.ascii("milter-hold: ");
    private static final byte[] HOLD = LineCursor.ascii("hold: ");
    private static final byte[] NOQUEUE_CLIENT = LineCursor.ascii("NOQUEUE: client=");
    private static final byte[] WARNING = LineCursor.ascii("warning: ");

    /** The login is named since Postfix 3.8. */
    private static final Pattern REFUSED_LOGIN =
            Pattern.compile("warning: [^ ]*\\[(?<address>[0-9a-fA-F.:]+)](:\\d+)?: SASL \\S+ authentication failed:.*?"
                    + "(, sasl_username=(?<login>[^ ,]{1,320}))?");

    private static final byte[] PROXY_ACCEPT = LineCursor.ascii("proxy-accept: END-OF-MESSAGE: ");
    private static final byte[] SIZE = LineCursor.ascii(">, size=");
    private static final byte[] NRCPT = LineCursor.ascii(", nrcpt=");
    private static final byte[] QUEUE_ACTIVE = LineCursor.ascii(" (queue active)");
    private static final byte[] STATUS_EXPIRED = LineCursor.ascii(">, status=expired");
    private static final byte[] STATUS_FORCED = LineCursor.ascii(">, status=force-expired");
    private static final byte[] REMOVED = LineCursor.ascii("removed");
    private static final byte[] ON_HOLD = LineCursor.ascii("placed on hold");
    private static final byte[] RELEASED = LineCursor.ascii("released from hold");
    private static final byte[] REQUEUED = LineCursor.ascii("requeued");
    private static final byte[] EXPIRED = LineCursor.ascii("expired");
    private static final byte[] NOTIFICATION = LineCursor.ascii(" notification: ");
    private static final byte[] FORWARDED = LineCursor.ascii("(forwarded as ");
    private static final byte[] DELIVERED_VIA = LineCursor.ascii("(delivered via ");
    private static final byte[] CLIENT = LineCursor.ascii("client=");

    private final Messages messages;
    private final Reinjections reinjections;
    private final SameMessageIds sameIds;
    private final DovecotRelays dovecotRelays;
    private final LmtpOutcomes outcomes;
    private final DovecotLogins logins;
    private final PostfixDelivery delivery = new PostfixDelivery();
    private final PostfixClient client = new PostfixClient();
    private final PostfixRefusal refusal = new PostfixRefusal();
    private final ProxyFilters proxies;
    private final IntFunction<String> userNames;
    private final Consumer<MessageRecord> submitted;

    /**
     * Writes into {@code messages}.
     *
     * @param reinjections told of what goes to a filter by SMTP
     * @param sameIds told of what goes to a filter by a pipe, and of Message-IDs
     * @param outcomes told of what is delivered
     * @param logins told of logins that were refused
     * @param userNames name of a uid
     * @param submitted told of each message of a local user
     */
    PostfixLog(
            Messages messages,
            Reinjections reinjections,
            SameMessageIds sameIds,
            DovecotRelays dovecotRelays,
            LmtpOutcomes outcomes,
            DovecotLogins logins,
            IntFunction<String> userNames,
            Consumer<MessageRecord> submitted) {
        this.messages = messages;
        this.reinjections = reinjections;
        this.sameIds = sameIds;
        this.dovecotRelays = dovecotRelays;
        this.outcomes = outcomes;
        this.logins = logins;
        this.userNames = userNames;
        this.submitted = submitted;
        this.proxies = new ProxyFilters(messages, reinjections);
    }

    /**
     * Takes one line in.
     *
     * @return false where it speaks of a message and cannot be read
     */
    boolean line(SyslogHeader header, LineCursor line) {
        Site site = header.tag.site();
        if (site == null) {
            return true;
        }
        int from = line.at;
        int to = QueueIds.end(line);
        if (to < 0 || line.looksAt(from, NOQUEUE)) {
            if (header.tag.program() == PostfixProgram.SMTPD) {
                return session(header, site, line);
            }
            return true;
        }
        line.at = to + 2;
        return switch (header.tag.program()) {
            case PICKUP -> pickup(header, site, line, from, to);
            case SMTPD -> smtpd(header, site, line, from, to);
            case CLEANUP -> cleanup(header, site, line, from, to);
            case QMGR -> qmgr(header, site, line, from, to);
            case BOUNCE -> bounce(header, site, line, from, to);
            case POSTSUPER -> postsuper(header, site, line, from, to);
            case LOCAL, PIPE, DELIVERY -> delivered(header, site, line, from, to);
            case OTHER -> true;
        };
    }

    /** What smtpd(8) says of a session rather than of a message. */
    private boolean session(SyslogHeader header, Site site, LineCursor line) {
        if (line.take(CONNECT)) {
            proxies.over(site, header.pid);
            site.sessions.connected(header.pid, line, messages.damaged);
        } else if (line.take(DISCONNECT)) {
            proxies.over(site, header.pid);
            site.sessions.disconnected(header.pid, header.micros, messages.damaged, line, messages.table::judgedAnew);
        } else if (line.take(NOQUEUE_CLIENT)) {
            boolean read =
                    client.read(line) && !site.sessions.isCut(header.pid, line, client.clientFrom, client.clientTo);
            proxies.client(site, header.pid, read ? client.origin(line) : null);
            return read;
        } else if (line.looksAt(line.at, WARNING)) {
            refused(header, line);
        } else if (line.take(PROXY_ACCEPT)) {
            proxies.accepted(site, header.pid, line, header.micros);
        }
        return true;
    }

    private void refused(SyslogHeader header, LineCursor line) {
        Matcher words = REFUSED_LOGIN.matcher(line.text(line.at, line.end));
        if (words.matches()) {
            String login = words.group("login");
            logins.refused(header.micros, login == null ? "" : login, words.group("address"));
        }
    }

    private boolean pickup(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        long uid = line.take(UID) ? line.number() : -1;
        if (uid < 0 || uid > Integer.MAX_VALUE || !line.take(SPACE_FROM)) {
            return unreadable(header, site, line, from, to);
        }
        int close = line.addressEnd();
        if (close < 0 || line.holdsClock(line.at, close)) {
            return unreadable(header, site, line, from, to);
        }
        line.at = close + 1;
        if (line.atEnd()) {
            MailOrigin.LocalUser origin = new MailOrigin.LocalUser((int) uid, userNames.apply((int) uid), "");
            MessageRecord message = messages.started(site, line, from, to, header.micros, origin, "");
            site.pipeFilters.handedIn(origin, message);
            submitted.accept(message);
            return true;
        }
        if (!line.take(ORIG_ID) || !QueueIds.is(line, line.at, line.end)) {
            return unreadable(header, site, line, from, to);
        }
        site.requeuesAs((int) uid);
        QueueId old = new QueueId(site.host, site.instance, line.text(line.at, line.end));
        MessageRecord parent = messages.table.get(site, line.bytes, line.at, line.end);
        MailOrigin origin = new MailOrigin.Derived(MailOrigin.Link.REQUEUE, Optional.of(old));
        MessageRecord message = messages.started(site, line, from, to, header.micros, origin, "");
        if (parent != null && parent != message && origin.equals(message.origin)) {
            message.comesOutOf(parent);
            if (parent.state != State.REQUEUED && message.rival == null) {
                message.rival = new MailOrigin.Unknown("no line says that " + old + " was requeued");
            }
        } else if (parent == null && line.end - line.at < to - from && message.rival == null) {
            message.rival = new MailOrigin.Unknown("the line that names the old id may be cut");
        }
        return true;
    }

    private boolean smtpd(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        if (line.take(HOLD)) {
            messages.became(site, line, from, to, header.micros, State.HELD);
            return true;
        }
        if (!line.take(CLIENT)) {
            if (refusal.read(line)) {
                messages.refused(site, line, from, to, header.micros, refusal);
            }
            return true;
        }
        int clientFrom = line.at;
        if (!client.read(line) || site.sessions.isCut(header.pid, line, clientFrom, client.clientTo)) {
            return unreadable(header, site, line, from, to);
        }
        SmtpdSession session = site.sessions.of(header.pid, line, clientFrom, client.clientTo);
        MailOrigin origin = client.origin(line);
        MessageRecord parent = null;
        if (client.originalFrom >= 0) {
            site.handsBack(client.address(line), messages.table::judgedAnew);
            parent = reinjections.find(site, line, client.originalFrom, client.originalTo);
            String id = line.text(client.originalFrom, client.originalTo);
            origin = new MailOrigin.Derived(
                    MailOrigin.Link.REINJECT,
                    Optional.of(parent != null ? parent.queueId() : new QueueId(site.host, site.instance, id)));
        }
        MessageRecord message = messages.started(site, line, from, to, header.micros, origin, header.tag.service());
        message.server = Math.max(0, header.pid);
        message.sessionOver |= header.pid < 0;
        if (parent != null && parent != message && origin.equals(message.origin)) {
            message.comesOutOf(parent);
        } else if (client.originalFrom >= 0) {
            if (line.atEnd() && message.rival == null) {
                message.rival = new MailOrigin.Unknown("the id that it had before may be cut off");
            }
        } else if (origin instanceof MailOrigin.Login login) {
            site.countLogin(login, message, messages.table::judgedAnew);
            SmtpdSessions.handedIn(session, message, true, messages.table::judgedAnew);
        } else {
            SmtpdSessions.handedIn(session, message, false, messages.table::judgedAnew);
            if (Reinjections.isLoopback(client.address(line))) {
                site.cameByLoopback(message);
                dovecotRelays.cameByLoopback(message);
            }
            if (origin instanceof MailOrigin.Client) {
                proxies.arrived(message, client.original(line), header.micros);
            }
        }
        return true;
    }

    private boolean cleanup(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        if (line.take(MESSAGE_ID)) {
            MessageRecord message = messages.identified(site, line, from, to, header.micros, line.at, line.end);
            sameIds.known(message, header.micros);
        } else if (line.take(HOLD) || line.take(MILTER_HOLD)) {
            messages.became(site, line, from, to, header.micros, State.HELD);
        } else if (refusal.read(line)) {
            messages.refused(site, line, from, to, header.micros, refusal);
        }
        return true;
    }

    private boolean qmgr(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        if (line.take(REMOVED)) {
            return line.atEnd() && end(messages.became(site, line, from, to, header.micros, State.DONE));
        }
        if (!line.take(FROM)) {
            return true;
        }
        int senderFrom = line.at;
        int senderTo = line.addressEnd();
        if (senderTo < 0) {
            return false;
        }
        line.at = senderTo;
        if (line.take(STATUS_FORCED) || line.take(STATUS_EXPIRED)) {
            messages.returned(site, line, from, to, header.micros);
            return true;
        }
        if (!line.take(SIZE)) {
            return false;
        }
        long size = line.number();
        long recipients = line.take(NRCPT) ? line.number() : -1;
        if (size < 0 || recipients < 0 || !line.looksAt(line.at, QUEUE_ACTIVE)) {
            return false;
        }
        MessageRecord message = messages.activated(
                site, line, from, to, header.micros, senderFrom, senderTo, size, (int) Math.min(recipients, 1 << 20));
        sameIds.known(message, header.micros);
        return true;
    }

    private boolean postsuper(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        long micros = header.micros;
        if (line.take(REMOVED)) {
            messages.became(site, line, from, to, micros, State.DELETED);
        } else if (line.take(ON_HOLD)) {
            messages.became(site, line, from, to, micros, State.HELD);
        } else if (line.take(RELEASED)) {
            messages.became(site, line, from, to, micros, State.OPEN);
        } else if (line.take(REQUEUED)) {
            messages.became(site, line, from, to, micros, State.REQUEUED);
        } else if (line.take(EXPIRED)) {
            messages.expired(site, line, from, to, micros);
        }
        return true;
    }

    private boolean bounce(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        int words = line.find(NOTIFICATION);
        if (words < 0 || !line.allOf(line.at, words, PostfixLog::isInWords)) {
            return words < 0;
        }
        line.at = words + NOTIFICATION.length;
        MessageRecord parent = messages.table.get(site, line.bytes, from, to);
        if (!QueueIds.is(line, line.at, line.end)) {
            return false;
        }
        if (parent == null || parent.ended() && header.micros - parent.lastMicros > PARENT_LATE) {
            parent = messages.became(site, line, from, to, header.micros, State.OPEN);
        }
        messages.linked(parent, line, line.at, line.end, MailOrigin.Link.BOUNCE, header.micros);
        return true;
    }

    private static final long PARENT_LATE = 2_000_000;

    private boolean delivered(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        PostfixDelivery.Result result = delivery.read(line);
        if (result == PostfixDelivery.Result.PROBED) {
            messages.probe(site, line, from, to, header.micros);
            return true;
        }
        if (result != PostfixDelivery.Result.SERVED) {
            return result == PostfixDelivery.Result.OTHER;
        }
        Status status = delivery.status;
        MessageRecord message = messages.served(
                site,
                line,
                from,
                to,
                header.micros,
                delivery.delay,
                status,
                delivery.addressFrom,
                delivery.addressTo,
                delivery.reasonFrom,
                delivery.reasonTo);
        if (status != Status.SENT) {
            return true;
        }
        if (header.tag.program() == PostfixProgram.LOCAL) {
            line.at = delivery.reasonFrom;
            int idFrom = line.at + FORWARDED.length;
            int idTo = line.end - 1;
            if (line.take(FORWARDED) && line.peek(idTo) == ')' && QueueIds.is(line, idFrom, idTo)) {
                messages.linked(message, line, idFrom, idTo, MailOrigin.Link.FORWARD, header.micros);
            }
        } else if (header.tag.program() == PostfixProgram.PIPE) {
            line.at = delivery.reasonFrom;
            if (line.take(DELIVERED_VIA)) {
                String pipe = line.text(delivery.relayFrom, delivery.relayTo);
                sameIds.wentOut(message, pipe, delivery.delay, header.micros);
            }
        } else {
            wentOut(message, header, line);
        }
        if (header.tag.program() == PostfixProgram.DELIVERY) {
            outcomes.served(message, line, delivery);
        }
        return true;
    }

    private void wentOut(MessageRecord message, SyslogHeader header, LineCursor line) {
        line.at = delivery.reasonFrom;
        if (delivery.toLoopback(line)) {
            reinjections.wentOut(message, line, header.micros, Reinjections.Relay.LOOPBACK);
            return;
        }
        boolean ownPort = delivery.toOwnPort(line);
        // Nearly all mail goes to other machines' port 25, and this one has one mail system: nothing is looked for
        // then.
        String address = ownPort || messages.hasInstances() ? delivery.relayAddress(line) : null;
        if (address != null) {
            reinjections.wentOut(message, line, header.micros, new Reinjections.Relay(address, ownPort));
        }
    }

    private static boolean isInWords(byte b) {
        return b >= 'a' && b <= 'z' || b == ' ' || b == '-' || b == '/';
    }

    private boolean unreadable(SyslogHeader header, Site site, LineCursor line, int from, int to) {
        messages.startedUnreadably(site, line, from, to, header.micros);
        return false;
    }

    private static boolean end(@Nullable MessageRecord message) {
        return message != null;
    }
}
