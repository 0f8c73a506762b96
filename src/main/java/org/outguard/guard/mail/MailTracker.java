package org.outguard.guard.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.detect.DecisionLog;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.SeenLogin;

/**
 * Mail by who sends it: puts what queue and log say of a message together, and counts each message once for the first
 * submitter behind it, also when that becomes known later. Sums are kept as messages come and go, so a tick costs what
 * changed, however much is queued.
 */
public final class MailTracker {

    /* As many as a reader of a queue follows, see SpoolReader. */
    private static final int MAX_QUEUED = 200_000;
    private static final int MAX_LEFT = 4_096;
    private static final int MAX_BEYOND = 65_536;
    private static final int MAX_SUBMITTERS = 1_024;
    static final int LISTED_RECIPIENTS = 4;

    /** So many submitters are looked through at each tick that changed something; more of them once a second. */
    private static final int FEW_SUBMITTERS = 64;

    /** A large folder is listed once in so long at the latest: what the queue does not show by then is not there. */
    private static final Duration UNSEEN = Duration.ofSeconds(60);

    private final MailJudge judge;
    private final DecisionLog log;
    private final LoginHistory logins = new LoginHistory();
    private final QueueAlarms alarms;
    private final Supplier<String> ids;
    private final Map<QueueId, TrackedMessage> entries = new HashMap<>();
    private final LocalSubmitterResolver localSubmitterResolver;
    private final MailNews news = new MailNews(LISTED_RECIPIENTS);
    private LogReading reading = LogReading.NONE;
    private Map<String, String> accounts = Map.of();
    private final Deque<TrackedMessage> left = new ArrayDeque<>();
    private final Map<String, SubmitterState> submitters = new LinkedHashMap<>();
    private final Map<String, QueueLook> queues = new HashMap<>();
    private final Set<QueueId> beyond = new HashSet<>();
    private final ReasonPatterns patterns = new ReasonPatterns();
    private final LogContradictions contradictions = new LogContradictions();
    private boolean watched;
    private boolean changed;
    private boolean wholeTrace;
    private MailSnapshot picture = MailSnapshot.NONE;
    private long pictureNanos = Long.MIN_VALUE / 2;

    public MailTracker(Policy policy, Supplier<String> ids, OwnAddresses own, DecisionLog log) {
        this.localSubmitterResolver = new LocalSubmitterResolver(entries, this::handedInBySomebody, own);
        this.judge = new MailJudge(policy);
        this.alarms = new QueueAlarms(policy.mail().queue());
        this.ids = ids;
        this.log = log;
    }

    /** Whether anything of mail was seen. */
    public boolean watched() {
        return watched;
    }

    /** Why there is no mail to be watched, as long as there is none. */
    public void absent(List<String> why) {
        if (!watched) {
            picture = MailSnapshot.none(why);
        }
    }

    /** Receivers complained about messages; those that are followed are charged to their submitters, each once. */
    public void complained(MailObservation.Complained complaint) {
        for (MailObservation.Complained.About about : complaint.about()) {
            for (TrackedMessage entry : entries.values()) {
                SubmitterState submitter = entry.submitter;
                if (submitter != null && !entry.complained && entry.isAbout(about)) {
                    entry.complained = true;
                    submitter.complaints.add(Nanos.of(complaint.at()), 1);
                    changed = true;
                    break;
                }
            }
        }
    }

    /** Whose domains are. */
    public void accounts(Map<String, String> known) {
        accounts = known;
        changed = true;
    }

    /** How much of the logs was read. */
    public void read(LogReading newReading) {
        reading = newReading;
        changed = true;
        watched = true;
    }

    /** What the log says of messages that are new or have changed. */
    public void logged(List<LoggedMessage> messages) {
        watched = true;
        changed |= !messages.isEmpty();
        for (LoggedMessage message : messages) {
            if (contradictions.holds(entries.get(message.id()), message)) {
                continue;
            }
            TrackedMessage entry = entry(message.id(), message.first());
            if (entry != null) {
                boolean known = entry.isOpenByLogAlone();
                entry.inLog = message;
                settle(entry);
                QueueLook queue =
                        message.id().host().isEmpty() ? queues.get(message.id().instance()) : null;
                if (queue != null && !known && entry.isOpenByLogAlone()) {
                    queue.byLogAlone.addLast(entry);
                }
            }
        }
    }

