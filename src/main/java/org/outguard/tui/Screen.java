package org.outguard.tui;

import java.util.Optional;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.dialog.Proposals;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.Grid;
import org.outguard.tui.draw.Look;
import org.outguard.tui.draw.Size;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.draw.Theme;
import org.outguard.tui.state.Setting;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.table.Lookups;
import org.outguard.tui.table.Table;
import org.outguard.tui.table.TableState;
import org.outguard.tui.table.View;
import org.outguard.tui.terminal.Input;
import org.outguard.tui.view.Timeline;
import org.outguard.tui.view.Views;
import org.outguard.tui.widget.ColumnsPart;
import org.outguard.tui.widget.CopyPart;
import org.outguard.tui.widget.DetailPart;
import org.outguard.tui.widget.DialogPart;
import org.outguard.tui.widget.FilterLine;
import org.outguard.tui.widget.FooterPart;
import org.outguard.tui.widget.HeaderPart;
import org.outguard.tui.widget.HelpPart;
import org.outguard.tui.widget.Layout;
import org.outguard.tui.widget.PagePart;
import org.outguard.tui.widget.TablePart;
import org.outguard.tui.widget.TabsPart;

/** A frame from a snapshot, what a person has chosen, and a size. Nothing else goes in, and nothing else comes out. */
final class Screen {

    private final Setting setting;
    private final Views views;
    private final Proposals proposals;
    private final Lookups lookups;
    private final Timeline timeline;
    private Theme theme;

    Screen(Setting setting, Views views, Proposals proposals, Lookups lookups, Timeline timeline) {
        this.timeline = timeline;
        this.lookups = lookups;
        this.setting = setting;
        this.views = views;
        this.proposals = proposals;
        this.theme = new Theme(setting.look());
    }

    /**
     * What stands where.
     *
     * @param size of the screen
     * @param layout which row holds what
     * @param table what the table holds
     * @param view what a person has chosen, as it holds for this
     * @param details all that is known of the selected row; empty where none is
     * @param page the page over the table; empty where none is open
     * @param dialog what asks over it
     */
    record Arranged(
            Size size,
            Layout layout,
            Table<?> table,
            ViewState view,
            Optional<DetailPart.Shape> details,
            Optional<PagePart.Shape> page,
            Optional<DialogPart.Shape> dialog) {

        /** Rows of the table that hold a row of the view. */
        int rows() {
            return Screen.page(layout, table);
        }

        Controller.Seen seen() {
            return new Controller.Seen(
                    table,
                    rows(),
                    layout.detailRows() > 0,
                    Math.max(1, layout.detailRows() - 2),
                    lastDetail(),
                    dialog.map(DialogPart.Shape::page).orElse(0),
                    dialog.map(DialogPart.Shape::last).orElse(0),
                    page,
                    PagePart.room(layout));
        }

        /** The last row that the details can begin with. */
        int lastDetail() {
            return details.map(shape -> shape.last(layout.detailRows())).orElse(0);
        }

        /** The place among all rows of what is drawn in that row of the screen; -1 where there is none. */
        int index(int row) {
            int first = layout.tableTop() + TablePart.quiet(table);
            boolean inside = row >= first && row < layout.tableTop() + layout.tableRows();
            int index = row - first + table.state().top();
            int rule = TablePart.rule(table, layout);
            if (rule > 0 && index >= rule) {
                index = index == rule ? -1 : index - 1;
            }
            return inside && index >= 0 && index < table.rows().size() ? index : -1;
        }
    }

    /**
     * The rows in order and scrolled, for a new snapshot or a new choice.
     *
     * @param hold whether rows may not change places now
     */
    Arranged arrange(Size size, Snapshot snapshot, ViewState view, boolean hold) {
        return arrange(size, snapshot, view, views.get(view.shown()), hold);
    }

    private <R> Arranged arrange(Size size, Snapshot snapshot, ViewState view, View<R> shown, boolean hold) {
        TableState settled = new Table<>(shown, snapshot, FilterLine.live(shown, view)).settle(hold);
        Table<R> table = new Table<>(shown, snapshot, settled);
        Optional<DetailPart.Shape> details = table.details().map(known -> DetailPart.shape(known, size.columns()));
        Layout layout = layout(size, table, view, details);
        int page = page(layout, table);
        Table<R> scrolled = new Table<>(shown, snapshot, table.scroll(page));
        TableState kept = scrolled.state().withFilter(view.table().filter());
        Optional<DialogPart.Shape> dialog = view.dialog() instanceof Dialog.Ask ask
                ? Optional.of(DialogPart.shape(size, snapshot, ask, setting.times()))
                : Optional.empty();
        Optional<PagePart.Shape> opened =
                view.page().map(shownPage -> PagePart.shape(scrolled, shownPage, lookups, size.columns()));
        return new Arranged(size, layout, scrolled, view.withTable(kept), details, opened, dialog);
    }

