package org.outguard.tui.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Snapshot.Notice;
import org.outguard.text.LocalTimes;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.Ink;
import org.outguard.tui.table.Column;
import org.outguard.tui.table.Details;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.View;

/** What was said: refusals, failures, things that came and went. Newest first. */
final class LogView {

    private LogView() {}

    private record Entry(int number, Notice notice) {
        String id() {
            return notice.at() + " " + notice.text() + " " + number;
        }
    }

    /** @param times by the clock in the header */
    static View<Entry> make(LocalTimes times) {
        return new View<>(
                "Log",
                LogView::rows,
                Entry::id,
                columns(times),
                Comparator.comparing(entry -> 0),
                fields(),
                snapshot -> Optional.empty(),
                LogView::empty,
                entry -> new Subject.Nothing(),
                (entry, snapshot) -> details(entry, snapshot, times),
                true,
                Set.of());
    }

    /* Equal ones at one time are told apart by how many of them came before. */
    private static List<Entry> rows(Snapshot snapshot) {
        List<Entry> rows = new ArrayList<>();
        Notice last = null;
        int number = 0;
        for (Notice notice : snapshot.notices()) {
            number = notice.equals(last) ? number + 1 : 0;
            last = notice;
            rows.add(new Entry(number, notice));
        }
        return rows;
    }

    private static List<Column<Entry>> columns(LocalTimes times) {
        return List.of(
                Column.<Entry>text(
                                "time",
                                Column.Width.fixed(1, 9),
                                Comparator.comparing(entry -> entry.notice.at()),
                                (place, entry, snapshot) -> place.text(times.clock(entry.notice.at()), Ink.DIM))
                        .fallingFirst(),
                Column.<Entry>text(
                                "level",
                                Column.Width.fixed(3, 9),
                                Comparator.comparing(entry -> entry.notice.level()),
                                (place, entry, snapshot) -> place.text(level(entry.notice), ink(entry.notice)))
                        .fallingFirst(),
                Column.text(
                        "text",
                        new Column.Width(2, 20, 100, 100),
                        Comparator.comparing(entry -> entry.notice.text()),
                        (place, entry, snapshot) -> place.text(SafeText.clean(entry.notice.text()), Ink.TEXT)));
    }

    private static List<Field<Entry>> fields() {
        return List.of(
                Field.text("text", entry -> entry.notice.text()),
                Field.text("level", entry -> entry.notice.level().name()));
    }

    private static List<Line> empty(Snapshot snapshot) {
        return List.of(
                new Line("", "✓ nothing went wrong and nothing was refused", Ink.GOOD),
                Line.dim("What fails, what is refused and why, and what comes and goes stands here."));
    }

    private static String level(Notice notice) {
        return switch (notice.level()) {
            case ERROR -> "✗ error";
            case WARNING -> "! warning";
            case INFO -> "· info";
        };
    }

    private static Ink ink(Notice notice) {
        return switch (notice.level()) {
            case ERROR -> Ink.BAD;
            case WARNING -> Ink.WARN;
            case INFO -> Ink.DIM;
        };
    }

    private static Details details(Entry entry, Snapshot snapshot, LocalTimes times) {
        return new Details(
                "notice",
                "",
                List.of(new Line("text", SafeText.clean(entry.notice.text()), ink(entry.notice))),
                List.of(Line.of("at", times.ago(entry.notice.at(), snapshot.at()))),
                List.of());
    }
}
