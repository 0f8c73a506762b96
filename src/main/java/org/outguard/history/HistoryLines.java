package org.outguard.history;

import java.time.Instant;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;

/** Puts what is kept whole into the form of NDJSON, which readers know. */
public interface HistoryLines {

    /** An owner: an object with the fields {@code owner}, {@code match} and {@code matchedBy} of an offender's line. */
    String owner(Attribution attribution);

    /** An offender's line at that time. */
    String offender(Instant at, Talker talker);
}
