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
public final class MessageAssembler {

    /** After pickup(8) come cleanup(8) and qmgr(8) within milliseconds; so long a lone line is believed. */
    static final long LONE_MICROS = 5_000_000;

    private static final int DEEPEST = 16;

    private MessageAssembler() {}

    /** The last word on a message under the name of a mail system that is not its own. */
    static LoggedMessage moved(MessageRecord message, Site to) {
        Provenance nobody = Provenance.unknown("it is a message of " + to.instance);
        return new LoggedMessage(
                message.queueId(),
                new LoggedMessage.Lifetime(message.number, instant(message.firstMicros), instant(message.lastMicros)),
                new LoggedMessage.Envelope("", "", 0, 0),
                new LoggedMessage.Delivery(LoggedMessage.State.REQUEUED, List.of(), 0, 0, 0),
                new LoggedMessage.Submission(nobody, nobody, 0));
    }

    /** The message as it stands when the log is read up to {@code nowMicros}. */
    static LoggedMessage message(MessageRecord message, long nowMicros) {
        Provenance provenance = provenance(message, nowMicros);
        int sent = message.count(Status.SENT);
        int deferred = message.waiting();
        boolean lapsed = message.expired && message.state == State.DONE;
        int bounced = message.failed() + (lapsed ? message.count(Status.DEFERRED) : 0);
        return new LoggedMessage(
                message.queueId(),
                new LoggedMessage.Lifetime(message.number, instant(message.firstMicros), instant(message.lastMicros)),
                new LoggedMessage.Envelope(
                        MessageRecord.utf8(message.sender),
                        withoutBrackets(MessageRecord.utf8(message.messageId)),
                        message.size,
                        Math.max(message.recipientCount, sent + bounced + deferred)),
                new LoggedMessage.Delivery(message.state, message.fates(), sent, bounced, deferred),
                new LoggedMessage.Submission(provenance, root(message, provenance, nowMicros), message.server));
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Provenance provenance(MessageRecord message, long nowMicros) {
        MailOrigin origin = message.origin;
        if (origin == null) {
            return Provenance.unknown(message.why);
        }
        MailOrigin rival = rival(message, origin, nowMicros);
        return new Provenance(origin, Evidence.LOG, Optional.ofNullable(rival));
    }

    private static @Nullable MailOrigin rival(MessageRecord message, MailOrigin origin, long nowMicros) {
        if (message.rival == null && message.awaitsProxy && origin instanceof MailOrigin.Client) {
            return new MailOrigin.Unknown(
                    "the line of its session before the filter is missing: it may have logged in");
        }
        if (message.rival != null || message.relayedFor != null && origin instanceof MailOrigin.Client) {
            return message.rival;
        }
        String doubt = "";
        if (origin instanceof MailOrigin.LocalUser
                && !message.confirmed()
                && nowMicros - message.startMicros > LONE_MICROS) {
            doubt = "no other line speaks of this message";
        } else if (origin instanceof MailOrigin.LocalUser user && message.site.isOwnUser(user)) {
            doubt = "the mail system's own user hands in what was requeued, and the old id may be cut off";
        } else if (origin instanceof MailOrigin.LocalUser user && message.site.pipeFilters.handsBackAs(user)) {
            doubt = "a filter hands mail back as that user, and the line that says which may be missing";
        } else if (origin instanceof MailOrigin.LocalUser && message.alike) {
            doubt = "another message has its Message-ID, and a filter may have handed it back";
        } else if (origin instanceof MailOrigin.LocalUser
                && message.site.pipeFilters.mayHaveTaken(message.startMicros)) {
            doubt = "a pipe took a message whose lines are missing, and this may be what came back";
        } else if (origin instanceof MailOrigin.Client client
                && (message.site.relaysForLogins() || message.chunked)
                && (message.recipientCount == 0 || message.recipientCount > message.plainRecipients)
                && Reinjections.isLoopback(client.address())) {
            doubt = "Dovecot hands in from there for logins, and its line may be missing";
        } else if (origin instanceof MailOrigin.Login login
                && !message.loginWhole
                && message.site.logins.mayBeCut(login.login(), MessageRecord.utf8(message.sender))) {
            doubt = "the login may be the beginning of a longer one, cut off";
        } else if (origin instanceof MailOrigin.Client client
                && !message.sessionOver
                && message.site.expectsLogin(client.address(), message.service)) {
            doubt = "its session goes on, or its end is missing: it may have logged in";
        } else if (origin instanceof MailOrigin.Client client
                && !message.handedOut
                && message.site.expectsOriginal(client.address())) {
            doubt = "a filter hands mail back from there, and the id that it had may be cut off";
        } else if (origin instanceof MailOrigin.Derived derived
                && derived.link() == MailOrigin.Link.BOUNCE
                && message.senderKnown
                && message.sender.length > 0
                && !MessageRecord.utf8(message.sender).startsWith("double-bounce@")) {
            doubt = "a bounce has no sender, and this has one";
        } else if (message.handedInBy != null && message.site.pipeFilters.sendsOfItsOwn(message.handedInBy)) {
            return message.handedInBy;
        }
        return doubt.isEmpty() ? null : new MailOrigin.Unknown(doubt);
    }

    private static Provenance root(MessageRecord message, Provenance own, long nowMicros) {
        Provenance found = own;
        MessageRecord at = message;
        boolean disputed = own.isDisputed();
        for (int depth = 0; found.origin() instanceof MailOrigin.Derived; depth++) {
            MessageRecord parent = at.parent();
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
