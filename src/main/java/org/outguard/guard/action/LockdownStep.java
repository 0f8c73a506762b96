package org.outguard.guard.action;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps on all that leaves the machine. */
public sealed interface LockdownStep extends NetworkStep {

    @Override
    default String key() {
        return "lockdown";
    }

    /**
     * Lets only listed traffic out.
     *
     * @param allowed what may leave beside loopback, answers to pings and what IPv6 needs to work
     * @param confirmWithin after which it ends by itself; empty where it is confirmed and stands until it is lifted
     */
    record Lockdown(List<AllowRule> allowed, Optional<Duration> confirmWithin) implements LockdownStep {

        public Lockdown {
            allowed = List.copyOf(allowed);
        }

        /** The same without an end. */
        public Lockdown confirmed() {
            return new Lockdown(allowed, Optional.empty());
        }

        @Override
        public String word() {
            return "lockdown";
        }

        @Override
        public String subject() {
            return "all but " + allowed.size() + " kinds of traffic, "
                    + confirmWithin
                            .map(time -> "undone after " + time.toSeconds() + " s unless confirmed")
                            .orElse("until it is lifted");
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Duration> length() {
            return confirmWithin;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Lift(actionId));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("allowed", allowed.stream().map(AllowRule::fields).toList());
            confirmWithin.ifPresent(time -> fields.put("length", time.toString()));
            return fields;
        }
    }

    /**
     * Ends a lockdown.
     *
     * @param undoes id of the action that made it, empty where that is not known
     */
    record Lift(String undoes) implements LockdownStep {

        @Override
        public String word() {
            return "lift";
        }

        @Override
        public String subject() {
            return "the lockdown";
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("undoes", undoes);
            return fields;
        }
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return switch (word) {
            case "lockdown" ->
                Optional.of(new Lockdown(
                        fields.list("allowed").stream().map(AllowRule::read).toList(),
                        fields.optionalText("length").map(Duration::parse)));
            case "lift" -> Optional.of(new Lift(fields.text("undoes")));
            default -> Optional.empty();
        };
    }
}
