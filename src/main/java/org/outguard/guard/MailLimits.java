package org.outguard.guard;

/**
 * Thresholds for mail, for each user or login; judgement for one mail server, not measurement. A host that only relays or
 * delivers here has ten times the room.
 *
 * @param suspectRecipientsPerHour recipients handed in during an hour from which a submitter is SUSPECT
 * @param offendingRecipientsPerMinute recipients handed in during a minute from which it is OFFENDING
 * @param suspectFailures recipients that failed during an hour from which it is SUSPECT, together with the share
 * @param suspectFailurePercent share of failures among recipients served, in percent
 * @param offendingFailures the same for OFFENDING
 * @param offendingFailurePercent the same for OFFENDING
 * @param suspectBouncesPerHour bounces made for what one submitter sent, an hour, from which it is SUSPECT
 * @param offendingBouncesPerMinute the same a minute for OFFENDING
 * @param suspectNetworks networks (/24, /48) that one login came from in an hour from which it is SUSPECT
 * @param offendingNetworks the same for OFFENDING
 * @param suspectQueued messages of one submitter in the queue from which it is SUSPECT
 * @param offendingQueued the same for OFFENDING
 */
public record MailLimits(
        long suspectRecipientsPerHour,
        long offendingRecipientsPerMinute,
        long suspectFailures,
        long suspectFailurePercent,
        long offendingFailures,
        long offendingFailurePercent,
        long suspectBouncesPerHour,
        long offendingBouncesPerMinute,
        long suspectNetworks,
        long offendingNetworks,
        long suspectQueued,
        long offendingQueued) {

    /** The limits to start from. */
    public static final MailLimits DEFAULTS = new MailLimits(100, 30, 20, 20, 50, 30, 20, 5, 4, 11, 100, 2_000);
}