    /** What a look at a queue has found; see {@link MailObservation.QueueSeen}. */
    public void queueSeen(MailObservation.QueueSeen look) {
        QueueLook queue = queues.computeIfAbsent(look.instance(), this::firstLook);
        int unread = look.unread() + look.uncounted();
        changed |= !watched
                || unread != queue.unread
                || !look.seen().isEmpty()
                || !look.gone().isEmpty();
        watched = true;
        queue.unread = unread;
        for (QueueId id : look.gone()) {
            beyond.remove(id);
            TrackedMessage entry = entries.get(id);
            if (entry != null) {
                leftQueue(entry);
            }
        }
        for (QueuedMessage message : look.seen()) {
            TrackedMessage entry = entry(message.id(), message.arrival());
            if (entry != null) {
                entry.queued(message);
                settle(entry);
            }
        }
        if (unread == 0) {
            missed(queue, look.at().minus(UNSEEN));
        }
    }

    /** A queue is not there any more: nothing is in it. */
    public void queueEnded(String instance) {
        queues.remove(instance);
        beyond.removeIf(id -> id.instance().equals(instance));
        List<TrackedMessage> gone = entries.values().stream()
                .filter(entry -> entry.id.instance().equals(instance) && entry.isQueued())
                .toList();
        gone.forEach(this::leftQueue);
        changed = true;
    }

    private QueueLook firstLook(String instance) {
        QueueLook queue = new QueueLook();
        entries.values().stream()
                .filter(e -> e.id.instance().equals(instance) && e.id.host().isEmpty() && e.isOpenByLogAlone())
                .sorted(Comparator.comparing(TrackedMessage::lastLine))
                .forEach(queue.byLogAlone::addLast);
        return queue;
    }

    /* The line that tells of a message's end may be lost, or the one of its beginning forged. */
    private void missed(QueueLook queue, Instant before) {
        TrackedMessage oldest = queue.byLogAlone.peekFirst();
        while (oldest != null && oldest.lastLine().isBefore(before)) {
            queue.byLogAlone.removeFirst();
            if (oldest.isOpenByLogAlone() && entries.get(oldest.id) == oldest) {
                leftQueue(oldest);
                changed = true;
            }
            oldest = queue.byLogAlone.peekFirst();
        }
    }

    private void leftQueue(TrackedMessage entry) {
        entry.inQueue = null;
        entry.gone = true;
        settle(entry);
        LoggedMessage next = entry.unfit;
        if (next != null) {
            entry.unfit = null;
            logged(List.of(next));
        }
    }

    /** Takes in who has a connection to the mail system from this machine. */
    public void handedIn(MailObservation.LocalClientsSampled look) {
        localSubmitterResolver.seen(look);
    }

    /** Takes in what the kernel told of connections to the mail system from this machine. */
    public void told(MailObservation.SmtpSessionEvents news) {
        localSubmitterResolver.told(news);
    }

    /** Takes in who logged in at services beside the mail system; what has no mail is not shown. */
    public void loggedIn(List<SeenLogin> seen) {
        for (SeenLogin login : seen) {
            changed |= submitters.containsKey(logins.seen(login));
        }
    }

    /** Who is behind a message that has been in the queue, or was spoken of, since then. */
    public Optional<Provenance> rootOf(QueueId id, Instant since) {
        TrackedMessage entry = entries.get(id);
        return entry != null && (entry.isQueued() || entry.lastLine().isAfter(since))
                ? Optional.of(entry.root())
                : Optional.empty();
    }

    /** All mail of a submitter. */
    public Optional<MailSnapshot.Totals> countsOf(MailOrigin origin) {
        return Optional.ofNullable(submitters.get(origin.key())).map(s -> s.counts(s.oldest()));
    }

    /** The message with that id that came then, made where it is new; null where no more can be followed. */
    private @Nullable TrackedMessage entry(QueueId id, Instant arrival) {
        TrackedMessage known = entries.get(id);
        if (known != null) {
            if (LogContradictions.fits(known, arrival)) {
                return known;
            }
            // Another message with the same id. What is counted of the first one stays, but it is not in the queue.
            known.inQueue = null;
            known.gone = true;
            retire(known);
        }
        if (entries.size() >= MAX_QUEUED + MAX_LEFT && known == null) {
            if (beyond.size() < MAX_BEYOND) {
                beyond.add(id);
            }
            return null;
        }
        TrackedMessage made = new TrackedMessage(id);
        entries.put(id, made);
        return made;
    }

    /** Counts what is new of a message. */
    private void settle(TrackedMessage entry) {
        localSubmitterResolver.settle(entry);
        count(entry);
    }

