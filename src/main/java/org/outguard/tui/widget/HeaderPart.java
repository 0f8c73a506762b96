package org.outguard.tui.widget;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.observation.TrafficObservation.SourceHealth;
import org.outguard.guard.observation.TrafficObservation.SourceSelected;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.Columns;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.SourceCountLabels;
import org.outguard.tui.dialog.LockdownOffer;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Wrap;
import org.outguard.tui.state.Setting;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.view.Timeline;

/** The top: where, with which eye, how it stands, and the totals with their last minute. */
public final class HeaderPart {

    private HeaderPart() {}

    private record Figure(String label, String value, TextRole ink) {}

    public static void bar(Canvas canvas, Snapshot snapshot, ViewState view, Setting setting, String shown) {
        canvas.fill(0, 0, canvas.columns(), BackgroundRole.BAR);
        int at = canvas.text(0, 0, " OUTGUARD ", TextRole.STRONG, BackgroundRole.BADGE_ACCENT) + 1;
        at = badges(canvas, at, snapshot, view);
        int end = canvas.columns() - 1;
        if (canvas.columns() >= 60 && snapshot.sequence() > 0) {
            canvas.textLeftOf(0, end, setting.times().clock(snapshot.at()), TextRole.DIM, BackgroundRole.BAR);
            end -= 10;
            if (view.lateSeconds() > 0) {
                String age = " " + view.lateSeconds() + " s old ";
                canvas.textLeftOf(0, end, age, TextRole.STRONG, BackgroundRole.BADGE_BAD);
                end -= age.length() + 1;
            }
        }
        List<String> places = List.of(
                shown, SafeText.clean(setting.host(), 40), sources(snapshot), SourceCountLabels.inForce(snapshot));
        TextRole textRole = TextRole.STRONG;
        for (String place : places) {
            if (!place.isEmpty() && at + Columns.width(place) <= end) {
                at = canvas.text(0, at, place, textRole, BackgroundRole.BAR) + 2;
            }
            textRole = TextRole.DIM;
        }
    }

    private static int badges(Canvas canvas, int from, Snapshot snapshot, ViewState view) {
        int at = from;
        if (view.paused().isPresent()) {
            at = canvas.text(0, at, " PAUSED ", TextRole.STRONG, BackgroundRole.BADGE_WARN) + 1;
        }
        if (LockdownOffer.lockdown(snapshot).isPresent()) {
            String left =
                    LockdownOffer.countdown(snapshot).map(clock -> clock + " ").orElse("");
            BackgroundRole background = left.isEmpty() ? BackgroundRole.BADGE_GOOD : BackgroundRole.BADGE_WARN;
            at = canvas.text(0, at, " LOCKDOWN " + left, TextRole.STRONG, background) + 1;
        }
        long free = snapshot.talkers().stream()
                .filter(talker -> atLarge(talker) && !isMail(talker, snapshot))
                .count();
        long blocked = standing(snapshot);
        at = attacks(canvas, at, free, " ATTACK");
        long mail = mailAtLarge(snapshot);
        at = attacks(canvas, at, mail, " MAIL ATTACK");
        at = stopped(canvas, at, blocked, "BLOCKED");
        long frozen = snapshot.talkers().stream()
                .filter(talker -> talker.status().state() == RowStatus.State.FROZEN)
                .count();
        at = stopped(canvas, at, frozen, "FROZEN");
        if (blocked + frozen + free + mail == 0) {
            at = watching(canvas, at, snapshot) + 1;
        }
        return at + 1;
    }

    private static int watching(Canvas canvas, int from, Snapshot snapshot) {
        Optional<String> not = snapshot.noVerdict();
        if (not.isEmpty()) {
            return canvas.text(0, from, " WATCHING ", TextRole.STRONG, BackgroundRole.BADGE_GOOD);
        }
        String badge = not.get().startsWith("starting") ? " STARTING " : " NO DATA ";
        return canvas.text(0, from, badge, TextRole.STRONG, BackgroundRole.BADGE_WARN);
    }

    private static int attacks(Canvas canvas, int from, long count, String word) {
        if (count == 0) {
            return from;
        }
        return canvas.text(
                        0,
                        from,
                        " " + count + word + (count == 1 ? " " : "S "),
                        TextRole.STRONG,
                        BackgroundRole.BADGE_BAD)
                + 1;
    }

    private static int stopped(Canvas canvas, int from, long count, String word) {
        return count == 0
                ? from
                : canvas.text(0, from, " " + count + " " + word + " ", TextRole.STRONG, BackgroundRole.BADGE_GOOD) + 1;
    }

    private static boolean atLarge(Talker talker) {
        return talker.verdict() == Verdict.OFFENDING && talker.status().isOpen();
    }

    /* What a mail system sends for a submitter that is counted itself. */
    private static boolean isMail(Talker talker, Snapshot snapshot) {
        return talker.mail()
                .filter(mail -> snapshot.mail().submitters().stream()
                        .anyMatch(row -> row.verdict() == Verdict.OFFENDING
                                && row.origin().equals(mail.origin())))
                .isPresent();
    }

