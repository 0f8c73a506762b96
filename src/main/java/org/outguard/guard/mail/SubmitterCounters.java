package org.outguard.guard.mail;

import java.time.Instant;
import java.util.List;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.OriginGroup;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueuedMessage;

/** Adds a message to its submitter's counts, each part of it once, and takes it out again. */
final class SubmitterCounters {

    /** A delivery that was deferred is tried again after minutes, and may be answered otherwise. */
    private static final long RETRY_NANOS = 60 * Nanos.PER_SECOND;

    private SubmitterCounters() {}

    /** Counts what is new of a message. */
    static void count(TrackedMessage entry, SubmitterState to, String reason) {
        long arrival = Nanos.of(entry.arrival());
        if (!entry.countedMessage) {
            entry.countedMessage = true;
            to.messages++;
            arrived(entry, to, arrival);
        }
        Provenance.Evidence evidence = entry.root().evidence();
        if (entry.countedEvidence != evidence) {
            forgetEvidence(entry, to);
            entry.countedEvidence = evidence;
            to.rests(evidence, 1);
        }
        if (entry.countedDisputed != entry.root().isDisputed()) {
            entry.countedDisputed = !entry.countedDisputed;
            to.disputed += entry.countedDisputed ? 1 : -1;
        }
        script(entry, to);
        places(entry, to, entry.isQueued(), entry.isQueued() && entry.isHeld(), entry.isDeferred());
        recipients(entry, to, arrival);
        proven(entry, to);
        LoggedMessage log = entry.inLog;
        if (log != null) {
            long at = Nanos.of(log.last());
            int sent = Math.max(0, log.sent() - entry.countedSent);
            int bounced = Math.max(0, log.bounced() - entry.countedBounced);
            to.sent += sent;
            to.bounced += bounced;
            entry.countedSent += sent;
            entry.countedBounced += bounced;
            if (sent + bounced > 0) {
                to.served.add(at, sent + bounced);
                to.failures.add(at, bounced);
            }
            spam(entry, log, to, at);
        }
        if (!entry.countedReason.equals(reason)) {
            to.deferrals.add(entry.countedReason, -1);
            to.deferrals.add(reason, 1);
            entry.countedReason = reason;
        }
    }

    /* A recipient is told of once, however often it is tried. */
    private static void spam(TrackedMessage entry, LoggedMessage log, SubmitterState to, long at) {
        int failures = log.bounced() + log.deferred();
        boolean retried = at - entry.spamLookedAt >= RETRY_NANOS;
        if (failures == 0 || failures == entry.spamLookedFor && !retried) {
            return;
        }
        entry.spamLookedFor = failures;
        entry.spamLookedAt = at;
        int said = (int) log.recipients().stream()
                .filter(fate -> fate.status() != LoggedMessage.Status.SENT && SpamReplies.saysSpam(fate.reason()))
                .count();
        if (said > entry.countedSpam) {
            to.spamReplies.add(at, said - entry.countedSpam);
            entry.countedSpam = said;
        }
    }

    private static void arrived(TrackedMessage entry, SubmitterState to, long arrival) {
        if (entry.arrival().isBefore(to.first)) {
            to.first = entry.arrival();
        }
        if (entry.arrival().isAfter(to.last)) {
            to.last = entry.arrival();
        }
        MailOrigin root = entry.root().origin();
        if (root instanceof MailOrigin.Login login && !login.client().isEmpty()) {
            to.logins.cameFrom(login.client(), arrival);
        }
        boolean bounce = entry.provenance().origin() instanceof MailOrigin.Derived derived
                && derived.link() == MailOrigin.Link.BOUNCE;
        if (bounce) {
            entry.countedBounce = true;
            to.backscatter++;
            to.bounces.add(arrival, 1);
        } else {
            to.senders.add(entry.sender(), 1);
        }
    }

    /* The log does not know it; the queue file does, and what it said holds when the message has gone. */
    private static void script(TrackedMessage entry, SubmitterState to) {
        String script = entry.root().origin().script();
        if (!script.isEmpty() && !script.equals(entry.countedScript)) {
            to.scripts.add(entry.countedScript, -1);
            to.scripts.add(script, 1);
            entry.countedScript = script;
        }
    }

    private static void forgetEvidence(TrackedMessage entry, SubmitterState from) {
        if (entry.countedEvidence != null) {
            from.rests(entry.countedEvidence, -1);
            entry.countedEvidence = null;
        }
    }

    private static void places(
            TrackedMessage entry, SubmitterState to, boolean queued, boolean held, boolean deferred) {
        Instant at = entry.arrival();
        if (queued != entry.countedQueued || held != entry.countedHeld || !at.equals(entry.placedAt)) {
            if (entry.countedQueued) {
                (entry.countedHeld ? to.onHold : to.waiting).remove(entry);
            }
            entry.placedAt = at;
            if (queued) {
                (held ? to.onHold : to.waiting).add(entry);
            }
        }
        to.queued += (queued ? 1 : 0) - (entry.countedQueued ? 1 : 0);
        to.held += (held ? 1 : 0) - (entry.countedHeld ? 1 : 0);
        to.deferred += (deferred ? 1 : 0) - (entry.countedDeferred ? 1 : 0);
        entry.countedQueued = queued;
        entry.countedHeld = held;
        entry.countedDeferred = deferred;
    }

