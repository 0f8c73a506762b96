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
 * @param traces how somebody got in, where that was traced
 */
public record Incident(
        String host,
        Instant at,
        Instant since,
        List<PastOffender> offenders,
        List<Deed> deeds,
        List<PastTrace> traces) {

    /** One of which nothing was traced. */
    public Incident(String host, Instant at, Instant since, List<PastOffender> offenders, List<Deed> deeds) {
        this(host, at, since, offenders, deeds, List.of());
    }

    public Incident {
        offenders = List.copyOf(offenders);
        deeds = List.copyOf(deeds);
        traces = List.copyOf(traces);
    }

    /**
     * Something that was done.
     *
     * @param action what was decided
     * @param result {@code "done"}, or why not
     */
    public record Deed(Action action, String result) {}
}
