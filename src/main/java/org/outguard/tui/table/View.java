package org.outguard.tui.table;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.keys.Keys;

/**
 * One of the tables that a person can look at. The shell around it knows none of them: it asks this for all that differs.
 *
 * @param <R> what a row holds
 * @param name for people
 * @param rows the rows of a snapshot, in the order that is best without any other
 * @param identity what makes a row the same row in the next snapshot
 * @param columns from left to right; the first that can be sorted by is what rows are sorted by at first
 * @param pinned rows that stand above others whatever they are sorted by come first by it
 * @param fields what rows can be filtered by
 * @param notice a line above the rows
 * @param empty what it means that there are no rows, and what to do
 * @param subject what keys act on
 * @param details all that is known of a row
 * @param events whether rows are events, newest first, that never change places
 * @param page the tabs of a row's page
 * @param acts keys that are worth a place in the footer
 * @param tree puts the rows under what they belong to; empty where there is no such order
 */
public record View<R>(
        String name,
        Function<Snapshot, List<R>> rows,
        Function<R, String> identity,
        List<Column<R>> columns,
        Comparator<R> pinned,
        List<Field<R>> fields,
        Function<Snapshot, Optional<Line>> notice,
        Function<Snapshot, List<Line>> empty,
        Function<R, Subject> subject,
        BiFunction<R, Snapshot, Details> details,
        boolean events,
        Pages<R> page,
        Set<Keys.Act> acts,
        Optional<UnaryOperator<List<R>>> tree) {

    /** One whose rows are no tree. */
    public View(
            String name,
            Function<Snapshot, List<R>> rows,
            Function<R, String> identity,
            List<Column<R>> columns,
            Comparator<R> pinned,
            List<Field<R>> fields,
            Function<Snapshot, Optional<Line>> notice,
            Function<Snapshot, List<Line>> empty,
            Function<R, Subject> subject,
            BiFunction<R, Snapshot, Details> details,
            boolean events,
            Pages<R> page,
            Set<Keys.Act> acts) {
        this(
                name,
                rows,
                identity,
                columns,
                pinned,
                fields,
                notice,
                empty,
                subject,
                details,
                events,
                page,
                acts,
                Optional.empty());
    }

    /** Makes the tabs of a page. */
    public interface Pages<R> {

        /**
         * The tabs.
         *
         * @param tab which of them is shown: what is slow to make is made for that one only
         */
        List<Page.Tab> of(R row, Snapshot snapshot, Lookups lookups, int tab);
    }

    public View {
        columns = List.copyOf(columns);
        fields = List.copyOf(fields);
        acts = Set.copyOf(acts);
    }
}
