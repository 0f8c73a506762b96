package org.outguard.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/**
 * Mail by who sends it: puts what queue and log say of a message together, and counts each message once for the first
 * submitter behind it, also when that becomes known later.
 */
final class MailLedger {

    private static final int MAX_QUEUED = 131_072;
    private static final int MAX_LEFT = 4_096;
    private static final int MAX_SUBMITTERS = 1_024;
    private static final int LISTED_RECIPIENTS = 4;

    /** The queue's arrival time and the log's first line may differ by so much for one message. */
    private static final Duration SAME = Duration.ofSeconds(5);

    /** What differs from message to message in a reason: addresses, ids, numbers. */
    private static final Pattern PARTICULAR =
            Pattern.compile("<[^>]*>|\\[[^\\]]*\\]|\\b[0-9A-Za-z.-]*\\d[0-9A-Za-z.-]{4,}");

    private final MailJudge judge;
    private final Supplier<String> ids;
    private final Map<QueueId, MailEntry> entries = new HashMap<>();
    private final Deque<MailEntry> left = new ArrayDeque<>();
    private final Deque<MailEntry> recent = new ArrayDeque<>();
    private final Map<MailOrigin, SubmitterState> submitters = new LinkedHashMap<>();
    private final Map<String, Integer> unread = new HashMap<>();
    private long beyond;
    private boolean watched;
    private boolean log;
    private boolean changed;
    private MailPicture picture = MailPicture.NONE;
    private long pictureNanos = Long.MIN_VALUE / 2;

    MailLedger(Policy policy, Supplier<String> ids) {
        this.judge = new MailJudge(policy, MailLimits.DEFAULTS);
        this.ids = ids;
    }

    /** What the log says of messages that are new or have changed. */
    void logged(List<LoggedMessage> messages) {
        watched = true;
        log = true;
        changed |= !messages.isEmpty();
        for (LoggedMessage message : messages) {
            MailEntry entry = entry(message.id(), message.first());
            if (entry != null) {
                entry.inLog = message;
                settle(entry);
            }
        }
    }

    /** Whether a log is read; without one the queue's own sums say all, see {@link QueueLedger}. */
    boolean readsLog() {
        return log;
    }

    /** What a look at a queue has found; see {@link Observation.QueueSeen}. */
    void queueSeen(Observation.QueueSeen look) {
        watched = true;
        changed = true;
        unread.put(look.instance(), look.unread() + look.uncounted());
        for (QueueId id : look.gone()) {
            MailEntry entry = entries.get(id);
            if (entry != null) {
                entry.inQueue = null;
                entry.gone = true;
                settle(entry);
            }
        }
        for (QueuedMessage message : look.seen()) {
            MailEntry entry = entry(message.id(), message.arrival());
            if (entry != null) {
                entry.inQueue = message;
                entry.gone = false;
                settle(entry);
            }
        }
    }

    /** The message with that id that came then, made where it is new; null where no more can be followed. */
    private @Nullable MailEntry entry(QueueId id, Instant arrival) {
        MailEntry known = entries.get(id);
        if (known != null) {
            Duration apart = Duration.between(known.arrival(), arrival).abs();
            if (apart.compareTo(SAME) <= 0
                    || known.inLog != null && known.inLog.first().equals(arrival)) {
                return known;
            }
            // Another message with the same id. What is counted of the first one stays, but it is not in the queue.
            known.inQueue = null;
            retire(known);
        }
        if (entries.size() >= MAX_QUEUED + MAX_LEFT && known == null) {
            beyond++;
            return null;
        }
        MailEntry made = new MailEntry(id);
        entries.put(id, made);
        recent.addFirst(made);
        if (recent.size() > MailPicture.MAX_MESSAGES) {
            recent.removeLast();
        }
        return made;
    }

    /** Counts what is new of a message. */
    private void settle(MailEntry entry) {
        Provenance root = entry.root();
        SubmitterState submitter = submitter(root.origin());
        if (entry.submitter != submitter) {
            if (entry.submitter != null) {
                MailTally.uncount(entry, entry.submitter);
            }
            entry.submitter = submitter;
        }
        if (root.evidence().compareTo(submitter.evidence) < 0) {
            submitter.evidence = root.evidence();
        }
        MailTally.count(entry, submitter, grouped(entry.isDeferred() ? entry.reason() : ""));
        if (!entry.isQueued() && entries.get(entry.id) == entry && !entry.hasLeft) {
            leave(entry);
        }
    }

    /** It has left the queue; it is kept a while, since its bounce may come. */
    private void leave(MailEntry entry) {
        entry.hasLeft = true;
        left.addLast(entry);
        if (left.size() > MAX_LEFT) {
            MailEntry oldest = left.removeFirst();
            oldest.hasLeft = false;
            if (!oldest.isQueued()) {
                entries.remove(oldest.id, oldest);
            }
        }
    }

    private static void retire(MailEntry entry) {
        SubmitterState submitter = entry.submitter;
        if (submitter != null) {
            MailTally.leftQueue(entry, submitter);
        }
    }

    private SubmitterState submitter(MailOrigin origin) {
        MailOrigin key = grouping(origin);
        SubmitterState known = submitters.get(key);
        if (known != null) {
            return known;
        }
        if (submitters.size() >= MAX_SUBMITTERS && !forgetOne()) {
            return submitters.computeIfAbsent(
                    new MailOrigin.Unknown("more submitters than can be told apart"),
                    o -> new SubmitterState(ids.get(), o));
        }
        SubmitterState made = new SubmitterState(ids.get(), key);
        submitters.put(key, made);
        return made;
    }

