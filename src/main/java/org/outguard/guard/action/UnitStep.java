package org.outguard.guard.action;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps on units of systemd(1), the system's or a user's, named by their file. */
public sealed interface UnitStep extends FileStep {

    /**
     * What of a unit was in effect, and so what its undo puts back: these links, and that these units run.
     *
     * @param units the unit by its name, behind those that start it: its timers, sockets and paths
     * @param links what has them started: symbolic links in folders as {@code multi-user.target.wants}, and aliases
     * @param running which of them ran, and under which manager
     */
    record Before(List<String> units, List<Link> links, List<Running> running) {
        public Before {
            units = List.copyOf(units);
            links = List.copyOf(links);
            running = List.copyOf(running);
        }

        private Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("units", units.stream().map(unit -> Map.of("unit", unit)).toList());
            fields.put(
                    "links",
                    links.stream()
                            .map(link -> Map.of("path", link.path(), "target", link.target()))
                            .toList());
            fields.put(
                    "running",
                    running.stream()
                            .map(one -> Map.of("manager", one.manager(), "unit", one.unit()))
                            .toList());
            return fields;
        }

        private static Before read(StepFields fields) {
            return new Before(
                    fields.list("units").stream().map(one -> one.text("unit")).toList(),
                    fields.list("links").stream()
                            .map(one -> new Link(one.text("path"), one.text("target")))
                            .toList(),
                    fields.list("running").stream()
                            .map(one -> new Running(one.text("manager"), one.text("unit")))
                            .toList());
        }
    }

    /**
     * A symbolic link.
     *
     * @param path where it is
     * @param target what it says
     */
    record Link(String path, String target) {}

    /**
     * A unit that ran.
     *
     * @param manager {@code "system"}, or the number of the user whose manager it is
     */
    record Running(String manager, String unit) {}

    @Override
    default String subject() {
        return "unit " + path();
    }

    @Override
    default String key() {
        return subject();
    }

    /**
     * Ends a unit with what starts it, and takes away what has them started.
     *
     * @param path of its file
     * @param before as it was; empty before it is prepared
     */
    record Disable(String path, Optional<Before> before) implements UnitStep {

        /** As it is asked for. */
        public Disable(String path) {
            this(path, Optional.empty());
        }

        @Override
        public String word() {
            return "disable-unit";
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return before.map(state -> new Enable(path, state, actionId));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", path);
            before.ifPresent(state -> fields.putAll(state.fields()));
            return fields;
        }
    }

    /**
     * Puts the links back, and starts what ran.
     *
     * @param path of the unit's file
     * @param before as it was
     * @param undoes id of the action that ended it
     */
    record Enable(String path, Before before, String undoes) implements UnitStep {

        @Override
        public String word() {
            return "enable-unit";
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Disable(path));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", path);
            fields.putAll(before.fields());
            fields.put("undoes", undoes);
            return fields;
        }
    }

    /** The step of that word; empty where it is none of these. */
    static Optional<Step> read(String word, StepFields fields) {
        return switch (word) {
            case "disable-unit" ->
                Optional.of(new Disable(
                        fields.text("path"),
                        fields.has("units") ? Optional.of(Before.read(fields)) : Optional.empty()));
            case "enable-unit" ->
                Optional.of(new Enable(fields.text("path"), Before.read(fields), fields.text("undoes")));
            default -> Optional.empty();
        };
    }
}
