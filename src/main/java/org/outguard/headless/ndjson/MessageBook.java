package org.outguard.headless.ndjson;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.headless.PastMessage;
import org.outguard.headless.complaint.Complaint;

/** Messages of the past, as far as a complaint needs them: the one that it is about, and sums by submitter. */
public final class MessageBook {

    /** Messages that are told apart; what is beyond is not counted, and {@link #full} says so. */
    static final int MAX_MESSAGES = 200_000;

    private static final int MAX_SUBMITTERS = 10_000;

    /* A queue id comes back after a while: so far from the time of the complaint it is another message. */
    private static final Duration SAME = Duration.ofDays(3);

    private final Complaint complaint;
    private final Instant from;
    private final Instant until;
    private final Map<String, PastMessage> messages = new LinkedHashMap<>();
    private boolean full;

    /**
     * Makes an empty one.
     *
     * @param days how far back from the complaint sums go
     * @param now for a complaint that does not say when it was written
     */
    public MessageBook(Complaint complaint, int days, Instant now) {
        this.complaint = complaint;
        Instant about = complaint
                .message()
                .flatMap(Complaint.Message::at)
                .or(complaint::sent)
                .orElse(now);
        this.from = about.minus(Duration.ofDays(days));
        this.until = complaint.message().isPresent() ? about.plus(Duration.ofDays(days)) : about;
    }

    /** The first moment of messages that may be wanted. */
    public Instant from() {
        return from.minus(SAME);
    }

    /** The last one. */
    public Instant until() {
        return until.plus(SAME);
    }

    /** Takes a message, or what is newer of one that is known. */
    public void add(PastMessage message) {
        boolean wanted = !message.arrival().isBefore(from) && !message.arrival().isAfter(until) || isMeant(message);
        String key = message.queueId() + ' ' + message.arrival();
        if (wanted && (messages.size() < MAX_MESSAGES || messages.containsKey(key) || isMeant(message))) {
            messages.put(key, message);
        } else {
            full |= wanted;
        }
    }

    /** Whether there were more than are told apart. */
    public boolean full() {
        return full;
    }

    private boolean isMeant(PastMessage message) {
        return complaint
                .message()
                .filter(meant -> {
                    boolean inTime = meant.at()
                            .map(at -> Duration.between(at, message.arrival())
                                            .abs()
                                            .compareTo(SAME)
                                    <= 0)
                            .orElse(true);
                    boolean byId =
                            !meant.messageId().isEmpty() && meant.messageId().equals(message.messageId());
                    boolean byQueue = !meant.queueId().isEmpty()
                            && meant.queueId().equals(message.queueId())
                            && (message.messageId().isEmpty()
                                    || meant.messageId().isEmpty()
                                    || byId);
                    return inTime && (byId || byQueue);
                })
                .isPresent();
    }

    /** The message that is complained about, best known one first; empty where it is not among them. */
    public Optional<PastMessage> meant() {
        return messages.values().stream()
                .filter(this::isMeant)
                .max(Comparator.comparing(
                                (PastMessage message) -> !message.kind().equals("unknown"))
                        .thenComparing(message -> message.queueId()
                                .equals(complaint
                                        .message()
                                        .map(Complaint.Message::queueId)
                                        .orElse(""))));
    }

    /**
     * What one submitter handed in.
     *
     * @param example one of its messages
     * @param messages how many
     * @param recipients of all of them
     */
    public record Sum(PastMessage example, long messages, long recipients, Instant first, Instant last) {
        Sum and(Sum other) {
            return new Sum(
                    example,
                    messages + other.messages,
                    recipients + other.recipients,
                    first.isBefore(other.first) ? first : other.first,
                    last.isAfter(other.last) ? last : other.last);
        }
    }

    /** Sums by submitter, those with most recipients first. */
    public List<Sum> sums() {
        Map<String, Sum> sums = new LinkedHashMap<>();
        for (PastMessage message : messages.values()) {
            Sum one = new Sum(message, 1, Math.max(1, message.recipients()), message.arrival(), message.arrival());
            if (sums.size() < MAX_SUBMITTERS || sums.containsKey(message.submitter())) {
                sums.merge(message.submitter(), one, Sum::and);
            }
        }
        List<Sum> sorted = new ArrayList<>(sums.values());
        sorted.sort(Comparator.comparingLong(Sum::recipients).reversed());
        return sorted;
    }
}
