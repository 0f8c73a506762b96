package org.outguard.tui.view;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.text.Columns;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Words;
import org.outguard.tui.draw.Bars;
import org.outguard.tui.draw.Ink;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Place;
import org.outguard.tui.table.Shorter;
import org.outguard.tui.table.StatusCell;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.View;

/**
 * Who sends: offenders first, then suspects, the rest dim below them. Figures that change all the time have one colour, so
 * that a change of theirs costs their digits and no more; what is bad is said by word, shape and colour before them.
 */
public final class OffendersView {

    private static final int LEAST_BAR = 9;
    /** Thirty graphs that moved each second would be all that a slow line carries. */
    private static final int GRAPH_STEP = 10;

    private static final Column.Width NUMBER = Column.Width.fixed(3, 5);

    private OffendersView() {}

    /** The first view, with times by the clock in the header. */
    public static View<Talker> make(LocalTimes times, Timeline timeline) {
        return new View<>(
                "Offenders",
                Snapshot::talkers,
                Talker::id,
                columns(times),
                Comparator.comparing(Talker::verdict).reversed(),
                fields(),
                OffendersView::quiet,
                OffendersView::empty,
                Subject.OfTalker::new,
                (talker, snapshot) -> TalkerDetails.of(talker, snapshot, times),
                false,
                (talker, snapshot, lookups, tab) -> TalkerPage.tabs(talker, snapshot, lookups, times, timeline, tab),
                Set.of(
                        Keys.Act.BLOCK,
                        Keys.Act.LIMIT,
                        Keys.Act.FREEZE,
                        Keys.Act.KILL,
                        Keys.Act.EVIDENCE,
                        Keys.Act.UNDO));
    }

    private static List<Column<Talker>> columns(LocalTimes times) {
        Comparator<Talker> severity = Comparator.comparing(Talker::verdict).thenComparingInt(Talker::score);
        return List.of(
                Column.text(
                                "state",
                                new Column.Width(1, StatusCell.LEAST, StatusCell.GOOD, StatusCell.GOOD),
                                severity,
                                (place, talker, snapshot) ->
                                        place.line(StatusCell.of(talker, snapshot.at(), times, place.width())))
                        .fallingFirst(),
                Column.unsorted(
                        "score", new Column.Width(10, 5, 10, 14), (place, talker, snapshot) -> score(place, talker)),
                Column.number(
                                "pid",
                                Column.Width.fixed(5, 7),
                                Comparator.comparingInt(OffendersView::pid),
                                (place, talker, snapshot) -> place.right(
                                        owner(talker).map(o -> o.id().number()).orElse("-"), Ink.DIM))
                        .risingFirst(),
                Column.text(
                        "process",
                        new Column.Width(2, 10, 28, 36),
                        Comparator.comparing(Words::process),
                        (place, talker, snapshot) -> place.text(process(talker, place.width()), name(talker))),
                Column.text(
                        "user",
                        new Column.Width(7, 8, 12, 14),
                        Comparator.comparing(Words::user),
                        (place, talker, snapshot) -> place.text(user(talker), plain(talker))),
                Column.text(
                        "destination",
                        new Column.Width(6, 19, 22, 30),
                        Comparator.comparing(Words::destination),
                        (place, talker, snapshot) -> place.text(
                                Shorter.destination(Words.destination(talker), place.width()), plain(talker))),
                Column.number(
                        "pps",
                        NUMBER,
                        Comparator.comparingDouble(talker -> talker.rate().packets1s()),
                        (place, talker, snapshot) ->
                                place.right(Numbers.rate(talker.rate().packets1s()), Ink.TEXT)),
                Column.number(
                        "bit/s",
                        Column.Width.fixed(8, 6),
                        Comparator.comparingDouble(talker -> talker.rate().bits1s()),
                        (place, talker, snapshot) ->
                                place.right(Numbers.bits(talker.rate().bits1s()), Ink.TEXT)),
                Column.unsorted(
                        "last 60 s",
                        new Column.Width(11, 12, 20, 60),
                        (place, talker, snapshot) -> Bars.scroll(
                                place.canvas(),
                                place.box(),
                                talker.history(),
                                snapshot.at().getEpochSecond(),
                                GRAPH_STEP,
                                Ink.TRACE,
                                place.ground())),
                Column.unsorted(
                        "match",
                        new Column.Width(9, 5, 5, 8),
                        (place, talker, snapshot) -> place.text(match(talker, place.width()), matchInk(talker))));
    }