    private static long mailAtLarge(Snapshot snapshot) {
        long count = 0;
        // No stream: the first frame would wait for its making.
        for (Submitter row : snapshot.mail().submitters()) {
            boolean open = row.verdict() == Verdict.OFFENDING
                    && RowStatus.of(row, snapshot.actions()).isOpen();
            count += open ? 1 : 0;
        }
        return count;
    }

    private static long standing(Snapshot snapshot) {
        return snapshot.blocks().stream()
                .filter(block -> block.state() == ActiveBlock.State.STANDING)
                .count();
    }

    private static String sources(Snapshot snapshot) {
        List<String> names = snapshot.sources().stream()
                .map(SourceHealth::source)
                .map(SafeText::clean)
                .toList();
        return names.size() <= 3
                ? String.join(" ", names)
                : names.get(0) + " " + names.get(1) + " +" + (names.size() - 2);
    }

    /** Why less is seen than could be, as lines. */
    public static List<String> warnings(Snapshot snapshot, int columns) {
        // The bar says so as well; it is over within a second, mostly.
        boolean starting = snapshot.noVerdict().isPresent();
        String reasons = snapshot.degraded().stream()
                .filter(reason -> !(starting && reason.equals(SourceSelected.OPENING)))
                .map(SafeText::clean)
                .collect(Collectors.joining(" · "));
        return reasons.isEmpty() ? List.of() : Wrap.lines(reasons, columns - 4);
    }

    public static void warnings(Canvas canvas, Layout layout, List<String> lines) {
        for (int i = 0; i < layout.warningRows(); i++) {
            int row = layout.warningsTop() + i;
            if (i == 0) {
                canvas.text(row, 1, "!", TextRole.WARN, BackgroundRole.NONE);
            }
            boolean cut = i == layout.warningRows() - 1 && i < lines.size() - 1;
            canvas.text(
                    row, 3, canvas.columns() - 4, lines.get(i) + (cut ? " …" : ""), TextRole.WARN, BackgroundRole.NONE);
        }
    }

    public static void totals(Canvas canvas, Layout layout, Snapshot snapshot, Timeline timeline, LocalTimes times) {
        List<Figure> figures = figures(snapshot);
        if (layout.totalsRows() == 1) {
            oneRow(canvas, figures);
            return;
        }
        int at = 1;
        for (Figure figure : figures) {
            int width = figure.label.length() + 1 + Columns.width(figure.value);
            if (at + width >= canvas.columns()) {
                break;
            }
            at = canvas.text(1, at, figure.label + " ", TextRole.DIM, BackgroundRole.NONE);
            at = canvas.text(1, at, figure.value, figure.ink, BackgroundRole.NONE) + 3;
        }
        MinutePart.draw(canvas, 2, layout.totalsRows() - 1, snapshot, timeline, times);
    }

    private static void oneRow(Canvas canvas, List<Figure> figures) {
        int at = canvas.columns() < 60 ? 0 : 1;
        List<String> labels = List.of("pps", "bit/s", "blk", "drop", "malformed");
        for (int i = 0; i < labels.size(); i++) {
            Figure figure = figures.get(i);
            int width = Columns.width(figure.value) + 1 + labels.get(i).length();
            if (at + width > canvas.columns()) {
                return;
            }
            at = canvas.text(1, at, figure.value, figure.ink, BackgroundRole.NONE) + 1;
            at = canvas.text(1, at, labels.get(i), TextRole.DIM, BackgroundRole.NONE) + 1;
        }
    }

    private static List<Figure> figures(Snapshot snapshot) {
        double blocked = snapshot.blocks().stream()
                .mapToDouble(ActiveBlock::packetsPerSecond)
                .sum();
        long dropped =
                snapshot.sources().stream().mapToLong(SourceHealth::dropped).sum();
        long malformed =
                snapshot.sources().stream().mapToLong(SourceHealth::malformed).sum();
        Snapshot.Totals totals = snapshot.totals();
        long owned = totals.packets() == 0 ? 100 : totals.attributedPackets() * 100 / totals.packets();
        return List.of(
                new Figure("pps", Numbers.rate(totals.rate().packets1s()), TextRole.STRONG),
                new Figure("bit/s", Numbers.bits(totals.rate().bits1s()), TextRole.STRONG),
                new Figure("blocked", Numbers.rate(blocked), blocked > 0 ? TextRole.GOOD : TextRole.TEXT),
                new Figure("drops", Numbers.rate((double) dropped), dropped > 0 ? TextRole.WARN : TextRole.TEXT),
                new Figure(
                        "malformed", Numbers.rate((double) malformed), malformed > 0 ? TextRole.WARN : TextRole.TEXT),
                new Figure("attributed", owned + " %", TextRole.TEXT),
                new Figure("packets", Numbers.rate((double) totals.packets()), TextRole.TEXT),
                new Figure("bytes", Numbers.rate((double) totals.bytes()), TextRole.TEXT),
                new Figure("talkers", Integer.toString(snapshot.talkers().size()), TextRole.TEXT));
    }
}
