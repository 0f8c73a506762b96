package org.outguard.headless;

import java.io.Flushable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.ndjson.Ndjson;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.ProcessId;

/**
 * Decides which lines a log gets: changes at once, growth (or less, where some turns out to be another's) each second, a summary each ten
 * and when another eye counts, everything at the end. Time is
 * the snapshots' own, so a replay is logged as if it happened. One thread.
 */
public final class WatchLog {

    private static final Duration GROWTH_EVERY = Duration.ofSeconds(1);
    private static final Duration SUMMARY_EVERY = Duration.ofSeconds(10);

    /** Lines that only say "more" for one snapshot; the worst come first. Changes are not limited. */
    static final int MAX_GROWTH_LINES = 64;

    private final Appendable out;
    private final boolean all;
    private final @Nullable InstantSource clock;
    private Map<String, Logged> logged = new HashMap<>();
    private List<Snapshot.Notice> noticesBefore = List.of();
    private @Nullable Instant summaryAt;
    private Snapshot.@Nullable Eye eyeBefore;
    private boolean torn;
    private long lostLines;
    private List<String> confined = List.of();

    private final MailWatchLog mail = new MailWatchLog();

    /** What the newest line of a talker said. */
    private record Logged(Instant at, Verdict verdict, State state, long packets) {}

    /** What makes a line at once when it changes. */
    private record State(
            MatchQuality match, @Nullable ProcessId owner, RowStatus.State status, List<BlockState> blocks) {
        static State of(Talker talker) {
            return new State(
                    talker.attribution().quality(),
                    talker.attribution().knownOwner().map(o -> o.id()).orElse(null),
                    talker.status().state(),
                    talker.blocks().stream().map(BlockState::of).toList());
        }
    }

    /** A block without what runs on by itself, its counters. */
    private record BlockState(String actionId, ActiveBlock.State state, Instant expires) {
        static BlockState of(ActiveBlock block) {
            return new BlockState(block.actionId(), block.state(), block.expires());
        }
    }

    /**
     * A log.
     *
     * @param out where lines go, one append a line; flushed after each snapshot where it can be; not closed here
     * @param all whether CLEAN talkers are listed at the end, too
     */
    public WatchLog(Appendable out, boolean all) {
        this(out, all, null);
    }

    /**
     * A log of what is so now.
     *
     * @param out where lines go, one append a line; flushed after each snapshot where it can be; not closed here
     * @param all whether CLEAN talkers are listed at the end, too
     * @param clock tells how old a snapshot is by the time its lines are made; null where that says nothing, as in a replay
     */
    public WatchLog(Appendable out, boolean all, @Nullable InstantSource clock) {
        this.out = out;
        this.all = all;
        this.clock = clock;
    }

    /**
     * What this process has given up, for the summaries from here on.
     *
     * @param newConfined empty for nothing
     */
    public WatchLog confinedBy(List<String> newConfined) {
        confined = List.copyOf(newConfined);
        return this;
    }

    private String summary(Snapshot snapshot) {
        return Ndjson.summary(
                snapshot, clock == null ? Duration.ZERO : Duration.between(snapshot.at(), clock.instant()), confined);
    }

    /** Writes what is new in this snapshot. */
    public LogResult accept(Snapshot snapshot) {
        List<String> lines = new ArrayList<>();
        newNotices(snapshot.notices()).forEach(notice -> lines.add(Ndjson.notice(notice)));
        noticesBefore = snapshot.notices();
        lines.addAll(moved(snapshot));
        Map<String, Logged> next = new HashMap<>();
        int growth = 0;
        for (Talker talker : snapshot.talkers()) {
            Logged before = logged.get(talker.id());
            boolean changed = changed(before, talker);
            boolean grown = !changed && growth < MAX_GROWTH_LINES && grown(before, talker, snapshot.at());
            if (changed || grown) {
                lines.add(Ndjson.talker(snapshot.at(), talker));
                growth += grown ? 1 : 0;
                before = new Logged(snapshot.at(), talker.verdict(), State.of(talker), talker.packets());
            }
            if (before != null && talker.verdict() != Verdict.CLEAN) {
                next.put(talker.id(), before);
            }
        }
        logged = next;
        lines.addAll(mail.accept(snapshot));
        lines.addAll(mail.deliveries(snapshot));
        boolean otherEye = eyeBefore != null && eyeBefore != snapshot.eye();
        eyeBefore = snapshot.eye();
        if (summaryAt == null) {
            summaryAt = snapshot.at();
        } else if (otherEye || passed(summaryAt, snapshot.at(), SUMMARY_EVERY)) {
            summaryAt = snapshot.at();
            lines.add(summary(snapshot));
        }
        return write(lines);
    }

    /** Writes the last word on every talker that is not CLEAN, and a last summary. */
    public LogResult finish(Snapshot snapshot) {
        List<String> lines = new ArrayList<>();
        newNotices(snapshot.notices()).forEach(notice -> lines.add(Ndjson.notice(notice)));
        noticesBefore = snapshot.notices();
        lines.addAll(moved(snapshot));
        for (Talker talker : snapshot.talkers()) {
            if (all || talker.verdict() != Verdict.CLEAN || logged.containsKey(talker.id())) {
                lines.add(Ndjson.talker(snapshot.at(), talker));
            }
        }
        lines.addAll(mail.finish(snapshot, all));
        lines.addAll(mail.deliveries(snapshot));
        lines.add(summary(snapshot));
        return write(lines);
    }

    /* Else its last line would go on counting what stands in another's, too. */
    private List<String> moved(Snapshot snapshot) {
        return snapshot.moved().stream()
                .filter(moved -> logged.containsKey(moved.id()))
                .map(moved -> Ndjson.moved(snapshot.at(), moved))
                .toList();
    }

    /* The line that says a talker is CLEAN again is its last one. */
    private static boolean changed(@Nullable Logged before, Talker talker) {
        if (before == null) {
            return talker.verdict() != Verdict.CLEAN;
        }
        return before.verdict() != talker.verdict() || !before.state().equals(State.of(talker));
    }

    private static boolean grown(@Nullable Logged before, Talker talker, Instant now) {
        return before != null && talker.packets() != before.packets() && passed(before.at(), now, GROWTH_EVERY);
    }

    /* A clock that was set back must not silence the log. */
    private static boolean passed(Instant from, Instant now, Duration span) {
        return now.isBefore(from) || !now.isBefore(from.plus(span));
    }

    /* The list is bounded and bears no numbers: what stood before is its longest beginning that ended the last one. */
    private List<Snapshot.Notice> newNotices(List<Snapshot.Notice> notices) {
        for (int gone = 0; gone < noticesBefore.size(); gone++) {
            List<Snapshot.Notice> left = noticesBefore.subList(gone, noticesBefore.size());
            if (left.size() <= notices.size() && notices.subList(0, left.size()).equals(left)) {
                return notices.subList(left.size(), notices.size());
            }
        }
        return notices;
    }

    private LogResult write(List<String> lines) {
        int written = 0;
        try {
            for (String line : lines) {
                /* After a failure half a line may stand there. */
                out.append(torn ? "\n" + line : line);
                torn = false;
                written++;
            }
            if (out instanceof Flushable flushable && !lines.isEmpty()) {
                flushable.flush();
            }
            return new LogResult.Written(written);
        } catch (IOException e) {
            torn = true;
            lostLines += Math.max(1, lines.size() - written);
            String message = e.getMessage();
            return new LogResult.Failed(message == null ? e.toString() : message, lostLines);
        }
    }
}
