package org.outguard.tui.widget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.safety.Passing;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.Columns;
import org.outguard.text.Durations;
import org.outguard.text.LocalTimes;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.dialog.Proposal;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Box;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Size;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Wrap;
import org.outguard.tui.table.Line;

/** Asks before anything is done: what, the exact command, the expiry and the undo. */
public final class DialogPart {

    private static final int WIDTH = 96;
    private static final int LABEL = 9;

    /* From this height on a dialog has room to breathe. */
    private static final int ROOMY_FROM = 18;

    /* Where there are fewer lines, none can be spared to say how many are missing. */
    private static final int PAGE_FROM = 4;

    private DialogPart() {}

    /**
     * What a dialog says, and where.
     *
     * @param frame around all
     * @param text where its lines stand, as many as there is room for
     * @param lines all of them
     */
    public record Shape(Box frame, Box text, List<Line> lines) {

        /** The last line that the text can begin with. */
        public int last() {
            return Math.max(0, lines.size() - text.height());
        }

        /** Lines by which a key turns the text: the last row says how many more there are. */
        public int page() {
            return Math.max(1, text.height() - 1);
        }
    }

    public static Shape shape(Size size, Snapshot snapshot, Dialog.Ask ask, LocalTimes times) {
        Proposal proposal = ask.offer();
        int air = low(size) ? 0 : 1;
        int width = Math.min(WIDTH, size.columns());
        List<Line> lines = lines(snapshot, ask, times, width);
        int chosen = choiceRows(size, proposal) + (proposal.timed() ? 1 : 0) + (proposal.paced() ? 1 : 0);
        int typing = ask.toType().isPresent() ? 1 : 0;
        Box frame = Frame.centred(size, chosen + typing + lines.size() + 3 + 4 * air, width);
        int top = frame.row() + 1 + air + chosen + air;
        int end = buttonsRow(size, frame) - typing - air;
        return new Shape(frame, new Box(top, frame.column() + 2, end - top, frame.width() - 4), lines);
    }

    private static boolean low(Size size) {
        return size.rows() < ROOMY_FROM;
    }

    private static int choiceRows(Size size, Proposal proposal) {
        return low(size) ? 1 : proposal.choices().size();
    }

    private static int buttonsRow(Size size, Box frame) {
        return frame.bottom() - (low(size) ? 1 : 2);
    }

    public static void draw(Canvas canvas, Snapshot snapshot, Dialog.Ask ask, LocalTimes times) {
        Proposal proposal = ask.offer();
        if (!proposal.there().test(snapshot)) {
            gone(canvas, proposal);
            return;
        }
        Shape shape = shape(canvas.size(), snapshot, ask, times);
        boolean low = low(canvas.size());
        Box box = shape.frame();
        Frame.draw(canvas, box, proposal.title(), proposal.ink());
        int row = box.row() + (low ? 1 : 2);
        choices(canvas, box, row, ask, low);
        row += choiceRows(canvas.size(), proposal);
        Proposal.Pick pick = ask.pick();
        if (proposal.paced()) {
            List<String> rates = new ArrayList<>(Proposal.Pick.RATES.stream()
                    .map(rate -> Numbers.count(rate) + "/s")
                    .toList());
            pick.typedRate().ifPresent(rate -> rates.add(Numbers.count(rate) + "/s"));
            int chosen = pick.typedRate().isPresent() ? rates.size() - 1 : pick.rate();
            row(canvas, box, row++, "rate", rates, chosen);
        }
        if (proposal.timed()) {
            List<String> lengths = new ArrayList<>(
                    Proposal.Pick.LENGTHS.stream().map(Durations::words).toList());
            pick.typedTime().ifPresent(time -> lengths.add(Durations.words(time)));
            int chosen = pick.typedTime().isPresent() ? lengths.size() - 1 : pick.length();
            int at = row(canvas, box, row, "for", lengths, chosen);
            TextRole textRole = pick.unclear(proposal.paced()).isPresent() ? TextRole.WARN : TextRole.DIM;
            canvas.text(row, at + 1, box.right() - at - 2, amount(proposal, pick), textRole, BackgroundRole.DIALOG);
        }
        text(canvas, shape, ask.from());
        int bottom = buttonsRow(canvas.size(), box);
        if (ask.toType().isPresent()) {
            typing(canvas, box, bottom - 1, ask);
        }
        buttons(canvas, box, bottom, ask, low);
    }

