package org.outguard.guard.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.policy.MailLimits;

/** Whether the queues as a whole are an alarm: too many messages, too old ones, or many more than a while ago. */
final class QueueAlarms {

    private static final Duration SAMPLE = Duration.ofSeconds(10);
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private final MailLimits.QueueLimits limits;
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(Instant at, long queued) {}

    QueueAlarms(MailLimits.QueueLimits limits) {
        this.limits = limits;
    }

    /**
     * Every alarm that there can be, in words by its topic; empty words where it is over.
     *
     * @param queued messages in the queues
     * @param oldest arrival of the oldest that is not on hold
     */
    Map<String, String> look(long queued, Optional<Instant> oldest, Instant now) {
        long least = least(queued, now);
        Map<String, String> alarms = new LinkedHashMap<>();
        alarms.put(
                "queue size",
                queued < limits.messages() ? "" : queued + " messages in the queue, alarm from " + limits.messages());
        boolean grown = queued >= limits.growthFrom() && queued >= limits.growthFactor() * Math.max(1, least);
        alarms.put(
                "queue growth",
                grown ? "the queue has grown from " + least + " to " + queued + " messages within ten minutes" : "");
        long minutes = oldest.map(at -> Duration.between(at, now).toMinutes()).orElse(0L);
        alarms.put(
                "queue age",
                minutes < limits.oldestMinutes()
                        ? ""
                        : "a message has waited for " + age(minutes) + " in the queue, alarm from "
                                + age(limits.oldestMinutes()));
        return alarms;
    }

    /* The fewest within the last ten minutes: a queue that shrinks and is filled again has grown. */
    private long least(long queued, Instant now) {
        Sample newest = samples.peekLast();
        if (newest == null || !now.isBefore(newest.at.plus(SAMPLE))) {
            samples.addLast(new Sample(now, queued));
        }
        for (Sample old = samples.peekFirst();
                old != null && old.at.isBefore(now.minus(MEMORY));
                old = samples.peekFirst()) {
            samples.removeFirst();
        }
        return samples.stream().mapToLong(Sample::queued).min().orElse(queued);
    }

    /* In the largest unit that fits, so that it does not change each minute. */
    private static String age(long minutes) {
        if (minutes >= 2 * 1_440) {
            return minutes / 1_440 + " days";
        }
        return minutes >= 60 ? minutes / 60 + " h" : minutes + " min";
    }
}
