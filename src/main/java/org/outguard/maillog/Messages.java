package org.outguard.maillog;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage.State;
import org.outguard.mail.LoggedMessage.Status;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.line.LineCursor;
import org.outguard.maillog.line.StampReader;

/**
 * What lines say of messages, put together. A short id comes back after a second at the earliest, since it begins with
 * the microseconds of its arrival; lines are lost, doubled and forged. Where lines contradict each other, either a new
 * life begins that has no origin, or the origin is disputed.
 */
final class Messages {

    private static final long SECOND = 1_000_000;

    /** Lines of different programs about one moment come in any order within this. */
    private static final long LATE = 2 * SECOND;

    /** A message is received while it is delivered. */
    private static final long CUT_THROUGH = 600 * SECOND;

    private static final long LINK_WINDOW = 60 * SECOND;
    private static final int MAX_LINKS = 1_024;

    final LifeTable table;

    /** Links to messages of which there is no line yet. */
    private final Map<String, PendingLink> links = new Site.Newest<>(MAX_LINKS);

    /** Lines that could not be read: any of them may have been about any message. */
    long damaged;

    private record PendingLink(Life parent, MailOrigin.Link link, long micros) {}

    private final Sites sites;

    Messages(LifeTable table, Sites sites) {
        this.table = table;
        this.sites = sites;
    }

    Iterable<Site> sites() {
        return sites.all();
    }

    /** The line that says who handed a message in. */
    Life started(Site site, LineCursor line, int from, int to, long micros, MailOrigin origin, String service) {
        Life known = table.get(site, line.bytes, from, to);
        Life life;
        if (known == null) {
            Remembered.Kept kept = table.remembered().get(site, line.bytes, from, to);
            life = table.begin(site, line.bytes, from, to, micros);
            if (kept != null && !kept.origin().equals(origin)) {
                life.rival = kept.origin();
            }
        } else if (known.ended()) {
            if (known.startMicros == micros && origin.equals(known.origin)) {
                return known;
            }
            life = table.begin(site, line.bytes, from, to, micros);
            boolean inTime = micros - known.firstMicros >= SECOND / 2;
            if (!(known.endedProperly() && inTime) && !origin.equals(known.origin)) {
                life.rival = known.origin != null ? known.origin : new MailOrigin.Unknown(known.why);
            }
        } else {
            Life contradicted = startedAgain(known, micros, origin, service);
            if (contradicted != null) {
                table.changed(contradicted, micros);
                return contradicted;
            }
            life = table.begin(site, line.bytes, from, to, micros);
            if (!origin.equals(known.origin)) {
                life.rival = known.origin != null ? known.origin : new MailOrigin.Unknown(known.why);
            }
        }
        life.origin = origin;
        life.startMicros = micros;
        life.service = service;
        table.changed(life, micros);
        return life;
    }

    /** A start line of a message that is in flight: the life it belongs to, or null where it begins one. */
    private static @Nullable Life startedAgain(Life known, long micros, MailOrigin origin, String service) {
        if (known.startMicros == StampReader.NONE && known.origin == null) {
            boolean early = micros - known.firstMicros <= SECOND && !known.finished() && known.listed() == 0
                    || known.cutThrough && micros - known.firstMicros <= CUT_THROUGH;
            if (!early) {
                return null;
            }
            known.origin = origin;
            known.startMicros = micros;
            known.service = service;
            return known;
        }
        if (known.finished()) {
            return null;
        }
        if (!origin.equals(known.origin) && known.rival == null) {
            known.rival = origin;
        }
        return known;
    }

    /** A start line that cannot be read. */
    void startedUnreadably(Site site, LineCursor line, int from, int to, long micros) {
        Life known = table.get(site, line.bytes, from, to);
        if (known == null || known.ended()) {
            Life life = begin(site, line, from, to, micros);
            life.why = "the line that says who handed it in is damaged";
            table.changed(life, micros);
        }
    }

