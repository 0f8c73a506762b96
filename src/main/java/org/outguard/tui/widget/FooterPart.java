package org.outguard.tui.widget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.Step;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Snapshot.Notice;
import org.outguard.text.SafeText;
import org.outguard.tui.dialog.LockdownOffer;
import org.outguard.tui.dialog.Proposals;
import org.outguard.tui.dialog.ReapplyOffer;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.Setting;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.table.Field;
import org.outguard.tui.table.Line;
import org.outguard.tui.table.Subject;
import org.outguard.tui.table.Table;

/** The keys, and above them what is typed, or for some seconds what has just gone wrong. */
public final class FooterPart {

    private static final Duration NOTICE_SHOWN = Duration.ofSeconds(8);

    /* Every view has these in its footer, as far as there is room. */
    private static final Set<Keys.Act> GENERAL = Set.of(
            Keys.Act.PAGE,
            Keys.Act.FILTER,
            Keys.Act.TAG,
            Keys.Act.SORT,
            Keys.Act.PAUSE,
            Keys.Act.COPY,
            Keys.Act.CONSOLE,
            Keys.Act.LOCKDOWN,
            Keys.Act.HELP,
            Keys.Act.QUIT);

    /* What every view has where there is something to do with it. */
    private static final Set<Keys.Act> ON_OCCASION = Set.of(Keys.Act.REAPPLY, Keys.Act.NEXT, Keys.Act.QUARANTINE);

    private static final Set<Keys.Act> MAIL = Set.of(
            Keys.Act.HOLD,
            Keys.Act.RELEASE,
            Keys.Act.DELETE,
            Keys.Act.FLUSH,
            Keys.Act.BAN,
            Keys.Act.MESSAGES,
            Keys.Act.UNDO);

    /* On a narrow screen the way out and the help are worth more than the rest. */
    private static final List<Keys.Act> WORTH_LEAST = List.of(
            Keys.Act.TAG,
            Keys.Act.COPY,
            Keys.Act.EVIDENCE,
            Keys.Act.QUARANTINE,
            Keys.Act.PAUSE,
            Keys.Act.SORT,
            Keys.Act.LOCKDOWN,
            Keys.Act.CONSOLE,
            Keys.Act.PAGE,
            Keys.Act.FILTER,
            Keys.Act.LIMIT,
            Keys.Act.FLUSH,
            Keys.Act.MESSAGES,
            Keys.Act.FREEZE,
            Keys.Act.BAN,
            Keys.Act.KILL,
            Keys.Act.DELETE);

    private FooterPart() {}

    public static void keys(Canvas canvas, int row, Table<?> table, Keys keys, Proposals proposals, boolean page) {
        canvas.fill(row, 0, canvas.columns(), BackgroundRole.BAR);
        for (Placed placed : place(table, keys, proposals, page, canvas.columns())) {
            Keys.Binding binding = placed.binding();
            int at = placed.from();
            boolean works = proposals.disabled(binding.act(), table).isEmpty();
            at = canvas.text(
                    row,
                    at,
                    " " + binding.shortLabel() + " ",
                    TextRole.STRONG,
                    works ? BackgroundRole.BADGE_ACCENT : BackgroundRole.BAR);
            canvas.text(row, at, " " + binding.word() + " ", works ? TextRole.TEXT : TextRole.DIM, BackgroundRole.BAR);
        }
    }

    /** A key in its place. */
    public record Placed(Keys.Binding binding, int from, int end) {}

    public static List<Placed> place(Table<?> table, Keys keys, Proposals proposals, boolean page, int columns) {
        List<Placed> placed = new ArrayList<>();
        int at = 0;
        for (Keys.Binding binding : shown(table, keys, proposals, page, columns)) {
            if (at + width(binding) <= columns + 1) {
                placed.add(new Placed(binding, at, at + width(binding)));
                at += width(binding);
            }
        }
        return placed;
    }

    private static List<Keys.Binding> shown(Table<?> table, Keys keys, Proposals proposals, boolean page, int columns) {
        List<Keys.Binding> shown = keys.table().stream()
                .filter(binding -> !binding.word().isEmpty())
                .filter(binding -> !page || Keys.passesOnPage(binding.act()))
                .filter(binding -> acts(table).contains(binding.act())
                        || GENERAL.contains(binding.act())
                        || ON_OCCASION.contains(binding.act())
                                && proposals.disabled(binding.act(), table).isEmpty())
                .toList();
        for (Keys.Act least : WORTH_LEAST) {
            if (shown.stream().mapToInt(FooterPart::width).sum() <= columns) {
                break;
            }
            shown = shown.stream().filter(binding -> binding.act() != least).toList();
        }
        return shown;
    }

    /* Mail is stopped by other keys than packets are, whichever view it is in. */
    private static Set<Keys.Act> acts(Table<?> table) {
        List<Subject> subjects = table.subjects();
        boolean mail = !subjects.isEmpty() && subjects.stream().allMatch(Subject.OfMail.class::isInstance);
        return mail ? MAIL : table.view().acts();
    }

    private static int width(Keys.Binding binding) {
        return binding.shortLabel().length() + binding.word().length() + 4;
    }

