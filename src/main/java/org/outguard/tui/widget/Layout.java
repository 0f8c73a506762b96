package org.outguard.tui.widget;

import org.outguard.tui.draw.Size;
import org.outguard.tui.state.ViewState;

/**
 * Which row holds what.
 *
 * @param totalsRows rows of totals under the header, the graph among them: 1, 2, 5 or 7
 * @param warningsTop first row of the warnings
 * @param warningRows how many of them
 * @param tabsRow names of the views; -1 where there is no room for them
 * @param headRow titles of the columns
 * @param tableRows rows of the table, from the row after the titles
 * @param detailTop first row of the details, their title included
 * @param detailRows how many, 0 where they are not shown
 * @param footerRow the keys
 */
public record Layout(
        int totalsRows,
        int warningsTop,
        int warningRows,
        int tabsRow,
        int headRow,
        int tableRows,
        int detailTop,
        int detailRows,
        int footerRow) {

    /** From this height on the details are shown unless a key hides them. */
    private static final int DETAILS_FROM = 24;

    private static final int TABS_FROM = 16;
    private static final int LEAST_TABLE = 3;

    /**
     * Shares the height out.
     *
     * @param rows how many rows the table could fill, messages included
     * @param warnings how many rows the warnings want
     * @param details how many rows the details want, their title included
     */
    public static Layout of(Size size, ViewState view, int rows, int warnings, int details) {
        int height = size.rows();
        boolean narrow = size.columns() < 60;
        int totals = height < 16 || narrow ? 1 : height < 28 ? 2 : height < 44 ? 5 : 7;
        int warningRows = Math.min(warnings, height < 20 ? 1 : 2);
        int tabs = height < TABS_FROM ? 0 : 1;
        int head = 1 + totals + warningRows + tabs;
        int body = height - head - 3;
        boolean shown = view.details().orElse(height >= DETAILS_FROM);
        int room = body - LEAST_TABLE;
        int detailRows = shown && room >= 2 ? Math.min(Math.min(details, room), largest(body, rows)) : 0;
        int tableRows = body - detailRows;
        return new Layout(
                totals,
                1 + totals,
                warningRows,
                tabs == 0 ? -1 : head - 1,
                head,
                tableRows,
                head + 1 + tableRows,
                detailRows,
                height - 1);
    }

    /* The table gets what it can fill up to half of the body; the details get the rest. */
    private static int largest(int body, int rows) {
        return body - Math.max(LEAST_TABLE, Math.min(rows, body / 2));
    }

    public int tableTop() {
        return headRow + 1;
    }

    /** The line above the keys: what is typed, what was answered, what went wrong. */
    public int noticeRow() {
        return footerRow - 1;
    }
}
