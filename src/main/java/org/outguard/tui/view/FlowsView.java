package org.outguard.tui.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.Words;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.StatusCell;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.View;

/** What leaves, by destination: one row for each sender and each place that it sends to. */
final class FlowsView {

    /* A spray has a thousand destinations; more rows than these nobody reads, and all of them are counted in the totals. */
    private static final int MOST = 2_048;
    private static final int LEAST_EACH = 8;

    private FlowsView() {}

    private record Flow(Talker talker, Talker.RemoteTotal remote) {

        String id() {
            return talker.id() + " " + remote.remote();
        }

        double share() {
            return talker.packets() == 0 ? 0 : 100.0 * remote.packets() / talker.packets();
        }
    }

    /** @param times by the clock in the header */
    static View<Flow> make(LocalTimes times, Timeline timeline) {
        return new View<>(
                "Flows",
                FlowsView::rows,
                Flow::id,
                columns(times),
                Comparator.comparing(flow -> 0),
                fields(),
                snapshot -> Optional.empty(),
                FlowsView::empty,
                flow -> new Subject.OfRemote(flow.talker, flow.remote),
                (flow, snapshot) -> details(flow, snapshot, times),
                false,
                (flow, snapshot, lookups, tab) -> TalkerPage.tabs(flow.talker, snapshot, lookups, times, timeline, tab),
                Set.of(Keys.Act.BLOCK, Keys.Act.LIMIT, Keys.Act.UNDO));
    }

    private static List<Flow> rows(Snapshot snapshot) {
        int each = Math.max(LEAST_EACH, MOST / Math.max(1, snapshot.talkers().size()));
        List<Flow> rows = new ArrayList<>();
        for (Talker talker : snapshot.talkers()) {
            talker.remotes().stream().limit(each).forEach(remote -> rows.add(new Flow(talker, remote)));
        }
        return rows;
    }

    private static List<Column<Flow>> columns(LocalTimes times) {
        return List.of(
                Column.number(
                        "packets",
                        Column.Width.fixed(3, 7),
                        Comparator.comparingLong(flow -> flow.remote.packets()),
                        (place, flow, snapshot) ->
                                place.right(Numbers.rate((double) flow.remote.packets()), TextRole.TEXT)),
                Column.text(
                        "to",
                        new Column.Width(1, 19, 26, 46),
                        Comparator.comparing(flow -> flow.remote.remote().toString()),
                        (place, flow, snapshot) ->
                                place.text(flow.remote.remote().toString(), TextRole.STRONG)),
                Column.text(
                        "proto",
                        Column.Width.fixed(5, 6),
                        Comparator.comparing(flow -> flow.talker.protocol().word()),
                        (place, flow, snapshot) ->
                                place.text(flow.talker.protocol().word(), TextRole.DIM)),
                Column.text(
                        "process",
                        new Column.Width(2, 10, 24, 36),
                        Comparator.comparing(flow -> Words.process(flow.talker)),
                        (place, flow, snapshot) ->
                                place.text(SenderWords.process(flow.talker, place.width()), TextRole.TEXT)),
                Column.text(
                        "user",
                        new Column.Width(6, 8, 12, 14),
                        Comparator.comparing(flow -> Words.user(flow.talker)),
                        (place, flow, snapshot) -> place.text(SenderWords.user(flow.talker), TextRole.TEXT)),
                Column.number(
                        "share",
                        Column.Width.fixed(8, 6),
                        Comparator.comparingDouble(Flow::share),
                        (place, flow, snapshot) -> place.right(Math.round(flow.share()) + " %", TextRole.DIM)),
                Column.number(
                        "bytes",
                        Column.Width.fixed(7, 6),
                        Comparator.comparingLong(flow -> flow.remote.bytes()),
                        (place, flow, snapshot) ->
                                place.right(Numbers.rate((double) flow.remote.bytes()), TextRole.TEXT)),
                Column.<Flow>text(
                                "state",
                                new Column.Width(4, StatusCell.LEAST, StatusCell.GOOD, StatusCell.GOOD),
                                Comparator.comparing(flow -> flow.talker.verdict()),
                                (place, flow, snapshot) ->
                                        place.line(StatusCell.of(flow.talker, snapshot.at(), times, place.width())))
                        .fallingFirst());
    }

    private static List<Field<Flow>> fields() {
        return List.of(
                Field.text("to", flow -> flow.remote.remote().toString()),
                Field.text("port", flow -> Integer.toString(flow.remote.remote().port())),
                Field.text("user", flow -> Words.user(flow.talker)),
                Field.text("process", flow -> Words.process(flow.talker)),
                Field.text("proto", flow -> flow.talker.protocol().word()),
                Field.text("verdict", flow -> flow.talker.verdict().name()),
                Field.number("packets", flow -> flow.remote.packets()),
                Field.number("bytes", flow -> flow.remote.bytes()));
    }

    private static List<Line> empty(Snapshot snapshot) {
        return List.of(
                snapshot.noVerdict()
                        .map(OffendersView::noVerdict)
                        .orElse(new Line("", "· nothing has left since the start", TextRole.TEXT)),
                Line.dim("Each destination has a row here with who sends to it; b blocks just that."));
    }

    private static Details details(Flow flow, Snapshot snapshot, LocalTimes times) {
        Details talker = TalkerDetails.of(flow.talker, snapshot, times);
        String words = flow.talker.protocol().word() + " " + flow.remote.remote();
        List<Line> first = new ArrayList<>();
        first.add(new Line("to", words, TextRole.STRONG));
        first.add(Line.of(
                "sent",
                Numbers.count(flow.remote.packets()) + " packets, " + Numbers.count(flow.remote.bytes()) + " bytes: "
                        + Math.round(flow.share()) + " % of this sender"));
        first.addAll(talker.first());
        return new Details(
                words,
                flow.talker.id(),
                first,
                talker.history(),
                talker.told(),
                talker.who(),
                talker.what(),
                List.of());
    }
}
