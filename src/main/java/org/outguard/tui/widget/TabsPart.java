package org.outguard.tui.widget;

import java.util.ArrayList;
import java.util.List;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.text.Columns;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.BackgroundRole;
import org.outguard.tui.draw.Canvas;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Table;
import org.outguard.tui.view.Views;

/** The names of the views, the one that is shown marked, and the filter that is in force. */
public final class TabsPart {

    private TabsPart() {}

    /** A name in its place. */
    public record Tab(int view, int from, int end, String text) {}

    public static List<Tab> place(Views views) {
        List<Tab> tabs = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < views.count(); i++) {
            String text = " " + (i + 1) + " " + views.name(i) + " ";
            tabs.add(new Tab(i, at, at + text.length(), text));
            at += text.length() + 1;
        }
        return tabs;
    }

    public static void draw(Canvas canvas, Layout layout, Views views, Table<?> table, int shown) {
        if (layout.tabsRow() < 0) {
            return;
        }
        int end = 0;
        for (Tab tab : place(views)) {
            boolean here = tab.view() == shown;
            canvas.text(
                    layout.tabsRow(),
                    tab.from(),
                    tab.text(),
                    here ? TextRole.STRONG : TextRole.DIM,
                    here ? BackgroundRole.SELECTED : BackgroundRole.NONE);
            end = tab.end();
        }
        String words = words(table, table.snapshot());
        int room = canvas.columns() - end - 3;
        String cut = Columns.cut(words, room);
        if (room > 8 && !cut.isEmpty()) {
            TextRole textRole = table.state().filter().isEmpty() ? TextRole.DIM : TextRole.WARN;
            canvas.textLeftOf(layout.tabsRow(), canvas.columns() - 1, cut, textRole, BackgroundRole.NONE);
        }
    }

    private static String words(Table<?> table, Snapshot snapshot) {
        String filter = SafeText.clean(table.state().filter());
        int tagged = table.state().tagged().size();
        String tags = tagged == 0 ? "" : tagged + " tagged · ";
        if (!filter.isEmpty()) {
            return tags + "filter " + filter + " · " + table.rows().size() + " of " + table.unfiltered();
        }
        return snapshot.sequence() == 0
                ? tags
                : tags + table.unfiltered() + (table.unfiltered() == 1 ? " row" : " rows");
    }
}