    private static int page(Layout layout, Table<?> table) {
        return Math.max(1, layout.tableRows() - TablePart.quiet(table));
    }

    private static Layout layout(Size size, Table<?> table, ViewState view, Optional<DetailPart.Shape> details) {
        int warnings = HeaderPart.warnings(table.snapshot(), size.columns()).size();
        int wanted = details.map(DetailPart.Shape::wanted).orElse(0);
        return Layout.of(size, view, TablePart.wanted(table), warnings, wanted);
    }

    /** The key that is named where the mouse was pressed; empty where there is none. */
    Optional<Input.Key> keyAt(Arranged arranged, Input.Mouse click) {
        boolean footer = click.button() == Input.Button.LEFT
                && click.row() == arranged.layout().footerRow()
                && arranged.view().dialog() instanceof Dialog.None;
        if (!footer) {
            return Optional.empty();
        }
        return FooterPart.place(
                        arranged.table(),
                        setting.keys(),
                        proposals,
                        arranged.view().page().isPresent(),
                        arranged.size().columns())
                .stream()
                .filter(placed -> click.column() >= placed.from() && click.column() < placed.end())
                .findFirst()
                .map(placed -> new Input.Key(placed.binding().keys().get(0)));
    }

    /** Draws with other colours from now on. */
    void look(Look look) {
        theme = new Theme(look);
    }

    Grid draw(Size size, Arranged arranged) {
        return draw(size, arranged, true);
    }

    /**
     * Draws a frame.
     *
     * @param dim whether what lies under a dialog loses its colour: that costs a whole frame
     */
    Grid draw(Size size, Arranged arranged, boolean dim) {
        Grid grid = new Grid(size);
        Canvas canvas = new Canvas(grid, theme);
        if (size.tooSmall()) {
            tooSmall(canvas, size);
            return grid;
        }
        table(canvas, size, arranged);
        dialog(canvas, arranged, dim);
        return grid;
    }

    private static void tooSmall(Canvas canvas, Size size) {
        String text = "terminal too small (" + size + ")";
        for (int row = 0; row * size.columns() < text.length(); row++) {
            int from = row * size.columns();
            String part = text.substring(from, Math.min(text.length(), from + size.columns()));
            canvas.text(row, 0, part, TextRole.WARN, BackgroundRole.NONE);
        }
    }

    private void table(Canvas canvas, Size size, Arranged arranged) {
        Layout layout = arranged.layout();
        Table<?> table = arranged.table();
        Snapshot snapshot = table.snapshot();
        ViewState view = arranged.view();
        // Where there is no room for the names of the views, the bar has that of the one that is shown.
        String shown = layout.tabsRow() < 0 ? table.view().name() : "";
        HeaderPart.bar(canvas, snapshot, view, setting, shown);
        HeaderPart.totals(canvas, layout, snapshot, timeline, setting.times());
        HeaderPart.warnings(canvas, layout, HeaderPart.warnings(snapshot, size.columns()));
        if (view.page().isPresent() && arranged.page().isPresent()) {
            PagePart.draw(canvas, layout, arranged.page().get(), view.page().get());
            FooterPart.notice(canvas, layout.noticeRow(), table, view, setting);
            FooterPart.keys(canvas, layout.footerRow(), table, setting.keys(), proposals, true);
            return;
        }
        TabsPart.draw(canvas, layout, views, table, view.shown());
        TablePart.draw(canvas, layout, table);
        if (layout.detailRows() > 0 && arranged.details().isPresent()) {
            int from = view.detailsFrom();
            DetailPart.draw(canvas, layout, arranged.details().get(), from, setting.keys());
        }
        if (view.welcome()) {
            FooterPart.welcome(canvas, layout.noticeRow(), setting.keys());
        }
        FooterPart.notice(canvas, layout.noticeRow(), table, view, setting);
        FooterPart.keys(canvas, layout.footerRow(), table, setting.keys(), proposals, false);
    }

    private void dialog(Canvas canvas, Arranged arranged, boolean dim) {
        Dialog dialog = arranged.view().dialog();
        if (dialog instanceof Dialog.None) {
            return;
        }
        if (dim) {
            canvas.fade();
        }
        if (dialog instanceof Dialog.Help help) {
            HelpPart.draw(canvas, arranged.table(), setting.keys(), proposals, help.from());
        } else if (dialog instanceof Dialog.Ask ask) {
            DialogPart.draw(canvas, arranged.table().snapshot(), ask, setting.times());
        }
        if (dialog instanceof Dialog.Copy copy) {
            CopyPart.draw(canvas, copy);
        } else if (dialog instanceof Dialog.Columns columns) {
            ColumnsPart.draw(canvas, columns);
        }
        if (!arranged.view().message().isEmpty()) {
            FooterPart.notice(canvas, arranged.layout().noticeRow(), arranged.table(), arranged.view(), setting);
        }
    }
}
