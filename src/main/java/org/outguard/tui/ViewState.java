package org.outguard.tui;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.snapshot.Snapshot;

/**
 * What the person at the screen has chosen. Immutable.
 *
 * @param shown index of the view that is shown
 * @param tables state of each view's table
 * @param details whether the details are shown; empty where the height decides
 * @param reading how far somebody has read in the details, and in whose
 * @param dialog what lies over the table
 * @param filtering the filter that is being typed; empty where none is
 * @param paused the snapshot that stands still
 * @param message an answer to the last key; empty where there is none
 * @param asked what was confirmed just now; empty where its outcome was told
 * @param lateSeconds age of the data where they are late, else 0
 * @param welcome whether the three lines of the first run are shown
 */
record ViewState(
        int shown,
        List<TableState> tables,
        Optional<Boolean> details,
        Reading reading,
        Dialog dialog,
        Optional<String> filtering,
        Optional<Snapshot> paused,
        String message,
        Optional<Asked> asked,
        int lateSeconds,
        boolean welcome) {

    ViewState {
        tables = List.copyOf(tables);
    }

    static ViewState first(int views) {
        return new ViewState(
                0,
                Collections.nCopies(views, TableState.first()),
                Optional.empty(),
                new Reading("", 0),
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
    int detailsFrom() {
        return reading.id.equals(table().selected()) ? reading.from : 0;
    }

    ViewState withDetailsFrom(int from) {
        Reading read = new Reading(table().selected(), Math.max(0, from));
        return new ViewState(
                shown, tables, details, read, dialog, filtering, paused, message, asked, lateSeconds, welcome);
    }

    boolean asking() {
        return dialog instanceof Dialog.Ask;
    }

    TableState table() {
        return tables.get(shown);
    }

    ViewState withTable(TableState table) {
        List<TableState> changed = new ArrayList<>(tables);
        changed.set(shown, table);
        // Who comes back to a row reads first why it is there.
        Reading read = table.selected().equals(table().selected()) ? reading : new Reading("", 0);
        return new ViewState(
                shown, changed, details, read, dialog, filtering, paused, message, asked, lateSeconds, welcome);
    }

    ViewState withShown(int index) {
        return new ViewState(
                index, tables, details, reading, dialog, filtering, paused, message, asked, lateSeconds, welcome);
    }

    ViewState withDetails(boolean wanted) {
        return new ViewState(
                shown,
                tables,
                Optional.of(wanted),
                reading,
                dialog,
                filtering,
                paused,
                message,
                asked,
                lateSeconds,
                welcome);
    }

    ViewState withDialog(Dialog open) {
        return new ViewState(
                shown, tables, details, reading, open, filtering, paused, message, asked, lateSeconds, welcome);
    }

    ViewState withFiltering(Optional<String> text) {
        return new ViewState(
                shown, tables, details, reading, dialog, text, paused, message, asked, lateSeconds, welcome);
    }

    ViewState withPaused(Optional<Snapshot> still) {
        return new ViewState(
                shown, tables, details, reading, dialog, filtering, still, message, asked, lateSeconds, welcome);
    }

    ViewState withMessage(String text) {
        return new ViewState(
                shown, tables, details, reading, dialog, filtering, paused, text, asked, lateSeconds, welcome);
    }

    ViewState withWelcome(boolean wanted) {
        return new ViewState(
                shown, tables, details, reading, dialog, filtering, paused, message, asked, lateSeconds, wanted);
    }

    ViewState withAsked(Optional<Asked> confirmed) {
        return new ViewState(
                shown, tables, details, reading, dialog, filtering, paused, message, confirmed, lateSeconds, welcome);
    }

    ViewState withLate(int seconds) {
        return new ViewState(
                shown, tables, details, reading, dialog, filtering, paused, message, asked, seconds, welcome);
    }
}
