package org.outguard.tui;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.Snapshot;
import org.outguard.guard.StandingBlock;
import org.outguard.guard.Talker;
import org.outguard.guard.Verdict;
import org.outguard.owner.MatchQuality;
import org.outguard.text.Columns;
import org.outguard.text.Numbers;
import org.outguard.text.Words;

/** The table of talkers: suspects first, the rest dim below them. */
final class TablePart {

    private static final int LEAST_BAR = 9;

    private TablePart() {}

    static void head(Canvas canvas, Layout layout, ViewState view, List<Column.Placed> columns) {
        int row = layout.headRow();
        canvas.fill(row, 0, canvas.columns(), Ground.BAR);
        for (Column.Placed place : columns) {
            boolean sorted = place.column().sort().equals(Optional.of(view.sort()));
            String mark = sorted ? view.sort().falling(view.reversed()) ? "▾" : "▴" : "";
            String title = place.column().title + mark;
            Ink ink = sorted ? Ink.STRONG : Ink.DIM;
            if (place.column().right) {
                canvas.textLeftOf(row, place.from() + place.width(), title, ink, Ground.BAR);
            } else {
                canvas.text(row, place.from(), place.width(), title, ink, Ground.BAR);
            }
        }
    }

    /** Rows that the table would fill: the talkers, and a line that says that there is nothing to worry about. */
    static int wanted(Snapshot snapshot) {
        return snapshot.talkers().size() + (quiet(snapshot) ? 1 : 0);
    }

    private static boolean quiet(Snapshot snapshot) {
        return snapshot.talkers().stream().allMatch(talker -> talker.verdict() == Verdict.CLEAN);
    }

    static void rows(
            Canvas canvas,
            Layout layout,
            Snapshot snapshot,
            ViewState view,
            List<Talker> talkers,
            List<Column.Placed> columns) {
        int row = layout.tableTop();
        int end = row + layout.tableRows();
        if (quiet(snapshot)) {
            canvas.text(row, 1, canvas.columns() - 2, quietWords(snapshot), Ink.GOOD, Ground.NONE);
            row++;
        }
        for (int i = view.top(); i < talkers.size() && row < end; i++) {
            Talker talker = talkers.get(i);
            Ground ground = talker.id().equals(view.selected()) ? Ground.SELECTED : Ground.NONE;
            canvas.fill(row, 0, canvas.columns(), ground);
            for (Column.Placed place : columns) {
                cell(canvas, row, place, talker, snapshot, ground);
            }
            row++;
        }
    }

    private static String quietWords(Snapshot snapshot) {
        if (snapshot.sequence() == 0) {
            return "· waiting for the first packets";
        }
        if (snapshot.talkers().isEmpty()) {
            return snapshot.totals().packets() == 0
                    ? "· nothing over the limits; nothing has left yet"
                    : "· nothing over the limits; nobody sends now";
        }
        Talker busiest = snapshot.talkers().stream()
                .max(Sort.PACKETS.order(false).reversed())
                .orElseThrow();
        return "✓ nothing over the limits; busiest: " + Words.process(busiest) + ", "
                + Numbers.rate(busiest.rate().packets1s()) + " pps to " + Words.destination(busiest);
    }

    private static void cell(
            Canvas canvas, int row, Column.Placed place, Talker talker, Snapshot snapshot, Ground ground) {
        boolean clean = talker.verdict() == Verdict.CLEAN;
        Ink plain = clean ? Ink.DIM : Ink.TEXT;
        Ink signal = signal(talker);
        int from = place.from();
        int width = place.width();
        switch (place.column()) {
            case SEVERITY -> canvas.text(row, from, width, severity(talker), signal, ground);
            case SCORE -> {
                if (width >= LEAST_BAR) {
                    Bars.line(canvas, row, from, width - 4, talker.score(), signal, ground);
                }
                canvas.textLeftOf(row, from + width, Integer.toString(talker.score()), signal, ground);
            }
            case PID -> canvas.textLeftOf(row, from + width, pid(talker), Ink.DIM, ground);
            case PROCESS ->
                canvas.text(
                        row,
                        from,
                        width,
                        process(talker, width),
                        talker.verdict() == Verdict.OFFENDING ? Ink.STRONG : plain,
                        ground);
            case USER -> canvas.text(row, from, width, user(talker), plain, ground);
            case DESTINATION ->
                canvas.text(row, from, width, Shorter.destination(Words.destination(talker), width), plain, ground);
            case PACKETS ->
                canvas.textLeftOf(row, from + width, Numbers.rate(talker.rate().packets1s()), signal, ground);
            case BITS ->
                canvas.textLeftOf(row, from + width, Numbers.bits(talker.rate().bits1s()), plain, ground);
            case HISTORY ->
                Bars.graph(
                        canvas, new Box(row, from, 1, width), talker.history(), clean ? Ink.FAINT : Ink.TRACE, ground);
            case MATCH -> canvas.text(row, from, width, match(talker), matchInk(talker), ground);
            case ACTION -> action(canvas, row, from, width, talker, snapshot, ground);
        }
    }

    static Ink signal(Talker talker) {
        return switch (talker.verdict()) {
            case OFFENDING -> Ink.BAD;
            case SUSPECT -> Ink.WARN;
            case CLEAN -> Ink.DIM;
        };
    }

    private static String severity(Talker talker) {
        return switch (talker.verdict()) {
            case OFFENDING -> "● ATTACK";
            case SUSPECT -> "▲ suspect";
            case CLEAN -> "· clean";
        };
    }

    private static String pid(Talker talker) {
        return talker.attribution()
                .knownOwner()
                .map(owner -> Integer.toString(owner.pid()))
                .orElse("-");
    }

    private static String process(Talker talker, int width) {
        int pids = talker.pids().size();
        String count = pids > 1 ? pids + "× " : "";
        return talker.attribution()
                .knownOwner()
                .map(owner -> count + Shorter.process(owner, width - Columns.width(count)))
                .orElse("nobody named");
    }

    private static String user(Talker talker) {
        return talker.attribution().knownOwner().isPresent() ? Words.user(talker) : "-";
    }

    private static String match(Talker talker) {
        return switch (talker.attribution().quality()) {
            case EXACT -> "exact";
            case PROBABLE -> "prob.";
            case NONE -> "none";
        };
    }

    private static Ink matchInk(Talker talker) {
        boolean doubtful = talker.attribution().quality() != MatchQuality.EXACT;
        return doubtful && talker.verdict() != Verdict.CLEAN ? Ink.WARN : Ink.DIM;
    }

    private static void action(
            Canvas canvas, int row, int from, int width, Talker talker, Snapshot snapshot, Ground ground) {
        Optional<StandingBlock> block = Blocks.telling(talker.blocks());
        if (block.isEmpty()) {
            if (talker.verdict() == Verdict.OFFENDING) {
                canvas.text(row, from, width, "not blocked", Ink.BAD, ground);
            }
            return;
        }
        String words = Blocks.words(block.get(), snapshot.at());
        canvas.text(row, from, width, words, Blocks.ink(block.get()), ground);
    }
}
