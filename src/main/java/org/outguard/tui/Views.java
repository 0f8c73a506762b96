package org.outguard.tui;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All views, in the order of their keys. Each is made when it is first looked at: the first frame needs one of them. */
final class Views {

    private static final List<String> NAMES = List.of("Offenders", "Mail", "Flows", "Actions", "Log");

    private final List<Supplier<View<?>>> makers;
    private final Map<Integer, View<?>> made = new HashMap<>();

    /** @param zone in which times are told */
    Views(Supplier<ZoneId> zone) {
        makers = List.of(
                OffendersView::make, MailView::make, FlowsView::make, ActionsView::make, () -> LogView.make(zone));
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