    /** cleanup(8) saw the Message-ID header, before the queue manager takes the message up. */
    Life identified(Site site, LineCursor line, int from, int to, long micros, int idFrom, int idTo) {
        Life life = table.get(site, line.bytes, from, to);
        if (life == null) {
            life = begin(site, line, from, to, micros);
        } else if (life.messageId != null && line.same(idFrom, idTo, life.messageId)) {
            if (!life.ended() || micros - life.lastMicros <= LATE) {
                return life;
            }
            life = begin(site, line, from, to, micros);
        } else if (life.ended() || life.active && (life.messageId != null || micros - life.firstMicros > LATE)) {
            // The queue manager has had the other: this one is new, and its first line is lost.
            life = begin(site, line, from, to, micros);
        } else if (life.messageId != null) {
            // A message may have two such headers.
            return life;
        }
        life.messageId = line.copy(idFrom, idTo);
        table.changed(life, micros);
        return life;
    }

    /** The queue manager took a message up: {@code from=<…>, size=…, nrcpt=… (queue active)}. */
    Life activated(
            Site site, LineCursor line, int from, int to, long micros, int senderFrom, int senderTo, long size, int n) {
        Life life = table.get(site, line.bytes, from, to);
        boolean same = life != null
                && life.senderKnown
                && life.size == size
                && line.same(senderFrom, senderTo, life.sender)
                && n <= life.recipientCount;
        if (life == null || life.ended() || life.senderKnown && !same) {
            if (life != null && life.ended() && same && micros - life.lastMicros <= LATE) {
                return life;
            }
            life = begin(site, line, from, to, micros);
        }
        if (!life.senderKnown) {
            life.sender = line.copy(senderFrom, senderTo);
            life.senderKnown = true;
            life.size = size;
            life.recipientCount = n;
        }
        life.active = true;
        if (life.state == State.HELD) {
            life.state = State.OPEN;
        }
        table.changed(life, micros);
        return life;
    }

    /**
     * A delivery agent served a recipient.
     *
     * @param delay since the message came, in microseconds, or -1 where the line does not say
     */
    Life served(
            Site site,
            LineCursor line,
            int from,
            int to,
            long micros,
            long delay,
            Status status,
            int addressFrom,
            int addressTo,
            int reasonFrom,
            int reasonTo) {
        Life life = table.get(site, line.bytes, from, to);
        long slack = LATE + Math.max(0, delay) / 20;
        if (life == null || life.ended() && micros - life.lastMicros > LATE) {
            life = begin(site, line, from, to, micros);
        } else if (delay >= 0 && life.origin != null && !(life.origin instanceof MailOrigin.Derived)) {
            long arrival = micros - delay;
            if (arrival > life.firstMicros + slack && arrival > life.startMicros + slack) {
                // It came after the life that is known began: another message, whose lines are lost.
                life = begin(site, line, from, to, micros);
            } else if (life.number > 0 && life.rival == null && arrival < life.firstMicros - slack) {
                life.rival = new MailOrigin.Unknown("it was in the queue before the line that says who handed it in");
            }
        }
        boolean added =
                life.fate(line.bytes, addressFrom, addressTo, status, reasonFrom, reasonTo, table.roomForRecipient());
        if (added) {
            table.addedRecipient();
        }
        table.changed(life, micros);
        return life;
    }

    /** A change of the whole message. */
    Life became(Site site, LineCursor line, int from, int to, long micros, State state) {
        Life life = table.get(site, line.bytes, from, to);
        if (life != null && life.ended() && micros - life.lastMicros <= LATE) {
            return life;
        }
        if (life == null || life.ended()) {
            life = begin(site, line, from, to, micros);
        }
        life.state = state;
        table.changed(life, micros);
        return life;
    }

    /**
     * Refused or thrown away before it was queued, or one recipient of it was.
     *
     * @param refusal what was read of its line
     */
    void refused(Site site, LineCursor line, int from, int to, long micros, PostfixRefusal refusal) {
        Life life = table.get(site, line.bytes, from, to);
        if (life == null || life.ended() && micros - life.lastMicros > LATE) {
            life = begin(site, line, from, to, micros);
        }
        if (!life.senderKnown && refusal.senderFrom >= 0) {
            life.sender = line.copy(refusal.senderFrom, refusal.senderTo);
        }
        if (refusal.recipientFrom >= 0
                && life.fate(
                        line.bytes,
                        refusal.recipientFrom,
                        refusal.recipientTo,
                        Status.REJECTED,
                        refusal.reasonFrom,
                        refusal.reasonTo,
                        table.roomForRecipient())) {
            table.addedRecipient();
        }
        if (refusal.whole && !life.ended()) {
            life.state = State.REFUSED;
        }
        table.changed(life, micros);
    }

