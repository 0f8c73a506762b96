package org.outguard.app;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.outguard.guard.Enforcer;
import org.outguard.guard.Observation;
import org.outguard.guard.OwnerFinder;
import org.outguard.guard.Snapshot;
import org.outguard.journal.Journal;
import org.outguard.kernel.NativeLibrary;
import org.outguard.kernel.OwnerLookup;
import org.outguard.procfs.RespawnWatch;

/** The edges of this machine behind the guard's ports: who sends, and what drops. */
final class Machine implements AutoCloseable {

    private final Inbox inbox;
    private final Journal journal;
    private final Clock clock;
    private final Privileges privileges;
    private final RespawnWatch respawns = ProcessEdges.respawns();
    private final Enforcement enforcement;
    private final OwnerLookup owners;

    Machine(Inbox inbox, Journal journal, Clock clock, Privileges privileges) {
        this.inbox = inbox;
        this.journal = journal;
        this.clock = clock;
        this.privileges = privileges;
        this.enforcement = Edges.enforcement(journal, respawns, clock, inbox);
        this.owners = Edges.owners(inbox);
    }

    Inbox inbox() {
        return inbox;
    }

    OwnerFinder finder() {
        return owners;
    }

    Enforcer enforcer() {
        return enforcement;
    }

    /** Begins to answer; the guard's snapshot says whether there is anything to count. */
    void start(Supplier<Snapshot> newest) {
        for (Privileges.Capability missing : privileges.missing()) {
            inbox.accept(new Observation.Degraded(
                    missing.name(), "without " + missing.name() + ": cannot " + missing.purpose()));
        }
        Optional<String> noLibrary = NativeLibrary.problem();
        noLibrary.ifPresent(reason -> inbox.accept(new Observation.Degraded("native", "no owners: " + reason)));
        Edges.daemons("owners").newThread(owners).start();
        Edges.remember(journal, clock, inbox);
        enforcement.readCounters(() -> !newest.get().blocks().isEmpty());
    }

    @Override
    public void close() {
        owners.stop();
        enforcement.stop();
    }
}
