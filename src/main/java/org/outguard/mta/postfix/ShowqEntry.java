package org.outguard.mta.postfix;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;

/** One message that showq(8) lists, while its fields come: by the names that it gives them, which postqueue(1) changes. */
final class ShowqEntry {

    static final String QUEUE = "queue_name";
    static final String ID = "queue_id";
    static final String TIME = "time";
    static final String SIZE = "size";
    static final String SENDER = "sender";
    static final String RECIPIENT = "recipient";
    static final String REASON = "reason";

    private String queue = "";
    private String id = "";
    private String sender = "";
    private long time;
    private long size;
    private final List<Recipient> recipients = new ArrayList<>();
    private int count;

    void take(String name, String value) {
        switch (name) {
            case QUEUE -> queue = value;
            case ID -> id = value;
            case TIME -> time = number(value);
            case SIZE -> size = number(value);
            // It writes the null sender like this.
            case SENDER -> sender = value.equals("MAILER-DAEMON") ? "" : value;
            case RECIPIENT -> {
                if (count++ < QueueFile.MOST_RECIPIENTS) {
                    recipients.add(new Recipient(value, ""));
                }
            }
            case REASON -> {
                int last = recipients.size() - 1;
                if (last >= 0 && count <= QueueFile.MOST_RECIPIENTS) {
                    recipients.set(last, new Recipient(recipients.get(last).address(), value));
                }
            }
            default -> {
                // Of later versions.
            }
        }
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    boolean isNamedNothing() {
        return id.isEmpty();
    }

    /** The message, if these fields are of one. */
    Optional<QueuedMessage> message(String instance) {
        Optional<Status> status = status();
        if (status.isEmpty() || !PostfixLayout.isId(id)) {
            return Optional.empty();
        }
        Provenance unknown = Provenance.unknown("queue files may not be read");
        return Optional.of(new QueuedMessage(
                new QueueId("", instance, id),
                status.get(),
                Instant.ofEpochSecond(Math.min(time, Instant.MAX.getEpochSecond())),
                size,
                sender,
                recipients,
                count,
                unknown,
                unknown,
                Attributes.NONE));
    }

    private Optional<Status> status() {
        for (Status status : Status.values()) {
            if (status.word().equals(queue.toLowerCase(Locale.ROOT))) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
