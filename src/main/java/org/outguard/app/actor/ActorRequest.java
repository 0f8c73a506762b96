package org.outguard.app.actor;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.outguard.guard.action.Step;

/** What a client may ask the actor for: one line of JSON each, and nothing else is understood. */
sealed interface ActorRequest {

    /** A request longer than this many bytes is refused: the journal has no longer lines either. */
    int LONGEST_BYTES = 4 << 20;

    /**
     * What the journal has of an action beside its step.
     *
     * @param id of the new action, made by the client, so that it knows it before it is answered
     * @param by who wants it
     * @param why the reason; text from outside may be in it
     */
    record Heading(String id, String by, String why) {}

    /**
     * Does a step.
     *
     * @param step without what a client may not say, see {@link ActorRequestReader}
     * @param anyway whether objections were read and overruled
     */
    record Perform(Heading heading, Step step, boolean anyway) implements ActorRequest {

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = headed("perform", heading);
            fields.put("anyway", anyway);
            fields.put("action", step.word());
            fields.putAll(step.fields());
            return fields;
        }
    }

    /**
     * Takes back what is in effect.
     *
     * @param undoes id of the action that made it
     */
    record Undo(Heading heading, String undoes) implements ActorRequest {

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = headed("undo", heading);
            fields.put("undoes", undoes);
            return fields;
        }
    }

    /** Asks for the commands of a step and those of its undo. */
    record Plan(Step step) implements ActorRequest {

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("request", "plan");
            fields.put("action", step.word());
            fields.putAll(step.fields());
            return fields;
        }
    }

    /** It is no request; says why. */
    record Malformed(String reason) implements ActorRequest {

        @Override
        public Map<String, Object> fields() {
            throw new IllegalStateException("nobody sends that");
        }
    }

    /** All of it, as {@link ActorRequestReader} reads it. */
    Map<String, Object> fields();

    /** The line that asks for it, with its end. */
    default byte[] line() {
        try {
            return (JSON.std.asString(fields()) + '\n').getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    private static Map<String, Object> headed(String request, Heading heading) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("request", request);
        fields.put("id", heading.id());
        fields.put("by", heading.by());
        fields.put("why", heading.why());
        return fields;
    }
}