    private static List<Field<Talker>> fields() {
        return List.of(
                Field.text("user", Words::user),
                Field.text("process", Words::process),
                Field.texts(
                        "to",
                        talker -> talker.remotes().stream()
                                .map(remote -> remote.remote().toString())
                                .toList()),
                Field.text("verdict", talker -> talker.verdict().name()),
                Field.text("state", talker -> talker.status().state().word()),
                Field.text("kind", talker -> talker.kind().name()),
                Field.text("proto", talker -> talker.protocol().word()),
                Field.text("match", talker -> Words.match(talker.attribution().quality())),
                Field.text("unit", talker -> owner(talker).map(Owner::unit).orElse("")),
                Field.texts(
                        "port",
                        talker -> talker.remotes().stream()
                                .map(remote -> Integer.toString(remote.remote().port()))
                                .toList()),
                Field.number("pid", OffendersView::pid),
                Field.number("pps", talker -> talker.rate().packets1s()),
                Field.number("bits", talker -> talker.rate().bits1s()),
                Field.number("score", Talker::score),
                Field.number("packets", Talker::packets));
    }

    private static Optional<Line> quiet(Snapshot snapshot) {
        boolean quiet = snapshot.talkers().stream().allMatch(talker -> talker.verdict() == Verdict.CLEAN);
        if (!quiet || snapshot.talkers().isEmpty()) {
            return Optional.empty();
        }
        if (snapshot.noVerdict().isPresent()) {
            return snapshot.noVerdict().map(OffendersView::noVerdict);
        }
        Talker busiest = snapshot.talkers().stream()
                .max(Comparator.comparingDouble(talker -> talker.rate().packets1s()))
                .orElseThrow();
        return Optional.of(new Line(
                "",
                "✓ nothing over the limits; busiest: " + Words.process(busiest) + ", "
                        + Numbers.rate(busiest.rate().packets1s()) + " pps to " + Words.destination(busiest),
                Ink.GOOD));
    }

    private static List<Line> empty(Snapshot snapshot) {
        if (snapshot.noVerdict().isPresent()) {
            return List.of(noVerdict(snapshot.noVerdict().get()));
        }
        boolean nothing = snapshot.totals().packets() == 0;
        return List.of(
                new Line(
                        "",
                        nothing
                                ? "✓ nothing over the limits; nothing has left yet"
                                : "✓ nothing over the limits; nobody sends now",
                        Ink.GOOD),
                Line.dim("Each process that sends has a row here, those over a limit first, with what stops it."));
    }

    static Line noVerdict(String why) {
        return new Line("", "· " + SafeText.clean(why), Ink.TEXT);
    }

    private static Optional<Owner> owner(Talker talker) {
        return talker.attribution().knownOwner();
    }

    private static int pid(Talker talker) {
        return owner(talker).map(Owner::pid).orElse(0);
    }

    private static void score(Place place, Talker talker) {
        if (place.width() >= LEAST_BAR) {
            Bars.line(
                    place.canvas(),
                    place.row(),
                    place.from(),
                    place.width() - 4,
                    talker.score(),
                    signal(talker),
                    place.ground());
        }
        place.right(Integer.toString(talker.score()), signal(talker));
    }

    private static Ink plain(Talker talker) {
        return talker.verdict() == Verdict.CLEAN || talker.status().hasEnded() ? Ink.DIM : Ink.TEXT;
    }

    private static Ink name(Talker talker) {
        return talker.verdict() == Verdict.OFFENDING && !talker.status().hasEnded() ? Ink.STRONG : plain(talker);
    }

    /** The colour of a verdict, for as long as it has not ended. */
    static Ink signal(Talker talker) {
        if (talker.status().hasEnded()) {
            return Ink.DIM;
        }
        return switch (talker.verdict()) {
            case OFFENDING -> Ink.BAD;
            case SUSPECT -> Ink.WARN;
            case CLEAN -> Ink.DIM;
        };
    }

    static String process(Talker talker, int width) {
        int pids = talker.pids().size();
        String count = pids > 1 ? pids + "× " : "";
        return owner(talker)
                .map(owner -> count + Shorter.process(owner, width - Columns.width(count)))
                .orElse("nobody named");
    }

    static String user(Talker talker) {
        return owner(talker).isPresent() ? Words.user(talker) : "-";
    }

    private static String match(Talker talker, int width) {
        return switch (talker.attribution().quality()) {
            case EXACT -> "exact";
            case PROBABLE -> width < "probable".length() ? "prob." : "probable";
            case NONE -> "none";
        };
    }

    private static Ink matchInk(Talker talker) {
        boolean doubtful = talker.attribution().quality() != MatchQuality.EXACT;
        return doubtful && signal(talker) != Ink.DIM ? Ink.WARN : Ink.DIM;
    }
}
