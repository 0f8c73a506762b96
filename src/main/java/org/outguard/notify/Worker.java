package org.outguard.notify;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.text.SafeText;

/**
 * Tells one target: what comes within a moment together, not more messages an hour than are wanted, and what was not taken once
 * more, later and later. {@link #step} is for one thread; events may come from any.
 */
final class Worker {

    /** Events that wait; of more the oldest are not told, and counted. */
    static final int MAX_WAITING = 256;

    private static final int MAX_TRIES = 12;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Target target;
    private final MessageSender delivery;
    private final String host;
    private final InstantSource clock;
    private final Consumer<String> complaints;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private final Deque<Instant> sent = new ArrayDeque<>();
    private long omitted;
    private @Nullable Message unsent;
    private int tries;
    private Instant notBefore = Instant.MIN;
    private @Nullable Instant oldest;

    Worker(Target target, MessageSender delivery, String host, InstantSource clock, Consumer<String> complaints) {
        this.target = target;
        this.delivery = delivery;
        this.host = host;
        this.clock = clock;
        this.complaints = complaints;
    }

    Target target() {
        return target;
    }

    /** Takes what the target wants to know. */
    synchronized void offer(Event event) {
        if (!target.wants(event)) {
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            waiting.removeFirst();
            omitted++;
        }
        waiting.addLast(event);
        if (oldest == null) {
            oldest = clock.instant();
        }
    }

    /** Whether nothing waits. */
    synchronized boolean isIdle() {
        return waiting.isEmpty() && unsent == null;
    }

    /**
     * Sends what is due.
     *
     * @return how long nothing more is due
     */
    Duration step() throws InterruptedException {
        Instant now = clock.instant();
        Duration left = due(now);
        if (!left.isZero()) {
            return left;
        }
        Message message = next(now);
        if (message == null) {
            return Duration.ofMillis(200);
        }
        try {
            delivery.send(message);
            done(now);
            return Duration.ZERO;
        } catch (MessageSender.Refused e) {
            complain("was refused: " + e.getMessage());
            done(now);
            return Duration.ZERO;
        } catch (IOException e) {
            return failed(String.valueOf(e.getMessage()), now);
        }
    }

    private synchronized Duration due(Instant now) {
        if (now.isBefore(notBefore)) {
            return Duration.between(now, notBefore);
        }
        if (unsent != null) {
            return Duration.ZERO;
        }
        if (oldest == null) {
            return Duration.ofMillis(200);
        }
        Duration grouped = Duration.between(now, oldest.plus(target.group()));
        return grouped.isNegative() ? Duration.ZERO : grouped;
    }

    private synchronized @Nullable Message next(Instant now) {
        if (unsent != null) {
            return unsent;
        }
        while (!sent.isEmpty() && sent.peekFirst().isBefore(now.minus(HOUR))) {
            sent.removeFirst();
        }
        if (sent.size() >= target.atMostPerHour()) {
            return null;
        }
        List<Event> together = worthTelling(waiting);
        waiting.clear();
        oldest = null;
        if (together.isEmpty()) {
            return null;
        }
        unsent = new Message(host, now, together, omitted);
        return unsent;
    }

    /* What began and got worse within the same message is one event, which stands for both. */
    private static List<Event> worthTelling(Deque<Event> events) {
        List<Event> told = new ArrayList<>();
        for (Event event : events) {
            Optional<Event> before = told.stream()
                    .filter(one -> one.id().equals(event.id()) && one.what() == Event.What.BEGUN)
                    .findFirst();
            if (event.what() == Event.What.WORSE && before.isPresent()) {
                told.set(told.indexOf(before.get()), event.begun());
            } else {
                told.add(event);
            }
        }
        return told;
    }

    private synchronized void done(Instant now) {
        sent.addLast(now);
        unsent = null;
        omitted = 0;
        tries = 0;
        notBefore = Instant.MIN;
        if (!waiting.isEmpty() && oldest == null) {
            oldest = now;
        }
    }

    private synchronized Duration failed(String reason, Instant now) {
        tries++;
        if (tries == 1 || tries == MAX_TRIES) {
            complain(
                    (tries == 1 ? "failed, and is tried again: " : "is given up after " + tries + " tries: ") + reason);
        }
        if (tries >= MAX_TRIES) {
            long lost = unsent == null ? 0 : unsent.events().size();
            done(now);
            omitted = lost;
            return Duration.ZERO;
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(tries - 1, 9));
        notBefore = now.plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
        return Duration.between(now, notBefore);
    }

    private void complain(String what) {
        complaints.accept(SafeText.clean(
                "notify " + target.name() + " (" + target.channel().word() + ") " + what));
    }

    /** Tries once, and says why it failed; empty where it was taken. */
    Optional<String> test(Event event) throws InterruptedException {
        try {
            delivery.send(new Message(host, clock.instant(), List.of(event), 0));
            return Optional.empty();
        } catch (MessageSender.Refused | IOException e) {
            return Optional.of(SafeText.clean(String.valueOf(e.getMessage())));
        }
    }
}