    private static List<Line> lines(Snapshot snapshot, Dialog.Ask ask, LocalTimes times, int width) {
        List<Line> lines = new ArrayList<>();
        String until = ask.offer().timed()
                ? " (until " + times.clock(snapshot.at().plus(ask.pick().time())) + ")"
                : "";
        add(lines, "effect", ask.draft().effect() + until, TextRole.TEXT, width);
        ask.draft().caution().ifPresent(text -> add(lines, "caution", text, TextRole.WARN, width));
        ask.draft()
                .ends()
                .ifPresent(end -> add(
                        lines,
                        "ends",
                        "in " + Durations.clock(Duration.between(snapshot.at(), end)),
                        TextRole.WARN,
                        width));
        for (Objection objection : ask.objections()) {
            String label = objection.last() ? "refused" : "against";
            add(lines, label, SafeText.clean(objection.reason()), TextRole.BAD, width);
        }
        String item = "lets out";
        for (String listed : ask.draft().listed()) {
            add(lines, item, listed, TextRole.TEXT, width);
            item = "";
        }
        // Before the commands, which can be longer than the screen.
        ask.undo()
                .ifPresentOrElse(
                        undo -> add(
                                lines,
                                "undo",
                                SafeText.clean(undo),
                                undo.startsWith("none") ? TextRole.WARN : TextRole.TEXT,
                                width),
                        () -> add(lines, "undo", "none: this cannot be undone", TextRole.WARN, width));
        String label = ask.commands().size() == 1 ? "command" : "commands";
        for (String command : ask.commands()) {
            // nft takes several as one transaction; each on a line of its own can be read.
            List<String> parts = Wrap.statements(SafeText.clean(command));
            if (ask.folded()) {
                String more = parts.size() > 1 ? " … and " + (parts.size() - 1) + " more" : "";
                int room = width - 4 - LABEL - Columns.width(more);
                lines.add(new Line(label, Columns.cut(parts.get(0), room) + more, TextRole.STRONG));
                label = "";
                continue;
            }
            for (String part : parts) {
                add(lines, label, part, TextRole.STRONG, width);
                label = "";
            }
        }
        passing(lines, ask.draft(), width);
        return lines;
    }

    /* Behind the commands: what they do comes before what they leave. */
    private static void passing(List<Line> lines, Proposal.Draft draft, int width) {
        Passing.of(draft.errands().stream().map(Proposal.Errand::step).toList())
                .forEach(clause -> add(lines, "passes", clause, TextRole.WARN, width));
    }

    private static void choices(Canvas canvas, Box box, int top, Dialog.Ask ask, boolean low) {
        int from = box.column() + 2;
        int width = box.width() - 4;
        List<String> choices = ask.offer().choices();
        if (low) {
            String count = choices.size() == 1 ? "" : "↕" + (ask.pick().choice() + 1) + "/" + choices.size() + " ";
            int at = canvas.text(top, from, count, TextRole.DIM, BackgroundRole.DIALOG);
            canvas.text(
                    top,
                    at,
                    from + width - at,
                    choices.get(ask.pick().choice()),
                    TextRole.STRONG,
                    BackgroundRole.DIALOG);
            return;
        }
        for (int i = 0; i < choices.size(); i++) {
            boolean chosen = i == ask.pick().choice() && choices.size() > 1;
            BackgroundRole background = chosen ? BackgroundRole.SELECTED : BackgroundRole.DIALOG;
            canvas.text(top + i, from, i == 0 ? "what" : "", TextRole.DIM, BackgroundRole.DIALOG);
            canvas.fill(top + i, from + LABEL, width - LABEL, background);
            String text = (choices.size() == 1 ? "" : chosen ? " ▸ " : "   ") + choices.get(i);
            canvas.text(
                    top + i,
                    from + LABEL,
                    width - LABEL,
                    text,
                    i == ask.pick().choice() ? TextRole.STRONG : TextRole.TEXT,
                    background);
        }
    }

    private static String amount(Proposal proposal, Proposal.Pick pick) {
        String hint = proposal.paced() ? "or type: 45m, 250/s" : "or type: 45m, 1h30m";
        return pick.amount().isEmpty() ? hint : "typed " + pick.amount() + "_";
    }

    private static int row(Canvas canvas, Box box, int row, String label, List<String> offered, int chosen) {
        int at = box.column() + 2;
        canvas.text(row, at, label, TextRole.DIM, BackgroundRole.DIALOG);
        at += LABEL;
        for (int i = 0; i < offered.size(); i++) {
            boolean here = i == chosen;
            String shown = (here ? "▸" : " ") + offered.get(i) + " ";
            at = canvas.text(
                            row,
                            at,
                            shown,
                            here ? TextRole.STRONG : TextRole.TEXT,
                            here ? BackgroundRole.SELECTED : BackgroundRole.DIALOG)
                    + 1;
        }
        return at;
    }

