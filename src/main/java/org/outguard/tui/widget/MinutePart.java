package org.outguard.tui.widget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Owner;
import org.outguard.text.Columns;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.Words;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Bars;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Stack;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Abbreviator;
import org.outguard.tui.view.Timeline;

/**
 * The last minute of all that leaves: senders over a limit in the colour of their verdict above everybody else, with the
 * limit of one sender, and what began, was stopped and ended.
 */
final class MinutePart {

    private static final int SECONDS = 60;

    /** Seconds by which the graph moves: each move is drawn whole. */
    private static final int STEP = 5;

    private static final int LABEL = 6;
    private static final int BODY = 0x2588;
    private static final int SECOND_BODY = 0x2593;
    private static final int OTHERS_BODY = 0x2592;
    private static final String FIRST = "-60 s";
    private static final String LAST = "now";
    private static final int LEAST_NAMES = 28;

    private MinutePart() {}

    /** A sender with a tone of its own, or all the others. */
    private record Part(String name, double rate, Stack.Series series) {}

    /**
     * Draws it.
     *
     * @param top its first row
     * @param rows how many: one has no room for an axis
     */
    static void draw(Canvas canvas, int top, int rows, Snapshot snapshot, Timeline timeline, LocalTimes times) {
        boolean low = rows == 1;
        List<Talker> senders = loudest(snapshot);
        int left = 1 + LABEL + (low ? FIRST.length() + 1 : 0);
        int right = LAST.length() + 1;
        int room = canvas.columns() - left - right - LEAST_NAMES - 3;
        int width = room >= SECONDS ? room / SECONDS * SECONDS : SECONDS / 2;
        if (canvas.columns() < left + width + right + 1) {
            return;
        }
        int namesFrom = left + width + right + 2;
        List<Part> parts = parts(snapshot, senders, canvas.columns() - namesFrom - 1);
        int graph = low ? 1 : rows - 1;
        List<Stack.Series> series = new ArrayList<>();
        for (int i = parts.size() - 1; i >= 0; i--) {
            series.add(parts.get(i).series());
        }
        long limit = limit(snapshot.talkers());
        long most = Bars.greatest(Stack.sums(series));
        Stack.Scale scale = Stack.draw(
                canvas,
                new Box(top, left, graph, width),
                series,
                low ? 0 : limit,
                snapshot.at().getEpochSecond(),
                STEP);
        scale(canvas, top, graph, Bars.scale(most), limit);
        names(canvas, top, graph, namesFrom, parts);
        if (low) {
            canvas.text(top, 1 + LABEL, FIRST, TextRole.DIM, BackgroundRole.NONE);
            canvas.text(top, left + width + 1, LAST, TextRole.DIM, BackgroundRole.NONE);
            return;
        }
        int row = top + graph;
        List<Timeline.Mark> marks = timeline.marks(snapshot.at(), SECONDS);
        Set<Integer> marked = new HashSet<>();
        for (Timeline.Mark mark : marks) {
            int column = column(mark, snapshot, scale);
            marked.add(column);
            canvas.put(row, column, mark.sign(), mark.ink(), BackgroundRole.NONE);
        }
        axis(canvas, row, left, width, marked);
        newest(canvas, row, namesFrom, marks, times);
    }

    /* Of the worst that is judged by packets. */
    private static long limit(List<Talker> worstFirst) {
        for (Talker talker : worstFirst) {
            if (talker.limit() > 0 && talker.verdict() != Verdict.CLEAN) {
                return talker.limit();
            }
        }
        return 0;
    }

