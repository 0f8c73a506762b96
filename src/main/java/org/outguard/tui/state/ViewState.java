package org.outguard.tui.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.Asked;
import org.outguard.tui.dialog.Dialog;
import org.outguard.tui.table.Page;
import org.outguard.tui.table.TableState;

/**
 * What the person at the screen has chosen. Immutable.
 *
 * @param shown index of the view that is shown
 * @param tables state of each view's table
 * @param details whether the details are shown; empty where the height decides
 * @param reading how far somebody has read in the details, and in whose
 * @param page the page over the table; empty where none is open
 * @param dialog what lies over the table
 * @param filtering the filter that is being typed; empty where none is
 * @param paused the snapshot that stands still
 * @param message an answer to the last key; empty where there is none
 * @param asked what was confirmed just now; empty where its outcome was told
 * @param lateSeconds age of the data where they are late, else 0
 * @param welcome whether the three lines of the first run are shown
 */
public record ViewState(
        int shown,
        List<TableState> tables,
        Optional<Boolean> details,
        Reading reading,
        Optional<Page> page,
        Dialog dialog,
        Optional<String> filtering,
        Optional<Snapshot> paused,
        String message,
        Optional<Asked> asked,
        int lateSeconds,
        boolean welcome) {

    public ViewState {
        tables = List.copyOf(tables);
    }

    /**
     * At the start.
     *
     * @param hidden columns that are not wanted, for each view
     */
    public static ViewState first(List<Set<String>> hidden) {
        return new ViewState(
                0,
                hidden.stream()
                        .map(titles -> TableState.first().withHidden(titles))
                        .toList(),
                Optional.empty(),
                new Reading("", 0),
                Optional.empty(),
                new Dialog.None(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.empty(),
                0,
                false);
    }

    /**
     * A place in the details of a row.
     *
     * @param id the row's identity
     * @param from first row of the details that is shown
     */
    record Reading(String id, int from) {}

    /** The first row of the details that is shown: another row's are read from their beginning. */
    public int detailsFrom() {
        return reading.id.equals(table().selected()) ? reading.from : 0;
    }

    public ViewState withDetailsFrom(int from) {
        Reading read = new Reading(table().selected(), Math.max(0, from));
        return new ViewState(
                shown, tables, details, read, page, dialog, filtering, paused, message, asked, lateSeconds, welcome);
    }

    public boolean asking() {
        return dialog instanceof Dialog.Ask;
    }

    public TableState table() {
        return tables.get(shown);
    }

    public ViewState withTable(TableState table) {
        List<TableState> changed = new ArrayList<>(tables);
        changed.set(shown, table);
        // Who comes back to a row reads first why it is there.
        Reading read = table.selected().equals(table().selected()) ? reading : new Reading("", 0);
        return new ViewState(
                shown, changed, details, read, page, dialog, filtering, paused, message, asked, lateSeconds, welcome);
    }

    public ViewState withShown(int index) {
        return new ViewState(
                index, tables, details, reading, page, dialog, filtering, paused, message, asked, lateSeconds, welcome);
    }

    public ViewState withDetails(boolean wanted) {
        return new ViewState(
                shown,
                tables,
                Optional.of(wanted),
                reading,
                page,
                dialog,
                filtering,
                paused,
                message,
                asked,
                lateSeconds,
                welcome);
    }

    public ViewState withDialog(Dialog open) {
        return new ViewState(
                shown, tables, details, reading, page, open, filtering, paused, message, asked, lateSeconds, welcome);
    }

    public ViewState withFiltering(Optional<String> text) {
        return new ViewState(
                shown, tables, details, reading, page, dialog, text, paused, message, asked, lateSeconds, welcome);
    }

    public ViewState withPaused(Optional<Snapshot> still) {
        return new ViewState(
                shown, tables, details, reading, page, dialog, filtering, still, message, asked, lateSeconds, welcome);
    }

    public ViewState withMessage(String text) {
        return new ViewState(
                shown, tables, details, reading, page, dialog, filtering, paused, text, asked, lateSeconds, welcome);
    }

    public ViewState withWelcome(boolean wanted) {
        return new ViewState(
                shown, tables, details, reading, page, dialog, filtering, paused, message, asked, lateSeconds, wanted);
    }

    public ViewState withAsked(Optional<Asked> confirmed) {
        return new ViewState(
                shown,
                tables,
                details,
                reading,
                page,
                dialog,
                filtering,
                paused,
                message,
                confirmed,
                lateSeconds,
                welcome);
    }

    public ViewState withLate(int seconds) {
        return new ViewState(
                shown, tables, details, reading, page, dialog, filtering, paused, message, asked, seconds, welcome);
    }

    public ViewState withPage(Optional<Page> opened) {
        return new ViewState(
                shown,
                tables,
                details,
                reading,
                opened,
                dialog,
                filtering,
                paused,
                message,
                asked,
                lateSeconds,
                welcome);
    }
}
