package org.outguard.guard.policy;

/**
 * Thresholds for mail, for each user or login; judgement for one mail server, not measurement. A host that only relays or
 * delivers here has {@code hostFactor} times the room.
 *
 * @param recipients recipients handed in: during an hour for SUSPECT, during a minute for OFFENDING
 * @param distinctRecipients different recipients handed in during an hour
 * @param failures recipients that failed during an hour, where {@code failurePercent} is reached as well
 * @param failurePercent share of failures among recipients served during an hour, in percent
 * @param bounces bounces made for what one submitter sent: an hour for SUSPECT, a minute for OFFENDING
 * @param networks networks (/24, /48) that one login came from in an hour
 * @param queued messages of one submitter in the queue
 * @param hostFactor how many times the room of a user a host has that hands mail in for many
 * @param queue when a queue as a whole is an alarm
 */
public record MailLimits(
        Pair recipients,
        Pair distinctRecipients,
        Pair failures,
        Pair failurePercent,
        Pair bounces,
        Pair networks,
        Pair queued,
        int hostFactor,
        QueueLimits queue) {

    /** The limits to start from. */
    public static final MailLimits DEFAULTS = new MailLimits(
            new Pair(100, 30),
            new Pair(100, 1_000),
            new Pair(20, 50),
            new Pair(20, 30),
            new Pair(20, 5),
            new Pair(4, 11),
            new Pair(100, 2_000),
            10,
            new QueueLimits(2_000, 60, 5, 100));

    /**
     * Two thresholds.
     *
     * @param suspect from which on a submitter is SUSPECT
     * @param offending from which on it is OFFENDING
     */
    public record Pair(long suspect, long offending) {}

    /**
     * When the queues of this machine together are an alarm, whoever fills them.
     *
     * @param messages so many messages in them
     * @param oldestMinutes so long a message has waited that is not on hold
     * @param growthFactor so many times as many as there were within the last ten minutes
     * @param growthFrom fewer messages than these have not grown, whatever the factor
     */
    public record QueueLimits(long messages, int oldestMinutes, int growthFactor, long growthFrom) {}
}
