package org.outguard.guard.action;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Steps on files of this machine. Each knows enough to put back to the byte what it changes. */
public sealed interface FileStep extends Step
        permits FileStep.Quarantine, FileStep.Restore, FileStep.Disable, FileStep.Enable, UnitStep {

    /** Which file. */
    String path();

    /**
     * A file as it was, so that it can be put back.
     *
     * @param store where it is kept
     * @param mode permissions, as a number
     * @param uid owner
     * @param gid group
     * @param size bytes
     * @param modified RFC 3339
     * @param accessed RFC 3339
     * @param sha256 of its content
     */
    record Kept(
            String store, int mode, long uid, long gid, long size, String modified, String accessed, String sha256) {

        private Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("store", store);
            fields.put("mode", (long) mode);
            fields.put("uid", uid);
            fields.put("gid", gid);
            fields.put("size", size);
            fields.put("modified", modified);
            fields.put("accessed", accessed);
            fields.put("sha256", sha256);
            return fields;
        }

        private static Kept read(StepFields fields) {
            return new Kept(
                    fields.text("store"),
                    fields.smallNumber("mode"),
                    fields.number("uid"),
                    fields.number("gid"),
                    fields.number("size"),
                    fields.text("modified"),
                    fields.text("accessed"),
                    fields.text("sha256"));
        }
    }

    /**
     * Moves a file to where only root gets, and nobody runs it.
     *
     * @param path which
     * @param kept as it was; empty before it is prepared
     */
    record Quarantine(String path, Optional<Kept> kept) implements FileStep {

        /** As it is asked for. */
        public Quarantine(String path) {
            this(path, Optional.empty());
        }

        @Override
        public String word() {
            return "quarantine";
        }

        /* Another file may take the same place, and be taken away too. */
        @Override
        public String key() {
            return "file " + kept.map(Kept::store).orElse(path);
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return kept.map(file -> new Restore(path, file, actionId));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = pathField(path);
            kept.ifPresent(file -> fields.putAll(file.fields()));
            return fields;
        }
    }

    /**
     * Puts a file back that was moved away.
     *
     * @param path where it was
     * @param kept as it was
     * @param undoes id of the action that moved it
     */
    record Restore(String path, Kept kept, String undoes) implements FileStep {

        @Override
        public String word() {
            return "restore";
        }

        @Override
        public String key() {
            return "file " + kept.store();
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Quarantine(path));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = pathField(path);
            fields.putAll(kept.fields());
            fields.put("undoes", undoes);
            return fields;
        }
    }

    /**
     * Makes a line of a file a comment: a job of cron, a key, a setting.
     *
     * @param path of the file
     * @param line number of the line, from 1
     * @param text what stands there, one character a byte; empty before it is prepared
     */
    record Disable(String path, int line, String text) implements FileStep {

        /** As it is asked for. */
        public Disable(String path, int line) {
            this(path, line, "");
        }

        @Override
        public String word() {
            return "disable";
        }

        @Override
        public String subject() {
            return lineOf(path, line);
        }

        @Override
        public String key() {
            return lineOf(path, line);
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Enable(path, line, text, actionId));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = pathField(path);
            fields.put("line", (long) line);
            fields.put("text", text);
            return fields;
        }
    }

    /**
     * Makes a line what it was before.
     *
     * @param path of the file
     * @param line number that it had, from 1
     * @param text what stood there, one character a byte
     * @param undoes id of the action that made it a comment
     */
    record Enable(String path, int line, String text, String undoes) implements FileStep {

        @Override
        public String word() {
            return "enable";
        }

        @Override
        public String subject() {
            return lineOf(path, line);
        }

        @Override
        public String key() {
            return lineOf(path, line);
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Disable(path, line, text));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = pathField(path);
            fields.put("line", (long) line);
            fields.put("text", text);
            fields.put("undoes", undoes);
            return fields;
        }
    }

    @Override
    default String subject() {
        return path();
    }

    private static String lineOf(String path, int line) {
        return "line " + line + " of " + path;
    }

    private static Map<String, Object> pathField(String path) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", path);
        return fields;
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return switch (word) {
            case "quarantine" ->
                Optional.of(new Quarantine(
                        fields.text("path"), fields.optionalText("store").map(store -> Kept.read(fields))));
            case "restore" -> Optional.of(new Restore(fields.text("path"), Kept.read(fields), fields.text("undoes")));
            case "disable" -> Optional.of(new Disable(fields.text("path"), line(fields), fields.text("text")));
            case "enable" ->
                Optional.of(new Enable(fields.text("path"), line(fields), fields.text("text"), fields.text("undoes")));
            default -> UnitStep.read(word, fields);
        };
    }

    private static int line(StepFields fields) {
        return fields.smallNumber("line");
    }
}
