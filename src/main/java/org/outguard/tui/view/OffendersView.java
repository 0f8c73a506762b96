package org.outguard.tui.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Words;
import org.outguard.tui.draw.Bars;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.CellArea;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Lookups;
import org.outguard.tui.table.Page;
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
    public static View<SenderRow> make(LocalTimes times, Timeline timeline) {
        return new View<>(
                "Offenders",
                SenderRow::of,
                SenderRow::id,
                columns(times),
                Comparator.comparing(SenderRow::verdict).reversed(),
                fields(),
                OffendersView::quiet,
                OffendersView::empty,
                OffendersView::subject,
                (row, snapshot) -> details(row, snapshot, times),
                false,
                (row, snapshot, lookups, tab) -> tabs(row, snapshot, lookups, times, timeline, tab),
                Set.of(
                        Keys.Act.BLOCK,
                        Keys.Act.LIMIT,
                        Keys.Act.FREEZE,
                        Keys.Act.KILL,
                        Keys.Act.EVIDENCE,
                        Keys.Act.UNDO),
                Optional.of(SenderTree::of));
    }

    private static Subject subject(SenderRow row) {
        if (row instanceof SenderRow.Mail mail) {
            return new Subject.OfMail(mail.submitter());
        }
        return row instanceof SenderRow.Packets packets
                ? new Subject.OfTalker(packets.talker())
                : new Subject.Nothing();
    }

    private static Details details(SenderRow row, Snapshot snapshot, LocalTimes times) {
        if (row instanceof SenderRow.Packets packets) {
            return TalkerDetails.of(packets.talker(), snapshot, times);
        }
        if (row instanceof SenderRow.Mail mail) {
            return MailView.details(mail.submitter(), snapshot);
        }
        SenderRow.Parent parent = (SenderRow.Parent) row;
        List<Line> lines = List.of(Line.dim("It sends nothing itself; what it started does."));
        return new Details(parent.command() + " · pid " + parent.process().number(), "", lines, List.of(), List.of());
    }

    private static List<Page.Tab> tabs(
            SenderRow row, Snapshot snapshot, Lookups lookups, LocalTimes times, Timeline timeline, int tab) {
        if (row instanceof SenderRow.Packets packets) {
            return TalkerPage.tabs(packets.talker(), snapshot, lookups, times, timeline, tab);
        }
        if (row instanceof SenderRow.Mail mail) {
            List<Page.Tab> tabs = new ArrayList<>(MailView.tabs(mail.submitter(), snapshot));
            mail.traffic()
                    .ifPresent(
                            talker -> tabs.addAll(TalkerPage.ofMail(talker, snapshot, lookups, times, timeline, tab)));
            return tabs;
        }
        return List.of(Page.Tab.of("Who", details(row, snapshot, times).first()));
    }

    private static List<Column<SenderRow>> columns(LocalTimes times) {
        Comparator<SenderRow> severity =
                Comparator.comparing(SenderRow::verdict).thenComparingInt(SenderRow::score);
        return List.of(
                Column.text(
                                "state",
                                new Column.Width(1, StatusCell.LEAST, StatusCell.GOOD, StatusCell.GOOD),
                                severity,
                                (place, row, snapshot) -> state(place, row, snapshot, times))
                        .fallingFirst(),
                Column.unsorted("score", new Column.Width(10, 5, 10, 14), (place, row, snapshot) -> score(place, row)),
                Column.number(
                                "pid",
                                Column.Width.fixed(5, 7),
                                Comparator.comparingInt(OffendersView::pid),
                                (place, row, snapshot) -> place.right(number(row), TextRole.DIM))
                        .risingFirst(),
                Column.text(
                        "process",
                        new Column.Width(2, 10, 28, 36),
                        Comparator.comparing(SenderWords::process),
                        (place, row, snapshot) -> place.text(SenderWords.process(row, place.width()), name(row))),
                Column.text(
                        "user",
                        new Column.Width(7, 8, 12, 14),
                        Comparator.comparing(SenderWords::user),
                        (place, row, snapshot) -> place.text(SenderWords.user(row), plain(row))),
                Column.text(
                        "destination",
                        new Column.Width(6, 19, 22, 30),
                        Comparator.comparing(SenderWords::destination),
                        (place, row, snapshot) -> place.text(SenderWords.destination(row, place.width()), plain(row))),
                figure("pps", NUMBER, row -> rates(row).map(Talker.Rates::packets1s), Numbers::rate),
                figure("bit/s", Column.Width.fixed(8, 6), row -> rates(row).map(Talker.Rates::bits1s), Numbers::bits),
                Column.unsorted(
                        "last 60 s",
                        new Column.Width(11, 12, 20, 60),
                        (place, row, snapshot) -> row.traffic()
                                .ifPresent(talker -> Bars.scroll(
                                        place.canvas(),
                                        place.box(),
                                        talker.history(),
                                        snapshot.at().getEpochSecond(),
                                        GRAPH_STEP,
                                        TextRole.TRACE,
                                        place.ground()))),
                Column.unsorted(
                        "match",
                        new Column.Width(9, 5, 5, 8),
                        (place, row, snapshot) -> place.text(match(row, place.width()), matchInk(row))));
    }

    private static Optional<Talker.Rates> rates(SenderRow row) {
        return row.traffic().map(Talker::rate);
    }

    private static Column<SenderRow> figure(
            String title,
            Column.Width width,
            Function<SenderRow, Optional<Double>> value,
            DoubleFunction<String> words) {
        return Column.number(
                title,
                width,
                Comparator.comparingDouble(row -> value.apply(row).orElse(-1.0)),
                (place, row, snapshot) ->
                        place.right(value.apply(row).map(words::apply).orElse(""), TextRole.TEXT));
    }

    private static void state(CellArea place, SenderRow row, Snapshot snapshot, LocalTimes times) {
        if (row instanceof SenderRow.Packets packets) {
            place.line(StatusCell.of(packets.talker(), snapshot.at(), times, place.width()));
        } else if (row instanceof SenderRow.Mail mail) {
            place.line(StatusCell.of(mail.status(), mail.verdict(), snapshot.at(), times, place.width()));
        }
    }

    private static String number(SenderRow row) {
        if (row instanceof SenderRow.Mail) {
            return "mail";
        }
        return row instanceof SenderRow.Parent parent
                ? parent.process().number()
                : row.owner().map(owner -> owner.id().number()).orElse("-");
    }

    private static List<Field<SenderRow>> fields() {
        return List.of(
                Field.text("user", SenderWords::user),
                Field.text("process", SenderWords::process),
                Field.texts("to", SenderWords::destinations),
                Field.text("verdict", row -> row.verdict().name()),
                Field.text("state", row -> row.status().state().word()),
                Field.text("kind", SenderWords::kind),
                Field.text(
                        "proto",
                        row -> row.traffic()
                                .map(talker -> talker.protocol().word())
                                .orElse("")),
                Field.text(
                        "match",
                        row -> row.traffic()
                                .map(talker -> Words.match(talker.attribution().quality()))
                                .orElse("")),
                Field.text("unit", row -> row.owner().map(Owner::unit).orElse("")),
                Field.texts("port", SenderWords::ports),
                Field.number("pid", OffendersView::pid),
                Field.number(
                        "pps", row -> rates(row).map(Talker.Rates::packets1s).orElse(0.0)),
                Field.number("bits", row -> rates(row).map(Talker.Rates::bits1s).orElse(0.0)),
                Field.number("score", SenderRow::score),
                Field.number(
                        "packets", row -> row.traffic().map(Talker::packets).orElse(0L)));
    }

    private static Optional<Line> quiet(Snapshot snapshot) {
        boolean quiet = SenderRow.of(snapshot).stream().allMatch(row -> row.verdict() == Verdict.CLEAN);
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
                TextRole.GOOD));
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
                        TextRole.GOOD),
                Line.dim("Each process that sends has a row here, those over a limit first, with what stops it."));
    }

    static Line noVerdict(String why) {
        return new Line("", "· " + SafeText.clean(why), TextRole.TEXT);
    }

    private static int pid(SenderRow row) {
        return row instanceof SenderRow.Parent parent
                ? parent.process().pid()
                : row.owner().map(Owner::pid).orElse(0);
    }

    private static void score(CellArea place, SenderRow row) {
        if (row instanceof SenderRow.Parent) {
            return;
        }
        if (place.width() >= LEAST_BAR) {
            Bars.line(
                    place.canvas(),
                    place.row(),
                    place.from(),
                    place.width() - 4,
                    row.score(),
                    signal(row),
                    place.ground());
        }
        place.right(Integer.toString(row.score()), signal(row));
    }

    private static TextRole plain(SenderRow row) {
        return row.verdict() == Verdict.CLEAN || row.status().hasEnded() ? TextRole.DIM : TextRole.TEXT;
    }

    private static TextRole name(SenderRow row) {
        return row.verdict() == Verdict.OFFENDING && !row.status().hasEnded() ? TextRole.STRONG : plain(row);
    }

    private static TextRole signal(SenderRow row) {
        return signal(row.verdict(), row.status());
    }

    /** The colour of a verdict, for as long as it has not ended. */
    static TextRole signal(Talker talker) {
        return signal(talker.verdict(), talker.status());
    }

    private static TextRole signal(Verdict verdict, RowStatus status) {
        if (status.hasEnded()) {
            return TextRole.DIM;
        }
        return switch (verdict) {
            case OFFENDING -> TextRole.BAD;
            case SUSPECT -> TextRole.WARN;
            case CLEAN -> TextRole.DIM;
        };
    }

    private static MatchQuality quality(SenderRow row) {
        if (row instanceof SenderRow.Mail mail) {
            return mail.submitter().evidence().trusted() ? MatchQuality.EXACT : MatchQuality.PROBABLE;
        }
        return row.traffic().map(talker -> talker.attribution().quality()).orElse(MatchQuality.EXACT);
    }

    private static String match(SenderRow row, int width) {
        if (row instanceof SenderRow.Parent) {
            return "";
        }
        return switch (quality(row)) {
            case EXACT -> "exact";
            case PROBABLE -> width < "probable".length() ? "prob." : "probable";
            case NONE -> "none";
        };
    }

    private static TextRole matchInk(SenderRow row) {
        boolean doubtful = quality(row) != MatchQuality.EXACT;
        return doubtful && signal(row) != TextRole.DIM ? TextRole.WARN : TextRole.DIM;
    }
}
