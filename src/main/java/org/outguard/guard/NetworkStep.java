package org.outguard.guard;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Steps on what leaves the machine. */
public sealed interface NetworkStep extends Step {

    /** What it is about. */
    BlockTarget target();

    @Override
    default String subject() {
        return target().toString();
    }

    @Override
    default String key() {
        return "block " + target();
    }

    /**
     * Adds a timed drop.
     *
     * @param target what to drop
     * @param duration for how long
     */
    record Block(BlockTarget target, Duration duration) implements NetworkStep {

        @Override
        public String word() {
            return "block";
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Duration> length() {
            return Optional.of(duration);
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Unblock(target, actionId));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = targetFields(target);
            fields.put("length", duration.toString());
            return fields;
        }
    }

    /**
     * Takes a drop out before its time.
     *
     * @param target what is dropped now
     * @param undoes id of the action that added it
     */
    record Unblock(BlockTarget target, String undoes) implements NetworkStep {

        @Override
        public String word() {
            return "unblock";
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
            Map<String, Object> fields = targetFields(target);
            fields.put("undoes", undoes);
            return fields;
        }
    }

    private static Map<String, Object> targetFields(BlockTarget target) {
        Map<String, Object> fields = new LinkedHashMap<>();
        target.remote().ifPresent(remote -> fields.put("remote", remote.toString()));
        target.port().ifPresent(port -> fields.put("port", (long) port));
        target.protocol().ifPresent(protocol -> fields.put("protocol", protocol.word()));
        target.uid().ifPresent(uid -> fields.put("uid", Integer.toUnsignedLong(uid)));
        return fields;
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return switch (word) {
            case "block" -> Optional.of(new Block(target(fields), fields.duration("length")));
            case "unblock" -> Optional.of(new Unblock(target(fields), fields.text("undoes")));
            default -> Optional.empty();
        };
    }

    private static BlockTarget target(StepFields fields) {
        return BlockTarget.parse(
                        fields.text("remote", ""),
                        Math.toIntExact(fields.number("port", -1)),
                        fields.text("protocol", ""),
                        fields.number("uid", -1))
                .orElseThrow(() -> new IllegalArgumentException("no target"));
    }
}
