package org.outguard.mta;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;

/**
 * What changed in a queue since the look before.
 *
 * @param seen messages that are new, or that are known and look otherwise than before
 * @param gone messages that are no longer there
 * @param unread messages that are there and were not read yet; the next looks go on with them
 * @param uncounted messages beyond the most that are followed: known by number only
 * @param problem why nothing, or not all, could be read
 */
public record QueueChange(
        List<QueuedMessage> seen, List<QueueId> gone, int unread, int uncounted, Optional<String> problem) {

    public QueueChange {
        seen = List.copyOf(seen);
        gone = List.copyOf(gone);
    }

    /** Whether every message that is there was read. */
    public boolean complete() {
        return unread == 0;
    }

    /**
     * What a listing of the whole queue shows beside the one before.
     *
     * @param known messages of the listing before, by id
     * @param now messages of this one, by id
     * @param seen those of {@code now} that are new or look otherwise
     * @param uncounted messages beyond the most that are followed
     * @param problem why not all of it could be read
     */
    public static QueueChange between(
            Map<String, QueuedMessage> known,
            Map<String, QueuedMessage> now,
            List<QueuedMessage> seen,
            int uncounted,
            Optional<String> problem) {
        List<QueueId> gone = known.values().stream()
                .map(QueuedMessage::id)
                .filter(id -> !now.containsKey(id.id()))
                .toList();
        return new QueueChange(seen, gone, 0, uncounted, problem);
    }

    /** Nothing seen, for this reason. */
    public static QueueChange failed(String reason) {
        return new QueueChange(List.of(), List.of(), 0, 0, Optional.of(reason));
    }
}
