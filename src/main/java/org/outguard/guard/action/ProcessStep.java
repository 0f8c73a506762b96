package org.outguard.guard.action;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Steps on processes. Each names a process with its start time, so that a later one with its number is safe. */
public sealed interface ProcessStep extends Step {

    /** Which process. */
    ProcessId process();

    /** Its name when it was decided, for people; chosen by the process. */
    String name();

    /** How far around it. */
    Scope scope();

    @Override
    default String subject() {
        return "process " + process().pid() + " " + name()
                + switch (scope()) {
                    case PROCESS -> "";
                    case TREE -> " and its children";
                    case CGROUP -> " and its control group";
                };
    }

    @Override
    default String key() {
        return "process " + process().pid() + " " + process().startTicks();
    }

    /** The folder for evidence that the machine's set-up names; the runner of a step puts its path in this place. */
    String USUAL_EVIDENCE = "usual";

    /** Ends what was matched, with evidence kept in the usual folder before. */
    static Kill kill(Attribution.Exact match, Scope scope) {
        return new Kill(KillTarget.of(match), scope, USUAL_EVIDENCE);
    }

    /** Keeps evidence of a process in the usual folder. */
    static Keep keep(Owner owner) {
        return new Keep(owner.id(), owner.command(), USUAL_EVIDENCE);
    }

    /** Which processes beside the named one. */
    enum Scope {
        PROCESS,
        /** Its descendants too. */
        TREE,
        /** All of its control group. */
        CGROUP
    }

    /**
     * Stops it without ending it: SIGSTOP (signal(7)), or the freezer of its control group.
     *
     * @param process which
     * @param name its name
     * @param scope how far around it
     */
    record Freeze(ProcessId process, String name, Scope scope) implements ProcessStep {

        @Override
        public String word() {
            return "freeze";
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Thaw(process, name, scope, actionId));
        }

        @Override
        public Map<String, Object> fields() {
            return processFields(this);
        }
    }

    /**
     * Lets it go on: SIGCONT.
     *
     * @param process which
     * @param name its name
     * @param scope how far around it
     * @param undoes id of the action that froze it
     */
    record Thaw(ProcessId process, String name, Scope scope, String undoes) implements ProcessStep {

        @Override
        public String word() {
            return "thaw";
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Freeze(process, name, scope));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = processFields(this);
            fields.put("undoes", undoes);
            return fields;
        }
    }

    /**
     * Ends it: SIGKILL through a pidfd whose start time was checked.
     *
     * @param victim which; only an exact match makes one
     * @param scope how far around it
     * @param evidence folder that keeps what is known of it, {@link #USUAL_EVIDENCE}, or empty where none is kept
     */
    record Kill(KillTarget victim, Scope scope, String evidence) implements ProcessStep {

        @Override
        public ProcessId process() {
            return victim.process();
        }

        @Override
        public String name() {
            return victim.name();
        }

        @Override
        public String word() {
            return "kill";
        }

        @Override
        public Effect effect() {
            return Effect.ONCE;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = processFields(this);
            fields.put("evidence", evidence);
            return fields;
        }
    }

    /**
     * Keeps what is known of it, and lets it be.
     *
     * @param process which
     * @param name its name
     * @param evidence folder in which a folder of its own is made, or {@link #USUAL_EVIDENCE}
     */
    record Keep(ProcessId process, String name, String evidence) implements ProcessStep {

        @Override
        public Scope scope() {
            return Scope.PROCESS;
        }

        @Override
        public String word() {
            return "evidence";
        }

        @Override
        public Effect effect() {
            return Effect.ONCE;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = processFields(this);
            fields.put("evidence", evidence);
            return fields;
        }
    }

    private static Map<String, Object> processFields(ProcessStep step) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pid", (long) step.process().pid());
        fields.put("startTime", step.process().startTicks());
        fields.put("name", step.name());
        fields.put("scope", step.scope().name().toLowerCase(Locale.ROOT));
        return fields;
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return switch (word) {
            case "freeze" -> Optional.of(new Freeze(id(fields), fields.text("name"), scope(fields)));
            case "thaw" -> Optional.of(new Thaw(id(fields), fields.text("name"), scope(fields), fields.text("undoes")));
            case "kill" ->
                Optional.of(new Kill(
                        KillTarget.journaled(id(fields), fields.text("name")), scope(fields), fields.text("evidence")));
            case "evidence" -> Optional.of(new Keep(id(fields), fields.text("name"), fields.text("evidence")));
            default -> Optional.empty();
        };
    }

    private static ProcessId id(StepFields fields) {
        return new ProcessId(fields.smallNumber("pid"), fields.number("startTime"));
    }

    private static Scope scope(StepFields fields) {
        return Scope.valueOf(fields.text("scope").toUpperCase(Locale.ROOT));
    }
}
