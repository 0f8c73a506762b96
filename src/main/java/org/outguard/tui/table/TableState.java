package org.outguard.tui.table;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a person has chosen in one table. Immutable.
 *
 * @param selected identity of the selected row; empty where there is none
 * @param chosen whether a person selected it; until then the first is
 * @param tagged identities of the rows that keys act on together
 * @param order identities in the order of the rows
 * @param top index of the first row that is shown
 * @param sort title of the column that rows are sorted by; empty for the first
 * @param reversed whether that order is turned round
 * @param filter see {@link Filter}; always one that can be read
 */
public record TableState(
        String selected,
        boolean chosen,
        Set<String> tagged,
        List<String> order,
        int top,
        String sort,
        boolean reversed,
        String filter) {

    public TableState {
        tagged = Set.copyOf(tagged);
        order = List.copyOf(order);
    }

    public static TableState first() {
        return new TableState("", false, Set.of(), List.of(), 0, "", false, "");
    }

    TableState withSelected(String id, boolean byPerson) {
        return new TableState(id, byPerson, tagged, order, top, sort, reversed, filter);
    }

    TableState withOrder(List<String> ids) {
        return new TableState(selected, chosen, tagged, ids, top, sort, reversed, filter);
    }

    TableState withTop(int row) {
        return new TableState(selected, chosen, tagged, order, row, sort, reversed, filter);
    }

    public TableState withSort(String by, boolean turned) {
        return new TableState(selected, chosen, tagged, List.of(), top, by, turned, filter);
    }

    public TableState withFilter(String text) {
        return new TableState(selected, chosen, tagged, order, top, sort, reversed, text);
    }

    public TableState withTagged(Set<String> ids) {
        return new TableState(selected, chosen, ids, order, top, sort, reversed, filter);
    }

    /** Tags a row, or takes the tag off. */
    public TableState toggled(String id) {
        Set<String> ids = new LinkedHashSet<>(tagged);
        if (!ids.remove(id)) {
            ids.add(id);
        }
        return withTagged(ids);
    }
}
