package org.outguard.tui;

import java.util.Optional;
import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.table.ColumnLayout;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.Table;
import org.outguard.tui.table.TableState;
import org.outguard.tui.terminal.Input;
import org.outguard.tui.view.Views;
import org.outguard.tui.widget.Layout;
import org.outguard.tui.widget.PagePart;
import org.outguard.tui.widget.TabsPart;

/** What a click or a turn of the wheel does: what the same place on the screen suggests. */
final class Mouse {

    private static final int WHEEL_ROWS = 3;

    private final Views views;

    Mouse(Views views) {
        this.views = views;
    }

    ViewState take(Input.Mouse mouse, ViewState view, Screen.Arranged arranged) {
        ViewState quiet = view.withMessage("").withWelcome(false);
        if (!(view.dialog() instanceof Dialog.None)) {
            return scrolled(mouse, quiet);
        }
        if (view.page().isPresent() && arranged.page().isPresent()) {
            int by = mouse.button() == Input.Button.WHEEL_UP
                    ? -WHEEL_ROWS
                    : mouse.button() == Input.Button.WHEEL_DOWN ? WHEEL_ROWS : 0;
            int last = arranged.page().get().last(PagePart.room(arranged.layout()));
            Page page = view.page().get();
            return quiet.withPage(Optional.of(page.withFrom(Math.min(last, page.from() + by))));
        }
        return switch (mouse.button()) {
            case WHEEL_UP -> turned(mouse, quiet, arranged, -WHEEL_ROWS);
            case WHEEL_DOWN -> turned(mouse, quiet, arranged, WHEEL_ROWS);
            case LEFT -> clicked(mouse, quiet, arranged);
        };
    }

    /* What the mouse stands on moves. */
    private static ViewState turned(Input.Mouse mouse, ViewState view, Screen.Arranged arranged, int by) {
        Layout layout = arranged.layout();
        return mouse.row() > layout.detailTop() && mouse.row() < layout.detailTop() + layout.detailRows()
                ? view.withDetailsFrom(Math.min(arranged.lastDetail(), view.detailsFrom() + by))
                : view.withTable(arranged.table().move(by));
    }

    /* A click does not answer a question: what is done to others is typed. */
    private static ViewState scrolled(Input.Mouse mouse, ViewState view) {
        int by = mouse.button() == Input.Button.WHEEL_UP ? -1 : mouse.button() == Input.Button.WHEEL_DOWN ? 1 : 0;
        if (view.dialog() instanceof Dialog.Help help) {
            return view.withDialog(new Dialog.Help(Math.max(0, help.from() + by)));
        }
        return view.dialog() instanceof Dialog.Ask ask
                ? view.withDialog(ask.withFrom(Math.max(0, ask.from() + by)))
                : view;
    }

    private ViewState clicked(Input.Mouse mouse, ViewState view, Screen.Arranged arranged) {
        Layout layout = arranged.layout();
        if (mouse.row() == layout.tabsRow()) {
            return TabsPart.place(views).stream()
                    .filter(tab -> mouse.column() >= tab.from() && mouse.column() < tab.end())
                    .findFirst()
                    .map(tab -> view.withShown(tab.view()))
                    .orElse(view);
        }
        Table<?> table = arranged.table();
        if (mouse.row() == layout.headRow()) {
            return view.withTable(sorted(table, mouse.column(), arranged.size().columns()));
        }
        int index = arranged.index(mouse.row());
        return index < 0 ? view : view.withTable(table.select(index));
    }

    private static <R> TableState sorted(Table<R> table, int at, int columns) {
        TableState state = table.state();
        return ColumnLayout.place(table.columns(), columns).stream()
                .filter(place -> at >= place.from() && at < place.from() + place.width())
                .map(ColumnLayout.Placed::column)
                .filter(column -> column.order().isPresent())
                .findFirst()
                .map(column -> state.withSort(
                        column.title(), column.title().equals(table.sortColumn().title()) && !state.reversed()))
                .orElse(state);
    }
}
