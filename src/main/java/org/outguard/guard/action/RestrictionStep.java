package org.outguard.guard.action;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.port.StepRunner;

/** Steps that change settings of a mail system: they know what was set before, so that undo puts back exactly that. */
public sealed interface RestrictionStep extends MailStep {

    /** What is imposed or lifted. */
    MailRestriction on();

    /** What was set before, filled in by {@link StepRunner#prepare}; for one that lifts: what to put back. */
    List<Setting> settings();

    /**
     * A setting of a mail system as it was before a change, so that it can be put back to the byte.
     *
     * @param place instance, or the file that holds it
     * @param name parameter; empty for the whole file
     * @param value what it was; empty where it was not set, or the file was not there
     */
    record Setting(String place, String name, Optional<String> value) {

        private boolean isSameAs(Setting other) {
            return place.equals(other.place) && name.equals(other.name);
        }

        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("place", place);
            fields.put("name", name);
            value.ifPresent(text -> fields.put("value", text));
            return fields;
        }

        static Setting read(StepFields fields) {
            return new Setting(fields.text("place"), fields.text("name"), fields.optionalText("value"));
        }
    }

    /**
     * Puts a restriction in force.
     *
     * @param on which
     * @param settings what was set before
     */
    record Impose(MailRestriction on, List<Setting> settings) implements RestrictionStep {

        public Impose {
            settings = List.copyOf(settings);
        }

        /**
         * The same where an earlier one stands: undo puts back what was set before the earlier one, since what is set at
         * this moment is its doing.
         */
        public Impose after(RestrictionStep earlier) {
            List<Setting> all = new ArrayList<>(earlier.settings());
            for (Setting one : settings) {
                if (all.stream().noneMatch(known -> known.isSameAs(one))) {
                    all.add(one);
                }
            }
            return new Impose(on, all);
        }

        /** As it is asked for, when what is set is not known yet. */
        public Impose(MailRestriction on) {
            this(on, List.of());
        }

        @Override
        public String word() {
            return on.word();
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Lift(on, settings, actionId));
        }
    }

    /**
     * Takes a restriction back.
     *
     * @param on which
     * @param settings what to put back
     * @param undoes id of the action that imposed it, empty where it was asked for by itself
     */
    record Lift(MailRestriction on, List<Setting> settings, String undoes) implements RestrictionStep {

        public Lift {
            settings = List.copyOf(settings);
        }

        /** As it is asked for where no action is known that imposed it. */
        public Lift(MailRestriction on) {
            this(on, List.of(), "");
        }

        @Override
        public String word() {
            return on.endWord();
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Impose(on));
        }
    }

    @Override
    default String subject() {
        return on().subject();
    }

    @Override
    default String key() {
        return on().key();
    }

    @Override
    default Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>(on().fields());
        fields.put("settings", settings().stream().map(Setting::fields).toList());
        if (!undoes().isEmpty()) {
            fields.put("undoes", undoes());
        }
        return fields;
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return MailRestriction.read(word, fields).map(on -> {
            List<Setting> settings = new ArrayList<>();
            if (fields.has("settings")) {
                fields.list("settings").forEach(entry -> settings.add(Setting.read(entry)));
            }
            return word.equals(on.word())
                    ? new Impose(on, settings)
                    : new Lift(on, settings, fields.text("undoes", ""));
        });
    }
}
