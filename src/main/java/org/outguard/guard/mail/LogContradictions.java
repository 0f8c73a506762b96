package org.outguard.guard.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.LoggedMessage;

/** Lives of messages in the log that contradict what the queue shows under the same id: the next message with that id, or forged. */
final class LogContradictions {

    /** The queue's arrival time and the log's first line may differ by so much for one message. */
    private static final Duration SAME = Duration.ofSeconds(5);

    private final Deque<TrackedMessage> held = new ArrayDeque<>();
    private long forged;

    /**
     * What is in the queue is what its file says. A life in the log that began at another time is that of the next message with this
     * id, which waits until the queue does not show this one any more, or somebody wrote it.
     */
    boolean holds(@Nullable TrackedMessage known, LoggedMessage message) {
        if (known == null || known.inQueue == null || fits(known, message.first())) {
            return false;
        }
        if (known.unfit == null) {
            held.addLast(known);
        }
        known.unfit = message;
        return true;
    }

    static boolean fits(TrackedMessage known, Instant arrival) {
        return Duration.between(known.arrival(), arrival).abs().compareTo(SAME) <= 0
                || known.inLog != null && known.inLog.first().equals(arrival);
    }

    /** By then the queue has been looked through: whatever it still shows was never replaced. */
    void count(Instant now, Duration unseen) {
        TrackedMessage oldest = held.peekFirst();
        while (oldest != null && (oldest.unfit == null || oldest.unfit.last().isBefore(now.minus(unseen)))) {
            held.removeFirst();
            if (oldest.unfit != null && oldest.inQueue != null) {
                oldest.unfit = null;
                forged++;
            }
            oldest = held.peekFirst();
        }
    }

    /** What is forged, for people; empty where nothing is. */
    String words() {
        return forged == 0
                ? ""
                : "the mail log told " + (forged == 1 ? "once" : forged + " times")
                        + " of a message otherwise than its file in the queue, which is"
                        + " believed: somebody writes lines into the log";
    }
}