    /** What comes out of another message is no submission of its own. */
    private static void recipients(TrackedMessage entry, SubmitterState to, long arrival) {
        if (entry.provenance().origin() instanceof MailOrigin.Derived) {
            return;
        }
        int more = entry.recipientCount() - entry.countedRecipients;
        if (more > 0) {
            entry.countedRecipients += more;
            to.recipients.add(arrival, more);
        }
        List<String> listed = entry.recipients();
        // The newest stand first in the log's list.
        for (int i = 0; i < listed.size() - entry.listedRecipients; i++) {
            String address = listed.get(i);
            to.distinct.add(address);
            to.distinctOfHour.add(address, arrival);
            int at = address.lastIndexOf('@');
            to.domains.add(at < 0 ? "local" : OriginGroup.domain(address), 1);
        }
        entry.listedRecipients = Math.max(entry.listedRecipients, listed.size());
    }

    /* What the mail system's own file says, once each: its envelope, that it is a bounce, and where a login came from. */
    private static void proven(TrackedMessage entry, SubmitterState to) {
        boolean queued = entry.isProven();
        to.provenQueued += (queued ? 1 : 0) - (entry.provenQueued ? 1 : 0);
        entry.provenQueued = queued;
        QueuedMessage message = entry.inQueue;
        if (!queued || message == null) {
            return;
        }
        long arrival = Nanos.of(message.arrival());
        if (message.provenance().origin() instanceof MailOrigin.Derived derived) {
            if (derived.link() == MailOrigin.Link.BOUNCE && !entry.provenBounce) {
                entry.provenBounce = true;
                to.provenBounces.add(arrival, 1);
            }
            return;
        }
        if (entry.provenRecipients == 0
                && message.root().origin() instanceof MailOrigin.Login login
                && !login.client().isEmpty()) {
            to.provenLogins.cameFrom(login.client(), arrival);
        }
        int more = message.recipientCount() - entry.provenRecipients;
        if (more > 0) {
            entry.provenRecipients += more;
            to.provenRecipients.add(arrival, more);
        }
        for (int i = entry.provenListed; i < message.recipients().size(); i++) {
            to.provenDistinct.add(message.recipients().get(i).address(), arrival);
        }
        entry.provenListed = Math.max(entry.provenListed, message.recipients().size());
    }

    private static void unprove(TrackedMessage entry, SubmitterState from) {
        long arrival = Nanos.of(entry.arrival());
        from.provenQueued -= entry.provenQueued ? 1 : 0;
        from.provenBounces.add(arrival, entry.provenBounce ? -1 : 0);
        from.provenRecipients.add(arrival, -entry.provenRecipients);
        entry.provenQueued = false;
        entry.provenBounce = false;
        entry.provenRecipients = 0;
        entry.provenListed = 0;
    }

    /** It is not in the queue any more; what it was stays counted. */
    static void leftQueue(TrackedMessage entry, SubmitterState from) {
        places(entry, from, false, false, false);
        proven(entry, from);
        from.deferrals.add(entry.countedReason, -1);
        entry.countedReason = "";
    }

    /** Takes a message out of the counts of a submitter that was not its own; what was counted by time stays. */
    static void uncount(TrackedMessage entry, SubmitterState from) {
        leftQueue(entry, from);
        unprove(entry, from);
        forgetEvidence(entry, from);
        if (entry.countedMessage) {
            from.messages--;
        }
        if (entry.countedDisputed) {
            from.disputed--;
        }
        if (entry.countedBounce) {
            from.backscatter--;
            from.bounces.add(Nanos.of(entry.arrival()), -1);
        } else if (entry.countedMessage) {
            from.senders.add(entry.sender(), -1);
        }
        from.sent -= entry.countedSent;
        from.bounced -= entry.countedBounced;
        from.recipients.add(Nanos.of(entry.arrival()), -entry.countedRecipients);
        LoggedMessage log = entry.inLog;
        if (log != null) {
            from.served.add(Nanos.of(log.last()), -entry.countedSent - entry.countedBounced);
            from.failures.add(Nanos.of(log.last()), -entry.countedBounced);
        }
        if (log != null) {
            from.spamReplies.add(Nanos.of(log.last()), -entry.countedSpam);
        }
        entry.countedSpam = 0;
        from.scripts.add(entry.countedScript, -1);
        entry.countedScript = "";
        entry.countedMessage = false;
        entry.countedDisputed = false;
        entry.countedBounce = false;
        entry.countedSent = 0;
        entry.countedBounced = 0;
        entry.countedRecipients = 0;
        entry.listedRecipients = 0;
    }
}
