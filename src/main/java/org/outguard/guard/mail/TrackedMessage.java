package org.outguard.guard.mail;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/** One message as queue and log have it, and what of it is already counted for its submitter. */
final class TrackedMessage {

    final QueueId id;

    @Nullable
    QueuedMessage inQueue;

    @Nullable
    LoggedMessage inLog;

    /** Who handed it in and who is behind it by its queue file, which no line of a log replaces, also when it has gone. */
    private @Nullable Provenance byQueueFile;

    private @Nullable Provenance rootByQueueFile;

    /** What the log tells of this id while the queue has another message under it: forged, or the next message with that id. */
    @Nullable
    LoggedMessage unfit;

    @Nullable
    SubmitterState submitter;

    /** The queue was looked at, and it is not there any more: a line about its end may be lost. */
    boolean gone;

    /** Waits to be forgotten. */
    boolean hasLeft;

    /** Its place in the queue of its submitter, see {@link ArrivalOrder}. */
    Instant placedAt = Instant.EPOCH;

    /* Counted so far. */
    boolean countedMessage;
    boolean countedQueued;
    boolean countedHeld;
    boolean countedDeferred;
    boolean countedDisputed;
    boolean countedBounce;

    Provenance.@Nullable Evidence countedEvidence;

    /** The user who handed it in by SMTP on this machine. */
    @Nullable
    Provenance handedIn;

    /** That is asked for again, see {@link LocalSubmitterResolver}. */
    boolean asked;

    /** Waits to be told of, see {@link MailNews}. */
    boolean isNews;

    /** What was told of it last. */
    int told;

    /* The same of what is proven, see SubmitterState. */
    boolean provenQueued;
    boolean provenBounce;
    int provenRecipients;
    int provenListed;

    int countedSent;
    int countedBounced;
    int countedRecipients;
    int countedSpam;
    int spamLookedFor;
    long spamLookedAt;
    int listedRecipients;
    String countedReason = "";
    String countedScript = "";

    /** A receiver complained about it. */
    boolean complained;

    /** Whether that is this message: by its Message-ID, where both are known, or else by its queue id. */
    boolean isAbout(MailObservation.Complained.About about) {
        String messageId = inQueue != null && !inQueue.attributes().messageId().isEmpty()
                ? inQueue.attributes().messageId()
                : inLog != null ? inLog.messageId() : "";
        String asked = bare(about.messageId());
        return asked.isEmpty() || messageId.isEmpty()
                ? !about.queueId().isEmpty() && about.queueId().equals(id.id())
                : asked.equals(bare(messageId));
    }

    private static String bare(String messageId) {
        return messageId.replaceAll("^\\s*<|>\\s*$", "");
    }

    TrackedMessage(QueueId id) {
        this.id = id;
    }

    /** Takes in what the queue shows. */
    void queued(QueuedMessage message) {
        inQueue = message;
        gone = false;
        byQueueFile = message.provenance();
        rootByQueueFile = message.root();
    }

    /** Whether the mail system's own file says who is behind it, or the process was seen. */
    boolean isProven() {
        QueuedMessage queued = inQueue;
        return queued != null
                && (queued.root().evidence().trusted()
                        || handedIn != null && handedIn.evidence().trusted());
    }

    Instant arrival() {
        QueuedMessage queued = inQueue;
        LoggedMessage logged = inLog;
        return queued != null ? queued.arrival() : logged != null ? logged.first() : Instant.EPOCH;
    }

    /** When the log spoke of it last. */
    Instant lastLine() {
        return inLog == null ? Instant.EPOCH : inLog.last();
    }

    Provenance provenance() {
        return Provenance.joined(
                Optional.ofNullable(byQueueFile), inLog == null ? Optional.empty() : Optional.of(inLog.provenance()));
    }

    /** Who is behind it; a client of this machine by its process, where that was seen. */
    Provenance root() {
        Provenance seen = handedIn;
        return seen != null ? seen : told();
    }

