package org.outguard.tui;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Talker;

/** A frame from a snapshot, what a person has chosen, and a size. Nothing else goes in, and nothing else comes out. */
final class Screen {

    private final Setting setting;
    private final Theme theme;

    Screen(Setting setting) {
        this.setting = setting;
        this.theme = new Theme(setting.palette());
    }

    /** What a screen of that size shows. */
    Controller.Seen seen(Size size, Snapshot snapshot, ViewState view) {
        Layout layout = layout(size, snapshot, view);
        int quiet = TablePart.wanted(snapshot) - snapshot.talkers().size();
        return new Controller.Seen(snapshot, Math.max(1, layout.tableRows() - quiet), layout.detailRows() > 0);
    }

    Grid draw(Size size, Snapshot snapshot, ViewState view) {
        Grid grid = new Grid(size);
        Canvas canvas = new Canvas(grid, theme);
        if (size.tooSmall()) {
            String text = "terminal too small (" + size + ")";
            for (int row = 0; row * size.columns() < text.length(); row++) {
                int from = row * size.columns();
                canvas.text(
                        row,
                        0,
                        text.substring(from, Math.min(text.length(), from + size.columns())),
                        Ink.WARN,
                        Ground.NONE);
            }
            return grid;
        }
        table(canvas, size, snapshot, view);
        dialog(canvas, snapshot, view);
        return grid;
    }

    private Layout layout(Size size, Snapshot snapshot, ViewState view) {
        int details = Rows.selected(snapshot, view)
                .map(talker -> DetailPart.wanted(talker, snapshot, size.columns()))
                .orElse(0);
        int warnings = HeaderPart.warnings(snapshot, size.columns()).size();
        return Layout.of(size, view, TablePart.wanted(snapshot), warnings, details);
    }

    private void table(Canvas canvas, Size size, Snapshot snapshot, ViewState view) {
        Layout layout = layout(size, snapshot, view);
        List<Column.Placed> columns = Column.place(size.columns());
        HeaderPart.bar(canvas, snapshot, view, setting);
        HeaderPart.totals(canvas, layout, snapshot);
        HeaderPart.warnings(canvas, layout, HeaderPart.warnings(snapshot, size.columns()));
        TablePart.head(canvas, layout, view, columns);
        TablePart.rows(canvas, layout, snapshot, view, Rows.of(snapshot, view), columns);
        Optional<Talker> selected = Rows.selected(snapshot, view);
        if (layout.detailRows() > 0 && selected.isPresent()) {
            DetailPart.draw(canvas, layout, selected.get(), snapshot);
        }
        FooterPart.notice(canvas, layout.footerRow() - 1, snapshot, view);
        FooterPart.keys(canvas, layout.footerRow(), snapshot, view);
    }

    private void dialog(Canvas canvas, Snapshot snapshot, ViewState view) {
        Dialog dialog = view.dialog();
        if (dialog instanceof Dialog.None) {
            return;
        }
        canvas.fade();
        if (dialog instanceof Dialog.Help help) {
            HelpPart.draw(canvas, snapshot, view, help.from());
        } else if (dialog instanceof Dialog.Block block) {
            DialogPart.block(canvas, snapshot, block, setting.zone());
        } else if (dialog instanceof Dialog.Undo undo) {
            DialogPart.undo(canvas, snapshot, undo);
        }
    }
}