    /** It was no message but a question of verify(8) whether an address exists. */
    void probe(Site site, LineCursor line, int from, int to, long micros) {
        Life life = table.get(site, line.bytes, from, to);
        if (life == null || life.ended()) {
            life = begin(site, line, from, to, micros);
        }
        life.why = "an address probe of verify(8), which sends nothing";
        table.changed(life, micros);
    }

    /** Whether several mail systems write into these logs. */
    boolean hasInstances() {
        return sites.all().size() > 1;
    }

    /** What was not delivered has gone back to its sender. */
    void returned(Site site, LineCursor line, int from, int to, long micros) {
        Life life = table.get(site, line.bytes, from, to);
        if (life == null || life.ended()) {
            life = begin(site, line, from, to, micros);
        }
        life.expired = true;
        life.giveUp();
        table.changed(life, micros);
    }

    /** What is deferred will go back to its sender at the next attempt. */
    void expired(Site site, LineCursor line, int from, int to, long micros) {
        Life life = table.get(site, line.bytes, from, to);
        if (life == null || life.ended()) {
            life = begin(site, line, from, to, micros);
        }
        life.expired = true;
        table.changed(life, micros);
    }

    /** A message came out of another, as the other's line says. */
    void linked(Life parent, LineCursor line, int childFrom, int childTo, MailOrigin.Link link, long micros) {
        Life child = table.get(parent.site, line.bytes, childFrom, childTo);
        if (child == null || child.ended() && micros - child.lastMicros > LATE) {
            links.put(key(parent.site, line.bytes, childFrom, childTo), new PendingLink(parent, link, micros));
            return;
        }
        link(child, parent, link, micros);
    }

    /** Dovecot's submission service handed a message in for whoever had logged in there. */
    void relayed(Life life, String login, String address, long micros) {
        MailOrigin.Login origin = new MailOrigin.Login(login, address, java.util.OptionalInt.empty());
        life.relayedForOthers |= life.relayedFor != null && !origin.equals(life.relayedFor);
        life.relayedFor = origin;
        life.site.relaysForLogins(table::judgedAnew);
        table.changed(life, micros);
    }

    /** Says that {@code child} comes out of {@code parent}, or that two lines disagree about that. */
    void link(Life child, Life parent, MailOrigin.Link link, long micros) {
        MailOrigin derived = new MailOrigin.Derived(link, java.util.Optional.of(parent.queueId()));
        if (derived.equals(child.origin)) {
            return;
        }
        boolean inTime = micros - child.firstMicros <= LINK_WINDOW && child.firstMicros >= parent.firstMicros - LATE;
        if (child == parent) {
            return;
        }
        if (child.origin == null && inTime && child.startMicros == StampReader.NONE) {
            child.origin = derived;
            child.comesOutOf(parent);
        } else if (child.rival == null) {
            child.rival = derived;
        }
        table.changed(child, micros);
    }

    /** A life of which only the middle is known, unless its origin was kept or a link to it was seen before. */
    private Life begin(Site site, LineCursor line, int from, int to, long micros) {
        boolean first = table.get(site, line.bytes, from, to) == null;
        Life life = table.begin(site, line.bytes, from, to, micros);
        if (first) {
            Remembered.Kept kept = table.remembered().get(site, line.bytes, from, to);
            if (kept != null) {
                life.origin = kept.origin();
                life.startMicros = kept.firstMicros();
                life.sessionOver = true;
            }
        }
        if (!links.isEmpty()) {
            PendingLink pending = links.remove(key(site, line.bytes, from, to));
            if (pending != null && micros - pending.micros() <= LINK_WINDOW) {
                link(life, pending.parent(), pending.link(), micros);
            }
        }
        return life;
    }

    private static String key(Site site, byte[] line, int from, int to) {
        return site.index + "/"
                + new String(Arrays.copyOfRange(line, from, to), java.nio.charset.StandardCharsets.US_ASCII);
    }
}
