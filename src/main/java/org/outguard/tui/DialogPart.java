package org.outguard.tui;

import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.Snapshot;
import org.outguard.guard.StandingBlock;
import org.outguard.guard.Talker;
import org.outguard.guard.Verdict;
import org.outguard.owner.Owner;
import org.outguard.text.Columns;
import org.outguard.text.Durations;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;

/** Asks before anything is done: what, the exact command, the expiry and the undo. */
final class DialogPart {

    private static final int WIDTH = 96;
    private static final int LABEL = 9;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private DialogPart() {}

    private record Line(String label, String text, Ink ink) {}

    static void block(Canvas canvas, Snapshot snapshot, Dialog.Block dialog, ZoneId zone) {
        Optional<Talker> talker = Rows.find(snapshot, dialog.talkerId());
        String title = "Block " + dialog.who() + "?";
        if (talker.isEmpty()) {
            gone(canvas, title, dialog.who() + " is no longer seen, so there is nothing to block.");
            return;
        }
        boolean low = canvas.rows() < 18;
        int width = Math.min(WIDTH, canvas.columns());
        List<Line> lines = new ArrayList<>();
        String until = CLOCK.format(snapshot.at().plus(dialog.time()).atZone(zone));
        add(
                lines,
                "effect",
                "drops every packet of " + scope(dialog.target(), talker.get()) + " for "
                        + Durations.words(dialog.time()) + ", until " + until
                        + "; the kernel then forgets it, with or without Outguard",
                Ink.TEXT,
                width);
        caution(dialog.target(), talker.get()).ifPresent(text -> add(lines, "caution", text, Ink.WARN, width));
        add(lines, "command", SafeText.clean(dialog.plan().command()), Ink.STRONG, width);
        add(lines, "undo", SafeText.clean(dialog.plan().undo()), Ink.TEXT, width);
        int choices = low ? 1 : dialog.choices().size();
        Box box = Frame.centred(canvas, choices + 1 + lines.size() + (low ? 3 : 7), width);
        Frame.draw(canvas, box, title, Ink.BAD);
        int row = box.row() + (low ? 1 : 2);
        choices(canvas, box, row, dialog, talker.get(), low);
        row += choices;
        times(canvas, box, row, dialog);
        row += low ? 1 : 2;
        int bottom = box.bottom() - (low ? 1 : 2);
        text(
                canvas,
                new Box(row, box.column() + 2, bottom - row - (low ? 0 : 1), box.width() - 4),
                lines,
                dialog.from());
        buttons(canvas, box, bottom, "Block", Ground.BADGE_BAD, low ? "" : "↑↓ scope  ←→ time");
    }

    private static void choices(Canvas canvas, Box box, int top, Dialog.Block dialog, Talker talker, boolean low) {
        int from = box.column() + 2;
        int width = box.width() - 4;
        if (low) {
            String count = "↕" + (dialog.choice() + 1) + "/" + dialog.choices().size() + " ";
            int at = canvas.text(top, from, count, Ink.DIM, Ground.DIALOG);
            String scope = scope(dialog.target(), talker);
            canvas.text(top, at, from + width - at, scope, Ink.STRONG, Ground.DIALOG);
            return;
        }
        for (int i = 0; i < dialog.choices().size(); i++) {
            boolean chosen = i == dialog.choice();
            Ground ground = chosen ? Ground.SELECTED : Ground.DIALOG;
            canvas.text(top + i, from, i == 0 ? "scope" : "", Ink.DIM, Ground.DIALOG);
            canvas.fill(top + i, from + LABEL, width - LABEL, ground);
            String text = (chosen ? " ▸ " : "   ") + scope(dialog.choices().get(i), talker);
            canvas.text(top + i, from + LABEL, width - LABEL, text, chosen ? Ink.STRONG : Ink.TEXT, ground);
        }
    }

    private static void times(Canvas canvas, Box box, int row, Dialog.Block dialog) {
        int at = box.column() + 2;
        canvas.text(row, at, "for", Ink.DIM, Ground.DIALOG);
        at += LABEL;
        for (int i = 0; i < Dialog.LENGTHS.size(); i++) {
            boolean chosen = i == dialog.length();
            String text = Durations.words(Dialog.LENGTHS.get(i));
            String shown = chosen ? "▸" + text + " " : " " + text + " ";
            at = canvas.text(row, at, shown, chosen ? Ink.STRONG : Ink.TEXT, chosen ? Ground.SELECTED : Ground.DIALOG)
                    + 1;
        }
    }

    /** A target in words that name the user: {@code "www-data (uid 33) to 192.0.2.1 udp port 80"}. */
    static String scope(BlockTarget target, Talker talker) {
        String user = target.uid().isEmpty()
                ? "everybody"
                : talker.attribution()
                        .knownOwner()
                        .filter(owner -> owner.uid() == target.uid().getAsInt())
                        .map(DialogPart::user)
                        .orElse("uid " + Integer.toUnsignedLong(target.uid().getAsInt()));
        if (target.remote().isEmpty()) {
            return user + " to anywhere";
        }
        String port = target.port().isPresent()
                ? " " + target.protocolWord() + " port " + target.port().getAsInt()
                : ", every port";
        return user + " to " + target.remote().get() + port;
    }

