package org.outguard.guard.action;

import java.time.Instant;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.mail.QueueId;

/** Steps on messages that are in a queue, each named by its id, arrival and sender. */
public sealed interface MessageStep extends MailStep {

    /** The file for deleted mail that the machine's set-up names; the runner of a step puts its path in this place. */
    String USUAL_FILE = "usual";

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
            fields.put("arrival", StepFields.written(arrival));
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

    /** The same step on other messages. */
    MessageStep with(List<MessageRef> others);

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
        List<MessageRef> all = messages();
        fields.put("messages", new AbstractList<Map<String, Object>>() {
            // Made one by one as they are written: there may be thousands.
            @Override
            public Map<String, Object> get(int index) {
                return all.get(index).fields();
            }

            @Override
            public int size() {
                return all.size();
            }
        });
        if (!undoes().isEmpty()) {
            fields.put("undoes", undoes());
        }
        return fields;
    }

    /**
     * Puts messages on hold.
     *
     * @param messages which
     */
    record Hold(List<MessageRef> messages) implements MessageStep {

        public Hold {
            messages = List.copyOf(messages);
        }

        @Override
        public MessageStep with(List<MessageRef> others) {
            return new Hold(others);
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
    record Release(List<MessageRef> messages, String undoes) implements MessageStep {

        public Release {
            messages = List.copyOf(messages);
        }

        @Override
        public MessageStep with(List<MessageRef> others) {
            return new Release(others, undoes);
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
    record Delete(List<MessageRef> messages, String savedTo) implements MessageStep {

        public Delete {
            messages = List.copyOf(messages);
        }

        @Override
        public MessageStep with(List<MessageRef> others) {
            return new Delete(others, savedTo);
        }

        @Override
        public String word() {
            return "delete";
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = MessageStep.super.fields();
            fields.put("savedTo", savedTo);
            return fields;
        }
    }

    /**
     * Lets the mail system take messages in anew.
     *
     * @param messages which
     */
    record Requeue(List<MessageRef> messages) implements MessageStep {

        public Requeue {
            messages = List.copyOf(messages);
        }

        @Override
        public MessageStep with(List<MessageRef> others) {
            return new Requeue(others);
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
    record Flush(List<MessageRef> messages, String site) implements MessageStep {

        public Flush {
            messages = List.copyOf(messages);
        }

        @Override
        public MessageStep with(List<MessageRef> others) {
            return new Flush(others, site);
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
            return messages.isEmpty() ? "the queue" : MessageStep.super.subject();
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = MessageStep.super.fields();
            fields.put("site", site);
            return fields;
        }
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return switch (word) {
            case "hold" -> Optional.of(new Hold(messages(fields)));
            case "release" -> Optional.of(new Release(messages(fields), fields.text("undoes", "")));
            case "delete" -> Optional.of(new Delete(messages(fields), fields.text("savedTo")));
            case "requeue" -> Optional.of(new Requeue(messages(fields)));
            case "flush" -> Optional.of(new Flush(messages(fields), fields.text("site")));
            default -> Optional.empty();
        };
    }

    /* It must be there: a flush of no messages is one of the whole queue. */
    private static List<MessageRef> messages(StepFields fields) {
        return fields.list("messages").stream().map(MessageRef::read).toList();
    }
}
