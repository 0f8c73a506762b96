package org.outguard.tui.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.observation.TrafficObservation.SourceHealth;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Words;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Line;

/**
 * What happened, by what differs from one snapshot to the next: who began and ended, how much it was at its peak, what was
 * done about it, and what limited the view. Bounded: the oldest events are forgotten. Not safe from several threads.
 */
public final class Timeline {

    private static final int MOST = 1_000;

    private final Deque<Event> events = new ArrayDeque<>();
    private final Map<String, Sender> senders = new HashMap<>();
    private final Map<String, ActionRow.State> actions = new HashMap<>();
    private Set<String> degraded = new HashSet<>();
    private Set<Snapshot.Notice> notices = new HashSet<>();
    private long sequence = -1;
    private long dropped;
    private long number;

    /**
     * Something that happened.
     *
     * @param number counts events from 1
     * @param at when
     * @param what one word: began, suspect, peak, the word of a state, action, ended, warning, error, drops, info
     * @param talker id of the sender; empty where it is about none
     * @param text safe to print
     */
    public record Event(long number, Instant at, String what, String talker, String text) {

        /** Its colour. */
        public TextRole ink() {
            return switch (what) {
                case "began", "error" -> TextRole.BAD;
                case "warning", "drops", "peak" -> TextRole.WARN;
                case "action", "limited", "blocked", "frozen", "held", "banned" -> TextRole.GOOD;
                default -> TextRole.TEXT;
            };
        }
    }

    /**
     * A moment for a graph.
     *
     * @param at when
     * @param sign one character
     * @param ink its colour
     * @param word what it says: {@code "began"}, {@code "blocked"}, {@code "ended"}
     */
    public record Mark(Instant at, int sign, TextRole ink, String word) {}

    /** What began, was stopped and ended in so many seconds before a moment, oldest first. */
    public List<Mark> marks(Instant now, int seconds) {
        List<Mark> marks = new ArrayList<>();
        for (Event event : events) {
            int sign = event.talker().isEmpty()
                    ? 0
                    : switch (event.what()) {
                        case "began" -> '▲';
                        case "limited", "blocked", "frozen", "held", "banned" -> '■';
                        case "ended" -> '†';
                        default -> 0;
                    };
            if (sign != 0 && Duration.between(event.at(), now).toSeconds() < seconds) {
                TextRole textRole = event.what().equals("ended") ? TextRole.DIM : event.ink();
                marks.add(new Mark(event.at(), sign, textRole, event.what()));
            }
        }
        marks.sort(Comparator.comparing(Mark::at));
        return marks;
    }

    /** What was seen last of a sender that is or was over a limit. */
    private static final class Sender {
        private Verdict verdict = Verdict.CLEAN;
        private RowStatus.State state = RowStatus.State.OPEN;
        private long peak;
        private Instant peakAt = Instant.MIN;
        private String name = "";
    }

    /** The events, newest first. */
    List<Event> events() {
        return List.copyOf(events);
    }

    /** Those of one sender as lines, newest first. */
    List<Line> lines(String talker, LocalTimes times) {
        List<Line> lines = events.stream()
                .filter(event -> event.talker().equals(talker))
                .map(event -> new Line(times.clock(event.at()), event.what() + ": " + event.text(), event.ink()))
                .toList();
        return lines.isEmpty() ? List.of(Line.of("timeline", "nothing has happened to this sender yet")) : lines;
    }

    /** Takes a snapshot in; one that was seen is nothing new. */
    public void observe(Snapshot snapshot) {
        if (snapshot.sequence() == sequence || snapshot.sequence() == 0) {
            return;
        }
        sequence = snapshot.sequence();
        Set<String> there = new HashSet<>();
        for (Talker talker : snapshot.talkers()) {
            there.add(talker.id());
            if (talker.verdict() != Verdict.CLEAN || senders.containsKey(talker.id())) {
                sender(talker, snapshot.at());
            }
        }
        senders.entrySet().removeIf(entry -> {
            boolean gone = !there.contains(entry.getKey());
            if (gone && entry.getValue().state != RowStatus.State.ENDED) {
                add(snapshot.at(), "ended", entry.getKey(), entry.getValue().name + " sends no more");
            }
            return gone;
        });
        snapshot.actions().forEach(row -> action(row, snapshot));
        limits(snapshot);
    }