    private void count(TrackedMessage entry) {
        SubmitterState submitter = submitter(entry.root().origin());
        if (entry.submitter != submitter) {
            if (entry.submitter != null) {
                SubmitterCounters.uncount(entry, entry.submitter);
            }
            entry.submitter = submitter;
        }
        news.add(entry);
        SubmitterCounters.count(entry, submitter, entry.isDeferred() ? patterns.of(entry.reason()) : "");
        if (!entry.isQueued() && entries.get(entry.id) == entry && !entry.hasLeft) {
            leave(entry);
        }
    }

    private void handedInBySomebody(TrackedMessage entry) {
        changed = true;
        count(entry);
    }

    /** It has left the queue; it is kept a while, since its bounce may come. */
    private void leave(TrackedMessage entry) {
        entry.hasLeft = true;
        left.addLast(entry);
        if (left.size() > MAX_LEFT) {
            TrackedMessage oldest = left.removeFirst();
            oldest.hasLeft = false;
            if (!oldest.isQueued()) {
                entries.remove(oldest.id, oldest);
            }
        }
    }

    private static void retire(TrackedMessage entry) {
        SubmitterState submitter = entry.submitter;
        if (submitter != null) {
            SubmitterCounters.leftQueue(entry, submitter);
        }
    }

    private SubmitterState submitter(MailOrigin origin) {
        String key = origin.key();
        SubmitterState known = submitters.get(key);
        if (known != null) {
            return known;
        }
        MailOrigin named = origin.submitter();
        if (submitters.size() >= MAX_SUBMITTERS && !forgetOne()) {
            key = "more";
            named = new MailOrigin.Unknown("more submitters than can be told apart");
        }
        MailOrigin who = named;
        return submitters.computeIfAbsent(key, k -> new SubmitterState(ids.get(), who, logins.of(who)));
    }

    /* Of those that are clean and have nothing queued, one that always was, where there is one. */
    private boolean forgetOne() {
        return submitters.values().stream()
                .filter(submitter -> submitter.queued == 0 && submitter.judgement.verdict() == Verdict.CLEAN)
                .min(Comparator.comparing(submitter -> submitter.worst.verdict()))
                .map(submitters.values()::remove)
                .orElse(false);
    }

    /** Nobody reads of single messages: what has changed is not kept for a picture. */
    public void withoutNews() {
        news.end();
    }

    /** From here on each submitter is shown by the worst that was ever thought of it. */
    public void lookBack() {
        wholeTrace = true;
        pictureNanos = Long.MIN_VALUE / 2;
    }

    /** Judges without a picture, for whoever ticks more often than anybody looks. */
    public void judge(long nowNanos) {
        localSubmitterResolver.tick(nowNanos);
        submitters.values().forEach(s -> s.judged(judge.judge(s, nowNanos), nowNanos, log));
    }

    /** Judges, and draws the picture anew where something changed or a second has passed. */
    public MailSnapshot tick(long nowNanos) {
        localSubmitterResolver.tick(nowNanos);
        boolean second = nowNanos - pictureNanos >= Nanos.PER_SECOND;
        if (!watched || !second && (!changed || submitters.size() > FEW_SUBMITTERS)) {
            return picture;
        }
        submitters.values().forEach(s -> {
            s.judged(judge.judge(s, nowNanos), nowNanos, log);
            s.proven = judge.judgeProven(s, nowNanos);
        });
        picture = new MailSummary(submitters.values(), left, waiting(), news.draw(), reading, accounts, wholeTrace)
                .draw(nowNanos);
        pictureNanos = nowNanos;
        changed = false;
        return picture;
    }

    /** What is an alarm about the queues as a whole, see {@link QueueAlarms#look}; nothing while they are first read. */
    public Map<String, String> alarms(Instant now) {
        contradictions.count(now, UNSEEN);
        if (queues.isEmpty() || queues.values().stream().anyMatch(q -> q.unread > 0)) {
            return Map.of();
        }
        long queued = 0;
        Optional<Instant> oldest = Optional.empty();
        for (SubmitterState submitter : submitters.values()) {
            queued += submitter.queued;
            oldest = SubmitterState.earlier(oldest, submitter.oldestWaiting());
        }
        Map<String, String> all = new HashMap<>(alarms.look(queued, oldest, now));
        all.put("forged log", contradictions.words());
        return all;
    }

    /* Messages in queues that are counted, and not read. */
    private long waiting() {
        return beyond.size() + queues.values().stream().mapToLong(q -> q.unread).sum();
    }
}
