package org.outguard.app.enforce;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.outguard.app.run.Inbox;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.ProcessExits;

/** Reports which processes of suspects and offenders have exited, so that their rows say so within a tick. */
public final class ExitWatch implements Runnable {

    /** Files of /proc that one pass reads at most. */
    private static final int MOST = 2_048;

    private final ProcessExits exits = new ProcessExits(Path.of("/proc"));
    private final Supplier<Snapshot> newest;
    private final Clock clock;
    private final Inbox inbox;

    public ExitWatch(Supplier<Snapshot> newest, Clock clock, Inbox inbox) {
        this.newest = newest;
        this.clock = clock;
        this.inbox = inbox;
    }

    @Override
    public void run() {
        List<ProcessId> asked = new ArrayList<>();
        for (Talker talker : newest.get().suspects()) {
            // Of a program that starts a process for each packet some have always exited: it is asked about once it is
            // silent.
            boolean one = talker.pids().size() == 1;
            boolean open = !talker.status().hasEnded();
            if (open
                    && (one || talker.rate().packets1s() == 0)
                    && asked.size() + talker.pids().size() <= MOST) {
                asked.addAll(talker.pids());
            }
        }
        Set<ProcessId> exited = exits.among(asked);
        if (!exited.isEmpty()) {
            inbox.accept(new HostObservation.ProcessesExited(clock.instant(), exited));
        }
    }
}
