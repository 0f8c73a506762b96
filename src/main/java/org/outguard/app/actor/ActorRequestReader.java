package org.outguard.app.actor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.MailRestriction;
import org.outguard.guard.action.MessageStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.RestrictionStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.action.StepFields;
import org.outguard.guard.action.UnitStep;
import org.outguard.guard.port.ReadsForeign;

/**
 * Reads requests. A step is read as the journal reads it, but what only the actor may know is left out or refused: what was set before
 * a change, what a file was like before it was moved, which action is undone.
 */
final class ActorRequestReader {

    private static final int LONGEST_BY = 200;
    private static final int LONGEST_WHY = 4_000;

    private static final Pattern ACTION_ID = Pattern.compile("a-[0-9a-z]{1,12}(-[0-9a-z]{1,12})?");
    private static final Pattern QUEUE_ID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z-]{0,63}");

    /* What a name is in the mail systems' settings. */
    private static final Pattern USER = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.+@-]{0,127}");

    private static final Set<String> HEADING = Set.of("request", "id", "by", "why");
    private static final Set<String> OF_A_PLAN = Set.of("request", "action");
    private static final Set<String> OF_A_STEP = Set.of("request", "id", "by", "why", "anyway", "action");

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ActorRequestReader() {}

    /** The request in a line without its end. */
    @ReadsForeign
    static ActorRequest read(String line) {
        try (JsonParser parser = STRICT.createParser(line)) {
            if (!(JSON.std.anyFrom(parser) instanceof Map<?, ?> fields) || parser.nextToken() != null) {
                return new ActorRequest.Malformed("it is no JSON object");
            }
            return request(fields);
        } catch (IOException e) {
            return new ActorRequest.Malformed("it is no JSON object");
        } catch (RuntimeException e) {
            return new ActorRequest.Malformed("it cannot be read: " + e.getMessage());
        }
    }

    private static ActorRequest request(Map<?, ?> fields) {
        return switch (text(fields, "request", LONGEST_BY)) {
            case "perform" ->
                new ActorRequest.Perform(heading(fields), step(fields, OF_A_STEP), flag(fields, "anyway"));
            case "undo" -> {
                only(fields, with(HEADING, Set.of("undoes")));
                yield new ActorRequest.Undo(heading(fields), id(fields, "undoes"));
            }
            case "plan" -> new ActorRequest.Plan(step(fields, OF_A_PLAN));
            default -> new ActorRequest.Malformed("there is no such request");
        };
    }

    private static ActorRequest.Heading heading(Map<?, ?> fields) {
        return new ActorRequest.Heading(
                id(fields, "id"), text(fields, "by", LONGEST_BY), text(fields, "why", LONGEST_WHY));
    }

    private static Step step(Map<?, ?> fields, Set<String> heading) {
        Step step = StepFields.read(text(fields, "action", LONGEST_BY), fields);
        only(fields, with(heading, step.fields().keySet()));
        return asked(step);
    }

    /* As a person or a rule asks for it. */
    private static Step asked(Step step) {
        if (!step.undoes().isEmpty()) {
            throw new IllegalArgumentException("what undoes an action is asked for by the id of that action");
        }
        if (step instanceof MessageStep messages) {
            messages.messages()
                    .forEach(message -> matching(QUEUE_ID, message.id().id(), "queue id"));
        }
        if (step instanceof RestrictionStep restriction && restriction.on() instanceof MailRestriction.Banned banned) {
            matching(USER, banned.user(), "name of a user");
        }
        if (step instanceof NetworkStep.OnTarget on && on.target().process().isPresent()) {
            throw new IllegalArgumentException(
                    "a block of one process lasts as long as the program that made it, and the actor ends when it is idle:"
                            + " block its user or its control group");
        }
        if (step instanceof RestrictionStep.Impose impose) {
            return new RestrictionStep.Impose(impose.on());
        }
        if (step instanceof RestrictionStep.Lift lift) {
            return new RestrictionStep.Lift(lift.on());
        }
        if (step instanceof FileStep.Quarantine quarantine) {
            return new FileStep.Quarantine(quarantine.path());
        }
        if (step instanceof FileStep.Disable disable) {
            return new FileStep.Disable(disable.path(), disable.line());
        }
        if (step instanceof UnitStep.Disable unit) {
            return new UnitStep.Disable(unit.path());
        }
        if (step instanceof FileStep) {
            throw new IllegalArgumentException("a file is put back by the id of the action that changed it");
        }
        return step;
    }

    private static void only(Map<?, ?> fields, Set<String> known) {
        for (Object name : fields.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown field " + name);
            }
        }
    }

    private static Set<String> with(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private static String id(Map<?, ?> fields, String name) {
        String id = text(fields, name, LONGEST_BY);
        matching(ACTION_ID, id, "id of an action");
        return id;
    }

    private static void matching(Pattern pattern, String text, String what) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("no " + what + ": " + text);
        }
    }

    private static String text(Map<?, ?> fields, String name, int longest) {
        if (fields.get(name) instanceof String text && text.length() <= longest) {
            return text;
        }
        throw new IllegalArgumentException("no " + name + " of at most " + longest + " characters");
    }

    private static boolean flag(Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof Boolean value) {
            return value;
        }
        throw new IllegalArgumentException("no " + name + ", true or false");
    }
}