    /* The two that sent most in this minute, of those that are over a limit or near it. */
    private static List<Talker> loudest(Snapshot snapshot) {
        if (snapshot.talkers().isEmpty()) {
            return List.of(); // the first frame does not wait for what it does not need
        }
        return snapshot.talkers().stream()
                .filter(talker -> talker.verdict() != Verdict.CLEAN)
                .filter(talker -> Bars.greatest(talker.history()) > 0)
                .sorted(Comparator.comparing(Talker::verdict)
                        .thenComparingLong(talker -> talker.history().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .reversed())
                .limit(2)
                .toList();
    }

    private static List<Part> parts(Snapshot snapshot, List<Talker> senders, int width) {
        List<Part> parts = new ArrayList<>();
        List<Long> left = new ArrayList<>(snapshot.totals().history());
        double rate = snapshot.totals().rate().packets1s();
        for (Talker sender : senders) {
            List<Long> own = own(sender, left);
            TextRole textRole = sender.verdict() == Verdict.OFFENDING ? TextRole.BAD : TextRole.WARN;
            String name = sender.attribution()
                    .knownOwner()
                    .map(owner -> name(owner, width))
                    .orElse("unknown sender");
            parts.add(new Part(
                    name,
                    sender.rate().packets1s(),
                    new Stack.Series(own, parts.isEmpty() ? BODY : SECOND_BODY, textRole)));
            rate -= sender.rate().packets1s();
        }
        parts.add(new Part(
                senders.isEmpty() ? "all senders" : "everything else",
                Math.max(0, rate),
                new Stack.Series(left, senders.isEmpty() ? BODY : OTHERS_BODY, TextRole.TRACE)));
        return parts;
    }

    private static String name(Owner owner, int width) {
        String name = Abbreviator.process(owner, Math.max(8, width - 20));
        return name.isEmpty() ? Words.process(owner) : name;
    }

    /* What it sent, taken off what is left: never more than that, as both are rounded. */
    private static List<Long> own(Talker sender, List<Long> left) {
        List<Long> own = new ArrayList<>();
        int skipped = sender.history().size() - left.size();
        for (int i = 0; i < left.size(); i++) {
            long here =
                    i + skipped < 0 ? 0 : Math.min(left.get(i), sender.history().get(i + skipped));
            own.add(here);
            left.set(i, left.get(i) - here);
        }
        return own;
    }

    private static void scale(Canvas canvas, int top, int rows, double most, long limit) {
        int end = LABEL;
        canvas.textLeftOf(top, end, Numbers.rate(most), TextRole.DIM, BackgroundRole.NONE);
        if (rows >= 5) {
            canvas.textLeftOf(top + rows / 2, end, Numbers.rate(most / 2), TextRole.DIM, BackgroundRole.NONE);
        }
        if (rows > 1 && limit > 0 && limit <= most) {
            int row = top + rows - (int) Math.ceil(limit / most * rows);
            canvas.textLeftOf(row, end, Numbers.rate((double) limit), TextRole.WARN, BackgroundRole.NONE);
        }
    }

    private static void names(Canvas canvas, int top, int rows, int from, List<Part> parts) {
        int width = canvas.columns() - from - 1;
        double all = parts.stream().mapToDouble(Part::rate).sum();
        for (int i = 0; i < Math.min(rows, parts.size()) && width > 12; i++) {
            Part part = parts.get(i);
            int row = top + i;
            canvas.put(row, from, part.series().body(), part.series().ink(), BackgroundRole.NONE);
            String share = all < 1 ? "" : share(part.rate() / all);
            String figures = Columns.fitLeft(Numbers.rate(part.rate()), 6) + Columns.fitLeft(share, 6);
            int end = from + Math.min(width, 44);
            canvas.textLeftOf(row, end, figures, TextRole.TEXT, BackgroundRole.NONE);
            boolean named = part.series().ink() != TextRole.TRACE;
            canvas.text(
                    row,
                    from + 2,
                    end - from - 2 - figures.length(),
                    part.name(),
                    named ? TextRole.STRONG : TextRole.DIM,
                    BackgroundRole.NONE);
        }
    }

    private static String share(double part) {
        return part > 0 && part < 0.005 ? "<1 %" : Math.round(part * 100) + " %";
    }

    /* Figures that a mark would stand in are left out. */
    private static void axis(Canvas canvas, int row, int left, int width, Set<Integer> marked) {
        for (int seconds = SECONDS; seconds > 0; seconds -= 15) {
            String text = seconds == SECONDS ? FIRST : "-" + seconds;
            int at = left + width - width * seconds / SECONDS;
            boolean free = true;
            for (int column = at - 1; column <= at + text.length(); column++) {
                free &= !marked.contains(column);
            }
            if (free) {
                canvas.text(row, at, text, TextRole.DIM, BackgroundRole.NONE);
            }
        }
        canvas.text(row, left + width + 1, LAST, TextRole.DIM, BackgroundRole.NONE);
    }

    private static int column(Timeline.Mark mark, Snapshot snapshot, Stack.Scale scale) {
        return scale.column(
                SECONDS - 1 - (int) Duration.between(mark.at(), snapshot.at()).toSeconds());
    }

    private static void newest(Canvas canvas, int row, int from, List<Timeline.Mark> marks, LocalTimes times) {
        if (marks.isEmpty()) {
            return;
        }
        Timeline.Mark last = marks.get(marks.size() - 1);
        String text = times.clock(last.at()) + " " + last.word();
        canvas.put(row, from, last.sign(), last.ink(), BackgroundRole.NONE);
        canvas.text(row, from + 2, Math.max(0, canvas.columns() - from - 3), text, TextRole.DIM, BackgroundRole.NONE);
    }
}
