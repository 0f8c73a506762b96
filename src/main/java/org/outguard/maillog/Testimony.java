package org.outguard.maillog;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.LoggedMessage.State;
import org.outguard.mail.LoggedMessage.Status;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.Provenance.Evidence;

/** What the lines of a message amount to. */
public final class Testimony {

    /** After pickup(8) come cleanup(8) and qmgr(8) within milliseconds; so long a lone line is believed. */
    static final long LONE_MICROS = 5_000_000;

    private static final int DEEPEST = 16;

    private Testimony() {}

    /** The last word on a message under the name of a mail system that is not its own. */
    static LoggedMessage moved(Life life, Site to) {
        Provenance nobody = Provenance.unknown("it is a message of " + to.instance);
        return new LoggedMessage(
                life.queueId(),
                life.number,
                instant(life.firstMicros),
                instant(life.lastMicros),
                LoggedMessage.State.REQUEUED,
                "",
                "",
                0,
                List.of(),
                0,
                0,
                0,
                0,
                nobody,
                nobody,
                0);
    }

    /** The message as it stands when the log is read up to {@code nowMicros}. */
    static LoggedMessage message(Life life, long nowMicros) {
        Provenance provenance = provenance(life, nowMicros);
        int sent = life.count(Status.SENT);
        int deferred = life.waiting();
        boolean lapsed = life.expired && life.state == State.DONE;
        int bounced = life.failed() + (lapsed ? life.count(Status.DEFERRED) : 0);
        return new LoggedMessage(
                life.queueId(),
                life.number,
                instant(life.firstMicros),
                instant(life.lastMicros),
                life.state,
                Life.utf8(life.sender),
                withoutBrackets(Life.utf8(life.messageId)),
                life.size,
                life.fates(),
                Math.max(life.recipientCount, sent + bounced + deferred),
                sent,
                bounced,
                deferred,
                provenance,
                root(life, provenance, nowMicros),
                life.server);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Provenance provenance(Life life, long nowMicros) {
        MailOrigin origin = life.origin;
        if (origin == null) {
            return Provenance.unknown(life.why);
        }
        MailOrigin rival = rival(life, origin, nowMicros);
        return new Provenance(origin, Evidence.LOG, Optional.ofNullable(rival));
    }

    private static @Nullable MailOrigin rival(Life life, MailOrigin origin, long nowMicros) {
        if (life.rival == null && life.awaitsProxy && origin instanceof MailOrigin.Client) {
            return new MailOrigin.Unknown(
                    "the line of its session before the filter is missing: it may have logged in");
        }
        if (life.rival != null || life.relayedFor != null && origin instanceof MailOrigin.Client) {
            return life.rival;
        }
        String doubt = "";
        if (origin instanceof MailOrigin.LocalUser && !life.confirmed() && nowMicros - life.startMicros > LONE_MICROS) {
            doubt = "no other line speaks of this message";
        } else if (origin instanceof MailOrigin.LocalUser user && life.site.isOwnUser(user)) {
            doubt = "the mail system's own user hands in what was requeued, and the old id may be cut off";
        } else if (origin instanceof MailOrigin.LocalUser user && life.site.pipes.handsBackAs(user)) {
            doubt = "a filter hands mail back as that user, and the line that says which may be missing";
        } else if (origin instanceof MailOrigin.LocalUser && life.alike) {
            doubt = "another message has its Message-ID, and a filter may have handed it back";
        } else if (origin instanceof MailOrigin.LocalUser && life.site.pipes.mayHaveTaken(life.startMicros)) {
            doubt = "a pipe took a message whose lines are missing, and this may be what came back";
        } else if (origin instanceof MailOrigin.Client client
                && (life.site.relaysForLogins() || life.chunked)
                && (life.recipientCount == 0 || life.recipientCount > life.plainRecipients)
                && HandBacks.isLoopback(client.address())) {
            doubt = "Dovecot hands in from there for logins, and its line may be missing";
        } else if (origin instanceof MailOrigin.Login login
                && !life.loginWhole
                && life.site.logins.mayBeCut(login.login(), Life.utf8(life.sender))) {
            doubt = "the login may be the beginning of a longer one, cut off";
        } else if (origin instanceof MailOrigin.Client client
                && !life.sessionOver
                && life.site.expectsLogin(client.address(), life.service)) {
            doubt = "its session goes on, or its end is missing: it may have logged in";
        } else if (origin instanceof MailOrigin.Client client
                && !life.handedOut
                && life.site.expectsOriginal(client.address())) {
            doubt = "a filter hands mail back from there, and the id that it had may be cut off";
        } else if (origin instanceof MailOrigin.Derived derived
                && derived.link() == MailOrigin.Link.BOUNCE
                && life.senderKnown
                && life.sender.length > 0
                && !Life.utf8(life.sender).startsWith("double-bounce@")) {
            doubt = "a bounce has no sender, and this has one";
        } else if (life.handedInBy != null && life.site.pipes.sendsOfItsOwn(life.handedInBy)) {
            return life.handedInBy;
        }
        return doubt.isEmpty() ? null : new MailOrigin.Unknown(doubt);
    }

    private static Provenance root(Life life, Provenance own, long nowMicros) {
        Provenance found = own;
        Life at = life;
        boolean disputed = own.isDisputed();
        for (int depth = 0; found.origin() instanceof MailOrigin.Derived; depth++) {
            Life parent = at.parent();
            if (parent == null || depth == DEEPEST) {
                return Provenance.unknown("the message it came from is not in the log");
            }
            at = parent;
            found = provenance(at, nowMicros);
            disputed |= found.isDisputed();
        }
        if (at.relayedFor != null && found.origin() instanceof MailOrigin.Client) {
            disputed |= at.relayedForOthers;
            found = new Provenance(at.relayedFor, Evidence.LOG, found.disputed());
        }
        if (disputed && !found.isDisputed()) {
            return new Provenance(
                    found.origin(),
                    found.evidence(),
                    Optional.of(new MailOrigin.Unknown("how it came to be handed in is disputed")));
        }
        return found;
    }

    private static String withoutBrackets(String messageId) {
        boolean bracketed = messageId.length() >= 2 && messageId.startsWith("<") && messageId.endsWith(">");
        return bracketed ? messageId.substring(1, messageId.length() - 1) : messageId;
    }
}
