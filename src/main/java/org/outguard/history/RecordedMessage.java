package org.outguard.history;

import java.time.Instant;

/**
 * A message as it was seen last. Text from outside is in it.
 *
 * @param kind of its submitter, as in NDJSON
 * @param who its submitter
 * @param uid of a local user, -1 where there is none
 * @param trusted whether the submitter is known from more than the log
 */
public record RecordedMessage(
        Instant arrival,
        String queueId,
        String messageId,
        String kind,
        String who,
        long uid,
        String script,
        boolean trusted,
        String sender,
        long recipients,
        long sent,
        String status) {}