    /** The filter that is typed, the answer to the last key, what waits for a person, or else the newest warning if it is new. */
    public static void notice(Canvas canvas, int row, Table<?> table, ViewState view, Setting setting) {
        Keys keys = setting.keys();
        if (view.filtering().isPresent()) {
            typing(canvas, row, table, view.filtering().get(), view.message());
            return;
        }
        if (!view.message().isEmpty()) {
            line(canvas, row, "▸ " + SafeText.clean(view.message()), TextRole.WARN);
            return;
        }
        Snapshot snapshot = table.snapshot();
        trial(snapshot, keys)
                .or(() -> view.asked().flatMap(asked -> asked.line(snapshot, setting.times(), keys)))
                .or(() -> newest(snapshot).map(FooterPart::told))
                .or(() -> lost(snapshot, keys))
                .or(() -> next(snapshot, keys))
                .or(() -> view.page().map(page -> Line.dim("Esc back · ← → tabs · ↑ ↓ scroll")))
                .ifPresent(line -> line(canvas, row, line.text(), line.ink()));
    }

    private static Line told(Notice notice) {
        boolean error = notice.level() == Notice.Level.ERROR;
        return new Line(
                "", (error ? "✗ " : "! ") + SafeText.clean(notice.text()), error ? TextRole.BAD : TextRole.WARN);
    }

    /* Nothing is more urgent: if nobody can answer, the machine is to be reached again. */
    private static Optional<Line> trial(Snapshot snapshot, Keys keys) {
        return LockdownOffer.countdown(snapshot)
                .map(left -> new Line(
                        "",
                        "? lockdown ends in " + left + " unless you keep it: " + label(keys, Keys.Act.LOCKDOWN),
                        TextRole.WARN));
    }

    private static Optional<Line> lost(Snapshot snapshot, Keys keys) {
        List<ActionRow> lost = ReapplyOffer.lost(snapshot);
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        Step first = lost.get(0).action().step();
        String what =
                lost.size() == 1 ? "the " + SafeText.clean(first.named()) + " was" : lost.size() + " actions were";
        return Optional.of(new Line(
                "",
                "! " + label(keys, Keys.Act.REAPPLY) + " puts back: " + what
                        + " taken out of the kernel by somebody else",
                TextRole.WARN));
    }

    private static Optional<Line> next(Snapshot snapshot, Keys keys) {
        return snapshot.suggestions().stream().findFirst().map(suggestion -> {
            String key = label(keys, Keys.Act.NEXT);
            String reason = SafeText.clean(suggestion.reason());
            return new Line(
                    "",
                    suggestion.step().isPresent()
                            ? "! " + key + " stops it: " + reason
                            : "! " + reason + ": " + SafeText.clean(suggestion.command()),
                    TextRole.WARN);
        });
    }

    private static void typing(Canvas canvas, int row, Table<?> table, String typed, String message) {
        canvas.fill(row, 0, canvas.columns(), BackgroundRole.NONE);
        int at = canvas.text(row, 1, "/ ", TextRole.ACCENT, BackgroundRole.NONE);
        at = canvas.text(row, at, SafeText.clean(typed), TextRole.STRONG, BackgroundRole.NONE);
        canvas.put(row, at, ' ', TextRole.STRONG, BackgroundRole.BADGE_ACCENT);
        String hint = message.isEmpty() ? table.complaint(typed).orElse(hint(table)) : message;
        boolean wrong = table.complaint(typed).isPresent();
        canvas.text(
                row,
                at + 3,
                canvas.columns() - at - 4,
                hint,
                wrong ? TextRole.WARN : TextRole.DIM,
                BackgroundRole.NONE);
    }

    private static String hint(Table<?> table) {
        return "fields: "
                + String.join(
                        " ", table.view().fields().stream().map(Field::name).toList());
    }

    private static Optional<Notice> newest(Snapshot snapshot) {
        return snapshot.notices().stream()
                .filter(notice -> notice.level() != Notice.Level.INFO)
                .filter(notice -> Duration.between(notice.at(), snapshot.at()).compareTo(NOTICE_SHOWN) < 0)
                .reduce((older, newer) -> newer);
    }

    private static void line(Canvas canvas, int row, String text, TextRole textRole) {
        canvas.fill(row, 0, canvas.columns(), BackgroundRole.NONE);
        canvas.text(row, 1, canvas.columns() - 2, text, textRole, BackgroundRole.NONE);
    }

    /** Three lines for somebody who sees this for the first time. */
    public static void welcome(Canvas canvas, int bottom, Keys keys) {
        List<String> lines = List.of(
                "Each row is somebody who sends; what is over a limit stands first, with the reason below.",
                label(keys, Keys.Act.BLOCK) + " blocks it, " + label(keys, Keys.Act.UNDO)
                        + " undoes that; each shows its exact command and asks before anything is done.",
                label(keys, Keys.Act.HELP) + " has all keys, " + label(keys, Keys.Act.QUIT)
                        + " quits. The next key takes these lines away.");
        int width = Math.min(canvas.columns(), 96);
        for (int i = 0; i < lines.size(); i++) {
            int row = bottom - lines.size() + i;
            canvas.fill(row, 0, width, BackgroundRole.DIALOG);
            canvas.text(
                    row, 1, width - 2, lines.get(i), i == 0 ? TextRole.STRONG : TextRole.TEXT, BackgroundRole.DIALOG);
        }
    }

    private static String label(Keys keys, Keys.Act act) {
        return keys.of(act).shortLabel();
    }
}
