package org.outguard.guard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;

/**
 * The queues by who handed the messages in. Sums are kept as messages come and go, so a tick costs what changed, however
 * much is queued.
 */
final class QueueLedger {

    /* Beyond these, further submitters are one. */
    private static final int MOST_SUBMITTERS = 4_096;

    private static final Comparator<QueuedMessage> NEWEST = Comparator.comparing(QueuedMessage::arrival)
            .reversed()
            .thenComparing(message -> message.id().instance())
            .thenComparing(message -> message.id().id());

    private final Map<QueueId, QueuedMessage> messages = new HashMap<>();
    private final NavigableSet<QueuedMessage> newest = new TreeSet<>(NEWEST);
    private final Map<MailOrigin, QueueSubmitter> submitters = new HashMap<>();
    private final Map<String, Integer> unread = new HashMap<>();
    private final QueueCounts counts = new QueueCounts();
    private int named;
    private boolean changed = true;
    private long pictureStamp;
    private MailPicture picture = MailPicture.NONE;

    /** Takes in what changed in a queue. */
    void take(Observation.QueueSeen seen) {
        for (QueueId id : seen.gone()) {
            Optional.ofNullable(messages.remove(id)).ifPresent(message -> remove(message));
        }
        for (QueuedMessage message : seen.seen()) {
            QueuedMessage before = messages.put(message.id(), message);
            if (before != null) {
                remove(before);
            }
            add(message, before == null || !before.arrival().equals(message.arrival()));
        }
        int more = seen.unread() + seen.uncounted();
        Integer before = unread.put(seen.instance(), more);
        changed |= before == null
                || before != more
                || !seen.seen().isEmpty()
                || !seen.gone().isEmpty();
    }

    private void add(QueuedMessage message, boolean first) {
        newest.add(message);
        counts.add(message, 1);
        QueueSubmitter submitter = submitterOf(message);
        submitter.counts.add(message, 1);
        submitter.list(message, 1);
        if (first) {
            counts.messages++;
            submitter.counts.messages++;
            submitter.came(message);
        }
    }

    private void remove(QueuedMessage message) {
        newest.remove(message);
        counts.add(message, -1);
        QueueSubmitter submitter = submitterOf(message);
        submitter.counts.add(message, -1);
        submitter.list(message, -1);
    }

    private QueueSubmitter submitterOf(QueuedMessage message) {
        MailOrigin origin = origin(message);
        if (!submitters.containsKey(origin) && submitters.size() >= MOST_SUBMITTERS) {
            origin = new MailOrigin.Unknown("one of many");
        }
        MailOrigin known = origin;
        return submitters.computeIfAbsent(
                known, key -> new QueueSubmitter("m-" + Integer.toString(++named, 36), known, message));
    }

    /* Without what differs from message to message of one submitter. */
    private static MailOrigin origin(QueuedMessage message) {
        MailOrigin root = message.root().origin();
        if (root instanceof MailOrigin.LocalUser user) {
            return new MailOrigin.LocalUser(user.uid(), user.user(), "");
        } else if (root instanceof MailOrigin.Login login) {
            return new MailOrigin.Login(login.login(), "", OptionalInt.empty());
        } else if (root instanceof MailOrigin.Client client) {
            return new MailOrigin.Client(client.address(), OptionalInt.empty());
        }
        return root;
    }

    /** The queues as they are now; the same object while nothing changes. */
    MailPicture picture(Instant now) {
        // What came in the last minute grows less by itself.
        long stamp = now.getEpochSecond() / 10;
        if (unread.isEmpty() || !changed && stamp == pictureStamp) {
            return picture;
        }
        // Who has sent much and has it all delivered is still somebody to look at.
        Instant hourAgo = now.minusSeconds(3_600);
        submitters.values().removeIf(submitter -> submitter.counts.queued == 0 && submitter.cameBefore(hourAgo));
        changed = false;
        pictureStamp = stamp;
        List<MailPicture.Submitter> rows = new ArrayList<>();
        submitters.values().forEach(submitter -> rows.add(submitter.row(now)));
        rows.sort(Comparator.comparing(MailPicture.Submitter::verdict)
                .thenComparing(MailPicture.Submitter::score)
                .thenComparing(row -> row.counts().queued())
                .reversed());
        long more = unread.values().stream().mapToInt(Integer::intValue).sum();
        Optional<Instant> oldest =
                newest.isEmpty() ? Optional.empty() : Optional.of(newest.last().arrival());
        picture = new MailPicture(
                true,
                counts.totals(more, oldest),
                rows.subList(0, Math.min(rows.size(), MailPicture.MAX_SUBMITTERS)),
                rows.size(),
                newest.stream()
                        .limit(MailPicture.MAX_MESSAGES)
                        .map(this::message)
                        .toList());
        return picture;
    }

    private MailPicture.Message message(QueuedMessage message) {
        String reason = message.recipients().stream()
                .map(Recipient::reason)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        return new MailPicture.Message(
                message.id(),
                message.arrival(),
                submitterOf(message).id,
                Optional.of(message.status()),
                message.status() == Status.HOLD ? LoggedMessage.State.HELD : LoggedMessage.State.OPEN,
                message.sender(),
                message.recipients().stream().map(Recipient::address).toList(),
                message.recipientCount(),
                0,
                0,
                reason.isEmpty() ? 0 : message.recipientCount(),
                reason,
                message.size(),
                message.attributes(),
                message.provenance(),
                message.root());
    }
}
