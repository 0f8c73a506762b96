package org.outguard.tui.view;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.LocalTimes;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.View;

/** What happened, newest first: who began and ended, what was done, and what limited the view. */
final class TimelineView {

    private TimelineView() {}

    /** @param times by the clock in the header */
    static View<Timeline.Event> make(LocalTimes times, Timeline timeline) {
        return new View<>(
                "Timeline",
                snapshot -> timeline.newestFirst(),
                event -> Long.toString(event.number()),
                columns(times),
                Comparator.comparing(event -> 0),
                List.of(
                        Field.text("text", Timeline.Event::text),
                        Field.text("what", Timeline.Event::what),
                        Field.text("id", Timeline.Event::talker)),
                snapshot -> Optional.empty(),
                TimelineView::empty,
                event -> new Subject.Nothing(),
                (event, snapshot) -> details(event, snapshot, times),
                true,
                (event, snapshot, lookups, tab) -> List.of(
                        Page.Tab.of("Event", details(event, snapshot, times).first())),
                Set.of());
    }

    private static List<Column<Timeline.Event>> columns(LocalTimes times) {
        return List.of(
                Column.<Timeline.Event>text(
                                "time",
                                Column.Width.fixed(1, 9),
                                Comparator.comparing(Timeline.Event::at).thenComparing(Timeline.Event::number),
                                (place, event, snapshot) -> place.text(times.clock(event.at()), TextRole.DIM))
                        .fallingFirst(),
                Column.text(
                        "what",
                        Column.Width.fixed(3, 8),
                        Comparator.comparing(Timeline.Event::what),
                        (place, event, snapshot) -> place.text(event.what(), event.ink())),
                Column.text(
                        "text",
                        new Column.Width(2, 20, 100, 170),
                        Comparator.comparing(Timeline.Event::text),
                        (place, event, snapshot) -> place.text(event.text(), TextRole.TEXT)));
    }

    private static List<Line> empty(Snapshot snapshot) {
        return List.of(
                snapshot.noVerdict()
                        .map(OffendersView::noVerdict)
                        .orElse(new Line("", "✓ nothing has happened yet", TextRole.GOOD)),
                Line.dim("Who goes over a limit, what is done about it, and what fails or is lost stands here."));
    }

    private static Details details(Timeline.Event event, Snapshot snapshot, LocalTimes times) {
        return new Details(
                event.what(),
                event.talker(),
                List.of(
                        new Line("text", event.text(), event.ink()),
                        Line.of("at", times.ago(event.at(), snapshot.at()))),
                List.of(),
                List.of());
    }
}
