package org.outguard.tui;

import java.util.List;
import java.util.Optional;
import org.outguard.guard.Snapshot;

/**
 * What the person at the screen has chosen. Immutable.
 *
 * @param selected id of the talker that is selected; empty where there is none
 * @param chosen whether a person selected it; until then the worst one is
 * @param order ids of the talkers in the order of the rows
 * @param top index of the first row that is shown
 * @param sort order of the table
 * @param reversed whether that order is turned round
 * @param details whether the details are shown; empty where the height decides
 * @param dialog what lies over the table
 * @param paused the snapshot that stands still
 * @param message an answer to the last key; empty where there is none
 */
record ViewState(
        String selected,
        boolean chosen,
        List<String> order,
        int top,
        Sort sort,
        boolean reversed,
        Optional<Boolean> details,
        Dialog dialog,
        Optional<Snapshot> paused,
        String message) {

    ViewState {
        order = List.copyOf(order);
    }

    static ViewState first() {
        return new ViewState(
                "",
                false,
                List.of(),
                0,
                Sort.SEVERITY,
                false,
                Optional.empty(),
                new Dialog.None(),
                Optional.empty(),
                "");
    }

    boolean dialogOpen() {
        return dialog instanceof Dialog.Block || dialog instanceof Dialog.Undo;
    }

    ViewState withSelected(String id, boolean byPerson) {
        return new ViewState(id, byPerson, order, top, sort, reversed, details, dialog, paused, message);
    }

    ViewState withOrder(List<String> ids) {
        return new ViewState(selected, chosen, ids, top, sort, reversed, details, dialog, paused, message);
    }

    ViewState withTop(int row) {
        return new ViewState(selected, chosen, order, row, sort, reversed, details, dialog, paused, message);
    }

    ViewState withSort(Sort by, boolean turned) {
        return new ViewState(selected, chosen, order, top, by, turned, details, dialog, paused, message);
    }

    ViewState withDetails(boolean shown) {
        return new ViewState(selected, chosen, order, top, sort, reversed, Optional.of(shown), dialog, paused, message);
    }

    ViewState withDialog(Dialog open) {
        return new ViewState(selected, chosen, order, top, sort, reversed, details, open, paused, message);
    }

    ViewState withPaused(Optional<Snapshot> still) {
        return new ViewState(selected, chosen, order, top, sort, reversed, details, dialog, still, message);
    }

    ViewState withMessage(String text) {
        return new ViewState(selected, chosen, order, top, sort, reversed, details, dialog, paused, text);
    }
}