    private static String user(Owner owner) {
        return SafeText.clean(owner.user()) + " (uid " + Integer.toUnsignedLong(owner.uid()) + ")";
    }

    private static Optional<String> caution(BlockTarget target, Talker talker) {
        if (target.remote().isEmpty()) {
            return Optional.of("stops the honest traffic of that user too: look-ups, web requests, mail");
        }
        if (talker.verdict() == Verdict.CLEAN) {
            return Optional.of("this talker is within the limits");
        }
        return talker.remoteCount() > 1
                ? Optional.of("it sends to " + Numbers.count(talker.remoteCount()) + " destinations, this stops one")
                : Optional.empty();
    }

    static void undo(Canvas canvas, Snapshot snapshot, Dialog.Undo dialog) {
        Optional<StandingBlock> now = Blocks.find(snapshot, dialog.block().actionId());
        String title = "Take this block back?";
        if (now.isEmpty() || now.get().state() != StandingBlock.State.STANDING) {
            gone(canvas, title, "The block of " + dialog.block().target() + " is no longer in force.");
            return;
        }
        boolean low = canvas.rows() < 14;
        int width = Math.min(WIDTH, canvas.columns());
        List<Line> lines = new ArrayList<>();
        StandingBlock block = now.get();
        add(lines, "block", block.target().toString(), Ink.STRONG, width);
        String left = Durations.clock(Duration.between(snapshot.at(), block.expires()));
        add(
                lines,
                "now",
                Numbers.count(block.packets()) + " packets dropped, " + Numbers.rate(block.packetsPerSecond())
                        + " pps now; expires by itself in " + left,
                Ink.TEXT,
                width);
        add(lines, "effect", "these packets leave again at once", Ink.WARN, width);
        add(lines, "command", SafeText.clean(dialog.plan().command()), Ink.STRONG, width);
        add(lines, "undo", SafeText.clean(dialog.plan().undo()), Ink.TEXT, width);
        Box box = Frame.centred(canvas, lines.size() + (low ? 3 : 6), width);
        Frame.draw(canvas, box, title, Ink.WARN);
        int row = box.row() + (low ? 1 : 2);
        int bottom = box.bottom() - (low ? 1 : 2);
        text(
                canvas,
                new Box(row, box.column() + 2, bottom - row - (low ? 0 : 1), box.width() - 4),
                lines,
                dialog.from());
        buttons(canvas, box, bottom, "Undo", Ground.BADGE_WARN, "");
    }

    private static void gone(Canvas canvas, String title, String text) {
        int width = Math.min(WIDTH, canvas.columns());
        List<String> lines = Wrap.lines(text, width - 4);
        Box box = Frame.centred(canvas, lines.size() + 5, width);
        Frame.draw(canvas, box, title, Ink.DIM);
        for (int i = 0; i < lines.size(); i++) {
            canvas.text(box.row() + 1 + i, box.column() + 2, width - 4, lines.get(i), Ink.WARN, Ground.DIALOG);
        }
        canvas.text(box.bottom() - 1, box.column() + 2, " n Esc  Close ", Ink.STRONG, Ground.BAR);
    }

    private static void add(List<Line> lines, String label, String text, Ink ink, int width) {
        String name = label;
        for (String part : Wrap.lines(text, width - 4 - LABEL)) {
            lines.add(new Line(name, part, ink));
            name = "";
        }
    }

    private static void text(Canvas canvas, Box box, List<Line> lines, int from) {
        int top = Math.max(0, Math.min(from, lines.size() - box.height()));
        for (int i = 0; i < Math.min(box.height(), lines.size() - top); i++) {
            Line line = lines.get(top + i);
            canvas.text(box.row() + i, box.column(), LABEL - 1, line.label, Ink.DIM, Ground.DIALOG);
            canvas.text(box.row() + i, box.column() + LABEL, box.width() - LABEL, line.text, line.ink, Ground.DIALOG);
        }
        if (lines.size() > box.height() && box.height() > 0) {
            String where = top + box.height() < lines.size() ? "PgDn ▾" : "PgUp ▴";
            canvas.text(box.bottom(), box.column(), LABEL - 1, where, Ink.ACCENT, Ground.DIALOG);
        }
    }

    private static void buttons(Canvas canvas, Box box, int row, String word, Ground ground, String hint) {
        int at = canvas.text(row, box.column() + 2, " y Enter  " + word + " ", Ink.STRONG, ground);
        at = canvas.text(row, at + 2, " n Esc  Cancel ", Ink.STRONG, Ground.BAR);
        int from = box.right() - 1 - Columns.width(hint);
        if (!hint.isEmpty() && from > at + 1) {
            canvas.text(row, from, hint, Ink.DIM, Ground.DIALOG);
        }
    }
}
