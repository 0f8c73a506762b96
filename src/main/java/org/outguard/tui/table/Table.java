package org.outguard.tui.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.outguard.guard.snapshot.Snapshot;

/**
 * A view with what a person has chosen in it, over one snapshot: which row is where, and which one is selected.
 *
 * @param <R> what a row holds
 */
public final class Table<R> {

    private final View<R> view;
    private final Snapshot snapshot;
    private final TableState state;
    private final List<R> all;
    private final List<R> rows;

    public Table(View<R> view, Snapshot snapshot, TableState state) {
        this.view = view;
        this.snapshot = snapshot;
        this.state = state;
        this.all = view.rows().apply(snapshot);
        this.rows = isTree() ? view.tree().orElseThrow().apply(filtered()) : ordered(filtered());
    }

    /** Whether the rows stand under what they belong to. */
    public boolean isTree() {
        return state.tree() && view.tree().isPresent();
    }

    /** The columns that are wanted, from left to right; the first always is. */
    public List<Column<R>> columns() {
        String first = view.columns().get(0).title();
        return view.columns().stream()
                .filter(column ->
                        column.title().equals(first) || !state.hidden().contains(column.title()))
                .toList();
    }

    public View<R> view() {
        return view;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public TableState state() {
        return state;
    }

    /** The rows that are shown, from top to bottom. */
    public List<R> rows() {
        return rows;
    }

    /** How many there are without the filter. */
    public int unfiltered() {
        return all.size();
    }

    private List<R> filtered() {
        if (state.filter().isEmpty()) {
            return all;
        }
        if (Filter.read(state.filter(), view.fields()) instanceof Filter.Reading.Read<R> read) {
            return all.stream().filter(read.filter()::fits).toList();
        }
        return all;
    }

    /* In the order that was settled; what it does not know comes last. */
    private List<R> ordered(List<R> shown) {
        Map<String, R> left = new LinkedHashMap<>();
        shown.forEach(row -> left.put(id(row), row));
        List<R> ordered = new ArrayList<>(left.size());
        for (String known : state.order()) {
            R row = left.remove(known);
            if (row != null) {
                ordered.add(row);
            }
        }
        ordered.addAll(left.values());
        return ordered;
    }

    String id(R row) {
        return view.identity().apply(row);
    }

    public Optional<R> selected() {
        int at = index(state.selected());
        return at < 0 ? Optional.empty() : Optional.of(rows.get(at));
    }

    /** The row of an identity; -1 where it is not shown. */
    public int index(String id) {
        for (int i = 0; i < rows.size(); i++) {
            if (id(rows.get(i)).equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /** What keys act on: the tagged rows, or else the selected one. */
    public List<Subject> subjects() {
        List<R> tagged =
                all.stream().filter(row -> state.tagged().contains(id(row))).toList();
        List<R> chosen = tagged.isEmpty() ? selected().map(List::of).orElse(List.of()) : tagged;
        return chosen.stream().map(view.subject()).toList();
    }

    /** The tab of the selected row's page that lists its messages; empty where it has none. */
    public OptionalInt mailTab(Lookups lookups) {
        List<Page.Tab> tabs = selected()
                .map(row -> view.page().of(row, snapshot, lookups, -1))
                .orElse(List.of());
        return IntStream.range(0, tabs.size())
                .filter(i -> !tabs.get(i).messages().isEmpty())
                .findFirst();
    }

    public Optional<Details> details() {
        return selected().map(row -> view.details().apply(row, snapshot));
    }

    public Column<R> sortColumn() {
        return view.columns().stream()
                .filter(column -> column.title().equals(state.sort()))
                .findFirst()
                .orElse(view.columns().get(0));
    }

    /** Title of the column that the next press of the key sorts by: those where the most comes first are first. */
    public String nextSort() {
        List<String> titles = view.columns().stream()
                .filter(column -> column.order().isPresent())
                .sorted(Comparator.comparing(column -> !column.fallsFirst()))
                .map(Column::title)
                .toList();
        return titles.get((titles.indexOf(sortColumn().title()) + 1) % titles.size());
    }

    private Comparator<R> order() {
        Column<R> column = sortColumn();
        return column.order()
                .map(rising -> column.falling(state.reversed()) ? rising.reversed() : rising)
                .map(chosen -> isPinned() ? view.pinned().thenComparing(chosen) : chosen)
                .orElse(view.pinned());
    }

    /** Whether rows are pinned above others: a column that a person chose to sort by counts for all rows. */
    boolean isPinned() {
        return state.sort().isEmpty() && !isTree();
    }

    /** The first row below those that are pinned; 0 where nothing sets them apart. */
    public int pinnedEnd() {
        int end = rows.size() - 1;
        while (end > 0 && view.pinned().compare(rows.get(end - 1), rows.get(end)) == 0) {
            end--;
        }
        return isPinned() ? Math.max(0, end) : 0;
    }

    /**
     * The state for a new snapshot: rows in order, unless they are to hold still, and a selection that is there.
     *
     * @param held whether rows may not change places now
     */
    public TableState settle(boolean held) {
        // Events come in the order of their time, which nobody's eye has to follow.
        boolean hold = held && !view.events();
        List<R> sorted = isTree() || hold && !state.order().isEmpty()
                ? rows
                : rows.stream().sorted(order()).toList();
        TableState settled = isTree() || hold && !state.order().isEmpty()
                ? state
                : state.withOrder(sorted.stream().map(this::id).toList());
        Set<String> there = all.stream().map(this::id).collect(Collectors.toSet());
        Set<String> tagged = settled.tagged().stream().filter(there::contains).collect(Collectors.toSet());
        if (!tagged.equals(settled.tagged())) {
            settled = settled.withTagged(tagged);
        }
        if (index(state.selected()) >= 0 && (state.chosen() || hold)) {
            return settled;
        }
        Optional<R> first = sorted.stream().findFirst();
        Optional<R> now = selected();
        // One that a person has not chosen gives way to one that is pinned above it, never to one beside it.
        boolean keep = now.isPresent()
                && first.filter(top -> !isTree())
                        .map(top -> view.pinned().compare(top, now.get()) >= 0)
                        .orElse(true);
        return keep ? settled : settled.withSelected(first.map(this::id).orElse(""), false);
    }

    /** The state scrolled as little as possible so that the selected row is among those that are shown. */
    public TableState scroll(int shown) {
        int at = index(state.selected());
        int top = Math.min(state.top(), Math.max(0, rows.size() - shown));
        if (at < top && at >= 0) {
            top = at;
        } else if (at >= top + shown) {
            top = at - shown + 1;
        }
        return state.withTop(Math.max(0, top));
    }

    /** The state with another row selected, so many below the present one. */
    public TableState move(int by) {
        if (rows.isEmpty()) {
            return state;
        }
        int at = Math.max(0, index(state.selected())) + by;
        int to = Math.max(0, Math.min(rows.size() - 1, at));
        return state.withSelected(id(rows.get(to)), true);
    }

    /** The state with the row at that place selected. */
    public TableState select(int index) {
        return index < 0 || index >= rows.size() ? state : state.withSelected(id(rows.get(index)), true);
    }

    /** Why a filter cannot be used; empty where it can. */
    public Optional<String> complaint(String filter) {
        return Filter.read(filter, view.fields()) instanceof Filter.Reading.Wrong<R> wrong
                ? Optional.of(wrong.reason())
                : Optional.empty();
    }

    public boolean isTagged(R row) {
        return state.tagged().contains(id(row));
    }

    public boolean isSelected(R row) {
        return Objects.equals(id(row), state.selected());
    }
}
