package org.outguard.mta.opensmtpd;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.mail.MailOrigin;
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
 * Follows the queue by {@code smtpctl show queue}, since what is paused is known to smtpd(8) alone; who submitted a message
 * is read from its envelope file, once.
 */
final class SmtpctlReader implements QueueReader {

    private static final int REST = 30;
    private static final int FIELDS = 14;
    private static final int SENDER = 4;
    private static final int RECIPIENT = 5;
    private static final int CTIME = 7;
    private static final int STATE = 11;
    private static final int ERROR = 13;
    private static final int MOST_RECIPIENTS = 20;

    private final String instance;
    private final String program;
    private final QueueFolder folder;
    private final ProgramCalls calls;
    private final LongSupplier ticker;
    private Map<String, QueuedMessage> known = Map.of();
    private long notBefore = Long.MIN_VALUE;
    private long faults;

    SmtpctlReader(String instance, String program, QueueFolder folder, ProgramCalls calls, LongSupplier ticker) {
        this.instance = instance;
        this.program = program;
        this.folder = folder;
        this.calls = calls;
        this.ticker = ticker;
    }

    /** An envelope of the list. */
    private record Listed(boolean paused, boolean active, String sender, Instant arrival, Recipient recipient) {}

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public String method() {
        return "smtpctl show queue, and envelope files in " + folder.queue();
    }

    @Override
    public QueueChange look(Duration budget) {
        long begun = ticker.getAsLong();
        if (begun < notBefore) {
            return new QueueChange(List.of(), List.of(), 0, 0, Optional.empty());
        }
        Said said = calls.call(program, "show", "queue");
        long end = ticker.getAsLong();
        notBefore = end + REST * (end - begun);
        return said.ok() ? compare(said.out()) : QueueChange.failed("smtpctl show queue: " + said.complaint());
    }

    /** Messages with their envelopes, by the list. */
    private static Map<String, List<Listed>> listed(String listing) {
        Map<String, List<Listed>> messages = new LinkedHashMap<>();
        listing.lines().forEach(line -> {
            // An error may hold the character that parts the fields.
            String[] fields = line.split("\\|", FIELDS);
            String id = fields[0].length() == 16 ? fields[0].substring(0, 8) : "";
            if (fields.length == FIELDS && QueueFolder.isId(id) && fields[CTIME].matches("\\d{1,12}")) {
                messages.computeIfAbsent(id, key -> new ArrayList<>())
                        .add(new Listed(
                                fields[3].contains("suspend"),
                                fields[STATE].equals("inflight"),
                                fields[SENDER],
                                Instant.ofEpochSecond(Long.parseLong(fields[CTIME])),
                                new Recipient(fields[RECIPIENT], fields[ERROR])));
            }
        });
        return messages;
    }

    /** Ids of messages of which every envelope is paused. */
    static List<String> paused(String listing) {
        return listed(listing).entrySet().stream()
                .filter(message -> message.getValue().stream().allMatch(Listed::paused))
                .map(Map.Entry::getKey)
                .toList();
    }

    private QueueChange compare(String listing) {
        Map<String, QueuedMessage> now = new HashMap<>();
        List<QueuedMessage> seen = new ArrayList<>();
        int uncounted = 0;
        for (Map.Entry<String, List<Listed>> entry : listed(listing).entrySet()) {
            if (now.size() >= SpoolReader.MOST_MESSAGES) {
                uncounted++;
                continue;
            }
            QueuedMessage before = known.get(entry.getKey());
            QueuedMessage message = guarded(entry.getKey(), entry.getValue(), before);
            now.put(entry.getKey(), message);
            if (!message.equals(before)) {
                seen.add(message);
            }
        }
        QueueChange change = QueueChange.between(
                known,
                now,
                seen,
                uncounted,
                faults == 0
                        ? Optional.empty()
                        : Optional.of("files of " + folder.queue() + " could not be parsed " + faults + " times"));
        known = now;
        return change;
    }

    /* What a file makes its parser throw is about that message alone. */
    @ReadsForeign
    private QueuedMessage guarded(String id, List<Listed> envelopes, @Nullable QueuedMessage before) {
        try {
            return message(id, envelopes, before);
        } catch (RuntimeException e) {
            faults++;
            Provenance unknown = Provenance.unknown("its queue files could not be parsed");
            return message(id, envelopes, unknown, unknown, Attributes.NONE, 0);
        }
    }

    private QueuedMessage message(String id, List<Listed> envelopes, @Nullable QueuedMessage before) {
        Listed first = envelopes.get(0);
        Optional<QueuedMessage> same = Optional.ofNullable(before)
                .filter(one ->
                        one.arrival().equals(first.arrival()) && one.sender().equals(first.sender()));
        Provenance origin = same.map(QueuedMessage::provenance)
                .or(() -> folder.envelope(id).map(Envelope::origin))
                .orElseGet(() -> Provenance.unknown("its envelope file was not read"));
        Attributes attributes = same.map(QueuedMessage::attributes).orElseGet(() -> folder.attributes(id));
        Provenance root = origin.origin() instanceof MailOrigin.Derived
                ? Provenance.unknown("the queue does not say what bounced")
                : origin;
        long size = same.map(QueuedMessage::size).orElseGet(() -> folder.size(id));
        return message(id, envelopes, origin, root, attributes, size);
    }

    private QueuedMessage message(
            String id, List<Listed> envelopes, Provenance origin, Provenance root, Attributes attributes, long size) {
        Listed first = envelopes.get(0);
        Status status = envelopes.stream().allMatch(Listed::paused)
                ? Status.HOLD
                : envelopes.stream().anyMatch(Listed::active) ? Status.ACTIVE : Status.DEFERRED;
        return new QueuedMessage(
                new QueueId("", instance, id),
                status,
                first.arrival(),
                size,
                first.sender(),
                envelopes.stream().map(Listed::recipient).limit(MOST_RECIPIENTS).toList(),
                envelopes.size(),
                origin,
                root,
                attributes);
    }
}
