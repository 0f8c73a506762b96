package org.outguard.guard.traffic;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.observation.HostObservation;
import org.outguard.owner.ProcessId;

/** Processes that are known to have exited, the latest of them: an id is never used again. */
public final class ExitedProcesses {

    private static final int MOST = 8_192;

    private final Map<ProcessId, Instant> exits = new LinkedHashMap<>();

    public void take(HostObservation.ProcessesExited seen) {
        for (ProcessId id : seen.processes()) {
            exits.putIfAbsent(id, seen.at());
        }
        while (exits.size() > MOST) {
            exits.remove(exits.keySet().iterator().next());
        }
    }

    /** When the last of these exited; empty while one is not known to have, and where there is none. */
    Optional<Instant> last(Collection<ProcessId> ids) {
        Instant last = Instant.MIN;
        for (ProcessId id : ids) {
            Instant at = exits.get(id);
            if (at == null) {
                return Optional.empty();
            }
            last = at.isAfter(last) ? at : last;
        }
        return ids.isEmpty() ? Optional.empty() : Optional.of(last);
    }
}
