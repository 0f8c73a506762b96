package org.outguard.tui;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.outguard.text.LocalTimes;

/** All views, in the order of their keys. Each is made when it is first looked at: the first frame needs one of them. */
final class Views {

    private static final List<String> NAMES = List.of("Offenders", "Mail", "Flows", "Actions", "Log");

    private final List<Supplier<View<?>>> makers;
    private final Map<Integer, View<?>> made = new HashMap<>();

    /** @param times how they are told */
    Views(LocalTimes times) {
        makers = List.of(
                () -> OffendersView.make(times),
                () -> MailView.make(times),
                () -> FlowsView.make(times),
                () -> ActionsView.make(times),
                () -> LogView.make(times));
    }

    int count() {
        return NAMES.size();
    }

    String name(int index) {
        return NAMES.get(index);
    }

    View<?> get(int index) {
        return made.computeIfAbsent(index, at -> makers.get(at).get());
    }
}