    /** The same by queue and log alone. */
    Provenance told() {
        Optional<Provenance> queued = Optional.ofNullable(rootByQueueFile);
        return inLog != null && queued.isPresent() && isRelayedForLogin(inLog, queued.get())
                ? inLog.root()
                : Provenance.joined(queued, inLog == null ? Optional.empty() : Optional.of(inLog.root()));
    }

    /** Queue and log name the same relay of this machine, and the log says which login it relayed for. */
    private static boolean isRelayedForLogin(LoggedMessage log, Provenance queued) {
        return log.root().origin() instanceof MailOrigin.Login
                && log.provenance().origin() instanceof MailOrigin.Client relay
                && LoopbackConnections.cameByLoopback(relay)
                && queued.origin().isSame(relay);
    }

    /** Whether the log has it in the queue and the queue was not seen to have it. */
    boolean isOpenByLogAlone() {
        return inQueue == null
                && !gone
                && inLog != null
                && (inLog.state() == LoggedMessage.State.OPEN || inLog.state() == LoggedMessage.State.HELD);
    }

    boolean isQueued() {
        return inQueue != null || isOpenByLogAlone();
    }

    boolean isHeld() {
        return inQueue != null
                ? inQueue.status() == QueuedMessage.Status.HOLD
                : inLog != null && inLog.state() == LoggedMessage.State.HELD;
    }

    boolean isDeferred() {
        return inQueue != null
                ? inQueue.status() == QueuedMessage.Status.DEFERRED
                : inLog != null && isQueued() && inLog.deferred() > 0;
    }

    /** What became of it: by the log, and where that is silent by the queue. */
    private LoggedMessage.State state() {
        if (inLog != null) {
            return inLog.state();
        }
        if (inQueue == null) {
            return LoggedMessage.State.DONE;
        }
        return isHeld() ? LoggedMessage.State.HELD : LoggedMessage.State.OPEN;
    }

    String sender() {
        return inQueue != null ? inQueue.sender() : inLog != null ? inLog.sender() : "";
    }

    int recipientCount() {
        int queued = inQueue == null ? 0 : inQueue.recipientCount();
        return Math.max(queued, inLog == null ? 0 : inLog.recipientCount());
    }

    List<String> recipients() {
        if (inLog != null && !inLog.recipients().isEmpty()) {
            return inLog.recipients().stream().map(LoggedMessage.Fate::address).toList();
        }
        return inQueue == null
                ? List.of()
                : inQueue.recipients().stream()
                        .map(QueuedMessage.Recipient::address)
                        .toList();
    }

    /** Why it is put off or failed, by the newest word. */
    String reason() {
        if (inQueue != null) {
            for (QueuedMessage.Recipient recipient : inQueue.recipients()) {
                if (!recipient.reason().isEmpty()) {
                    return recipient.reason();
                }
            }
        }
        if (inLog != null) {
            for (LoggedMessage.Fate fate : inLog.recipients()) {
                if (fate.status() != LoggedMessage.Status.SENT) {
                    return fate.reason();
                }
            }
        }
        return "";
    }

    MailSnapshot.Message view(int mostRecipients) {
        List<String> recipients = recipients();
        String submitterId = submitter == null ? "" : submitter.id;
        LoggedMessage log = inLog;
        QueuedMessage queue = inQueue;
        String reason = reason();
        return new MailSnapshot.Message(
                id,
                arrival(),
                new MailSnapshot.Message.Submission(submitterId, provenance(), root()),
                new MailSnapshot.Message.Envelope(
                        sender(), recipients.subList(0, Math.min(mostRecipients, recipients.size())), recipientCount()),
                queue != null && queue.size() > 0 ? queue.size() : log == null ? 0 : log.size(),
                queue != null
                        ? queue.attributes()
                        : new QueuedMessage.Attributes(log == null ? "" : log.messageId(), "", ""),
                new MailSnapshot.Message.Delivery(
                        queue == null ? Optional.empty() : Optional.of(queue.status()),
                        state(),
                        log == null ? 0 : log.sent(),
                        log == null ? 0 : log.bounced(),
                        log != null ? log.deferred() : reason.isEmpty() ? 0 : recipientCount(),
                        reason,
                        log == null ? List.of() : log.recipients()));
    }
}
