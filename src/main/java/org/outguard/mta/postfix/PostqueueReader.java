package org.outguard.mta.postfix;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.QueueChange;
import org.outguard.mta.QueueReader;
import org.outguard.mta.SpoolReader;

/**
 * Follows a queue by what showq(8) lists, where queue files may not be read: over its socket where that is open to us,
 * else by {@code postqueue -j}, which anybody may ask. That tells sender and recipients, but not who handed a message in.
 * A full list takes seconds for a large queue, so it is asked for seldom.
 */
public final class PostqueueReader implements QueueReader {

    private static final int REST = 30;

    /** What postqueue -j calls the fields of showq(8). */
    private static final Map<String, String> FIELDS = Map.of(
            "queue_name",
            ShowqEntry.QUEUE,
            "queue_id",
            ShowqEntry.ID,
            "arrival_time",
            ShowqEntry.TIME,
            "message_size",
            ShowqEntry.SIZE,
            "sender",
            ShowqEntry.SENDER);

    private final PostfixInstance instance;
    private final ProgramCalls calls;
    private final LongSupplier ticker;
    private Map<String, QueuedMessage> known = Map.of();
    private long notBefore = Long.MIN_VALUE;

    /**
     * A reader that knows nothing yet.
     *
     * @param instance whose queue
     * @param calls runs postqueue
     * @param ticker nanoseconds from anywhere
     */
    public PostqueueReader(PostfixInstance instance, ProgramCalls calls, LongSupplier ticker) {
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
        String way = Files.isWritable(socket()) ? "showq's socket" : "postqueue -j";
        return way + ", which does not say who sent a message: " + instance.queue() + " cannot be read";
    }

    @Override
    public QueueChange look(Duration budget) {
        long begun = ticker.getAsLong();
        if (begun < notBefore) {
            return new QueueChange(List.of(), List.of(), 0, 0, Optional.empty());
        }
        Listing listing = new Listing();
        Optional<String> problem = list(listing);
        long end = ticker.getAsLong();
        notBefore = end + REST * (end - begun);
        return problem.isPresent() ? QueueChange.failed(problem.get()) : compare(listing);
    }

    private Path socket() {
        return instance.queue().resolve("public/showq");
    }

    /* Why nothing could be listed, or empty. */
    private Optional<String> list(Listing listing) {
        if (Files.isWritable(socket())) {
            try {
                listing.damaged += ShowqSocket.list(socket(), instance.name(), listing::add);
                return Optional.empty();
            } catch (IOException e) {
                // Postfix does not run, or showq was just ended: postqueue says it in words.
                listing.clear();
            }
        }
        Said said = calls.call("postqueue", "-c", instance.configuration().toString(), "-j");
        if (!said.ok()) {
            return Optional.of("postqueue: " + said.complaint());
        }
        said.out().lines().forEach(line -> read(line).ifPresentOrElse(listing::add, () -> listing.damaged++));
        return Optional.empty();
    }

    /** What was listed at one look. */
    private final class Listing {
        private final Map<String, QueuedMessage> now = new HashMap<>();
        private final List<QueuedMessage> seen = new ArrayList<>();
        private int uncounted;
        private int damaged;

        void add(QueuedMessage message) {
            if (now.size() >= SpoolReader.MOST_MESSAGES) {
                uncounted++;
                return;
            }
            now.put(message.id().id(), message);
            if (!message.equals(known.get(message.id().id()))) {
                seen.add(message);
            }
        }

        void clear() {
            now.clear();
            seen.clear();
            uncounted = 0;
            damaged = 0;
        }
    }

    private QueueChange compare(Listing listing) {
        Optional<String> problem = listing.damaged == 0
                ? Optional.empty()
                : Optional.of(listing.damaged + " entries of showq could not be read");
        QueueChange change = QueueChange.between(known, listing.now, listing.seen, listing.uncounted, problem);
        known = listing.now;
        return change;
    }

    @ReadsForeign
    private Optional<QueuedMessage> read(String line) {
        try {
            Map<String, Object> fields = JSON.std.mapFrom(line);
            ShowqEntry entry = new ShowqEntry();
            FIELDS.forEach((name, field) -> entry.take(field, text(fields.get(name))));
            for (Object one : (List<?>) fields.getOrDefault("recipients", List.of())) {
                if (one instanceof Map<?, ?> recipient) {
                    entry.take(ShowqEntry.RECIPIENT, text(recipient.get("address")));
                    entry.take(ShowqEntry.REASON, text(recipient.get("delay_reason")));
                }
            }
            return entry.message(instance.name());
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }
}
