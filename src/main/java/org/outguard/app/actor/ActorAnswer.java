package org.outguard.app.actor;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;

/** What the actor says to a request: one line of JSON. */
sealed interface ActorAnswer {

    /** What became of an action, as the journal has it. */
    record Ended(Outcome outcome) implements ActorAnswer {

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "outcome");
            fields.put("at", outcome.at().toString());
            fields.put("id", outcome.actionId());
            fields.put("result", outcome.result().name());
            fields.put("detail", outcome.detail());
            return fields;
        }
    }

    /** Nothing was done, for that reason. */
    record Refused(Instant at, String reason) implements ActorAnswer {

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "refusal");
            fields.put("at", at.toString());
            fields.put("reason", reason);
            return fields;
        }
    }

    /** The commands of a step. */
    record Planned(Action.Plan plan) implements ActorAnswer {

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "plan");
            fields.put("command", plan.command());
            fields.put("undo", plan.undo());
            return fields;
        }
    }

    /** All of it, as {@link #read} reads it. */
    Map<String, Object> fields();

    /** The line with its end. */
    default byte[] line() {
        try {
            return (JSON.std.asString(fields()) + '\n').getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    /** The answer in a line; empty where it is none. */
    static Optional<ActorAnswer> read(String line) {
        try {
            Map<String, Object> fields = JSON.std.mapFrom(line);
            return switch (text(fields, "type")) {
                case "outcome" ->
                    Optional.of(new Ended(new Outcome(
                            text(fields, "id"),
                            Instant.parse(text(fields, "at")),
                            Outcome.Result.valueOf(text(fields, "result")),
                            text(fields, "detail"))));
                case "refusal" -> Optional.of(new Refused(Instant.parse(text(fields, "at")), text(fields, "reason")));
                case "plan" -> Optional.of(new Planned(new Action.Plan(text(fields, "command"), text(fields, "undo"))));
                default -> Optional.empty();
            };
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static String text(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no " + name);
    }
}
