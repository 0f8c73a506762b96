package org.outguard.tui.widget;

import java.util.Optional;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.table.Filter;
import org.outguard.tui.table.Table;
import org.outguard.tui.table.TableState;
import org.outguard.tui.table.View;
import org.outguard.tui.terminal.Input;

/** The line in which a filter is typed; rows follow it while it can be read. */
public final class FilterLine {

    /** Longer than this nothing is typed. */
    public static final int MOST = 120;

    private FilterLine() {}

    public static ViewState press(Input.Key key, ViewState view, Table<?> table) {
        String typed = view.filtering().orElse("");
        return switch (key.name()) {
            case "Enter" ->
                table.complaint(typed)
                        .map(view::withMessage)
                        .orElseGet(() -> view.withFiltering(Optional.empty())
                                .withTable(view.table().withFilter(typed.strip())));
            case "Esc" -> view.withFiltering(Optional.empty());
            case "Backspace" -> view.withFiltering(Optional.of(shorter(typed)));
            case "Ctrl-U" -> view.withFiltering(Optional.of(""));
            default ->
                key.types() && typed.length() < MOST ? view.withFiltering(Optional.of(typed + key.name())) : view;
        };
    }

    /** Without its last character. */
    public static String shorter(String text) {
        return text.isEmpty() ? text : text.substring(0, text.offsetByCodePoints(text.length(), -1));
    }

    /** The table's state with the filter that is being typed, as far as it can be read. */
    public static <R> TableState live(View<R> view, ViewState state) {
        TableState table = state.table();
        return state.filtering()
                .filter(typed -> Filter.read(typed, view.fields()) instanceof Filter.Reading.Read<R>)
                .map(table::withFilter)
                .orElse(table);
    }
}
