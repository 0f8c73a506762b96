package org.outguard.tui;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All views, in the order of their keys. Each is made when it is first looked at: the first frame needs one of them. */
final class Views {

    private static final List<String> NAMES = List.of("Offenders", "Mail", "Flows", "Actions", "Log");

    private final List<Supplier<View<?>>> makers;
    private final List<View<?>> made = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();

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
        int place = places.indexOf(index);
        if (place >= 0) {
            return made.get(place);
        }
        View<?> view = makers.get(index).get();
        made.add(view);
        places.add(index);
        return view;
    }
}
