package org.outguard.guard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.mail.QueueId;

/** Steps on mail: on messages that are named one by one, or on who may hand mail in. */
public sealed interface MailStep extends Step {

    /**
     * A message that cannot be mistaken for a later one with the same queue id.
     *
     * @param id which one
     * @param arrival when it came, by the queue
     * @param sender envelope sender, empty for the null sender
     */
    record MessageRef(QueueId id, Instant arrival, String sender) {

        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("instance", id.instance());
            fields.put("queueId", id.id());
            fields.put("arrival", arrival.toString());
            fields.put("sender", sender);
            return fields;
        }

        static MessageRef read(StepFields fields) {
            return new MessageRef(
                    new QueueId("", fields.text("instance"), fields.text("queueId")),
                    fields.time("arrival"),
                    fields.text("sender"));
        }
    }

    /**
     * A setting of a mail system as it was before a change, so that it can be put back to the byte.
     *
     * @param place instance, or the file that holds it
     * @param name parameter; empty for the whole file
     * @param value what it was; empty where it was not set, or the file was not there
     */
    record Setting(String place, String name, Optional<String> value) {

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

    /** Steps on messages. */
    sealed interface OnMessages extends MailStep {

        /** Which ones; nothing else is touched. */
        List<MessageRef> messages();

        @Override
        default String subject() {
            List<MessageRef> all = messages();
            if (all.isEmpty()) {
                return "no messages";
            }
            String first = all.get(0).id().id();
            return all.size() == 1 ? "message " + first : all.size() + " messages, the first " + first;
        }

        @Override
        default String key() {
            StringBuilder key = new StringBuilder("messages");
            for (MessageRef message : messages()) {
                key.append(' ')
                        .append(message.id().instance())
                        .append('/')
                        .append(message.id().id());
            }
            return key.toString();
        }

        @Override
        default Effect effect() {
            return Effect.ONCE;
        }

        @Override
        default Optional<Step> undo(String actionId) {
            return Optional.empty();
        }

        @Override
        default Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("messages", messages().stream().map(MessageRef::fields).toList());
            if (!undoes().isEmpty()) {
                fields.put("undoes", undoes());
            }
            return fields;
        }
    }

    /**
     * Puts messages on hold.
     *
     * @param messages which
     */
    record Hold(List<MessageRef> messages) implements OnMessages {

        public Hold {
            messages = List.copyOf(messages);
        }

        @Override
        public String word() {
            return "hold";
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Release(messages, actionId));
        }
    }

    /**
     * Takes messages off hold.
     *
     * @param messages which
     * @param undoes id of the action that held them, empty where none did
     */
    record Release(List<MessageRef> messages, String undoes) implements OnMessages {

        public Release {
            messages = List.copyOf(messages);
        }

        @Override
        public String word() {
            return "release";
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Hold(messages));
        }
    }

    /**
     * Deletes messages, after each was saved whole.
     *
     * @param messages which
     * @param savedTo mbox file that keeps them; empty where the person asked for none
     */
    record Delete(List<MessageRef> messages, String savedTo) implements OnMessages {

        public Delete {
            messages = List.copyOf(messages);
        }

        @Override
        public String word() {
            return "delete";
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = OnMessages.super.fields();
            fields.put("savedTo", savedTo);
            return fields;
        }
    }

    /**
     * Lets the mail system take messages in anew.
     *
     * @param messages which
     */
    record Requeue(List<MessageRef> messages) implements OnMessages {

        public Requeue {
            messages = List.copyOf(messages);
        }

        @Override
        public String word() {
            return "requeue";
        }
    }

    /**
     * Tries deliveries at once.
     *
     * @param messages which; empty for all
     * @param site only what goes to this domain; empty for all
     */
    record Flush(List<MessageRef> messages, String site) implements OnMessages {

        public Flush {
            messages = List.copyOf(messages);
        }

        @Override
        public String word() {
            return "flush";
        }

        @Override
        public String subject() {
            if (!site.isEmpty()) {
                return "mail for " + site;
            }
            return messages.isEmpty() ? "the queue" : OnMessages.super.subject();
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = OnMessages.super.fields();
            fields.put("site", site);
            return fields;
        }
    }

    /** Steps on settings: they know what was set before, so that undo puts back exactly that. */
    sealed interface OnSettings extends MailStep {

        /** What was set before, filled in by {@link StepRunner#prepare}; for one that ends: what to put back. */
        List<Setting> settings();

        @Override
        default Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("settings", settings().stream().map(Setting::fields).toList());
            if (!undoes().isEmpty()) {
                fields.put("undoes", undoes());
            }
            return fields;
        }
    }

    /**
     * All new mail goes on hold.
     *
     * @param settings what was set before
     */
    record HoldAll(List<Setting> settings) implements OnSettings {

        public HoldAll {
            settings = List.copyOf(settings);
        }

        @Override
        public String word() {
            return "hold-all";
        }

        @Override
        public String subject() {
            return "all new mail";
        }

        @Override
        public String key() {
            return "hold-all";
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new AcceptAll(settings, actionId));
        }
    }

    /**
     * New mail is accepted as before.
     *
     * @param settings what to put back
     * @param undoes id of the action that held it
     */
    record AcceptAll(List<Setting> settings, String undoes) implements OnSettings {

        public AcceptAll {
            settings = List.copyOf(settings);
        }

        @Override
        public String word() {
            return "accept-all";
        }

        @Override
        public String subject() {
            return "all new mail";
        }

        @Override
        public String key() {
            return "hold-all";
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new HoldAll(List.of()));
        }
    }

    /**
     * A user may not submit mail, on any way in.
     *
     * @param user a local user or a SASL login
     * @param settings what was set before
     */
    record Ban(String user, List<Setting> settings) implements OnSettings {

        public Ban {
            settings = List.copyOf(settings);
        }

        @Override
        public String word() {
            return "ban";
        }

        @Override
        public String subject() {
            return "mail of user " + user;
        }

        @Override
        public String key() {
            return "ban " + user;
        }

        @Override
        public Effect effect() {
            return Effect.STANDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Unban(user, settings, actionId));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = OnSettings.super.fields();
            fields.put("user", user);
            return fields;
        }
    }

    /**
     * A user may submit mail again.
     *
     * @param user a local user or a SASL login
     * @param settings what to put back
     * @param undoes id of the action that banned
     */
    record Unban(String user, List<Setting> settings, String undoes) implements OnSettings {

        public Unban {
            settings = List.copyOf(settings);
        }

        @Override
        public String word() {
            return "unban";
        }

        @Override
        public String subject() {
            return "mail of user " + user;
        }

        @Override
        public String key() {
            return "ban " + user;
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Ban(user, List.of()));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = OnSettings.super.fields();
            fields.put("user", user);
            return fields;
        }
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        String undoes = fields.text("undoes", "");
        return switch (word) {
            case "hold" -> Optional.of(new Hold(messages(fields)));
            case "release" -> Optional.of(new Release(messages(fields), undoes));
            case "delete" -> Optional.of(new Delete(messages(fields), fields.text("savedTo")));
            case "requeue" -> Optional.of(new Requeue(messages(fields)));
            case "flush" -> Optional.of(new Flush(messages(fields), fields.text("site")));
            case "hold-all" -> Optional.of(new HoldAll(settings(fields)));
            case "accept-all" -> Optional.of(new AcceptAll(settings(fields), undoes));
            case "ban" -> Optional.of(new Ban(fields.text("user"), settings(fields)));
            case "unban" -> Optional.of(new Unban(fields.text("user"), settings(fields), undoes));
            default -> Optional.empty();
        };
    }

    private static List<MessageRef> messages(StepFields fields) {
        List<MessageRef> messages = new ArrayList<>();
        fields.list("messages").forEach(entry -> messages.add(MessageRef.read(entry)));
        return messages;
    }

    private static List<Setting> settings(StepFields fields) {
        List<Setting> settings = new ArrayList<>();
        fields.list("settings").forEach(entry -> settings.add(Setting.read(entry)));
        return settings;
    }
}
