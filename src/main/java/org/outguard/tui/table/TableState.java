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
 * @param tree whether rows stand under what they belong to, where the view has such an order
 * @param hidden titles of the columns that a person does not want
 */
public record TableState(
        String selected,
        boolean chosen,
        Set<String> tagged,
        List<String> order,
        int top,
        String sort,
        boolean reversed,
        String filter,
        boolean tree,
        Set<String> hidden) {

    public TableState {
        tagged = Set.copyOf(tagged);
        order = List.copyOf(order);
        hidden = Set.copyOf(hidden);
    }

    public static TableState first() {
        return new TableState("", false, Set.of(), List.of(), 0, "", false, "", false, Set.of());
    }

    TableState withSelected(String id, boolean byPerson) {
        return new TableState(id, byPerson, tagged, order, top, sort, reversed, filter, tree, hidden);
    }

    TableState withOrder(List<String> ids) {
        return new TableState(selected, chosen, tagged, ids, top, sort, reversed, filter, tree, hidden);
    }

    TableState withTop(int row) {
        return new TableState(selected, chosen, tagged, order, row, sort, reversed, filter, tree, hidden);
    }

    public TableState withSort(String by, boolean turned) {
        return new TableState(selected, chosen, tagged, List.of(), top, by, turned, filter, false, hidden);
    }

    public TableState withFilter(String text) {
        return new TableState(selected, chosen, tagged, order, top, sort, reversed, text, tree, hidden);
    }

    /** With the rows as a tree, or not. */
    public TableState withTree(boolean wanted) {
        return new TableState(selected, chosen, tagged, List.of(), top, sort, reversed, filter, wanted, hidden);
    }

    public TableState withHidden(Set<String> titles) {
        return new TableState(selected, chosen, tagged, order, top, sort, reversed, filter, tree, titles);
    }

    public TableState withTagged(Set<String> ids) {
        return new TableState(selected, chosen, ids, order, top, sort, reversed, filter, tree, hidden);
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
