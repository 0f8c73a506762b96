package org.outguard.mta.postfix;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.QueueChange;
import org.outguard.mta.QueueReader;
import org.outguard.mta.SpoolReader;

/**
 * Follows a queue by {@code postqueue -j}, which anybody may ask, where queue files may not be read. It tells sender and
 * recipients, but not who handed a message in. A full list takes seconds for a large queue, so it is asked for seldom.
 */
final class PostqueueReader implements QueueReader {

    private static final int REST = 30;

    private final PostfixInstance instance;
    private final ProgramCalls calls;
    private final LongSupplier ticker;
    private Map<String, QueuedMessage> known = Map.of();
    private long notBefore = Long.MIN_VALUE;

    PostqueueReader(PostfixInstance instance, ProgramCalls calls, LongSupplier ticker) {
        this.instance = instance;
        this.calls = calls;
        this.ticker = ticker;
    }

    @Override
    public String instance() {
        return instance.name();
    }

    @Override
    public String method() {
        return "postqueue -j, which does not say who sent a message: " + instance.queue() + " cannot be read";
    }

    @Override
    public QueueChange look(Duration budget) {
        long begun = ticker.getAsLong();
        if (begun < notBefore) {
            return new QueueChange(List.of(), List.of(), 0, 0, Optional.empty());
        }
        Said said = calls.call("postqueue", "-c", instance.configuration().toString(), "-j");
        long end = ticker.getAsLong();
        notBefore = end + REST * (end - begun);
        if (!said.ok()) {
            return QueueChange.failed("postqueue: " + said.complaint());
        }
        return compare(said.out());
    }

    private QueueChange compare(String listing) {
        Map<String, QueuedMessage> now = new HashMap<>();
        List<QueuedMessage> seen = new ArrayList<>();
        int uncounted = 0;
        int damaged = 0;
        for (String line : (Iterable<String>) listing.lines()::iterator) {
            Optional<QueuedMessage> message = read(line);
            if (message.isEmpty()) {
                damaged++;
            } else if (now.size() >= SpoolReader.MOST_MESSAGES) {
                uncounted++;
            } else {
                now.put(message.get().id().id(), message.get());
                if (!message.get().equals(known.get(message.get().id().id()))) {
                    seen.add(message.get());
                }
            }
        }
        List<QueueId> gone = new ArrayList<>();
        for (QueuedMessage message : known.values()) {
            if (!now.containsKey(message.id().id())) {
                gone.add(message.id());
            }
        }
        known = now;
        Optional<String> problem =
                damaged == 0 ? Optional.empty() : Optional.of(damaged + " lines of postqueue could not be read");
        return new QueueChange(seen, gone, 0, uncounted, problem);
    }

    private Optional<QueuedMessage> read(String line) {
        try {
            Map<String, Object> fields = JSON.std.mapFrom(line);
            Provenance unknown = Provenance.unknown("queue files may not be read");
            List<Recipient> recipients = new ArrayList<>();
            int count = 0;
            for (Object one : (List<?>) fields.getOrDefault("recipients", List.of())) {
                if (count++ < QueueFile.MOST_RECIPIENTS && one instanceof Map<?, ?> recipient) {
                    Object reason = recipient.get("delay_reason");
                    recipients.add(new Recipient(
                            String.valueOf(recipient.get("address")), reason == null ? "" : String.valueOf(reason)));
                }
            }
            String sender = String.valueOf(fields.get("sender"));
            return Optional.of(new QueuedMessage(
                    new QueueId("", instance.name(), String.valueOf(fields.get("queue_id"))),
                    Status.valueOf(String.valueOf(fields.get("queue_name")).toUpperCase(Locale.ROOT)),
                    Instant.ofEpochSecond(number(fields, "arrival_time")),
                    number(fields, "message_size"),
                    // It prints the null sender like this.
                    sender.equals("MAILER-DAEMON") ? "" : sender,
                    recipients,
                    count,
                    unknown,
                    unknown,
                    Attributes.NONE));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static long number(Map<String, Object> fields, String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