    private static void typing(Canvas canvas, Box box, int row, Dialog.Ask ask) {
        String wanted = ask.toType().orElse("");
        int at = canvas.text(
                row,
                box.column() + 2,
                "type " + SafeText.clean(wanted, 40) + ": ",
                TextRole.WARN,
                BackgroundRole.DIALOG);
        at = canvas.text(row, at, SafeText.clean(ask.typed()), TextRole.STRONG, BackgroundRole.DIALOG);
        canvas.put(row, at, ' ', TextRole.STRONG, BackgroundRole.BADGE_ACCENT);
    }

    private static void gone(Canvas canvas, Proposal proposal) {
        int width = Math.min(WIDTH, canvas.columns());
        List<String> lines = Wrap.lines(proposal.gone(), width - 4);
        Box box = Frame.centred(canvas.size(), lines.size() + 5, width);
        Frame.draw(canvas, box, proposal.title(), TextRole.DIM);
        for (int i = 0; i < lines.size(); i++) {
            canvas.text(
                    box.row() + 1 + i, box.column() + 2, width - 4, lines.get(i), TextRole.WARN, BackgroundRole.DIALOG);
        }
        canvas.text(box.bottom() - 1, box.column() + 2, " Esc  Close ", TextRole.STRONG, BackgroundRole.BAR);
    }

    private static void add(List<Line> lines, String label, String text, TextRole textRole, int width) {
        String name = label;
        for (String part : Wrap.lines(text, width - 4 - LABEL)) {
            lines.add(new Line(name, part, textRole));
            name = "";
        }
    }

    private static void text(Canvas canvas, Shape shape, int from) {
        Box box = shape.text();
        List<Line> lines = shape.lines();
        int top = Math.min(from, shape.last());
        for (int i = 0; i < Math.min(box.height(), lines.size() - top); i++) {
            Line line = lines.get(top + i);
            canvas.text(box.row() + i, box.column(), LABEL - 1, line.label(), TextRole.DIM, BackgroundRole.DIALOG);
            canvas.text(
                    box.row() + i,
                    box.column() + LABEL,
                    box.width() - LABEL,
                    line.text(),
                    line.ink(),
                    BackgroundRole.DIALOG);
        }
        if (lines.size() <= box.height() || box.height() <= 0) {
            return;
        }
        boolean low = box.height() < PAGE_FROM;
        if (top < shape.last() && low) {
            canvas.text(box.bottom(), box.column(), LABEL - 1, "PgDn ▾", TextRole.ACCENT, BackgroundRole.DIALOG);
        } else if (top < shape.last()) {
            canvas.fill(box.bottom(), box.column(), box.width(), BackgroundRole.DIALOG);
            canvas.text(
                    box.bottom(),
                    box.column() + LABEL,
                    box.width() - LABEL,
                    "… " + (lines.size() - top - shape.page()) + " more lines, PgDn ▾",
                    TextRole.ACCENT,
                    BackgroundRole.DIALOG);
        } else if (lines.get(lines.size() - 1).label().isEmpty()) {
            canvas.text(box.bottom(), box.column(), LABEL - 1, "PgUp ▴", TextRole.ACCENT, BackgroundRole.DIALOG);
        }
    }

    private static void buttons(Canvas canvas, Box box, int row, Dialog.Ask ask, boolean low) {
        Proposal proposal = ask.offer();
        boolean typing = ask.toType().isPresent();
        BackgroundRole background = !ask.ready()
                ? BackgroundRole.BAR
                : proposal.ink() == TextRole.BAD ? BackgroundRole.BADGE_BAD : BackgroundRole.BADGE_WARN;
        String yes = typing ? " Enter  " : " y Enter  ";
        int at = canvas.text(
                row,
                box.column() + 2,
                yes + proposal.verb() + " ",
                ask.ready() ? TextRole.STRONG : TextRole.DIM,
                background);
        at = canvas.text(
                row, at + 2, typing ? " Esc  Cancel " : " n Esc  Cancel ", TextRole.STRONG, BackgroundRole.BAR);
        String hint = (proposal.choices().size() > 1 ? "↑↓ choice  " : "")
                + (proposal.paced() ? "- + rate  " : "")
                + (proposal.timed() ? "←→ time  " : "")
                + (typing ? "" : ask.folded() ? "c unfold" : "c fold");
        int from = box.right() - 1 - Columns.width(hint);
        if (!low && !hint.isEmpty() && from > at + 1) {
            canvas.text(row, from, hint, TextRole.DIM, BackgroundRole.DIALOG);
        }
    }
}