    private void sender(Talker talker, Instant now) {
        Sender known = senders.computeIfAbsent(talker.id(), id -> new Sender());
        known.name = name(talker);
        if (talker.verdict().compareTo(known.verdict) > 0 && !talker.status().hasEnded()) {
            boolean offends = talker.verdict() == Verdict.OFFENDING;
            add(
                    known.verdict == Verdict.CLEAN && talker.firstSeen().isBefore(now) && events.isEmpty()
                            ? talker.firstSeen()
                            : now,
                    offends ? "began" : "suspect",
                    talker.id(),
                    known.name + ": " + SafeText.clean(talker.reason()));
        }
        peak(known, talker, now);
        if (talker.status().state() != known.state) {
            state(known, talker, now);
        }
        if (talker.verdict() == Verdict.CLEAN && known.verdict != Verdict.CLEAN) {
            add(now, "ended", talker.id(), known.name + " is below its limits again");
        }
        known.verdict = talker.verdict();
        known.state = talker.status().state();
    }

    /* One event for the peak: a higher one takes its place. */
    private void peak(Sender known, Talker talker, Instant now) {
        long here = Math.round(talker.rate().packets1s());
        if (talker.verdict() != Verdict.OFFENDING || here <= known.peak + known.peak / 10) {
            return;
        }
        Instant before = known.peakAt;
        events.removeIf(event -> event.what().equals("peak")
                && event.talker().equals(talker.id())
                && event.at().equals(before));
        known.peak = here;
        known.peakAt = now;
        add(
                now,
                "peak",
                talker.id(),
                known.name + ": " + Numbers.rate(talker.rate().packets1s()) + " packets/s, "
                        + Numbers.bits(talker.rate().bits1s()) + " bit/s");
    }

    private void state(Sender known, Talker talker, Instant now) {
        RowStatus status = talker.status();
        if (status.hasEnded()) {
            String by = status.by().isEmpty() ? " exited" : " was killed by " + SafeText.clean(status.by());
            add(status.at().orElse(now), "ended", talker.id(), known.name + by);
        } else {
            String word = status.isOpen() ? known.state.word() + " no longer" : "";
            add(now, status.state().word(), talker.id(), known.name + (word.isEmpty() ? "" : ": " + word));
        }
    }

    private void action(ActionRow row, Snapshot snapshot) {
        Instant now = snapshot.at();
        ActionRow.State before = actions.put(row.action().id(), row.state());
        if (row.state() == before || row.state() == ActionRow.State.RUNNING) {
            return;
        }
        String talker = snapshot.talkers().stream()
                .filter(sender -> TalkerPage.concerns(row, sender))
                .findFirst()
                .map(Talker::id)
                .orElse("");
        String detail = row.detail().isEmpty() ? "" : " (" + SafeText.clean(row.detail()) + ")";
        add(
                before == null ? row.action().at() : now,
                row.state() == ActionRow.State.FAILED ? "error" : "action",
                talker,
                SafeText.clean(row.action().step().named()) + ": " + row.state().word() + detail + ", by "
                        + SafeText.clean(row.action().by()));
    }

    private void limits(Snapshot snapshot) {
        Set<String> now = new HashSet<>(snapshot.degraded());
        now.stream()
                .filter(reason -> !degraded.contains(reason))
                .sorted()
                .forEach(reason -> add(snapshot.at(), "warning", "", SafeText.clean(reason)));
        degraded.stream()
                .filter(reason -> !now.contains(reason))
                .sorted()
                .forEach(reason -> add(snapshot.at(), "info", "", "over: " + SafeText.clean(reason)));
        degraded = now;
        long drops =
                snapshot.sources().stream().mapToLong(SourceHealth::dropped).sum();
        if (drops > 2 * dropped) {
            add(snapshot.at(), "drops", "", Numbers.count(drops) + " packets were dropped by the capture");
            dropped = drops;
        }
        for (Snapshot.Notice notice : snapshot.notices()) {
            if (!notices.contains(notice)) {
                String what = notice.level().name().toLowerCase(java.util.Locale.ROOT);
                add(notice.at(), what, "", SafeText.clean(notice.text()));
            }
        }
        notices = new HashSet<>(snapshot.notices());
    }

    private static String name(Talker talker) {
        String name = Words.process(talker);
        String to = Words.destination(talker);
        return (name.equals("?") ? "an unnamed sender" : name) + (to.isEmpty() ? "" : " → " + to);
    }

    private void add(Instant at, String what, String talker, String text) {
        events.addFirst(new Event(++number, at, what, talker, text));
        while (events.size() > MOST) {
            events.removeLast();
        }
    }

    /** A copy for drawing. */
    List<Event> newestFirst() {
        List<Event> sorted = new ArrayList<>(events);
        sorted.sort((a, b) -> {
            int byTime = b.at().compareTo(a.at());
            return byTime != 0 ? byTime : Long.compare(b.number(), a.number());
        });
        return sorted;
    }
}
