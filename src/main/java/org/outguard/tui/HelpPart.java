package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.Snapshot;

/** All keys and what they do, or why they do nothing now. */
final class HelpPart {

    private static final int LABEL = 11;
    private static final int WIDTH = 76;

    private HelpPart() {}

    private record Line(String label, String text, Ink ink) {}

    static void draw(Canvas canvas, Snapshot snapshot, ViewState view, int from) {
        List<Line> lines = lines(snapshot, view);
        Box box = Frame.centred(canvas, lines.size() + 4, WIDTH);
        Frame.draw(canvas, box, "Keys", Ink.ACCENT);
        int shown = box.height() - 3;
        int top = Math.min(from, Math.max(0, lines.size() - shown));
        for (int i = 0; i < Math.min(shown, lines.size() - top); i++) {
            Line line = lines.get(top + i);
            int row = box.row() + 1 + i;
            canvas.text(row, box.column() + 2, LABEL, line.label, Ink.ACCENT, Ground.DIALOG);
            canvas.text(row, box.column() + 2 + LABEL, box.width() - LABEL - 4, line.text, line.ink, Ground.DIALOG);
        }
        String close = lines.size() > shown ? "↑ ↓ more · any other key closes" : "any key closes";
        canvas.text(box.bottom() - 1, box.column() + 2, box.width() - 4, close, Ink.DIM, Ground.DIALOG);
    }

    /** How far the help can be scrolled at most. */
    static int most(Snapshot snapshot, ViewState view) {
        return lines(snapshot, view).size();
    }

    private static List<Line> lines(Snapshot snapshot, ViewState view) {
        List<Line> lines = new ArrayList<>();
        for (Keys.Binding binding : Keys.TABLE) {
            if (binding.label().isEmpty()) {
                continue;
            }
            String reason = binding.disabled(snapshot, view)
                    .map(why -> "; not now: " + why)
                    .orElse("");
            lines.add(new Line(binding.label(), binding.description() + reason, reason.isEmpty() ? Ink.TEXT : Ink.DIM));
        }
        lines.add(new Line("", "", Ink.TEXT));
        lines.add(new Line("", "while a dialog asks", Ink.DIM));
        Keys.DIALOG.stream()
                .filter(binding -> !binding.label().isEmpty())
                .forEach(binding -> lines.add(new Line(binding.label(), binding.description(), Ink.TEXT)));
        return lines;
    }
}
