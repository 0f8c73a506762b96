package org.outguard.headless;

import java.time.Instant;
import java.util.List;
import org.outguard.guard.action.Action;

/**
 * All that is known of an incident, for those who must be told. Text from outside is in it.
 *
 * @param host name of the machine
 * @param at when the report is made
 * @param since what is older is not in it
 * @param offenders who sent
 * @param deeds what was done about it, oldest first
 */
public record Incident(String host, Instant at, Instant since, List<PastOffender> offenders, List<Deed> deeds) {

    public Incident {
        offenders = List.copyOf(offenders);
        deeds = List.copyOf(deeds);
    }

    /**
     * Something that was done.
     *
     * @param action what was decided
     * @param result {@code "done"}, or why not
     */
    public record Deed(Action action, String result) {}
}