    /** What messages of one submitter have in common: no script, no port, no reason. */
    private static MailOrigin grouping(MailOrigin origin) {
        if (origin instanceof MailOrigin.LocalUser user) {
            return new MailOrigin.LocalUser(user.uid(), user.user(), "");
        }
        if (origin instanceof MailOrigin.Login login) {
            return new MailOrigin.Login(login.login(), "", OptionalInt.empty());
        }
        if (origin instanceof MailOrigin.Client client) {
            return new MailOrigin.Client(client.address(), OptionalInt.empty());
        }
        if (origin instanceof MailOrigin.Derived derived) {
            return new MailOrigin.Derived(derived.link(), Optional.empty());
        }
        return origin instanceof MailOrigin.Unknown ? new MailOrigin.Unknown("") : origin;
    }

    private boolean forgetOne() {
        Iterator<SubmitterState> all = submitters.values().iterator();
        while (all.hasNext()) {
            SubmitterState submitter = all.next();
            if (submitter.queued == 0 && submitter.judgement.verdict() == Verdict.CLEAN) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    /** A reason without what is particular to one message, so that like ones are counted together. */
    static String grouped(String reason) {
        String text = reason.length() > 240 ? reason.substring(0, 240) : reason;
        return PARTICULAR.matcher(text).replaceAll("*");
    }

    /** Messages of a submitter that are in the queue, so named that no later one is meant; oldest first. */
    List<MailStep.MessageRef> queued(String submitterId, int most) {
        return entries.values().stream()
                .filter(e -> e.submitter != null && e.submitter.id.equals(submitterId) && e.isQueued())
                .sorted(Comparator.comparing(MailEntry::arrival))
                .limit(most)
                .map(e -> new MailStep.MessageRef(e.id, e.arrival(), e.sender()))
                .toList();
    }

    /** Judges, and draws the picture anew where something changed or a second has passed. */
    MailPicture tick(long nowNanos) {
        if (!watched || !changed && nowNanos - pictureNanos < Nanos.PER_SECOND) {
            return picture;
        }
        // A queue of many is walked through once a second at most.
        if (nowNanos - pictureNanos < Nanos.PER_SECOND && entries.size() > 2 * MAX_LEFT) {
            return picture;
        }
        submitters.values().forEach(s -> s.judgement = judge.judge(s, nowNanos));
        picture = draw(nowNanos);
        pictureNanos = nowNanos;
        changed = false;
        return picture;
    }

    private MailPicture draw(long nowNanos) {
        Map<SubmitterState, Instant> oldest = new HashMap<>();
        Map<SubmitterState, List<QueueId>> newest = new HashMap<>();
        for (MailEntry entry : entries.values()) {
            SubmitterState submitter = entry.submitter;
            if (submitter != null && entry.isQueued()) {
                oldest.merge(submitter, entry.arrival(), (a, b) -> a.isBefore(b) ? a : b);
                List<QueueId> listed = newest.computeIfAbsent(submitter, s -> new ArrayList<>());
                if (listed.size() < MailPicture.MAX_LISTED) {
                    listed.add(entry.id);
                }
            }
        }
        List<MailPicture.Submitter> rows = submitters.values().stream()
                .filter(s -> s.messages > 0)
                .sorted(worstFirst())
                .limit(MailPicture.MAX_SUBMITTERS)
                .map(s -> s.view(nowNanos, Optional.ofNullable(oldest.get(s)), newest.getOrDefault(s, List.of())))
                .toList();
        List<MailPicture.Message> messages = recent.stream()
                .sorted(Comparator.comparing((MailEntry e) -> !e.isQueued())
                        .thenComparing(Comparator.comparing(MailEntry::arrival).reversed()))
                .map(e -> e.view(LISTED_RECIPIENTS))
                .toList();
        return new MailPicture(
                true, totals(oldest.values().stream().min(Instant::compareTo)), rows, submitters.size(), messages);
    }

    private MailPicture.Totals totals(Optional<Instant> oldest) {
        SubmitterState all = new SubmitterState("", new MailOrigin.Unknown(""));
        for (SubmitterState s : submitters.values()) {
            all.queued += s.queued;
            all.held += s.held;
            all.deferred += s.deferred;
            all.messages += s.messages;
            all.sent += s.sent;
            all.bounced += s.bounced;
            all.backscatter += s.backscatter;
            all.disputed += s.disputed;
        }
        MailPicture.Totals sums = all.counts(oldest);
        long waiting =
                beyond + unread.values().stream().mapToLong(Integer::longValue).sum();
        return new MailPicture.Totals(
                sums.queued() + waiting,
                sums.held(),
                sums.deferred(),
                waiting,
                sums.messages(),
                sums.sent(),
                sums.bounced(),
                sums.backscatter(),
                sums.disputed(),
                oldest);
    }

    private static Comparator<SubmitterState> worstFirst() {
        return Comparator.comparing((SubmitterState s) -> s.judgement.verdict())
                .thenComparingInt(s -> s.judgement.score())
                .thenComparingLong(s -> s.queued)
                .thenComparingLong(s -> s.messages)
                .reversed();
    }
}
