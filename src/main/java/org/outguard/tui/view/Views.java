package org.outguard.tui.view;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.outguard.text.LocalTimes;
import org.outguard.tui.table.TableState;
import org.outguard.tui.table.View;

/** All views, in the order of their keys. Each is made when it is first looked at: the first frame needs one of them. */
public final class Views {

    private static final List<String> NAMES = List.of("Offenders", "Mail", "Flows", "Actions", "Timeline");

    private final List<Supplier<View<?>>> makers;
    private final Map<Integer, View<?>> made = new HashMap<>();

    /**
     * All of them.
     *
     * @param times how they are told
     * @param timeline what happened so far
     */
    public Views(LocalTimes times, Timeline timeline) {
        makers = List.of(
                () -> OffendersView.make(times, timeline),
                () -> MailView.make(times),
                () -> FlowsView.make(times, timeline),
                () -> ActionsView.make(times),
                () -> TimelineView.make(times, timeline));
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

    /** As a person chose them: the hidden columns of each view, by its name. */
    public List<Set<String>> hidden(Map<String, Set<String>> byName) {
        return NAMES.stream().map(name -> byName.getOrDefault(name, Set.of())).toList();
    }

    /** The other way round. */
    public Map<String, Set<String>> hidden(List<TableState> tables) {
        Map<String, Set<String>> byName = new LinkedHashMap<>();
        for (int i = 0; i < tables.size(); i++) {
            byName.put(NAMES.get(i), tables.get(i).hidden());
        }
        return byName;
    }
}
