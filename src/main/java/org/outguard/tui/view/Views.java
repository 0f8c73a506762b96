package org.outguard.tui.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.outguard.text.LocalTimes;
import org.outguard.tui.table.View;

/** All views, in the order of their keys. Each is made when it is first looked at: the first frame needs one of them. */
public final class Views {

    private static final List<String> NAMES = List.of("Offenders", "Mail", "Flows", "Actions", "Log");

    private final List<Supplier<View<?>>> makers;
    private final Map<Integer, View<?>> made = new HashMap<>();

    /** @param times how they are told */
    public Views(LocalTimes times) {
        makers = List.of(
                () -> OffendersView.make(times),
                () -> MailView.make(times),
                () -> FlowsView.make(times),
                () -> ActionsView.make(times),
                () -> LogView.make(times));
    }

    public int count() {
        return NAMES.size();
    }

    public String name(int index) {
        return NAMES.get(index);
    }

    public View<?> get(int index) {
        return made.computeIfAbsent(index, at -> makers.get(at).get());
    }
}
